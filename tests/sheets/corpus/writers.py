"""Workbooks as other programs write them: odd ranges, missing references, old .xls."""

from xml.sax.saxutils import escape

from tests.sheets.corpus.base import (
    CODE,
    HEADINGS,
    INDUSTRY,
    NAME,
    OUTPUT,
    STAFF,
    VALUE,
    Case,
    error,
    firm,
    firms,
    refused,
    table,
    takes,
    uscc,
    with_good,
)
from tests.sheets.corpus.containers import DECLARATION, MAIN, letter, raw_book, rows_xml, sheet_xml, xls

TWO = table(*firms(2))
FULL = [uscc(1), "样例机械1厂（虚构）", "济南市", "历下区", "36", "", "", "", "", 120, 35.5, "台", 8.25, 9000]
XLSX = "名单.xlsx"


def used_range_to_the_end():
    last = '<row r="1048576"><c r="A1048576" s="0"/><c r="N1048576" s="0"/></row>'
    blanks = "".join(f'<row r="{n}"><c r="A{n}" s="0"/><c r="E{n}" s="0"/></row>' for n in range(4, 3000))
    return raw_book(sheet_xml(rows_xml(TWO) + blanks + last, "A1:N1048576"))


def stray_cell():
    """One character in the last cell of the sheet: a dense table of it would have 17 thousand million cells."""
    return raw_book(sheet_xml(rows_xml(TWO) + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>', "A1:XFD1048576"))


def gap():
    data = rows_xml(TWO) + rows_xml([firm(3)], 44) + rows_xml([firm(4)], 30_001)
    return raw_book(sheet_xml(data, "A1:E30001"))


def phonetic():
    texts = [value for row in TWO for value in row]
    reading = '<rPh sb="0" eb="2"><t>ヨウレイ</t></rPh><phoneticPr fontId="1"/>'
    items = "".join(f"<si><t>{escape(value)}</t>{reading}</si>" for value in texts)
    rows = ""
    for n in range(3):
        cells = "".join(f'<c r="{letter(c)}{n + 1}" t="s"><v>{n * 5 + c}</v></c>' for c in range(5))
        rows += f'<row r="{n + 1}">{cells}</row>'
    count = len(texts)
    shared = f'{DECLARATION}<sst xmlns="{MAIN}" count="{count}" uniqueCount="{count}">{items}</sst>'
    return raw_book(sheet_xml(rows), shared)


WRITTEN = {(2, CODE): uscc(1), (2, INDUSTRY): "36", (2, STAFF): "120", (2, OUTPUT): "35.5", (2, VALUE): "8.25"}

CASES = (
    Case("xlsx_inline_strings", XLSX, lambda: raw_book(sheet_xml(rows_xml(TWO), "A1:E3")), takes(2)),
    Case(
        "xlsx_phonetic_text",
        XLSX,
        phonetic,
        takes(2, values={(2, NAME): "样例机械1厂（虚构）"}),
        "the reading aid of Japanese Excel is not part of the text",
    ),
    Case(
        "xlsx_dimension_too_small",
        XLSX,
        lambda: raw_book(sheet_xml(rows_xml(table(*firms(20))), "A1")),
        takes(20),
    ),
    Case("xlsx_dimension_missing", XLSX, lambda: raw_book(sheet_xml(rows_xml(TWO))), takes(2)),
    Case("xlsx_dimension_too_large", XLSX, lambda: raw_book(sheet_xml(rows_xml(TWO), "A1:XFD1048576")), takes(2)),
    Case(
        "xlsx_without_references",
        XLSX,
        lambda: raw_book(sheet_xml(rows_xml(TWO, references=False))),
        takes(2),
        "some exporters number neither rows nor cells",
    ),
    Case(
        "xlsx_used_range_to_the_end",
        XLSX,
        used_range_to_the_end,
        takes(2),
        "1,048,576 rows, two of them filled",
    ),
    Case("xlsx_stray_last_cell", XLSX, stray_cell, refused("too_many_columns"), "within the memory of the worker"),
    Case(
        "xlsx_rows_after_gap",
        XLSX,
        gap,
        takes(4, values={(44, CODE): uscc(3), (30_001, CODE): uscc(4)}),
        "rows that hold something count, wherever they stand",
    ),
    Case("xls_plain", "名单.xls", lambda: xls(TWO), takes(2)),
    Case("xls_numbers", "名单.xls", lambda: xls([HEADINGS, FULL]), takes(1, values=WRITTEN)),
    Case(
        "xls_uscc_as_number",
        "名单.xls",
        lambda: xls(with_good(firm(101, code=913701028765432109.0))),
        takes(20, error(22, CODE, "precision_lost")),
    ),
)
