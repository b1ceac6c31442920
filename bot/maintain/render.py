"""What the maintainers' page shows, as HTML. All text of articles and people is escaped here."""

import html
import re
from collections.abc import Iterable, Sequence

from bot.maintain.maintenance import Seen
from bot.web.feedback import Feedback
from index.documents import Change
from index.errors import LiangceError
from index.journal import AuditEntry
from index.stored.manifest import ArticleEntry
from index.upkeep.history import Version
from index.upkeep.preview import Preview

NOTHING = '<p class="hint">还没有选文件。</p>'
_CHANGES = {"new": "新文章", "changed": "替换已收录的同名文章", "unchanged": "与已收录的完全相同"}
_STATUS = {"in force": "有效", "withdrawn": "已废止", "superseded": "被取代"}
_DEEDS = {"publish": "发布", "withdraw": "撤下", "reinstate": "恢复", "rollback": "回到旧版本"}
_COMMANDS = {"build": "重建", "add": "收录", "sync": "与文件夹同步", "remove": "移除", "withdraw": "撤下", "rollback": "回到旧版本"}
_RULES = {
    "invisible characters": "不可见字符", "heading mark": "标题符号", "editors' line": "责编行", "page line": "版次行", "page number": "页码",
    "paper's name in pinyin": "报名拼音", "paper's name": "报名", "byline": "记者署名", "caption": "图片说明移到文末", "broken sentence": "接上断开的句子",
    "repeated clause": "重复的字句", "half-width punctuation": "半角标点", "running head": "页眉页脚", "part of the site": "网站栏目",
    "hidden text": "隐藏文字", "links": "链接列表",
}  # fmt: skip
_FIELDS = (
    ("title", "标题"),
    ("publisher", "发布单位"),
    ("published", "发布日期"),
    ("region", "地区"),
    ("effective", "生效"),
    ("expires", "失效"),
)
_MOST_FEEDBACK = 200
_VERDICTS = {"up": "有帮助", "down": "没帮助", "handed over": "请维护人员处理"}
_REASONS = {"": "", "wrong": "内容错误", "incomplete": "不完整", "not found": "没找到", "unclear": "看不懂"}
_MOST_LINES = 2000  # of a source that are shown


def status_of(said: str) -> str:
    """A status in Chinese."""
    return _STATUS.get(said, said)


def problem(message: str) -> str:
    """What went wrong."""
    return f'<p class="problem" role="alert">没有做成，什么也没有改变：{plain_html(message)}</p>'


def refused(error: LiangceError) -> str:
    """Why something was not done."""
    return problem(error.in_language("zh"))


def unreadable(error: LiangceError) -> str:
    """Why something cannot be shown."""
    return f'<p class="problem" role="alert">读不出来：{plain_html(error.in_language("zh"))}</p>'


def done(message: str) -> str:
    """What was done."""
    return f'<p class="done" role="status">{plain_html(message)}</p>'


def previews(seen: Sequence[Seen]) -> str:
    """Files as they were looked at, one after the other."""
    return "".join(_good(one, one.preview) if one.preview else _bad(one.file, one.problem) for one in seen) or NOTHING


def _bad(file: str, problem: LiangceError | None) -> str:
    reason = problem.in_language("zh") if problem else ""
    return f'<section class="file"><h3>{plain_html(file)}</h3><p class="problem">不能收录：{plain_html(reason)}</p></section>'


def _good(one: Seen, preview: Preview) -> str:
    meta = preview.article.meta
    known = [(name, getattr(meta, field)) for field, name in _FIELDS] + [("状态", status_of(meta.status.value)), ("编号", meta.id)]
    rows = "".join(f"<dt>{name}</dt><dd>{plain_html(value) or '<i>未知</i>'}</dd>" for name, value in known)
    parts = "".join(f"<li><small>第{passage.ordinal + 1}段 · {plain_html(' › '.join(passage.path))}</small><p>{plain_html(passage.text)}</p></li>"
                    for passage in preview.passages)  # fmt: skip
    counts = f"{len(preview.article.text)}字，{len(preview.sections)}节，{len(preview.passages)}段，清理了{len(preview.changes)}处"
    source = one.source.text if one.source else ""
    return (
        f'<section class="file"><h3>{plain_html(one.file)} <small>{_CHANGES[one.change]}</small></h3><dl>{rows}</dl><p>{counts}</p>'
        f"<details open><summary>收到的文字，标出清理之处</summary>{_legend(preview)}{marked(source, preview.changes)}</details>"
        f"<details><summary>收录的段落</summary><ol class=\"passages\">{parts}</ol></details></section>"
    )  # fmt: skip


def _legend(preview: Preview) -> str:
    gone = "".join(f"<li>{_rule(reason)}：<del>{plain_html(words)}</del></li>" for reason, words in preview.left_out)
    return '<p class="hint"><del>删去</del> <ins>补上</ins> <span class="moved">移动或接到上文</span></p>' + (
        f"<ul>{gone}</ul>" if gone else ""
    )


