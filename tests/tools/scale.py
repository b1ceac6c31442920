"""What changes to a large index cost: `python -m tests.tools.scale CORPUS.jsonl [--limit N] [--server]`, with an encoder that costs little.

Each step is a process of its own, so that its memory is its own; the articles are files in a folder, as a maintainer has them.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import numpy as np

from index.build import BuildOptions, build
from index.encoding.encoder import Vectors
from index.plan import BuildRequest
from index.reading.sources import read_path, read_rows
from index.search import Index, search
from index.text.split import SplitSettings
from tests.support.chroma_server import chroma_server
from tests.support.fakes import BigramEncoder

TOP = Path(__file__).resolve().parents[2]


class WideEncoder(BigramEncoder):
    """As wide as the bundled encoder."""

    name, dimension = "fake:wide", 384


def step(what: str, folder: Path, root: Path, url: str) -> None:
    """One step, and its figures."""
    before, start, encoder = _memory(), time.perf_counter(), WideEncoder()
    if what == "query":
        _query(root, url, encoder)
        return
    sources = read_path(folder)
    read = time.perf_counter() - start
    report = build(BuildRequest(sources), root, encoder, SplitSettings(), BuildOptions(chroma_url=url, keep=2))
    counts = ", ".join(f"{len(getattr(report, name))} {name}" for name in ("added", "changed", "removed", "unchanged"))
    taken = time.perf_counter() - start
    print(
        f"{what}: {taken:.1f} s (of which reading the folder {read:.1f} s); peak memory {_memory():.0f} MB, {before:.0f} before; {counts}"
    )
    disk = sum(file.stat().st_size for file in (root / report.version).rglob("*") if file.is_file())
    print(f"    {report.version}: {report.passages} passages, {disk / 1e6:.0f} MB", flush=True)


def _query(root: Path, url: str, encoder: BigramEncoder) -> None:
    start = time.perf_counter()
    index = Index.open_live(root, chroma_url=url)
    index.warm()
    opened = time.perf_counter() - start
    ids = index.lexicon.ids
    passages = index.store.passages(ids[:: max(len(ids) // 200, 1)])
    times, first = [], 0
    for passage in passages.values():
        question = passage.quote(passage.sentences[0]) if passage.sentences else passage.text
        vector: Vectors = encoder.encode_queries([question])[0]
        begin = time.perf_counter()
        hits = search(index, question, vector, 8)
        times.append((time.perf_counter() - begin) * 1000)
        first += any(passage.quote(passage.sentences[0]) in hit.passage.text for hit in hits) if passage.sentences else 1
    p50, p95 = np.percentile(times, [50, 95])
    found = f"{first} of {len(passages)} sentences found"
    print(f"query over {len(ids)} passages: p50 {p50:.1f} ms, p95 {p95:.1f} ms, {found}; opened in {opened:.2f} s", flush=True)
    index.close()


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--limit", type=int)
    parser.add_argument("--server", action="store_true", help="with a Chroma server in place of files")
    parser.add_argument("--step", nargs=4, metavar=("WHAT", "FOLDER", "ROOT", "URL"), help="one step; for the command's own use")
    options = parser.parse_args()
    if options.step:
        step(options.step[0], Path(options.step[1]), Path(options.step[2]), options.step[3])
        return
    with ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        url = stack.enter_context(chroma_server(place)) if options.server else ""
        folder = place / "articles"
        folder.mkdir()
        for source in read_rows(options.corpus)[: options.limit]:
            (folder / f"{source.meta.id}.txt").write_text(f"# {source.meta.title}\n\n{source.text}\n", "utf-8")

        def run(what: str) -> None:
            words = [sys.executable, "-m", "tests.tools.scale", str(options.corpus), "--step", what, str(folder), str(place / "index"), url]
            subprocess.run(words, check=True, cwd=TOP)

        run("everything new")
        run("query")
        run("nothing changed")
        first, second, *_ = sorted(folder.iterdir())
        first.write_text(first.read_text("utf-8") + "新增的一句说明白河港口的预约办法。\n", "utf-8")
        second.unlink()
        (folder / "new.txt").write_text("# 新文章\n\n青山区新建口袋公园15处。\n", "utf-8")
        run("three articles changed")
        run("query")


if __name__ == "__main__":
    main()
