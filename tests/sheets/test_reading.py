"""What comes from the process that reads: batch by batch, whole or refused."""

import copy
import io
import os
import signal
import subprocess
import sys
import time
import zipfile
import zlib
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import xlsxwriter

from whitelist.core.errors import DomainError
from whitelist.sheets.files import reader, reading
from whitelist.sheets.files.cells import BadCell, Number
from whitelist.sheets.files.reader import batches


def text(rows):
    return [("\n".join(",".join(row) for row in rows) + "\n").encode()]


def test_rows_keep_their_place_across_batches_and_blank_rows():
    filled = [["code", "name"], *([str(n), "x"] for n in range(reader.IN_A_LINE))]
    rows = [*filled, *([["", ""]] * 2 * reader.IN_A_LINE), ["last", ""], ["", ""]]
    sheet = reading.read(text(rows), most_rows=20_000).sheets[0]
    assert sheet.rows == [*filled, *([[]] * 2 * reader.IN_A_LINE), ["last"]]
    assert (sheet.width, sheet.cut) == (2, False)


def test_a_sheet_of_nothing_but_blanks_has_no_rows():
    assert list(batches([["", " "], []], 10)) == [{"cut": False, "width": 0}]


def test_more_rows_than_may_be_read_are_cut_off_and_said():
    *some, told = batches([["a"], [], ["b"], ["c"]], 2)
    assert (some, told) == ([[["a"], [], ["b"]]], {"cut": True, "width": 1})


def test_what_no_database_takes_is_cleaned():
    rows = [["a\0b", float("nan"), "null"]]
    assert reader.line(rows) == b'[["ab","nan","null"]]\n'


def test_cells_of_every_kind_come_as_text_or_number():
    moment = datetime(2022, 4, 9, 8, 30)
    rows = [[moment, moment.date(), moment.time(), timedelta(hours=1), True, False, 1, 2.5, "true"]]
    written = reader.line(rows)
    assert written == (b'[["2022-04-09 08:30:00","2022-04-09","08:30:00","1:00:00","True","False",1,2.5,"true"]]\n')
    assert reader.line([[moment]]) == b'[["2022-04-09 08:30:00"]]\n'


def test_a_reader_that_takes_too_long_is_ended(monkeypatch):
    monkeypatch.setattr(reading, "SECONDS", 0)
    with pytest.raises(DomainError) as refusal:
        reading.read(text([["a", "b"]]), most_rows=10)
    assert refusal.value.code == "too_heavy"


@pytest.mark.parametrize("cell", [1e30, "1e27", "1e999999"])
def test_a_number_of_too_many_digits_is_named_and_not_computed(cell):
    for sort in (Number(9), Number(16, 2)):
        with pytest.raises(BadCell) as bad:
            sort.read(cell)
        assert bad.value.code == "too_large"


def test_a_stray_cell_is_seen_even_if_rows_do_not_ascend():
    """Whatever wrote the file: what would make the parser fill the sheet is refused with its reason."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        rows = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row><row r="2"/>'
        archive.writestr("xl/worksheets/sheet1.xml", f"<sheetData>{rows}</sheetData>")
    with pytest.raises(reader.Refusal) as refusal:
        reader.check_unpacked(packed.getvalue())
    assert refusal.value.code == "too_many_columns"


def far_cells(*places):
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet = book.add_worksheet()
        for place in places:
            sheet.write_number(*place, 1)
    return buffer.getvalue()


def test_what_the_check_finds_goes_before_what_the_parser_dies_of():
    """Both look at the file at once; whichever is first, what is said is the same."""
    told = set()
    for _ in range(10):
        with pytest.raises(DomainError) as refusal:
            reading.read([far_cells((0, 0), (1_048_575, 16_383))], most_rows=10)
        told.add(refusal.value.code)
    assert told == {"too_many_columns"}


def test_a_reader_that_dies_over_a_file_without_a_fault_is_told():
    with pytest.raises(DomainError) as refusal:
        reading.read([far_cells((0, 0), (1_048_575, 199))], most_rows=10)
    assert refusal.value.code == "too_heavy"


def renamed(content, part, others):
    """A workbook whose first sheet is another part, with further parts of this text."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = old.read(name).replace(b"worksheets/sheet1.xml", part.encode())
            new.writestr(name.replace("worksheets/sheet1.xml", part), text)
        for name, text in others.items():
            new.writestr(name, text)
    return made.getvalue()


def test_error_cells_are_told_whatever_their_part_is_called():
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        book.add_worksheet().write_formula(0, 0, "=NA()", None, "#N/A")
    odd = renamed(buffer.getvalue(), "worksheets/nullsheet.xml", {})
    assert reading.read([odd], most_rows=10).sheets[0].rows == [["#N/A"]]


def test_a_long_verdict_about_a_file_over_which_the_parser_died_holds_nobody_up():
    others = {f"xl/{'x' * 90}{n}.xml": '<c t="e"/>' for n in range(900)}
    packed = renamed(far_cells((0, 0), (1_048_575, 199)), "worksheets/sheet1.xml", others)
    with pytest.raises(DomainError) as refusal:
        reading.read([packed], most_rows=10)
    assert refusal.value.code == "too_heavy"


def test_the_time_is_up_for_the_check_as_for_the_parser(monkeypatch):
    """A thousand parts that are one and the same: little is unpacked, but a lot is looked through."""
    packed, engine = io.BytesIO(), zlib.compressobj(9, zlib.DEFLATED, -15)
    with zipfile.ZipFile(packed, "w") as archive:
        part = zipfile.ZipInfo("xl/0.xml")
        archive.writestr(part, engine.compress(b"<c/>") + engine.flush() + bytes(19 * reader.CHUNK))
        part.compress_type = zipfile.ZIP_DEFLATED
        for n in range(1, reader.PARTS):
            twin = copy.copy(part)
            twin.filename = twin.orig_filename = f"xl/{n}.xml"
            archive.filelist.append(twin)
    monkeypatch.setattr(reading, "SECONDS", 0.5)
    begun = time.monotonic()
    with pytest.raises(DomainError) as refusal:
        reading.read([packed.getvalue()], most_rows=10)
    assert (refusal.value.code, time.monotonic() - begun < 8) == ("too_heavy", True)


def test_nothing_is_said_where_the_check_died():
    """What no check has passed is not read, however well it was parsed."""
    packed = io.BytesIO(far_cells((0, 0)))
    with zipfile.ZipFile(packed, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/last.bin", bytes(60 * reader.CHUNK))
    command, pipe = [sys.executable, "-I", reader.__file__, "10"], subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe) as child:
        with child.stdin:
            child.stdin.write(packed.getvalue())
        copies, children = "", Path(f"/proc/{child.pid}/task/{child.pid}/children")
        while not copies and child.poll() is None:
            copies = children.read_text()
        os.kill(int(copies), signal.SIGKILL)
        assert child.stdout.read() == b""
