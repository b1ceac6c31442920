"""The programs' English messages -> Chinese, for the maintainers' page: what was given, what was expected, what to do. Pure functions.

The command line speaks English, so the messages do; here each of them has its Chinese form. A test reads the places where they are made,
and fails for one that is not known here.
"""

import ast
import math
import re
from collections.abc import Callable, Mapping
from pathlib import PurePath

# What stands in a message's gaps, and how it is told: <n> a number, <b> a number of bytes, <q> words as Python quotes them, <p> a path
# quoted so, <l> a list of words, <d> in what an index differs from the settings, <w> a word, <s> any words. Whatever is not our own is
# told in quotation marks.
_GAPS: dict[str, tuple[str, Callable[[str], str]]] = {
    "n": (r"[\d,]+", lambda said: said),
    "b": (r"[\d,]+", lambda said: f"{math.ceil(int(said.replace(',', '')) / 100_000) / 10:g}MB"),
    "q": (r"'.*?'|\".*?\"", lambda said: f"“{_unquoted(said)}”"),
    "p": (r"'.*?'|\".*?\"", lambda said: f"“{PurePath(_unquoted(said)).name}”"),
    "l": (r"\[.*?\]", lambda said: "、".join(f"“{one}”" for one in ast.literal_eval(said))),
    "d": (r"\w+: the index has .+", lambda said: _differences(said)),
    "w": (r"\S+", lambda said: said),
    "s": (r".+?", lambda said: f"“{said}”"),
}
_DIFFERENCE = re.compile(r"(\w+): the index has (.+?), the settings say (.+?)(?=; \w+: the index has |$)")
_PARTS = {"format": "存储格式", "encoder": "向量模型", "fingerprint": "模型指纹", "dimension": "向量维数", "split": "段落大小"}
_ADVICE = "expected text in UTF-8, UTF-16 or GB18030; open it in an editor and save it in UTF-8"
_SAVE = "请用记事本等编辑器打开，另存为UTF-8编码"
_KINDS = ".txt, .md, .html, .htm, .docx, .pdf"
_REBUILD = "请先在“版本”里回到以前的版本；若还不行，请系统管理员运行“python -m index build”重建"
_DATA = "rebuild it with python -m index build"

