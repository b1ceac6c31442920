"""Claims with what they are held against: people's entailment and paraphrase pairs, and sentences of policies with one thing changed."""

import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

from bot.reading.pair_reader import context_of
from bot.reading.training.examples import Example, held_out
from bot.reading.training.sources.policies import read_written
from index.documents import Passage
from index.errors import CallError

KEPT = 0.5  # of the pairs of a set's part "dev"; its part "test" is trained on whole
_LEAST, _MOST = 10, 120  # characters of a sentence that is made a claim

# What people say in the place of policy language; a claim in these words is as true.
_SAME = (("给予", "给"), ("须", "要"), ("应当", "应该"), ("不得", "不可以"), ("按照", "按"), ("可以", "能"), ("并", "而且"), ("对于", "对"), ("予以", "给"), ("及时", "尽快"))  # fmt: skip
_OTHER = (
    ("应当", "可以"), ("可以", "必须"), ("不得", "可以"), ("以上", "以下"), ("以下", "以上"), ("最高", "最低"), ("全部", "部分"), ("以内", "以后"), ("之前", "之后"),
    ("以前", "以后"), ("增加", "减少"), ("提高", "降低"), ("免费", "收费"), ("免除", "征收"), ("企业", "个人"), ("个人", "企业"), ("市级", "国家级"), ("每年", "每月"),
    ("每月", "每年"), ("首次", "再次"), ("优先", "一律"), ("或者", "并且"), ("除外", "在内"), ("取消", "保留"), ("鼓励", "要求"), ("支持", "限制"), ("一次性", "分期"),
    ("试行", "正式施行"), ("拟", "已经"), ("计划", "已"), ("力争", "已经"), ("线上", "线下"), ("无需", "需要"), ("不超过", "不少于"), ("不低于", "不高于"), ("工作日", "自然日"),
)  # fmt: skip
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_NEGATION = re.compile(r"不(?=[得予能可再会需])|未(?=按|经|取|在|能)|严禁|禁止")
_AFFIRMED = re.compile(r"(?<=[，。])([^，。]{0,6}?)(鼓励|可以|支持|实行|开展|给予|享受|纳入|适用)(?=[㐀-鿿])")
_LEFT_OUT = re.compile(
    r"除[^，。；]{1,30}外，?|但[^。；]{4,40}(?=[。；])|（[^）]{2,30}除外）|仅限?(?=[㐀-鿿])|符合条件的|经[^，。]{2,12}批准(?:后|，)"
)
_NAME = re.compile(r"《([^》]{4,30})》|“([^”]{2,16})”")


def read_pairs(folder: Path, random: Random, *, kept: bool = False) -> list[Example]:
    """The pairs of a folder with pairs.jsonl: premise, hypothesis and label, or a, b and whether they say the same.

    Raises `CallError` where the folder is of another form.
    """
    try:
        rows = [json.loads(line) for line in (folder / "pairs.jsonl").read_text("utf-8").splitlines()]
        found = []
        for row in rows:
            out = "_dev_" in row["id"] and "_test_" not in row["id"] and held_out(row["id"], KEPT)
            if out is kept:
                premise, claim = (row["premise"], row["hypothesis"]) if "premise" in row else (row["a"], row["b"])
                true = row["label"] in {"entailment", 1}
                found.append(Example(claim, "", premise, folder.name, supported=float(true)))
    except (OSError, ValueError, KeyError) as error:
        raise CallError("training-data", folder=folder, error=error) from error
    return found


def read_policies(folder: Path, random: Random, *, kept: bool = False) -> list[Example]:
    """Sentences of the policies that questions were written over: as they stand or in other words, and with one thing changed."""
    _, passages = read_written(folder, kept=kept)
    names = [name for passage in passages for name in _names(passage.text)]
    found = []
    for passage in passages:
        texts = [passage.quote(span).strip() for span in passage.sentences]
        fit = [text for text in texts if _LEAST <= len(text) <= _MOST]
        for sentence in random.sample(fit, min(2, len(fit))):
            found += _of_sentence(sentence, passage, names, random)
    return found


