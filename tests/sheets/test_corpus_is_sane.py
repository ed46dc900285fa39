"""The corpus is what it says: each file can be made, again the same, and its expectation fits what is in it.

The files are read here as simply as can be, without the importer: an expectation that no importer could meet
would be of no use.
"""

import csv
import io
import time
import tracemalloc
import zipfile
from collections import Counter

import pytest
from python_calamine import CalamineError, PasswordError, XmlError, ZipError, load_workbook

from tests.sheets.corpus import COLUMNS, HEADINGS, IMPORTER, cases
from tests.sheets.corpus.base import CODE
from whitelist.core.codes import normalise, read_code

FAULTS = {
    "uscc_charset", "code_length", "uscc_check_digit", "registration_check_digit", "code_required", "name_required",
    "outside_division", "unknown_division", "ambiguous_division", "duplicate_row", "contradicts_row", "same_name",
    "unknown_choice", "not_a_number", "negative", "precision_lost", "code_was_number", "too_long", "cell_error",
    "retired",
}  # fmt: skip
WARNINGS = {"uscc_check_digit", "registration_check_digit", "duplicate_row", "same_name", "code_was_number"}
REFUSALS = {
    "too_large", "too_many_rows", "too_many_columns", "unpacks_too_large", "too_many_parts", "not_a_spreadsheet",
    "encrypted", "truncated", "unreadable_encoding", "no_header", "no_rows", "too_many_bad_codes", "dangerous_xml",
}  # fmt: skip
JUDGED = {"uscc_charset", "code_length", "uscc_check_digit", "registration_check_digit"}
NOTES = {
    "header_row", "sheet", "sheets", "encoding", "delimiter", "normalised", "values", "samples", "suggestions",
    "changes",
}  # fmt: skip
CODE_HEADINGS = {CODE, "社会信用代码", "Unified social credit code", "＊统一社会信用代码", "统一社会\n信用代码"}
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
EVERY = cases()
READ = [case for case in EVERY if case.expect.state == "preview"]
GATED = [case for case in EVERY if case.expect.refusal == "too_many_bad_codes"]
named = pytest.mark.parametrize("case", EVERY, ids=lambda case: case.name)
readable = pytest.mark.parametrize("case", READ, ids=lambda case: case.name)


def grid(case):
    """The cells of the sheet that is to be taken, from its first row on."""
    data, notes = case.make(), case.expect.notes
    if data.startswith((ZIP, OLE)):
        book = load_workbook(io.BytesIO(data))
        sheet = book.get_sheet_by_name(notes.get("sheet", book.sheet_names[0]))
        return sheet.to_python(skip_empty_area=False)
    text = data.decode(notes.get("encoding", "utf-8-sig"))
    csv.field_size_limit(1_000_000)
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=notes.get("delimiter", ",")))


def filled(case):
    """{row number: cells} of the rows below the heading that hold anything, and the place of the codes."""
    rows, header = grid(case), case.expect.notes.get("header_row", 1)
    place = next(n for n, value in enumerate(rows[header - 1]) if value in CODE_HEADINGS)
    below = {n: cells for n, cells in enumerate(rows, start=1) if n > header}
    return {n: cells for n, cells in below.items() if any(str(value).strip() for value in cells)}, place


def text_of(value):
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def test_there_are_enough_and_names_are_unique():
    assert len(EVERY) >= 75
    assert [name for name, count in Counter(case.name for case in EVERY).items() if count > 1] == []
    assert {case.expect.refusal for case in EVERY} - {None} == REFUSALS
    assert {fault[2] for case in EVERY for fault in case.expect.faults} == FAULTS


@named
def test_every_file_is_made_again_the_same_and_soon(case):
    begun = time.perf_counter()
    first = case.make()
    assert time.perf_counter() - begun < 5
    assert isinstance(first, bytes)
    assert first == case.make()
    if case.expect.refusal != "too_large":
        assert len(first) <= 20 * 1024 * 1024


@named
def test_every_expectation_is_consistent_in_itself(case):
    expect = case.expect
    assert expect.state in {"preview", "refused", "needs_choice"}
    assert (expect.state == "refused") == (expect.refusal in REFUSALS)
    assert (expect.state == "preview") == (expect.rows > 0)
    assert set(expect.notes) <= NOTES
    assert len(set(expect.faults)) == len(expect.faults)
    for _, column, code, severity in expect.faults:
        assert column in HEADINGS
        assert code in FAULTS
        assert severity == ("warning" if code in WARNINGS else "error")
    wrong = {row for row, _, _, severity in expect.faults if severity == "error"}
    assert len(wrong) == expect.rejected
    assert set(COLUMNS) == set(HEADINGS)
    assert all(len(known.division) == 6 for known in case.register)
    assert all(known.code != "" and "虚构" in known.name for known in case.register)
    assert len(case.register) >= expect.updated


@readable
def test_what_is_to_be_read_can_be_read_and_has_the_rows_expected(case):
    rows, _ = filled(case)
    assert len(rows) == case.expect.rows
    spoken = {row for row, *_ in case.expect.faults} | {row for row, _ in case.expect.notes.get("values", {})}
    spoken |= {row for row, _ in case.expect.notes.get("changes", {})} | set(case.expect.notes.get("suggestions", {}))
    assert spoken <= set(rows)