_MESSAGES = {
    # the file and its name
    f"is of a kind that cannot be read: expected a file ending in {_KINDS}": f"不认识这种文件。只收以这些结尾的文件：{_KINDS}。",
    "is a symbolic link, which may lead anywhere: name the file that it leads to": "这是一个链接，不是文件本身。请选它指向的那个文件。",
    "is a symbolic link, which may lead anywhere: name what it leads to": "这是一个链接，不是文件本身。请选它指向的文件。",
    "is a folder or a device: expected a plain file; name the articles themselves": "这不是普通文件。请直接选文章文件。",
    "has <b> bytes: expected at most <b>; split it into several articles": "文件有{0}，最大{1}。请分成几篇。",
    "cannot be read (<s>): check that it is there and may be read": "文件打不开（程序记录：{0}）。请重新选择文件再试。",
    "cannot be opened (<s>): check that it may be read": "文件夹打不开（程序记录：{0}）。请检查读取权限。",
    "is empty: expected an article's text; take another copy": "文件是空的，应当有文章的文字。请换一份再试。",
    "has <q> in its name: expected letters, figures and ordinary marks; rename it":
        "文件名里有不能用的符号{0}。文件名只用汉字、字母、数字和普通标点，请改名。",
    "has a name without a letter or figure: expected one to make an id of; rename it, or give it an id in articles.toml":
        "文件名里没有汉字、字母或数字，无法做成编号。请改名，或者填写“编号”。",
    "has a name of <n> characters: expected at most 120 to make an id of; rename it, or give it one in articles.toml":
        "文件名有{0}个字，做编号最多120个字。请改短，或者填写“编号”。",
    "has the id <q>, as <p> has: an article's id must be its own; rename one": "编号{0}与文件{1}相同。每篇文章的编号不能重复，请给其中一个改名。",
    "has the id <q>, as another of these files has: rename one": "编号{0}与这次选的另一个文件相同。每篇文章的编号不能重复，请给其中一个改名。",
    "there is no file or folder <p>: name one that exists": "服务器上已经没有文件{0}。请重新选择文件。",
    f"nothing that is named <p> is an article: expected files ending in {_KINDS}": f"没有叫{{0}}的文章。只收以这些结尾的文件：{_KINDS}。",
    f"<p> holds no article: expected files ending in {_KINDS}": f"文件夹{{0}}里没有文章。只收以这些结尾的文件：{_KINDS}。",
    # what it holds
    f"is not text, it holds zero bytes: {_ADVICE}": f"文件不是纯文本（里面有空字节）。{_SAVE}。",
    f"is not text, it holds <n> control characters: {_ADVICE}": f"文件不是纯文本（里面有{{0}}个控制字符）。{_SAVE}。",
    f"is not text in whole UTF-8, byte <n> is wrong: {_ADVICE}, or take another copy":
        f"文件不是完整的UTF-8文本（第{{0}}字节处出错，可能被截断）。{_SAVE}，或者换一份。",
    f"is not text in whole UTF-16, byte <n> is wrong: {_ADVICE}, or take another copy":
        f"文件不是完整的UTF-16文本（第{{0}}字节处出错，可能被截断）。{_SAVE}，或者换一份。",
    f"is not text in UTF-8 or GB18030, byte <n> fits neither: {_ADVICE}": f"文件的编码既不是UTF-8也不是GB18030（第{{0}}字节处出错）。{_SAVE}。",
    f"is not text: {_ADVICE}": f"文件不是文章的文字。{_SAVE}。",
    "holds <n> invisible characters among <n>: expected visible text; copy the text anew": "全文{1}个字符里有{0}个看不见。请重新复制文字，另存一份。",
    "holds <n> characters: expected at most <n>; split it into several articles": "文章有{0}个字，最多{1}个字。请分成几篇。",
    "holds more than <n> characters: expected at most that; split it into several articles": "文章超过{0}个字的上限。请分成几篇。",
    "holds more than <n> characters: split it into several articles": "文章超过{0}个字的上限。请分成几篇。",
    "has a line of <n> characters: expected paragraphs of at most <n>; put line breaks between them":
        "有一行长达{0}个字，每段最多{1}个字。请在段落之间换行。",
    "holds no text: expected an article; take another copy": "文件里没有文字，应当是一篇文章。请换一份再试。",
    "article <q> has no text besides headings and page furniture: check the file":
        "文章{0}除了标题和页码、责编这类版面文字，没有正文。请检查文件。",
    "takes longer than <n> seconds to read: split it, or copy its text into a .txt": "读这个文件超过{0}秒。请分成几篇，或者把文字复制到.txt文件里。",
    "takes more than <b> bytes of memory to read: split it into several articles": "读这个文件要用的内存超过{0}。请分成几篇。",
    "brought the parser down, which may take <b> bytes of memory: take another copy, or copy its text into a .txt":
        "读这个文件时读取程序中断（最多可用内存{0}）。请换一份，或者把文字复制到.txt文件里。",
    "is nested too deeply to be read: copy its text into a .txt": "文件的内容嵌套太深，读不了。请把文字复制到.txt文件里。",
    "cannot be read (<s>): take another copy, or copy its text into a .txt":
        "文件读不了（程序记录：{0}）。请换一份，或者把文字复制到.txt文件里。",
    # Word files and PDFs
    "is damaged or no Word document (<s>): open it in Word and save it as .docx anew":
        "文件已损坏，或者不是Word文档（程序记录：{0}）。请用Word打开，重新另存为.docx。",
    "is a damaged or truncated .docx (<s>): take another copy": "这个.docx已损坏或不完整（程序记录：{0}）。请换一份。",
    "holds no text: expected an article; where its pages are pictures, run character recognition (OCR) over them":
        "文档里没有文字，应当是一篇文章。如果页面是图片，请先做文字识别（OCR）。",
    "unpacks to <b> bytes in <n> parts: expected at most <b> in <n>; save it without its pictures":
        "文档解压后有{0}、{1}个部分，最多{2}、{3}个部分。请去掉图片后另存一份。",
    "is encrypted: expected a .docx without a password; open it in Word and save it as one": "文档有密码。请用Word打开，另存为没有密码的.docx。",
    "is an older Word file (.doc): expected a .docx without a password; open it in Word and save it as one":
        "这是旧版Word文件（.doc）。请用Word打开，另存为没有密码的.docx。",
    "is a zip archive and no Word document: expected a .docx; unpack it, or name the article itself":
        "这是压缩包，不是Word文档。请解压后选里面的文章。",
    "is encrypted: expected a PDF without a password; print it into a new PDF": "这个PDF有密码。请打开后重新打印成没有密码的PDF。",
    "is a damaged or truncated PDF (<s>): take another copy": "这个PDF已损坏或不完整（程序记录：{0}）。请换一份。",
    "is a truncated PDF, its end is missing: take another copy": "这个PDF不完整，缺少结尾。请换一份。",
    "holds no text, its pages are pictures: expected a PDF with text; run character recognition (OCR) over it":
        "这个PDF的页面是图片，没有文字。请先做文字识别（OCR）。",
    "has fonts that do not say which characters they show: expected text; run character recognition (OCR) over it":
        "这个PDF的字体没有说明显示的是哪些字，读不出文字。请先做文字识别（OCR）。",
    # web pages and Markdown
    "has no HTML tag: expected a web page; give plain text the ending .txt": "文件里没有网页标签，不是网页。如果是纯文本，请把文件名改成.txt结尾。",
    "is a truncated web page, its end is missing: save it anew when it has loaded": "网页不完整，缺少结尾。请等网页打开完再保存一次。",
    "is a web page: expected plain text; give it the ending .html": "这是网页，不是纯文本。请把文件名改成.html结尾。",
    "holds no text besides scripts and the site's own parts: expected an article; save the page when it has loaded":
        "网页里除了脚本和网站栏目，没有文章的文字。请等网页打开完再保存一次。",
    "cannot be read as HTML (<s>): save the page anew, or copy its text into a .txt":
        "网页读不了（程序记录：{0}）。请重新保存，或者把文字复制到.txt文件里。",
    "has front matter of <n> characters: expected at most <n>; shorten it": "文件开头的说明有{0}个字，最多{1}个字。请缩短。",
    "has front matter that cannot be read (<s>): expected lines such as title: …":
        "文件开头的说明读不了（程序记录：{0}）。每行应当像“title: 标题”这样写。",
    "has front matter that is a <w>: expected lines such as title: …": "文件开头的说明不对（读出来是“{0}”）。每行应当像“title: 标题”这样写。",
    # the lists of what is known of articles
    "<p> is not valid TOML: <s>": "说明表{0}的写法不对（程序记录：{1}）。请系统管理员改正。",
    "<p> holds <l> more than once: an article's id and file must be its own": "说明表{0}里{1}重复出现。请系统管理员改正。",
    "<p> names <l>, which are not in the folder: add the files or take the entries out":
        "说明表{0}里写的{1}不在文件夹里。请系统管理员补上文件，或者删去这几项。",
    # the call
    "id is of one article, and <n> files are given: leave it empty, or give them one by one": "一次选了{0}个文件时不能填“编号”。请留空，或者一个一个地发布。",
    "title is of one article, and <n> files are given: leave it empty, or give them one by one": "一次选了{0}个文件时不能填“标题”。请留空，或者一个一个地发布。",
    "--<w> is of one article, and <n> paths hold several: add that one by itself, or write an articles.toml":
        "“编号”和“标题”只能填给一篇文章。请一个一个地发布。",
    "no file is given: choose one first": "还没有选文件。请先选文件。",
    "there is no article <q> in the index: nothing was changed; see python -m index list": "没有编号是{0}的文章，可能别人已经移除。请刷新本页再看。",
    "no version is kept in <q>: run python -m index build, or name another folder with --data": "还没有任何版本。请先发布文章。",
    "there is no version <q>: expected one of <l>; see python -m index versions": "没有版本{0}，可能已被清理；现有{1}。请刷新本页再选。",
    "no version before <q> is kept: name one that is; see python -m index versions": "版本{0}之前的版本都已清理。请从列表里选一个。",
    "<p>, line <n> cannot be read: <s>; take the line out": "{0}的第{1}行读不了（程序记录：{2}）。请系统管理员删去这一行。",
    # the index
    "the index in <q> is being written by process <n> on <w> since <w> (<s>): wait for it to end, then try again":
        "另一个程序正在修改文章库（主机{2}上的进程{1}，{3}开始，命令{4}）。请等它做完再试。",
    "the index in <q> is being written by another process: wait for it to end, then try again": "另一个程序正在修改文章库。请等它做完再试。",
    "version <w> of the index is being removed: take a newer one": "版本{0}正在被清理。请刷新本页，选一个较新的版本。",
    "version <w> holds <s> passages and sentences of <s>: it is not made live; choose another":
        "版本{0}不完整（段落和句子有{1}，应有{2}），没有换上。请选另一个版本。",
    f"version <w> holds <s> passages and sentences, <n> texts and <n> articles; its manifest says <s> and <n>: {_DATA}":
        f"版本{{0}}不完整（段落和句子有{{1}}，应有{{4}}；词表有{{2}}段；文章有{{3}}篇，应有{{5}}篇）。{_REBUILD}。",
    f"the manifest in <p> cannot be read (<s>): {_DATA}": f"版本{{0}}的清单读不了（程序记录：{{1}}）。{_REBUILD}。",
    "the index does not fit the settings (<d>); rebuild the index with these settings: python -m index build":
        "文章库是按别的设置建的，与现在的设置不合（{0}）。请系统管理员运行“python -m index build”重建。",
    "<p> names <q>, which is not there: go back with python -m index rollback, or rebuild with python -m index build":
        f"在用的版本{{1}}已经不在。{_REBUILD}。",
    "nothing is indexed in <q> yet: run python -m index build, or name another folder with --data": "还没有收录文章。请先发布文章。",
    f"<p> cannot be read (<s>): {_DATA}": f"文章库的文件{{0}}读不了（程序记录：{{1}}）。{_REBUILD}。",
    "version <w> is on a Chroma server: say which in LIANGCE_CHROMA_URL, or rebuild it with python -m index build":
        "版本{0}存在Chroma服务器上，而设置里没有写是哪一台。请系统管理员设置LIANGCE_CHROMA_URL，或者重建文章库。",
    f"article <q> in <q> cannot be read (<s>): {_DATA}": f"文章{{0}}在库里读不了（程序记录：{{2}}）。{_REBUILD}。",
    f"the lexical index in <q> cannot be read (<s>): {_DATA}": f"文章库的词表读不了（程序记录：{{1}}）。{_REBUILD}。",
    "the terms in <q> cannot be read (<s>): rebuild with python -m index build": f"文章库的词表读不了（程序记录：{{1}}）。{_REBUILD}。",
    f"there is no Chroma store in <s>: {_DATA}": f"文章库缺少向量数据（{{0}}）。{_REBUILD}。",
    f"the Chroma store in <s> cannot be opened (<s>): {_DATA}": f"文章库的向量数据{{0}}打不开（程序记录：{{1}}）。{_REBUILD}。",
    "the Chroma store in <s> cannot be opened (<s>)": f"文章库的向量数据{{0}}打不开（程序记录：{{1}}）。{_REBUILD}。",
    "the Chroma store in <s> cannot be counted: <s>": f"文章库的向量数据{{0}}点不清（程序记录：{{1}}）。{_REBUILD}。",
    f"passages are missing in <s>: {_DATA}": f"文章库缺少一些段落（{{0}}）。{_REBUILD}。",
    "the store in <s> does not find <q>, which it holds; try again": "检查时没有查到刚存入的{1}，新版本没有换上。请再试一次。",
    f"<n> vectors are missing from the index, the first <q>: {_DATA}": f"文章库缺少{{0}}个向量，第一个是{{1}}。{_REBUILD}。",
    "the store took <s> passages and sentences of <s>: the disk may be full; the old version stays live":
        "没有存全（段落和句子存入{0}，应有{1}），磁盘可能满了。原来的版本照常在用，请系统管理员检查磁盘。",
    "the Chroma server at <q> does not answer (<s>): start it, or correct LIANGCE_CHROMA_URL":
        "Chroma服务器{0}没有回应（程序记录：{1}）。请系统管理员启动它，或者改正设置LIANGCE_CHROMA_URL。",
}  # fmt: skip

