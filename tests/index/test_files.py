"""Each kind of file, and what is known of an article from each place: the text that the cleaner gets, and its passages."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from index.__main__ import app
from index.build import to_article
from index.documents import BlockKind, Status
from index.errors import CallError, SourceError
from index.language import Message
from index.reading.formats.pages.columns import Run, in_reading_order, paragraphs
from index.reading.formats.parsed import ParseLimits
from index.reading.formats.tables import table_sentences
from index.reading.formats.word.numbering import Numbering, chinese, written
from index.reading.knowledge import known
from index.reading.sources import ArticleSource, read_all, read_file, read_path
from index.text.lists import leads, number_of, provisions
from index.text.split import SplitSettings, split
from index.upkeep.preview import described, preview_of, take_in
from tests.support.documents import pdf, word
from tests.support.fakes import GARDEN

PAGE = """<!doctype html><html><head><title>通知_青山区人民政府</title><meta name="PubDate" content="2023-05-30 10:00">
<meta name="ContentSource" content="青山区人民政府"></head><body>
<div class="top"><ul><li><a href="/">首页</a></li><li><a href="/x">政务公开</a></li></ul></div>
<div class="content"><h1>关于印发补贴办法的通知</h1><h2>一、标准</h2><p>标准如下：</p><ul><li>小微企业</li><li>个体
工商户</li></ul><table><tr><th rowspan="2">对象</th><th colspan="2">补贴</th></tr><tr><th>首次</th><th>再次</th></tr>
<tr><td>企业</td><td>3000元</td><td>1000元</td></tr></table><p style="display:none">看不见的字</p><script>alert(1)</script></div>
<div class="footer"><p>主办：青山区人民政府</p></div></body></html>"""


def read(folder: Path, name: str, data: bytes) -> ArticleSource:
    (folder / name).write_bytes(data)
    return read_file(folder / name)


def test_web_page_gives_its_article_and_tells_what_is_left_out(tmp_path: Path) -> None:
    received = read(tmp_path, "a.html", PAGE.encode("gb18030"))
    assert received.text.splitlines() == [
        "# 关于印发补贴办法的通知",
        "## 一、标准",
        "标准如下：",
        "• 小微企业",
        "• 个体工商户",
        "对象：企业；补贴 首次：3000元；补贴 再次：1000元。",
    ]
    assert (received.meta.published, received.meta.publisher) == ("2023-05-30", "青山区人民政府")
    assert {reason for reason, _ in received.left_out} == {"links", "part of the site", "hidden text"}


def test_word_file_keeps_headings_lists_and_tables(tmp_path: Path) -> None:
    paragraphs = [
        ("Title", "补贴办法"),
        ("Heading 1", "一、标准"),
        "标准如下：",
        ("List Bullet", "小微企业"),
        ("List Number", "个体工商户"),
    ]
    received = read(tmp_path, "a.docx", word(paragraphs, [["对象", "补贴"], ["企业", "3000元"]], title="青山区补贴办法"))
    assert received.text.splitlines() == [
        "# 补贴办法",
        "# 一、标准",
        "标准如下：",
        "• 小微企业",
        "1. 个体工商户",
        "对象：企业；补贴：3000元。",
    ]
    assert received.meta.title == "青山区补贴办法"
    article = to_article(received)
    assert [article.text[b.start : b.end] for b in article.blocks if b.kind is BlockKind.HEADING] == ["补贴办法", "一、标准"]


def test_markdown_keeps_structure_and_says_what_is_known(tmp_path: Path) -> None:
    text = "---\ntitle: 办法\npublished: 2023-05-30\nstatus: superseded by 新办法\ntags: [a]\n---\n# 题 **重**\n\n前半句话,在这里断\n\n开了。\n\n- 甲\n- 乙\n\n其他\n\n| 对象 | 补贴 |\n|---|---|\n| 企业 | 3000元 |\n"
    received = read(tmp_path, "a.md", text.encode())
    assert (received.meta.title, received.meta.published) == ("办法", "2023-05-30")
    assert (received.meta.status, received.meta.superseded_by) == (Status.SUPERSEDED, "新办法")
    assert to_article(received).text.split("\n\n") == [
        "题 重",
        "前半句话，在这里断开了。",
        "• 甲",
        "• 乙",
        "其他",
        "对象：企业；补贴：3000元。",
    ]


def test_newspaper_page_is_read_column_by_column(tmp_path: Path) -> None:
    columns = [[f"第{column}栏第{line}行的文字一直写到这里" for line in range(6)] for column in "一二三"]
    drawn = [(40.0, 780.0, 24.0, "青山区推出花园城市行动")]
    drawn += [(40.0 + 180 * at, 740.0 - 14 * line, 10.0, text) for line in range(6) for at, text in enumerate(t[line] for t in columns)]
    received = read(tmp_path, "a.pdf", pdf(drawn))
    assert received.text == "# 青山区推出花园城市行动\n" + "\n".join("".join(column) for column in columns)


def test_running_heads_leave_a_pdf(tmp_path: Path) -> None:
    pages = [
        [(40.0, 820.0, 10.0, "今日青山"), (40.0, 700.0, 10.0, f"正文{'甲乙丙丁'[n]}一句。"), (290.0, 20.0, 10.0, f"{n + 1}")]
        for n in range(4)
    ]
    received = read(tmp_path, "a.pdf", pdf(*pages))
    assert received.text.splitlines() == ["正文甲一句。", "正文乙一句。", "正文丙一句。", "正文丁一句。"]
    assert len(received.left_out) == 8


def test_runs_of_a_headline_over_some_columns_come_first() -> None:
    def run(text: str, x: float, y: float, size: float = 10) -> Run:
        return Run(text, x, y, x + size * len(text), y + size, size)

    left = [run(f"左栏第{n}行文字", 0, 80 - 12 * n) for n in range(4)]
    right = [run(f"右栏第{n}行文字", 100, 80 - 12 * n) for n in range(4)]
    order = in_reading_order([*right, run("横跨两栏的大标题一行", 0, 110, 16), *left])
    assert ["".join(run.text for run in stretch)[:4] for stretch in order] == ["横跨两栏", "左栏第0", "右栏第0"]
    assert [part.text for part in paragraphs(left, 10)] == ["".join(part.text for part in left)]


@pytest.mark.parametrize(
    ("rows", "sentences"),
    [
        ([["对象", "补贴"], ["企业", "3000元"], ["个人", ""]], ["对象：企业；补贴：3000元。", "对象：个人。"]),
        ([["对象", "补贴", "补贴"], ["对象", "首次", "再次"], ["企业", "1元", "2元"]], ["对象：企业；补贴 首次：1元；补贴 再次：2元。"]),
        ([["名称", "青山区服务大厅2号"], ["电话", "12345"]], ["名称：青山区服务大厅2号；电话：12345。"]),
        ([["1", "2"], ["3", "4"]], ["1；2。", "3；4。"]),
        ([["对象", "说明"], ["企业", "先申请。后发放。"]], ["对象：企业；说明：先申请；后发放。"]),
        ([["对象", "补贴"], ["第一类", "第一类"], ["企业", "3000元"]], ["第一类。", "对象：企业；补贴：3000元。"]),
        ([["", ""]], []),
    ],
)
def test_table_becomes_sentences(rows: list[list[str]], sentences: list[str]) -> None:
    assert table_sentences(rows) == sentences


@pytest.mark.parametrize(
    ("number", "form", "numeral"),
    [(3, "chineseCounting", "三"), (10, "chineseCounting", "十"), (105, "chineseCounting", "一百零五"), (21, "chineseCounting", "二十一"),
     (28, "lowerLetter", "bb"), (14, "upperRoman", "XIV"), (3, "decimalEnclosedCircle", "③"), (3, "decimal", "3")],
)  # fmt: skip
def test_number_is_written_in_its_form(number: int, form: str, numeral: str) -> None:
    assert written(number, form) == numeral


def test_word_numbers_paragraphs_that_word_would_number() -> None:
    from lxml import etree

    w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    numbering = Numbering(
        etree.fromstring(
            f'<w:numbering xmlns:w="{w}"><w:abstractNum w:abstractNumId="0">'
            '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="第%1条"/></w:lvl>'
            '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="（%2）"/></w:lvl>'
            '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
        )
    )
    levels = [0, 1, 1, 0, 1]
    assert [numbering.label("1", level) for level in levels] == ["第一条", "（一）", "（二）", "第二条", "（一）"]
    assert numbering.label("9", 0) == ""


@pytest.mark.parametrize("number", [*range(1, 121), 999, 1005, 1260])
def test_chinese_number_is_read_as_it_is_written(number: int) -> None:
    assert number_of(chinese(number)) == number
    assert number_of("".join("零一二三四五六七八九"[int(digit)] for digit in str(number))) == number


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["第一条 甲。", "续。", "第二条　乙。"], {0: "第一条", 2: "第二条"}),
        (["第一条为了甲。", "第二条规定乙。", "第五条规定的丙。"], {0: "第一条", 1: "第二条"}),
        (["第九条 甲。", "第九条之一 乙。", "第十条 丙。"], {0: "第九条", 1: "第九条之一", 2: "第十条"}),
        (["第一条 生产线投产。", "别的话。"], {}),
        (["第1条：甲。", "第2条：乙。"], {0: "第1条", 1: "第2条"}),
    ],
)
def test_articles_of_a_regulation_are_told(texts: list[str], expected: dict[int, str]) -> None:
    assert provisions(texts) == expected


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["条件如下：", "1.甲", "2.乙", "其他。"], ["", "条件如下：", "条件如下：", ""]),
        (
            ["条件如下：", "（一）甲：", "1.子", "2.丑", "（二）乙"],
            ["", "条件如下：", "条件如下：\n（一）甲：", "条件如下：\n（一）甲：", "条件如下："],
        ),
        (["总的说。具备下列条件：", "• 甲"], ["", "具备下列条件："]),
        (["没有引出。", "1.甲"], ["", ""]),
        (["费用：", "1.5万元封顶。"], ["", ""]),
    ],
)
def test_item_keeps_what_leads_into_its_list(texts: list[str], expected: list[str]) -> None:
    assert leads(texts) == expected


def test_passage_never_mixes_two_articles_of_a_regulation(tmp_path: Path) -> None:
    items = "\n\n".join(f"（{chinese(n)}）{'符合规定的条件' * 6}；" for n in range(1, 16))
    text = f"# 青山区管理条例\n\n第一章 总则\n\n第一条 为了规范，制定本条例。\n\n第二条 申请人应当具备下列条件：\n\n{items}\n\n第三条 本条例施行。\n"
    article = to_article(read(tmp_path, "a.txt", text.encode()))
    passages = split(article, SplitSettings())
    assert all(passage.text.count("\n第") + passage.text.startswith("第") <= 2 for passage in passages)
    assert [passages[0].path[-1], passages[-1].path[-1]] == ["第一条", "第三条"]
    inside = [passage for passage in passages if passage.path[-1] == "第二条"]
    assert len(inside) > 2
    for passage in inside[1:]:
        assert "应当具备下列条件：" in passage.to_embed()
        assert "应当具备下列条件：" not in passage.text
        assert article.text[passage.start : passage.end] == passage.text
        assert all(text.startswith("第二条 申请人应当具备下列条件：\n（") for text in passage.sentences_to_embed())


def test_more_certain_place_counts_more(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\ntitle: 前言\nregion: 前言区\n---\n# 题\n\n正文。", "utf-8")
    (tmp_path / "articles.toml").write_text(
        '[[article]]\nid = "own-id"\nfile = "a.md"\ntitle = "目录"\nregion = "目录区"\npublisher = "目录报"\nexpires = "2024"', "utf-8"
    )
    given = known({"title": "命令", "status": "withdrawn"}, Message("place.call"))
    (received,) = read_all([tmp_path / "a.md"], given).sources
    meta = received.meta
    assert (meta.id, meta.title, meta.region, meta.publisher) == ("own-id", "命令", "前言区", "目录报")
    assert (meta.status, meta.expires) == (Status.WITHDRAWN, "2024")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"published": "2023-02-30"}, "YYYY-MM-DD"),
        ({"status": "old"}, "status"),
        ({"effective": "2024", "expires": "2023"}, "lies before"),
        ({"id": "../x"}, "id"),
    ],
)
def test_wrong_knowledge_is_refused(values: dict[str, str], message: str) -> None:
    with pytest.raises(SourceError, match=message):
        known(values, Message("place.call"))


def test_folders_and_globs_are_read_in_order(tmp_path: Path) -> None:
    for name in ("b.txt", "a.md", "sub/c.txt", "sub/.hidden.txt", "~$d.docx", "picture.gif", "b_files/logo.md", "b.html"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"<p>{GARDEN}</p>" if name.endswith(".html") else GARDEN, "utf-8")
    (tmp_path / "b.txt").rename(tmp_path / "d.txt")
    (tmp_path / "articles.toml").write_text('[[article]]\nid = "sea"\nfile = "sub/c.txt"', "utf-8")
    assert [received.meta.id for received in read_path(tmp_path)] == ["a", "b", "d", "sea"]
    assert [received.meta.id for received in read_path(tmp_path / "**" / "*.txt")] == ["d", "c"]
    with pytest.raises(CallError, match="is an article"):
        read_path(tmp_path / "*.docx")


def test_flag_for_one_article_is_refused_for_several(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(GARDEN, "utf-8")
    with pytest.raises(CallError, match="--title is of one article"):
        take_in([tmp_path], {"title": "题"}, ParseLimits())


def test_preview_says_sections_passages_and_changes_by_rule(tmp_path: Path) -> None:
    shown = "\n".join(described(preview_of(read(tmp_path, "a.html", PAGE.encode()), SplitSettings()), change="new"))
    for line in (
        "a  (new)",
        "title: 关于印发补贴办法的通知",
        "一、标准",
        "#0000 [0, ",
        "heading mark 2",
        "left out  hidden text: 看不见的字",
    ):
        assert line in shown


def test_dry_run_changes_nothing_and_says_what_would(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(GARDEN, "utf-8")
    done = CliRunner().invoke(app, ["add", str(tmp_path / "a.txt"), "--dry-run", "--region", "青山区", "--data", str(tmp_path / "data")])
    assert (done.exit_code, done.stderr) == (0, "")
    assert "a  (new)" in done.output
    assert "region: 青山区" in done.output
    assert not (tmp_path / "data").exists()
    shown = CliRunner().invoke(app, ["preview", str(tmp_path / "a.txt"), "--full"])
    assert "居民可以向街道提出申请。街道在10个工作日内答复。" in shown.output


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("7*7天，5*8小时", "7*7天，5*8小时"),
        ("2**10与3**4", "2**10与3**4"),
        ("**7*24**小时", "7*24小时"),
        ("最高*5*万元，_加急_", "最高5万元，加急"),
        ("`7*7`，8*9", "7*7，8*9"),
    ],
)
def test_star_between_figures_multiplies(tmp_path: Path, written: str, read_as: str) -> None:
    assert read(tmp_path, "a.md", written.encode()).text == read_as


@pytest.mark.parametrize("given", ["..", ".", "...", ".hidden", "-x", "·x", "a/../b", "a b"])
def test_id_is_no_folder_and_hides_nothing(given: str) -> None:
    with pytest.raises(SourceError, match="id"):
        known({"id": given}, Message("place.form"))


@pytest.mark.parametrize("name", ["..hidden.txt", "·a.txt"])
def test_id_of_a_file_begins_with_a_letter_or_figure(tmp_path: Path, name: str) -> None:
    assert read(tmp_path, name, GARDEN.encode()).meta.id in ("hidden", "a")


def test_title_is_shown_in_the_order_in_which_it_was_written(tmp_path: Path) -> None:
    received = read(tmp_path, "a.md", f'---\ntitle: "补贴\u202e消取\u2066\u200b通知\\n二"\n---\n{GARDEN}'.encode())
    assert received.meta.title == "补贴消取通知 二"
