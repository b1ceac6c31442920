"""Government service items as fields: a field that an item has is asked for, and one that it lacks, and one of a sibling item."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from bot.reading.training.examples import Example, held_out
from index.errors import CallError

KEPT = 0.25  # of the items, by their names
_LONGEST_SPAN = 60  # characters of a marked answer: of a longer one no place is learnt
_MOST = 360  # characters of a passage

# How people ask for a field; {t} is the item. The last ones are what no item states.
_ASKED: dict[str, tuple[str, ...]] = {
    "办理地点": ("{t}去哪里办", "办{t}要到什么地方", "{t}的办事窗口在哪儿？", "{t} 地址", "请问{t}在哪个大厅受理", "where do I apply for {t}?"),
    "咨询电话": ("{t}打什么电话咨询", "想问{t}的事，电话多少", "{t}咨询热线是多少？", "{t} 联系电话", "有没有{t}的座机号码", "phone number for {t}"),
    "投诉电话": ("办{t}受了气，投诉打哪个号", "{t}的投诉电话是多少？", "{t}办得不好找谁投诉，电话", "{t} 监督电话"),
    "承办平台": ("{t}在哪个平台上办", "{t}网上在哪个系统申请？", "{t}是哪个网站受理的", "{t} 办理平台"),
    "承诺办结时限": ("{t}承诺多久办好", "{t}承诺几个工作日办结？", "递了{t}的材料，你们承诺几天出结果", "{t} 承诺时限"),
    "法定办结时限": ("{t}法定时限是几天", "法律规定{t}最长要办多久？", "{t}的法定办结时间", "{t} 法定时限"),
    "受理条件": ("{t}要满足什么条件", "什么人才能办{t}？", "我够不够格申请{t}", "{t}有啥门槛", "{t} 申请条件", "who can apply for {t}"),
    "申请材料": ("{t}要交哪些材料", "办{t}带什么证件去", "{t}需要准备啥？", "{t} 材料清单", "what documents do I need for {t}"),
    "网上预约地址": ("{t}网上预约的网址", "在哪个网页上预约办{t}？", "{t}预约链接是什么", "{t} 预约网址"),
    "联办机构": ("{t}和哪些单位联合办理", "{t}由哪几个部门联办？", "{t}除了你们还要哪个部门一起办", "{t} 联办部门"),
    "服务对象": ("{t}面向哪些人", "{t}是个人办的还是单位办的？", "{t}的服务对象是谁", "{t} 对象"),
    "实施主体": ("{t}归哪个部门管", "{t}由谁来办？", "{t}是哪个单位负责的", "{t} 主管部门"),
    "是否支持快递": ("{t}的材料能寄过去吗", "{t}支不支持快递？", "办{t}可以邮寄吗"),
    "是否支持网上预约": ("{t}能在网上预约吗", "{t}可不可以先预约？", "办{t}能网约不"),
}  # fmt: skip
_NEVER: dict[str, tuple[tuple[str, ...], re.Pattern[str]]] = {
    "fee": (("{t}收费吗，多少钱", "办{t}要交多少钱", "{t}的收费标准？", "{t} 费用"), re.compile(r"[元费价]")),
    "validity": (("{t}办下来几年有效", "{t}的有效期是多长？", "{t}多久要换一次证"), re.compile(r"有效|年|期")),
    "hours": (("{t}周末办不办", "{t}的窗口几点下班？", "{t} 上班时间"), re.compile(r"[点时]|工作日")),
    "person": (("{t}找哪位科长", "{t}的经办人叫什么？"), re.compile(r"联系人|科|主任")),
    "amount": (("{t}能补多少钱", "办了{t}奖励多少？", "{t}的补贴标准"), re.compile(r"[元费补奖]")),
    "fine": (("没办{t}罚多少", "不办{t}会怎么处罚？"), re.compile(r"罚")),
    "count": (("一年有多少人办{t}", "{t}去年办了几件？"), re.compile(r"\d+[件人]")),
}


@dataclass(frozen=True, slots=True)
class _Item:
    name: str
    spoken: tuple[str, ...]  # what people call it
    fields: Mapping[str, str]

    @property
    def lines(self) -> list[str]:
        return [f"{field}：{value}" for field, value in self.fields.items()]


def read(folder: Path, random: Random, *, kept: bool = False) -> list[Example]:
    """Examples of the items that are not held out (or of those that are, with `kept`); raises `CallError` where the folder is of
    another form."""
    try:
        rows = [json.loads(line) for line in (folder / "corpus.jsonl").read_text("utf-8").splitlines()]
        aliases = [json.loads(line) for line in (folder / "aliases.jsonl").read_text("utf-8").splitlines()]
        spoken = {row["name"]: tuple(alias for alias in row["aliases"] if len(alias) > 3) for row in aliases}  # a shorter one names many
        items = [_Item(row["title"], spoken.get(row["title"], ()), row["meta"]["fields"]) for row in rows]
    except (OSError, ValueError, KeyError, AttributeError) as error:
        raise CallError("training-data", folder=folder, error=error) from error
    own = [item for item in items if held_out(item.name, KEPT) is kept]
    return [example for place, item in enumerate(own) for example in _of_item(item, own[place - 1], random)]


def _of_item(item: _Item, sibling: _Item, random: Random) -> list[Example]:
    present = [field for field in item.fields if field in _ASKED]
    missing = [field for field in _ASKED if field not in item.fields]
    found = [_stated(item, random.choice(present), random)]
    if missing:
        found.append(_missing(item, random.choice(missing), random))
    found.append(_gone(item, random.choice(present), random))
    kind, (asked, shows) = random.choice(list(_NEVER.items()))
    passage = _passage(item, None, random)
    if not shows.search(passage):
        found.append(_unstated(item, random.choice(asked), passage, f"service_item_{kind}", random))
    shared = [field for field in present if field in sibling.fields]
    if item.name != sibling.name and random.random() < 0.6 and shared:
        field = random.choice(shared)
        question = _question(item, random.choice(_ASKED[field]), random)
        found.append(Example(question, sibling.name, _passage(sibling, field, random), "service_item_sibling", 0.0, 0.0))
    return found


def _stated(item: _Item, field: str, random: Random) -> Example:
    passage = _passage(item, field, random)
    value = item.fields[field].split("\n")[0][:_LONGEST_SPAN]
    start = passage.find(f"{field}：{value}") + len(field) + 1
    whole = value == item.fields[field]
    return Example(
        _question(item, random.choice(_ASKED[field]), random), item.name, passage, "service_item_stated", 1.0, 1.0,
        start=start if whole else -1, end=start + len(value) if whole else -1,
    )  # fmt: skip


def _missing(item: _Item, field: str, random: Random) -> Example:
    return _unstated(item, random.choice(_ASKED[field]), _passage(item, None, random), "service_item_missing", random)


def _gone(item: _Item, field: str, random: Random) -> Example:
    """A field that the item has, of a passage that lacks it."""
    left = _Item(item.name, item.spoken, {name: value for name, value in item.fields.items() if name != field})
    return _unstated(item, random.choice(_ASKED[field]), _passage(left, None, random), "service_item_gone", random)


def _unstated(item: _Item, asked: str, passage: str, rule: str, random: Random) -> Example:
    return Example(_question(item, asked, random), item.name, passage, rule, 0.0, 0.0)


def _question(item: _Item, asked: str, random: Random) -> str:
    name = random.choice(item.spoken) if item.spoken and random.random() < 0.4 else item.name
    return asked.format(t=re.sub(r"[（(].{0,20}[）)]$", "", name) if random.random() < 0.3 else name)


def _passage(item: _Item, field: str | None, random: Random) -> str:
    """Lines of the item in a row, that field's among them, cut to what a passage holds."""
    lines = item.lines
    at = next((n for n, line in enumerate(lines) if field and line.startswith(f"{field}：")), random.randrange(len(lines)))
    first = last = at
    while True:
        grown: Sequence[tuple[int, int]] = [
            (a, b) for a, b in ((first - 1, last), (first, last + 1))
            if a >= 0 and b < len(lines) and sum(map(len, lines[a : b + 1])) <= _MOST
        ]  # fmt: skip
        if not grown or (last > first + 2 and random.random() < 0.1):
            return "\n".join(line[:_MOST] for line in lines[first : last + 1])
        first, last = random.choice(grown)
