"""What is no spreadsheet, is locked, cut off or made to hurt, and what only bears the wrong name."""

import struct
import zlib

from tests.sheets.corpus.base import Case, book_of, csv_of, firms, refused, table, takes
from tests.sheets.corpus.containers import (
    DECLARATION,
    MAIN,
    MEGABYTE,
    archive_of,
    inflated,
    members,
    ole,
    raw_book,
    rows_xml,
    sheet_xml,
    xls,
    zipped,
)

TWO = table(*firms(2))
XLSX = "名单.xlsx"
SHEET = "xl/worksheets/sheet1.xml"
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


def png():
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


def pdf():
    return b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n%%EOF\n"


def html():
    rows = "".join(f"<tr>{''.join(f'<td>{value}</td>' for value in row)}</tr>" for row in TWO)
    return f'<html><head><meta charset="utf-8"></head><body><table>{rows}</table></body></html>'.encode()


def docx():
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    types = f'<Types><Override PartName="/word/document.xml" ContentType="{kind}"/></Types>'
    return zipped(
        {
            "[Content_Types].xml": DECLARATION + types,
            "word/document.xml": f"{DECLARATION}<w:document><w:body/></w:document>",
        }
    )


def plain():
    return book_of(table(*firms(200)))


def rotten():
    """Bytes in the middle of the packed sheet changed, as by a bad disk."""
    data = bytearray(raw_book(sheet_xml(rows_xml(table(*firms(200))))))
    start = data.index(SHEET.encode()) + len(SHEET)
    data[start + 200 : start + 400] = bytes(200)
    return bytes(data)


