"""A table leaves the house as it is: text stays text, and nothing in it is executed."""

import io
from decimal import Decimal

import openpyxl
import pytest

from whitelist.core import export

RISKY = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "＋1", "－1", "＠x", "=cmd|' /C calc'!A0", "-2+3"]


def csv_of(rows, columns=("A", "B")):
    answer = export.answer("csv", "table", columns=columns, rows=rows, about=[])
    return b"".join(answer.streaming_content).decode("utf-8")


def book_of(rows, columns=("A", "B"), about=()):
    answer = export.answer("xlsx", "table", columns=columns, rows=rows, about=about)
    return openpyxl.load_workbook(io.BytesIO(answer.getvalue()))


@pytest.mark.parametrize("text", RISKY)
def test_no_text_becomes_a_formula(text):
    assert export.inert(text) == f"'{text}"
    cell = book_of([[text]]).worksheets[1]["A2"]
    assert cell.data_type == "s" and cell.value.endswith(text.strip())


@pytest.mark.parametrize("value", [-5, Decimal("-1.50"), 0, 12])
def test_numbers_stay_numbers_also_below_zero(value):
    assert export.inert(value) == str(value)
    cell = book_of([[value]]).worksheets[1]["A2"]
    assert (cell.data_type, Decimal(str(cell.value))) == ("n", value)


@pytest.mark.parametrize(
    "code", ["91310000132260250X", "310115", "000000", "0012", "1E5", "2022-05-09", "370000000000015"]
)
def test_codes_stay_text(code):
    sheet = book_of([[code]]).worksheets[1]
    assert (sheet["A2"].data_type, sheet["A2"].value, sheet["A2"].number_format) == ("s", code, "@")


def test_headings_are_as_harmless_as_cells():
    assert csv_of([], columns=("=1",)).startswith("\ufeff'=1")
    assert book_of([], columns=("=1+1",)).worksheets[1]["A1"].data_type != "f"


def test_a_link_is_no_link():
    assert book_of([["https://elsewhere.example/"]]).worksheets[1]["A2"].hyperlink is None


def test_nothing_is_an_empty_cell():
    assert csv_of([[None, ""]]).splitlines()[1] == ","
    assert book_of([[None, ""]]).worksheets[1]["A2"].value is None


def test_yes_and_no_are_words_not_numbers():
    assert book_of([[True]]).worksheets[1]["A2"].value == "True"


def test_quotes_commas_and_lines_survive():
    assert csv_of([['a,"b"', "c\nd"]]).splitlines(keepends=True)[1:] == ['"a,""b""","c\n', 'd"\r\n']


def test_csv_opens_as_utf_8_in_every_spreadsheet():
    assert csv_of([["企业（虚构）"]]).startswith("\ufeff") and "企业（虚构）" in csv_of([["企业（虚构）"]])


def test_the_first_sheet_says_what_one_holds():
    book = book_of([["x"]], about=[("Filter", "=1")])
    front = book.worksheets[0]
    assert (front["A1"].value, front["B1"].value, front["B1"].data_type) == ("Filter", "=1", "s")
    assert front["A2"].value == "Made at (Shanghai)"


def test_the_file_is_an_attachment_of_the_right_kind():
    for form, kind in (("csv", "text/csv; charset=utf-8"), ("xlsx", export.XLSX)):
        answer = export.answer(form, "users", columns=["A"], rows=[], about=[])
        assert answer["Content-Disposition"] == f'attachment; filename="users.{form}"'
        assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == (kind, "nosniff")
        answer.getvalue()


def test_long_tables_are_written_as_they_are_read():
    seen = []

    def rows():
        for number in range(1000):
            seen.append(number)
            yield [number]

    answer = export.answer("csv", "table", columns=["A"], rows=rows(), about=[])
    stream = iter(answer.streaming_content)
    next(stream)
    assert len(seen) < 5
    assert len(list(stream)) == 1000
