"""Says of files whether each is read, and what of it is not, by kind: python -m tests.tools.reading PATH…"""

import sys
import time
from collections import Counter, defaultdict
from pathlib import Path

from bot.settings import Settings
from index.upkeep.preview import preview_of, take_in


def main(paths: list[Path]) -> None:
    settings = Settings()
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    seconds: dict[str, float] = defaultdict(float)
    refused: list[str] = []
    for path in sorted(file for given in paths for file in (given.rglob("*") if given.is_dir() else [given]) if file.is_file()):
        start = time.monotonic()
        intake = take_in([path], {}, settings.files.limits)
        counts = kinds[path.suffix.lower()]
        counts["files"] += 1
        refused += [f"{path.name}: {failure.problem}" for failure in intake.failures]
        for source in intake.sources:
            preview = preview_of(source, settings.passage.split)
            counts["read"] += 1
            counts["with a title"] += bool(preview.article.title)
            counts["passages"] += len(preview.passages)
            counts["characters"] += len(preview.article.text)
            counts["doubtful blocks"] += len(preview.doubtful)
            counts.update(f"note: {note.code.removeprefix('note.')}" for note in preview.notes)
            counts.update(f"says its {kind}" for kind in {fact.kind.value for fact in preview.facts})
        seconds[path.suffix.lower()] += time.monotonic() - start
    for kind, counts in sorted(kinds.items()):
        print(kind, "; ".join(f"{name} {count:,}" for name, count in counts.items() if count), f"{seconds[kind]:.1f} s", sep="  ")
    print(*refused, sep="\n")


if __name__ == "__main__":
    main([Path(argument) for argument in sys.argv[1:]])