def _of_sentence(sentence: str, passage: Passage, names: Sequence[str], random: Random) -> list[Example]:
    context = context_of(passage)
    evidence, head = (context.text, context.head) if random.random() < 0.5 else (sentence, "")
    found = [Example(_reworded(sentence, random), head, evidence, "claim_true", supported=1.0)]
    changes = [changed for change in _CHANGES if (changed := change(sentence, names, random)) and changed not in passage.text]
    for claim in random.sample(changes, min(2, len(changes))):
        found.append(Example(claim, head, evidence, "claim_changed", supported=0.0))
    others = [text for text in map(passage.quote, passage.sentences) if text.strip() not in {sentence} and len(text) >= _LEAST]
    if evidence == sentence and others:
        found.append(Example(random.choice(others).strip(), "", evidence, "claim_of_another_sentence", supported=0.0))
    return found


def _reworded(sentence: str, random: Random) -> str:
    words = random.sample(_SAME, 3) if random.random() < 0.6 else []
    for formal, plain in words:
        sentence = sentence.replace(formal, plain)
    if random.random() < 0.3:
        sentence = random.choice(("按规定，", "文件写明：", "也就是说，", "可以看到，")) + sentence
    return sentence.rstrip("。；") + random.choice(("。", "", "。"))


def _names(text: str) -> list[str]:
    return [next(filter(None, found.groups())) for found in _NAME.finditer(text)]


def _figure(sentence: str, names: Sequence[str], random: Random) -> str:
    found = list(_NUMBER.finditer(sentence))
    if not found:
        return ""
    match = random.choice(found)
    value = float(match[0])
    other = value + random.choice((1, -1, 2, 5, 10)) if value < 50 else value * random.choice((0.5, 2, 10, 1.2))
    if other <= 0:
        other = value + 3
    words = f"{other:.{len(match[0].partition('.')[2])}f}"
    return "" if words == match[0] else sentence[: match.start()] + words + sentence[match.end() :]


def _swapped_figures(sentence: str, names: Sequence[str], random: Random) -> str:
    found = list(_NUMBER.finditer(sentence))
    pairs = [
        (a, b) for a in found for b in found
        if a.start() < b.start() and a[0] != b[0] and sentence[a.end() : a.end() + 1] == sentence[b.end() : b.end() + 1]
    ]  # fmt: skip
    if not pairs:
        return ""
    a, b = random.choice(pairs)
    return sentence[: a.start()] + b[0] + sentence[a.end() : b.start()] + a[0] + sentence[b.end() :]


def _word(sentence: str, names: Sequence[str], random: Random) -> str:
    fit = [(old, new) for old, new in _OTHER if old in sentence]
    if not fit:
        return ""
    old, new = random.choice(fit)
    return sentence.replace(old, new, 1)


def _negated(sentence: str, names: Sequence[str], random: Random) -> str:
    if _NEGATION.search(sentence):
        return _NEGATION.sub("", sentence, count=1)
    return _AFFIRMED.sub(lambda found: f"{found[1]}不{found[2]}", "，" + sentence, count=1)[1:] if _AFFIRMED.search("，" + sentence) else ""


def _without(sentence: str, names: Sequence[str], random: Random) -> str:
    return _LEFT_OUT.sub("", sentence, count=1) if _LEFT_OUT.search(sentence) else ""


def _other_name(sentence: str, names: Sequence[str], random: Random) -> str:
    found, other = _names(sentence), random.choice(names) if names else ""
    return sentence.replace(random.choice(found), other, 1) if found and other and other not in sentence else ""


_CHANGES: tuple[Callable[[str, Sequence[str], Random], str], ...] = (_figure, _figure, _swapped_figures, _word, _word, _negated, _without, _other_name)  # fmt: skip