# A file of one kind under the ending of another: what it is, what its ending promises, what to do.
_IS = {
    "a PDF": "PDF", "no PDF": "不是PDF", "no Word file": "不是Word文件", "a zip archive": "压缩包（zip）", "an empty zip archive": "空的压缩包（zip）",
    "an older Office file or an encrypted one": "旧版Office文件或有密码的文件", "rich text (RTF)": "RTF文件", "a picture": "图片",
    "a gzip archive": "压缩包（gzip）", "a 7z archive": "压缩包（7z）", "a rar archive": "压缩包（rar）", "a program": "程序", "a database": "数据库",
}  # fmt: skip
_EXPECTED = {"HTML": "网页", "text": "纯文本", "a PDF": "PDF", "a .docx": ".docx"}
_DO = {
    "give it the ending .pdf": "请把文件名改成.pdf结尾",
    "give it the ending .docx if it is a Word file, otherwise unpack it": "如果是Word文件，请把文件名改成.docx结尾，否则请先解压",
    "take another copy": "请换一份",
    "open it in Word and save it as .docx without a password": "请用Word打开，另存为没有密码的.docx",
    "open it in Word and save it as .docx": "请用Word打开，另存为.docx",
    "run character recognition (OCR) over it and save the text": "请先做文字识别（OCR），再把文字存成文件",
    "unpack it": "请先解压",
    "name an article": "请选文章文件",
    "check the file, or give it its right ending": "请检查文件，或者把文件名改成正确的结尾",
}
_MISNAMED = re.compile(r"is (.+?): expected (.+?); (.+)")

