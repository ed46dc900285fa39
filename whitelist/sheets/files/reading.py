"""What came as a spreadsheet, read within stated limits or refused with the reason. Columns have no meaning here."""

import fcntl
import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Timer

import orjson
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from whitelist.core.errors import DomainError
from whitelist.sheets.files import reader

SECONDS = 120
TITLE_ROWS = 100
MEGABYTE = 1024 * 1024

REASONS = {
    "empty": _("The file is empty."),
    "encrypted": _("The file is protected by a password. Take the password off and upload it again."),
    "truncated": _("The file is damaged or was not transferred completely. Open it, save it again, and upload that."),
    "dangerous_xml": _("The workbook contains instructions that no spreadsheet program writes. Save it again as xlsx."),
    "not_a_spreadsheet": _("This is no spreadsheet. Upload xlsx, xls or csv."),
    "other_workbook": _("Workbooks of this kind are not read. Save it as xlsx and upload that."),
    "markup": _("This is a web page under another name. Open it in a spreadsheet program and save it as xlsx."),
    "unreadable_encoding": _("The text is neither UTF-8 nor GB18030. Save it as “CSV UTF-8” or as xlsx."),
    "open_quote": _(
        "A quotation mark is opened and never closed, so the cells cannot be told apart. Save it again as csv or xlsx."
    ),
    "too_many_parts": _("The workbook has more than %(most)s parts. Copy the table into a new workbook."),
    "unpacks_too_large": _("Unpacked the workbook is larger than %(most)s MB. Split it into several files."),
    "too_heavy": _(
        "The workbook takes too much memory or time to read. Often the cause is a stray cell far below or far right: "
        "copy the table into a new workbook."
    ),
    "too_large": _("The file has %(size)s MB; at most %(most)s MB are taken. Split it into several files."),
    "too_many_rows": _("The sheet has more than %(most)s rows. Split it into several files."),
    "too_many_columns": _(
        "The sheet has more than %(most)s columns. Remove those that are not needed, also empty ones far to the right."
    ),
}


class NotASpreadsheet(DomainError):
    """The bytes are not a table that we read. Answered as 415."""

    status, code, title = 415, "not_a_spreadsheet", REASONS["not_a_spreadsheet"]


class TooLarge(DomainError):
    """More bytes than are taken. Answered as 413."""

    status, code, title = 413, "too_large", _("The file is too large.")


@dataclass(frozen=True)
class Sheet:
    """A sheet's cells: `rows[0]` is its first row. `cut` means that there were more rows than may be read."""

    name: str
    rows: list
    cut: bool
    width: int


@dataclass(frozen=True)
class Book:
    """What a file holds; `about` says how it was read."""

    about: dict
    sheets: list


GROUPED = {"empty": "no_header", "other_workbook": "not_a_spreadsheet", "markup": "not_a_spreadsheet"}


def refused(code, **params):
    """The refusal with its sentence; finer reasons share the code of the coarser one."""
    kind = TooLarge if code == "too_large" else NotASpreadsheet
    return kind(REASONS[code], code=GROUPED.get(code, code), **params)


def check_size(size):
    most = settings.IMPORT_MAX_BYTES
    if size > most:
        raise refused("too_large", size=-(-size // MEGABYTE), most=most // MEGABYTE)


def sniff(content):
    """What the first look tells: a refusal for what cannot be a table, else its format."""
    check_size(len(content))
    try:
        return reader.kind_of(content)
    except reader.Refusal as refusal:
        raise refused(refusal.code, **refusal.params) from refusal


def read(pieces, *, most_rows, meanwhile=lambda: None):
    """Read all visible sheets (all, if none is visible), in a process that may use 512 MB and two minutes.

    `pieces` are the bytes of the file; `meanwhile` is what can be done in this process until the other has parsed them.
    """
    command = [sys.executable, "-I", str(Path(reader.__file__)), str(most_rows + TITLE_ROWS)]
    pipes = {
        "stdin": subprocess.PIPE,
        "stdout": subprocess.PIPE,
        "stderr": subprocess.DEVNULL,
        "bufsize": MEGABYTE,
        "process_group": 0,
    }
    with subprocess.Popen(command, **pipes) as child:
        with suppress(AttributeError, OSError):  # not on Linux, or too many pipes are open: it is merely slower
            fcntl.fcntl(child.stdout, fcntl.F_SETPIPE_SZ, MEGABYTE // 4)
        limit = Timer(SECONDS, _end, [child])
        limit.start()
        try:
            with suppress(BrokenPipeError), child.stdin:
                child.stdin.writelines(pieces)
            meanwhile()
            return _book(_said(child.stdout))
        finally:
            limit.cancel()
            _end(child)


def _end(child):
    """End the reader and its copy that checks."""
    with suppress(PermissionError):  # macOS says so of a group whose processes have ended
        os.killpg(child.pid, signal.SIGKILL)


def _said(lines):
    """What the reader says, line by line. Whoever asks on when it has ended learns that it died over the file."""
    for line in lines:
        if not line.endswith(b"\n"):
            break
        said = orjson.loads(line)
        if "refused" in said:
            raise refused(said["refused"], **said["params"])
        yield said
    raise refused("too_heavy")


def _book(said):
    """What the reader said: the names of the sheets, then the rows of each and what is to be known of them all."""
    head = next(said)
    is_shown = any(each["visible"] for each in head["sheets"])
    sheets = []
    for each in head["sheets"]:
        rows: list = []
        while isinstance(some := next(said), list):
            once: dict = {}  # what stands in many cells is held once
            rows += [list(map(once.setdefault, cells, cells)) for cells in some]
        if each["visible"] or not is_shown:
            sheets.append(Sheet(each["name"], rows, **some))
    return Book(head["about"], sheets)


def check_extent(sheet, *, data_rows, most_rows):
    """Refuse a sheet beyond the stated limits."""
    if sheet.cut or data_rows > most_rows:
        raise refused("too_many_rows", most=most_rows)
    if sheet.width > reader.MOST_COLUMNS:
        raise refused("too_many_columns", most=reader.MOST_COLUMNS)