def marked(source: str, changes: Sequence[Change]) -> str:
    """The lines of a source with what each rule took out, put in or moved, each with the rule's name; at most 2,000 lines."""
    by_line: dict[int, list[Change]] = {}
    for change in changes:
        by_line.setdefault(change.line, []).append(change)
    lines = source.split("\n")
    shown = "".join(
        f'<li value="{n}">{_marked_line(line, by_line.get(n, ()))}</li>' for n, line in enumerate(lines[:_MOST_LINES], 1) if line.strip()
    )
    more = f'<p class="hint">还有{len(lines) - _MOST_LINES}行没有显示。</p>' if len(lines) > _MOST_LINES else ""
    return f'<ol class="source">{shown}</ol>{more}'


def _marked_line(line: str, changes: Iterable[Change]) -> str:
    """One line with its changes; a change whose words do not stand in it as they are, such as single marks, is told behind it."""
    places: list[tuple[int, int, str, str]] = []
    told: list[str] = []
    for change in changes:
        found = False
        for tag, words in (("del", change.removed), ('span class="moved"', change.moved)):
            at = line.find(words) if words else -1
            if at >= 0 and len(words) > 1 and not any(a < at + len(words) and at < b for a, b, *_ in places):
                places.append((at, at + len(words), tag, _rule(change.rule)))
                found = True
        if not found or change.inserted:
            parts = (("del", change.removed if not found else ""), ("ins", change.inserted), ("span", change.moved if not found else ""))
            told.append(_rule(change.rule) + " " + "".join(f"<{tag}>{plain_html(words)}</{tag}>" for tag, words in parts if words))
    shown, last = "", 0
    for start, end, tag, rule in sorted(places):
        closing = re.split(r"\s", tag)[0]
        shown += f'{plain_html(line[last:start])}<{tag} title="{rule}">{plain_html(line[start:end])}</{closing}>'
        last = end
    return shown + plain_html(line[last:]) + "".join(f" <small>［{one}］</small>" for one in told)


def _rule(name: str) -> str:
    return plain_html(_RULES.get(name, name))


def articles(listed: Sequence[ArticleEntry]) -> str:
    """The articles of the live version."""
    rows = [(one.id, one.title, one.published, status_of(one.status), str(one.passages)) for one in listed]
    return _table(("编号", "标题", "发布日期", "状态", "段落"), rows, "还没有收录文章。")


def versions(found: Sequence[Version]) -> str:
    """The versions that are kept."""
    rows = [
        (one.name, "在用" if one.live else "", _when(one.made), f"{one.articles}篇{one.passages}段", _origin(one.command)) for one in found
    ]
    return _table(("版本", "", "时间（UTC）", "内容", "由来"), rows, "还没有版本。")


def deeds(found: Sequence[AuditEntry]) -> str:
    """The audit list, newest first."""
    rows = [(_when(one.time), one.who, _deed(one.what), "、".join(one.articles), one.version) for one in found]
    return _table(("时间（UTC）", "谁", "做了什么", "文章", "版本"), rows, "还没有记录。")


def feedback(found: Sequence[Feedback]) -> str:
    """What people said of answers, newest first, the newest so many."""
    rows = [
        (_when(one.time), _VERDICTS[one.verdict], one.question, one.answer, _REASONS[one.reason], one.comment)
        for one in found[:_MOST_FEEDBACK]
    ]
    more = f'<p class="hint">还有{len(found) - _MOST_FEEDBACK}条更早的没有显示。</p>' if len(found) > _MOST_FEEDBACK else ""
    return _table(("时间（UTC）", "评价", "问题", "当时的回答", "原因", "补充"), rows, "还没有人评价。") + more


def _when(iso: str) -> str:
    """A time to the minute: 2026-11-23T09:00:12+00:00 is 2026-11-23 09:00."""
    return iso[:16].replace("T", " ")


def _origin(command: str) -> str:
    """How a version came to be, which is noted as this page's deed or as the command that was typed."""
    if found := re.fullmatch(r"page: (\w+) by (.*)", command, re.DOTALL):
        return f"{found[2]}在本页{_DEEDS.get(found[1], found[1])}"
    if found := re.match(r"(?:python -m index|liangce-index) (\w+)", command):
        what = "恢复" if found[1] == "withdraw" and "--undo" in command.split() else _COMMANDS.get(found[1], found[1])
        return f"命令行{what}（{command}）"
    return command


def _deed(what: str) -> str:
    """What somebody did; of a change of many articles the list holds how many they were."""
    found = re.fullmatch(r"(.*?)(?: \((\d+) articles\))?", what, re.DOTALL)
    assert found is not None, "both parts may be empty"
    many = f"，共{found[2]}篇" if found[2] else ""
    return (_DEEDS.get(found[1]) or _origin(found[1])) + many


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]], empty: str) -> str:
    if not rows:
        return f'<p class="hint">{empty}</p>'
    top = "".join(f'<th scope="col">{head}</th>' for head in heads)
    body = "".join(f"<tr>{''.join(f'<td>{plain_html(cell)}</td>' for cell in row)}</tr>" for row in rows)
    return f'<div class="table"><table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'


def plain_html(text: str) -> str:
    """`text` as HTML that shows it letter by letter; braces and dollars too, since Gradio fills templates written with them."""
    return re.sub(r"[{}$]", lambda mark: f"&#{ord(mark[0])};", html.escape(text))