# A field of what is known of an article, as pydantic and `index.reading.knowledge` say what is wrong with it.
_FIELD = re.compile(
    r"(the form|its front matter|its properties|'.*?'|\".*?\"): ([^:]+): (.+?)(?: \(given: (.*)\))?"
    r"(?:; see seeds/articles\.toml for an example)?",
    re.DOTALL,
)
_PLACES = {"the form": "填写的说明", "its front matter": "文件开头的说明", "its properties": "文档自带的属性"}
_NAMES = {
    "id": "编号", "title": "标题", "publisher": "发布单位", "paper": "报纸", "published": "发布日期", "region": "适用地区", "reporters": "记者",
    "status": "状态", "superseded_by": "取代它的文件", "effective": "生效日期", "expires": "失效日期", "source": "来源", "licence": "许可",
    "note": "备注", "file": "文件",
}  # fmt: skip
_WRONG = {
    "Value error, expected a date as YYYY, YYYY-MM or YYYY-MM-DD": "应当是真实的日期，写成2023、2023-05或2023-05-30",
    "Value error, expected text without broken characters: type it anew": "里面有残缺的字符，请重新输入",
    "Value error, expires <q> lies before effective <q>": "失效日期{0}早于生效日期{1}，请改正其中一个",
    r"String should match pattern '^[\w.·-]{1,120}$'": "只能用汉字、字母、数字和“.”“·”“-”“_”，1到120个字",
    "Input should be 'in force', 'superseded' or 'withdrawn'":
        "应当写“in force”（有效）、“withdrawn”（已废止）或“superseded by 新文件名”（被取代）；在本页填写时也可以写“有效”“已废止”或“被新文件名取代”",
    "Input should be a valid string": "应当是文字，请加上引号",
    "Input should be a valid tuple": "应当是几个姓名",
    "Input should be a valid dictionary or instance of _Entry": "每一项应当以“[[article]]”开头",
    "Extra inputs are not permitted": "没有这个栏目，请删去",
    "Field required": "缺少这一栏，请补上",
}  # fmt: skip