def half_a_sheet():
    """A whole archive whose sheet ends in the middle of a row."""
    sheet = sheet_xml(rows_xml(table(*firms(50))))
    return raw_book(sheet[: len(sheet) // 2])


def without_workbook():
    parts = members(sheet_xml(rows_xml(TWO)))
    del parts["xl/workbook.xml"]
    return zipped(parts)


def locked():
    """An encrypted workbook as Office saves one: two streams in a compound file."""
    info = struct.pack("<HHI", 4, 4, 0x40) + b'<?xml version="1.0" encoding="UTF-8"?><encryption/>'
    return ole({"EncryptionInfo": info, "EncryptedPackage": struct.pack("<Q", 6000) + bytes(range(256)) * 24})


def locked_zip():
    return archive_of(members(sheet_xml(rows_xml(TWO))), flags=1)


def padded(megabytes, claimed=None):
    """A workbook whose sheet has so many megabytes of spaces before its first row; the headers may claim less."""
    before, after = sheet_xml("|" + rows_xml(TWO)).split("|", 1)
    packed, size, checksum = inflated(before.encode(), megabytes, after.encode())
    return archive_of(members("") | {SHEET: (packed, claimed or size, checksum)})


def many_large_parts():
    """Ten parts of 8 MB: none is over the limit, all together are."""
    media = {f"xl/media/image{n}.bin": inflated(b"", 8, b"") for n in range(10)}
    return archive_of(members(sheet_xml(rows_xml(TWO))) | media)


def large_strings():
    """The bomb is in the shared strings, and the headers call it a kilobyte."""
    head = f'{DECLARATION}<sst xmlns="{MAIN}"><si><t xml:space="preserve">'.encode()
    packed, _, checksum = inflated(head, 80, b"</t></si></sst>")
    return archive_of(members(sheet_xml(rows_xml(TWO)), "-") | {"xl/sharedStrings.xml": (packed, 1024, checksum)})


def nested():
    """An archive in the archive: only the outer one is ever opened."""
    return archive_of(members(sheet_xml(rows_xml(TWO)), extra={"xl/embeddings/inner.xlsx": padded(80)}))


def many_parts(count):
    """A workbook of exactly so many parts."""
    parts = members(sheet_xml(rows_xml(TWO)))
    return zipped(parts | {f"xl/media/image{n}.bin": b"x" for n in range(count - len(parts))})


def with_doctype(doctype, text="&l9;", encoding="utf-8"):
    data = rows_xml(TWO).replace("样例机械1厂（虚构）", text)
    sheet = sheet_xml(data).replace(DECLARATION, f'<?xml version="1.0" encoding="{encoding}"?>{doctype}')
    return raw_book(sheet.encode(encoding))


def laughs(encoding="utf-8"):
    return with_doctype(f'<!DOCTYPE worksheet [<!ENTITY l0 "ha">{LAUGHS}]>', encoding=encoding)


def external(target):
    return with_doctype(f'<!DOCTYPE worksheet [<!ENTITY ext SYSTEM "{target}">]>', "&ext;")


def strings_with_doctype():
    doctype = '<?xml version="1.0"?><!DOCTYPE sst SYSTEM "http://127.0.0.1:9/x.dtd">'
    return raw_book(sheet_xml(rows_xml(TWO)), f'{doctype}<sst xmlns="{MAIN}"><si><t>x</t></si></sst>')


def outside_names():
    names = ("../../../../tmp/evil.xml", "/etc/evil.xml", "..\\..\\evil.xml", "C:\\evil.xml")
    return raw_book(sheet_xml(rows_xml(TWO)), extra=dict.fromkeys(names, "<x/>"))


def macros():
    return raw_book(sheet_xml(rows_xml(TWO)), extra={"xl/vbaProject.bin": ole({"VBA": b"Sub Auto_Open()"})})


def twenty_megabytes_and_one():
    data = csv_of(TWO)
    return data + b"\n" * (20 * MEGABYTE + 1 - len(data))


CASES = (
    Case("png_named_xlsx", XLSX, png, refused("not_a_spreadsheet")),
    Case("png_named_csv", "名单.csv", png, refused("not_a_spreadsheet"), "its signature says what it is"),
    Case("pdf_named_xlsx", XLSX, pdf, refused("not_a_spreadsheet")),
    Case("pdf_named_csv", "名单.csv", pdf, refused("not_a_spreadsheet")),
    Case("html_named_xls", "名单.xls", html, refused("not_a_spreadsheet"), "as many web systems export"),
    Case("docx_named_xlsx", XLSX, docx, refused("not_a_spreadsheet")),
    Case("doc_named_xls", "名单.xls", lambda: ole({"WordDocument": b"\xec\xa5"}), refused("not_a_spreadsheet")),
    Case("zip_of_texts", "名单.xlsx", lambda: zipped({"名单.csv": csv_of(TWO)}), refused("not_a_spreadsheet")),
    Case("zip_without_workbook", XLSX, without_workbook, refused("not_a_spreadsheet")),
    Case("zip_empty", XLSX, lambda: zipped({}), refused("not_a_spreadsheet")),
    Case(
        "xlsx_cut_in_half", XLSX, lambda: plain()[: len(plain()) // 2], refused("truncated"), "an upload that broke off"
    ),
    Case("xlsx_cut_at_the_end", XLSX, lambda: plain()[:-100], refused("truncated")),
    Case("xlsx_rotten", XLSX, rotten, refused("truncated"), "the checksum or the packing does not fit"),
    Case("xlsx_half_a_sheet", XLSX, half_a_sheet, refused("truncated"), "half the rows must never be taken for all"),
    Case("xls_cut_in_half", "名单.xls", lambda: xls(table(*firms(100)))[:3000], refused("truncated")),
    Case("xlsx_encrypted", XLSX, locked, refused("encrypted"), "a password of Office"),
    Case("xlsx_zip_encrypted", XLSX, locked_zip, refused("encrypted"), "a password of the archive"),
    Case("xls_encrypted", "名单.xls", lambda: xls(TWO, locked=True), refused("encrypted")),
    Case("bomb_ratio", XLSX, lambda: padded(80), refused("unpacks_too_large"), "80 MB out of 80 kB"),
    Case(
        "bomb_lying_size",
        XLSX,
        lambda: padded(80, claimed=1000),
        refused("unpacks_too_large"),
        "bytes count, headers lie",
    ),
    Case("bomb_lying_strings", XLSX, large_strings, refused("unpacks_too_large")),
    Case("bomb_many_large_parts", XLSX, many_large_parts, refused("unpacks_too_large"), "the sum counts"),
    Case(
        "bomb_400_mb",
        XLSX,
        lambda: padded(400),
        refused("unpacks_too_large"),
        "refused before it is unpacked to the end",
    ),
    Case("archive_in_archive", XLSX, nested, takes(2), "an embedded file is not opened"),
    Case("honest_high_ratio", XLSX, lambda: padded(30), takes(2), "a ratio alone must not refuse a real file"),
    Case("parts_1000", XLSX, lambda: many_parts(1000), takes(2)),
    Case("parts_1001", XLSX, lambda: many_parts(1001), refused("too_many_parts")),
    Case("entities_expanding", XLSX, laughs, refused("dangerous_xml"), "a thousand million laughs"),
    Case("entities_in_utf16", XLSX, lambda: laughs("utf-16"), refused("dangerous_xml"), "a search for ASCII misses it"),
    Case("entity_external_file", XLSX, lambda: external("file:///etc/passwd"), refused("dangerous_xml")),
    Case(
        "entity_external_address",
        XLSX,
        lambda: external("http://127.0.0.1:9/x"),
        refused("dangerous_xml"),
        "no request",
    ),
    Case("doctype_in_strings", XLSX, strings_with_doctype, refused("dangerous_xml")),
    Case(
        "names_outside",
        XLSX,
        outside_names,
        takes(2),
        "parts are read by name, never written: nothing leaves the room",
    ),
    Case("macros", "名单.xlsm", macros, takes(2), "macros are never looked at"),
    Case("too_large", "名单.csv", twenty_megabytes_and_one, refused("too_large"), "20 MB and one byte"),
    Case("csv_named_xlsx", XLSX, lambda: csv_of(TWO), takes(2), "the content decides, not the name"),
    Case(
        "csv_named_xls",
        "名单.xls",
        lambda: csv_of(TWO, "gb18030", "\t"),
        takes(2, encoding="gb18030", delimiter="\t"),
    ),
    Case("xlsx_named_csv", "名单.csv", lambda: book_of(TWO), takes(2)),
    Case("xlsx_named_xls", "名单.xls", lambda: book_of(TWO), takes(2)),
    Case("xls_named_xlsx", XLSX, lambda: xls(TWO), takes(2)),
    Case("xlsx_without_extension", "名单", lambda: book_of(TWO), takes(2)),
    Case("xlsx_capital_extension", "名单.XLSX", lambda: book_of(TWO), takes(2)),
    Case(
        "name_with_path",
        "..\\..\\名单<script>.xlsx",
        lambda: book_of(TWO),
        takes(2),
        "only a label, and shown escaped",
    ),
)