@readable
def test_the_codes_deserve_exactly_the_faults_expected(case):
    expect = case.expect
    rows, place = filled(case)
    other = {row for row, _, code, _ in expect.faults if code == "precision_lost"}
    other |= {row for row, cells in rows.items() if text_of(cells[place]).startswith(("=", "'"))}
    judged = {row: read_code(text_of(cells[place])) for row, cells in rows.items() if row not in other and cells[place]}
    found = {(row, verdict.fault or verdict.doubt) for row, verdict in judged.items()}
    assert {one for one in found if one[1]} == {(row, code) for row, _, code, _ in expect.faults if code in JUDGED}
    assert {row: judged[row].suggestion for row in expect.notes.get("suggestions", {})} == expect.notes.get(
        "suggestions", {}
    )
    marked = sum(text_of(cells[place]).startswith(("=", "'")) for cells in rows.values())
    if expect.exact:
        assert sum(verdict.normalised for verdict in judged.values()) + marked == expect.notes.get("normalised", 0)
    for (row, column), text in expect.notes.get("values", {}).items():
        if column == CODE and row in judged:
            assert normalise(judged[row].code) == text


@readable
def test_the_quality_gate_lets_it_pass_however_codes_are_counted(case):
    rows, place = filled(case)
    codes = [text_of(cells[place]) for cells in rows.values() if text_of(cells[place]).strip(" =\"'")]
    if len(codes) >= 10:
        passed = sum(not (v.fault or v.doubt) for v in (read_code(code.strip("=\"'")) for code in codes))
        assert passed / len(codes) >= 0.9
    else:
        assert all(read_code(code).fault == "" for code in codes)


@pytest.mark.parametrize("case", GATED, ids=lambda case: case.name)
def test_a_file_that_the_gate_refuses_has_too_many_bad_codes(case):
    rows, place = filled(case)
    assert sum(not read_code(cells[place]).doubt for cells in rows.values()) / len(rows) < 0.9


@readable
def test_repetitions_are_expected_where_there_are_any(case):
    rows, place = filled(case)
    codes = Counter(normalise(text_of(cells[place])) for cells in rows.values())
    twice = {code for code, count in codes.items() if count > 1 and code}
    said = {row for row, _, code, _ in case.expect.faults if code in {"duplicate_row", "contradicts_row"}}
    assert {normalise(text_of(rows[row][place])) for row in said} == twice


def test_limits_are_met_to_the_byte_and_the_row():
    made = {case.name: case for case in EVERY}
    assert len(made["too_large"].make()) == 20 * 1024 * 1024 + 1
    assert len(grid(made["csv_20001_rows"])) == 20_002
    assert {len(row) for row in grid(made["csv_201_columns"])} == {201}
    assert [len(zipfile.ZipFile(io.BytesIO(made[f"parts_{n}"].make())).namelist()) for n in (1000, 1001)] == [
        1000,
        1001,
    ]
    for name in ("csv_nul", "csv_binary", "csv_utf16_without_mark"):
        assert b"\0" in made[name].make()
    for name in ("csv_lone_surrogate", "csv_gb18030_cut"):
        for encoding in ("utf-8", "gb18030"):
            with pytest.raises(UnicodeDecodeError):
                made[name].make().decode(encoding)


@pytest.mark.parametrize(
    "name", [case.name for case in EVERY if case.name.startswith(("bomb_", "honest_", "archive_"))]
)
def test_bombs_are_cheap_to_make(name):
    case = next(case for case in EVERY if case.name == name)
    begun = time.perf_counter()
    tracemalloc.start()
    data = case.make()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert time.perf_counter() - begun < 2
    assert peak < 100 * 1024 * 1024
    assert len(data) < 2 * 1024 * 1024
    if case.expect.refusal and "lying" not in name:
        assert sum(part.file_size for part in zipfile.ZipFile(io.BytesIO(data)).infolist()) > 64 * 1024 * 1024


@pytest.mark.parametrize(
    "case", [case for case in EVERY if case.expect.refusal in {"truncated", "encrypted"}], ids=lambda case: case.name
)
def test_what_is_cut_off_or_locked_cannot_be_read_whole(case):
    data = case.make()
    with pytest.raises((CalamineError, PasswordError, ZipError, XmlError)):
        load_workbook(io.BytesIO(data)).get_sheet_by_index(0).to_python()


@pytest.mark.parametrize(
    "case", [case for case in EVERY if case.expect.refusal == "dangerous_xml"], ids=lambda case: case.name
)
def test_dangerous_files_declare_a_document_type(case):
    parts = zipfile.ZipFile(io.BytesIO(case.make()))
    contents = [parts.read(name) for name in parts.namelist()]
    assert any("<!DOCTYPE".encode(encoding) in data for data in contents for encoding in ("ascii", "utf-16-le"))


def test_the_importer_is_of_shandong():
    assert IMPORTER == "370000"