def _compiled(table: Mapping[str, str]) -> list[tuple[re.Pattern[str], list[Callable[[str], str]], str]]:
    """Each message as a pattern with a group for each gap, how the gaps are told, and the Chinese form."""
    found = []
    for english, chinese in table.items():
        parts = re.split(r"<([nbqpldws])>", english)
        pattern = "".join(f"({_GAPS[part][0]})" if at % 2 else re.escape(part) for at, part in enumerate(parts))
        found.append((re.compile(pattern, re.DOTALL), [_GAPS[kind][1] for kind in parts[1::2]], chinese))
    return found


_KNOWN, _KNOWN_WRONG = _compiled(_MESSAGES), _compiled(_WRONG)


def in_chinese(message: str) -> str:
    """What a message of the programs says, in Chinese; one that is not known is given as it is, so that nothing is hidden."""
    if known := _known(message):
        return known
    for colon in re.finditer(": ", message):  # behind the name of a file, which may hold colons
        if known := _known(message[colon.end() :]):
            return f"{message[: colon.start()]}：{known}"
    return f"程序给出的说明：{message}"


def status_in_english(said: str) -> str:
    """A status that a maintainer wrote in Chinese, as the index reads it; anything else stays as it is."""
    said = said.strip()
    if found := re.fullmatch(r"已?被(.+)取代", said):
        return f"superseded by {found[1].strip()}"
    return {"有效": "in force", "现行有效": "in force", "已废止": "withdrawn", "废止": "withdrawn", "已撤下": "withdrawn"}.get(said, said)


