"""Word files as offices write them: laws as embedded web pages, numbers, tables, notes, tracked changes."""

import quopri
from pathlib import Path

import pytest

from index.build import to_article
from index.documents import BlockKind
from index.reading.formats.parsed import Note
from index.reading.sources import ArticleSource, read_file
from index.text.contents import contents_of
from index.text.split import SplitSettings
from index.upkeep.preview import described, preview_of
from tests.support.documents import W, paragraph, word, word_xml

CHUNK = "aFChunk"
LAW = """<html><head><meta charset="utf-8"/></head><body><h1>青山区河道保护法</h1>
<p>目    录</p><p><a href="#1">第一章 总则</a><br/><a href="#2">第二章 附则</a></p><h2>第一章 总    则</h2>
<pre><code>第一条 为了保护河道，制定本法。
第二条 单位和个人不得填堵河道。
违反规定的，责令改正。</code></pre><h2>第二章 附则</h2><p>第三条 本法自2024年1月1日起施行。</p></body></html>"""


def read(folder: Path, data: bytes) -> ArticleSource:
    (folder / "a.docx").write_bytes(data)
    return read_file(folder / "a.docx")


def message(page: str, charset: str = "utf-8") -> bytes:
    head = 'MIME-Version: 1.0\nContent-Type: multipart/related; type="text/html"; boundary="b"\n\n--b\n'
    part = f'Content-Type: text/html; charset="{charset}"\nContent-Transfer-Encoding: quoted-printable\nContent-Location: file:///C:/a.html\n\n'
    return (head + part).encode() + quopri.encodestring(page.encode(charset)) + b"\n--b--\n"


@pytest.mark.parametrize(
    ("name", "kind", "data"),
    [
        ("chunk.mht", "message/rfc822", message(LAW)),
        ("chunk.mht", "message/rfc822", message(LAW, "gb18030")),
        ("chunk.htm", "text/html", LAW.encode()),
        ("chunk.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
         word([("Title", "青山区河道保护法"), ("Heading 2", "第一章 总 则"), "第一条 为了保护河道，制定本法。", "第二条 单位和个人不得填堵河道。",
               "违反规定的，责令改正。", ("Heading 2", "第二章 附则"), "第三条 本法自2024年1月1日起施行。"])),
    ],
)  # fmt: skip
def test_law_that_stands_in_a_part_is_read_with_its_lines(tmp_path: Path, name: str, kind: str, data: bytes) -> None:
    source = read(tmp_path, word_xml('<w:altChunk r:id="rchunk"/>', {name: (CHUNK, kind, data)}))
    article = to_article(source)
    assert article.title == "青山区河道保护法"
    assert article.text.split("\n\n") == [
        "青山区河道保护法", "第一章 总 则", "第一条 为了保护河道，制定本法。", "第二条 单位和个人不得填堵河道。", "违反规定的，责令改正。", "第二章 附则",
        "第三条 本法自2024年1月1日起施行。",
    ]  # fmt: skip
    assert [passage.path[-1] for passage in preview_of(source, SplitSettings()).passages] == ["第一条", "第二条", "第三条"]


def test_part_of_an_unknown_kind_is_told(tmp_path: Path) -> None:
    body = paragraph("正文。") + '<w:altChunk r:id="rchunk"/>'
    source = read(tmp_path, word_xml(body, {"chunk.rtf": (CHUNK, "application/rtf", b"{\\rtf1 x}")}))
    assert (source.text, source.left_out) == ("正文。", (("part of an unknown kind", "application/rtf"),))


def test_tracked_changes_are_taken_as_accepted_and_told(tmp_path: Path) -> None:
    runs = "<w:r><w:t>补贴为</w:t></w:r><w:del><w:r><w:delText>一千元</w:delText></w:r></w:del><w:ins><w:r><w:t>二千元</w:t></w:r></w:ins><w:r><w:t>。</w:t></w:r>"
    row = "<w:tr>{}<w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc></w:tr>"
    gone = "<w:trPr><w:del/></w:trPr>"
    table = f"<w:tbl>{row.format('', '对象', '补贴')}{row.format(gone, '个人', '1元')}{row.format('', '企业', '2元')}</w:tbl>"
    source = read(tmp_path, word_xml(paragraph(runs) + table))
    assert source.text.splitlines() == ["补贴为二千元。", "对象：企业；补贴：2元。"]
    assert source.left_out == (("tracked deletion", "一千元"), ("tracked deletion", "个人1元"))
    assert set(source.notes) == {Note("tracked-deletions", 2), Note("tracked-insertions", 1)}
    shown = list(described(preview_of(source, SplitSettings())))
    assert "  note: 1 tracked insertions are taken as accepted" in shown
    assert "    left out  tracked deletion: 一千元" in shown


def test_notes_stand_behind_their_paragraphs(tmp_path: Path) -> None:
    notes = f"""<w:footnotes xmlns:w="{W}"><w:footnote w:type="separator" w:id="0"><w:p><w:r><w:t>——</w:t></w:r></w:p></w:footnote>
<w:footnote w:id="7"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t>指在本区注册的企业。</w:t></w:r></w:p></w:footnote></w:footnotes>"""
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    body = paragraph('<w:r><w:t>企业可以申请。</w:t></w:r><w:r><w:footnoteReference w:id="7"/></w:r>') + paragraph("其他从略。")
    source = read(tmp_path, word_xml(body, {"footnotes.xml": ("footnotes", kind, notes.encode())}))
    assert source.text.splitlines() == ["企业可以申请。", "注1：指在本区注册的企业。", "其他从略。"]
    assert source.notes == (Note("footnotes", 1),)


