"""Word files and PDFs made for the tests, small and byte for byte the same each time."""

import io
import re
import zipfile
from collections.abc import Mapping, Sequence


def word(paragraphs: Sequence[str | tuple[str, str]], rows: Sequence[Sequence[str]] = (), title: str = "") -> bytes:
    """A .docx of paragraphs, each a text or (style, text), with a table behind them."""
    import docx

    document = docx.Document()
    document.core_properties.title = title
    for paragraph in paragraphs:
        style, text = paragraph if isinstance(paragraph, tuple) else (None, paragraph)
        document.add_paragraph(text, style)
    if rows:
        table = document.add_table(len(rows), len(rows[0]))
        for row, cells in zip(table.rows, rows, strict=True):
            for cell, text in zip(row.cells, cells, strict=True):
                cell.text = text
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


def pdf(*pages: Sequence[tuple[float, float, float, str]], encrypted: bool = False, drawn: Sequence[str] = ()) -> bytes:
    """A PDF of A4 pages with texts (x, y, size, text) in a Chinese font that every viewer has; x and y in points from below left.

    `drawn` are drawing operators of each page.
    """
    objects = [b"", b""]  # 1 the catalogue, 2 the pages
    objects.append(b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[4 0 R]>>")
    objects.append(
        b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>"
        b"/DW 1000/FontDescriptor 5 0 R>>"
    )
    objects.append(
        b"<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 880/StemV 93>>"
    )
    kids = []
    for n, page in enumerate(pages):
        shown = "\n".join(f"BT /F {size} Tf {x} {y} Td <{text.encode('utf-16-be').hex()}> Tj ET" for x, y, size, text in page)
        content = (f"{drawn[n]}\n{shown}" if drawn else shown).encode()
        objects.append(b"<</Length %d>>\nstream\n%s\nendstream" % (len(content), content))
        objects.append(b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R/Resources<</Font<</F 3 0 R>>>>>>" % len(objects))
        kids.append(len(objects))
    objects[0] = b"<</Type/Catalog/Pages 2 0 R>>"
    objects[1] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(kids), b" ".join(b"%d 0 R" % kid for kid in kids))
    security = b"<</Filter/Standard/V 1/R 2/O<%s>/U<%s>/P -4>>" % (b"11" * 32, b"22" * 32)
    if encrypted:
        objects.append(security)
    made, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + b"".join(b"%010d 00000 n \n" % place for place in places)
    lock = b"/Encrypt %d 0 R/ID[<00><00>]" % len(objects) if encrypted else b""
    return made + b"trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, lock, start)


W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def paragraph(text: str, properties: str = "") -> str:
    """A paragraph of WordprocessingML; `text` may hold runs of its own, which begin with a tag."""
    run = text if text.startswith("<") else f"<w:r><w:t>{text}</w:t></w:r>"
    return f"<w:p><w:pPr>{properties}</w:pPr>{run}</w:p>"


def word_xml(body: str, parts: Mapping[str, tuple[str, str, bytes]] | None = None) -> bytes:
    """A .docx with that body, and parts by name: (kind of relation, content type, bytes); the part x.y has the relation id rx."""
    extra = parts or {}
    types = "".join(f'<Override PartName="/word/{name}" ContentType="{kind}"/>' for name, (_, kind, _) in extra.items())
    relations = "".join(
        f'<Relationship Id="r{name.partition(".")[0]}" Type="{_RELATIONS}/{relation}" Target="{name}"/>'
        for name, (relation, _, _) in extra.items()
    )
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(word([]))) as base, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as file:
        for part in base.namelist():
            data = base.read(part).decode("utf-8") if part.endswith((".xml", ".rels")) else base.read(part)
            if part.removeprefix("word/") in extra:
                continue
            if part == "word/document.xml":
                data = f'<w:document xmlns:w="{W}" xmlns:r="{_RELATIONS}"><w:body>{body}</w:body></w:document>'
            elif part == "[Content_Types].xml":
                for name in extra:
                    data = re.sub(rf'<Override PartName="/word/{re.escape(name)}"[^>]*/>', "", str(data))
                data = str(data).replace("</Types>", f"{types}</Types>")
            elif part == "word/_rels/document.xml.rels":
                for name in extra:
                    data = re.sub(rf'<Relationship [^>]*Target="{re.escape(name)}"[^>]*/>', "", str(data))
                data = str(data).replace("</Relationships>", f"{relations}</Relationships>")
            file.writestr(part, data)
        for name, (_, _, content) in extra.items():
            file.writestr(f"word/{name}", content)
    return held.getvalue()


def picture_pdf(jpeg: bytes, *pages: Sequence[tuple[float, float, float, str]]) -> bytes:
    """A PDF whose first page is a picture of a page of A4, with `pages` of text behind it."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf([], *pages))
    image = pypdfium2.PdfImage.new(document)
    image.load_jpeg(io.BytesIO(jpeg))
    image.set_matrix(pypdfium2.PdfMatrix().scale(595, 842))
    page = document[0]
    page.insert_obj(image)
    page.gen_content()
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()