def _known(message: str) -> str:
    return _told(message, _KNOWN) or _misnamed(message) or _field(message)


def _told(message: str, table: list[tuple[re.Pattern[str], list[Callable[[str], str]], str]]) -> str:
    for pattern, ways, chinese in table:
        if found := pattern.fullmatch(message):
            return chinese.format(*(way(said) for way, said in zip(ways, found.groups(), strict=True))) if ways else chinese
    return ""


def _misnamed(message: str) -> str:
    found = _MISNAMED.fullmatch(message)
    if not found or found[1] not in _IS or found[2] not in _EXPECTED or found[3] not in _DO:
        return ""
    what = _IS[found[1]]
    return f"文件内容{what if found[1].startswith('no ') else f'是{what}'}，文件名的结尾却是{_EXPECTED[found[2]]}的。{_DO[found[3]]}。"


def _field(message: str) -> str:
    found = _FIELD.fullmatch(message)
    wrong = _told(found[3], _KNOWN_WRONG) if found else ""
    if not found or not wrong:
        return ""
    place = _PLACES.get(found[1]) or f"说明表“{PurePath(_unquoted(found[1])).name}”"
    name = re.sub(r"\.\d+$", "", found[2])  # behind the name of a field may stand which of its values is meant
    where = "" if name == "the whole" else f"里的“{_NAMES.get(name, name)}”"
    given = f"（现在是“{_unquoted(found[4])}”）" if found[4] else ""
    return f"{place}{where}不对{given}：{wrong}。"


def _differences(said: str) -> str:
    return "；".join(
        f"{_PARTS.get(part, part)}原为“{_unquoted(there)}”，现为“{_unquoted(wanted)}”" for part, there, wanted in _DIFFERENCE.findall(said)
    )


def _unquoted(said: str) -> str:
    """What Python's quoted form stands for; characters that cannot be seen stay written out."""
    try:
        value = ast.literal_eval(said)
    except (ValueError, SyntaxError):
        return said
    return value if isinstance(value, str) and value.isprintable() else said.strip("'\"")
