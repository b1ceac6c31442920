"""Saved web pages: what of them is the article, and what the site."""

from pathlib import Path

import pytest

from index.reading.sources import ArticleSource, read_file
from tests.index.reading.test_word import message

MENU = '<div class="a1"><ul><li><a href="/">首页Home</a></li><li>天气 多云</li><li>热词：社保医保</li></ul></div>'
FOOT = '<div class="b2"><span>主办单位 青山区政府办公室</span><p>备案号 12345678</p><div>关闭 × +</div></div>'
BODY = "".join(f"<p>第{n}项：企业可以申请补贴；街道在十日内答复。</p>" for n in "一二三四")
TABLE = "<table><tr><th>对象</th><th>补贴</th></tr><tr><td>企业</td><td>3000元</td></tr></table>"


def read(folder: Path, page: str, name: str = "a.html") -> ArticleSource:
    data = f"<!doctype html><html>{page}</html>"
    (folder / name).write_bytes(message(data) if name.endswith(".mht") else data.encode())
    return read_file(folder / name)


@pytest.mark.parametrize("name", ["a.html", "a.mht"])
@pytest.mark.parametrize(
    "wrapper", ["<div>{}</div>", "<form>{}</form>", "<table><tr><td>{}</td></tr></table>", "<font><div>{}</div></font>"]
)
def test_article_is_where_the_sentences_are(tmp_path: Path, name: str, wrapper: str) -> None:
    inner = f'<h1>青山区补贴办法</h1><div class="x">{BODY}{TABLE}</div>'
    page = f"<head><title>青山区补贴办法_青山区政府</title></head><body>{MENU}{wrapper.format(inner)}{FOOT}</body>"
    source = read(tmp_path, page, name)
    assert source.text.splitlines()[0] == "# 青山区补贴办法"
    assert source.text.splitlines()[1:5] == [f"第{n}项：企业可以申请补贴；街道在十日内答复。" for n in "一二三四"]
    assert source.text.splitlines()[5:] == ["对象：企业；补贴：3000元。"]
    beside = " ".join(words for reason, words in source.left_out if reason == "beside the article")
    assert "天气 多云" in beside
    assert "主办单位" in beside


def test_site_name_is_no_headline(tmp_path: Path) -> None:
    page = f'<head><title>x</title><meta name="ArticleTitle" content="青山区补贴办法"></head><body><h1>青山区政府信息公开</h1><div>{BODY}</div></body>'
    source = read(tmp_path, page)
    assert source.meta.title == "青山区补贴办法"
    assert source.text.startswith("第一项")


def test_sentences_that_stand_apart_keep_the_page_whole(tmp_path: Path) -> None:
    source = read(tmp_path, f"<body><div>{BODY}</div><div>{BODY.replace('企业', '个人')}</div></body>")
    assert len(source.text.splitlines()) == 8


def test_page_with_hardly_a_sentence_is_kept_whole(tmp_path: Path) -> None:
    assert read(tmp_path, "<body><div>1.扫二维码</div><div>2.提交申请。</div></body>").text.splitlines() == ["1.扫二维码", "2.提交申请。"]


def test_lines_of_preformatted_text_stay_apart(tmp_path: Path) -> None:
    assert read(tmp_path, "<body><pre>第一条 甲。\n第二条 乙。</pre></body>").text.splitlines() == ["第一条 甲。", "第二条 乙。"]


def test_columns_of_a_form_that_is_empty_are_told(tmp_path: Path) -> None:
    rows = "<tr><th>姓名</th><th>证件</th><th>事由</th></tr><tr><td>1号</td><td></td><td></td></tr>"
    assert read(tmp_path, f"<body><table>{rows}</table></body>").text.splitlines() == ["姓名；证件；事由。", "姓名：1号。"]


def test_title_of_the_window_is_taken_where_no_headline_is(tmp_path: Path) -> None:
    assert read(tmp_path, f"<head><title>补贴办法_青山区政府</title></head><body>{BODY}</body>").meta.title == "补贴办法"