def test_content_controls_and_text_boxes_are_read_and_contents_are_not(tmp_path: Path) -> None:
    contents = '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>'
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> TOC \\o "1-3" </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        "<w:r><w:t>第一部分 1</w:t></w:r>"
    )
    end = '<w:r><w:t>第二部分 2</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    date = (
        '<w:r><w:t>施行日期：</w:t></w:r><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> DATE </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        '<w:r><w:t>2024年1月1日</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    box = "<w:r><w:pict><w:txbxContent>{}</w:txbxContent></w:pict></w:r>"
    body = contents.format(paragraph("目录 第一部分 1")) + paragraph(field) + paragraph(end)
    body += f"<w:sdt><w:sdtContent>{paragraph('<w:sdt><w:sdtContent><w:r><w:t>控件里的字。</w:t></w:r></w:sdtContent></w:sdt>')}</w:sdtContent></w:sdt>"
    body += paragraph(date) + paragraph(box.format(paragraph("框里的字。")))
    source = read(tmp_path, word_xml(body))
    assert source.text.splitlines() == ["控件里的字。", "施行日期：2024年1月1日", "框里的字。"]
    assert [reason for reason, _ in source.left_out] == ["table of contents"] * 3


def test_numbers_restart_where_the_document_says_and_follow_styles(tmp_path: Path) -> None:
    numbering = f"""<w:numbering xmlns:w="{W}"><w:abstractNum w:abstractNumId="0">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="第%1条"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:pStyle w:val="Heading2"/><w:lvlText w:val="（%2）"/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="1"><w:numStyleLink w:val="Own"/></w:abstractNum>
<w:abstractNum w:abstractNumId="2"><w:styleLink w:val="Own"/><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="3"><w:abstractNumId w:val="1"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num></w:numbering>"""
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.numbering+xml"
    listed = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{}"/></w:numPr>'
    body = "".join(paragraph(f"内容{n}。", listed.format(number)) for n, number in enumerate("112233"))
    body += paragraph("款。", '<w:pStyle w:val="Heading2"/><w:numPr><w:numId w:val="1"/></w:numPr>')
    source = read(tmp_path, word_xml(body, {"numbering.xml": ("numbering", kind, numbering.encode())}))
    labels = [line.split("内容")[0].strip() for line in source.text.splitlines()]
    assert labels == ["第一条", "第二条", "第一条", "第二条", "1.", "2.", "## （一）款。"]


def test_cells_that_are_merged_or_set_in_and_tables_in_tables(tmp_path: Path) -> None:
    def cell(text: str, properties: str = "") -> str:
        return f"<w:tc><w:tcPr>{properties}</w:tcPr>{text if text.startswith('<') else paragraph(text)}</w:tc>"

    inner = f"<w:tbl><w:tr>{cell('首次')}{cell('再次')}</w:tr><w:tr>{cell('3元')}{cell('1元')}</w:tr></w:tbl>{paragraph('')}"
    rows = [
        cell("对象") + cell("区") + cell("标准"),
        cell("企业", '<w:vMerge w:val="restart"/>') + cell("东") + cell(inner),
        cell("", "<w:vMerge/>") + cell("西", '<w:gridSpan w:val="2"/>'),
    ]
    table = (
        "".join(f"<w:tr>{row}</w:tr>" for row in rows)
        + f'<w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr>{cell("南")}{cell("另定")}</w:tr>'
    )
    source = read(tmp_path, word_xml(f"<w:tbl>{table}</w:tbl>"))
    assert source.text.splitlines() == [
        "对象：企业；区：东；标准：首次：3元；再次：1元。", "对象：企业；区：西。", "区：南；标准：另定。",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("lines", "taken"),
    [
        (["题", "目  录", "第一章 总则", "第一条", "第二章 附则", "第一章　总则", "第一条 甲。", "第二章 附则", "乙。"], range(1, 5)),
        (["目录", "一、标准……1", "二、程序……3", "三、其他……5", "一、标准", "甲。", "二、程序", "乙。", "三、其他", "丙。"], range(4)),
        (["目录", "第一章 总则", "第一条 甲。"], range(1)),
        (["目录", "一、甲", "二、乙", "三、丙"], range(0)),
        (["没有目录的文章", "甲。"], range(0)),
    ],
)
def test_table_of_contents_is_told_from_a_heading_of_that_name(lines: list[str], taken: range) -> None:
    assert contents_of(lines) == taken


def test_headings_of_a_table_of_contents_do_not_open_sections(tmp_path: Path) -> None:
    text = (
        "办法\n目录\n第一章 总则\n第二章 标准\n第三章 附则\n第一章 总则\n第一条 甲。\n第二章 标准\n第二条 乙。\n第三章 附则\n第三条 丙。\n"
    )
    (tmp_path / "a.txt").write_text(text, "utf-8")
    article = to_article(read_file(tmp_path / "a.txt"))
    assert [article.text[b.start : b.end] for b in article.blocks if b.kind is BlockKind.HEADING][1:] == [
        "第一章 总则",
        "第二章 标准",
        "第三章 附则",
    ]
    assert [change.rule for change in article.changes].count("table of contents") == 4
