"""A table as a workbook or CSV: text stays text, formulas stay inert, and the first sheet says what one holds.

Both are written as their rows come: the memory that they take does not grow with the table.
"""

import csv
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

import xlsxwriter
from django.conf import settings
from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from whitelist.core.days import SHANGHAI

RISKY = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_IN_WORKBOOK = 1_000_000  # rows; a worksheet holds 1,048,576
EXACT = 10**15  # a spreadsheet keeps 15 digits of a number; more are written as text
PIECE = 64 * 1024


@dataclass(frozen=True)
class Taken:
    """What is taken away, for its first sheet and for the trail: who takes how many rows of what, and by which filters.

    `filters` are (label, words) pairs; `model` is that of the rows.
    """

    title: str
    model: type
    by: object
    total: int
    filters: tuple = ()

    @property
    def filters_in_words(self):
        return "; ".join(f"{label}: {words}" for label, words in self.filters)


def inert(value):
    """A cell that no spreadsheet program executes."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(RISKY) and not isinstance(value, (int, Decimal)) else text


def answer(form, name, *, columns, rows, about, taken=None):
    """The table as `xlsx` or `csv`. `columns` are headings, `rows` sequences, `about` (label, text) pairs.

    What is `taken` is written into the trail before anything leaves.
    """
    if taken:
        import_string(settings.EXPORT_RECORDER)(taken, form=form)
    return workbook(name, columns, rows, about, taken) if form == "xlsx" else table(name, columns, rows)


def table(name, columns, rows):
    class Echo:
        def write(self, text):
            return text

    writer = csv.writer(Echo())

    def lines():
        yield "\ufeff" + writer.writerow([inert(c) for c in columns])
        for row in rows:
            yield writer.writerow([inert(value) for value in row])

    return _attached(StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8"), f"{name}.csv")


def workbook(name, columns, rows, about, taken=None):
    """Written into a file that is gone when it has been sent."""
    file = tempfile.TemporaryFile(prefix="export-")  # noqa: SIM115
    try:
        _write(file, columns, rows, about, taken)
    except BaseException:
        file.close()
        raise
    size = file.seek(0, 2)
    file.seek(0)
    response = StreamingHttpResponse(_pieces(file), content_type=XLSX)
    response._resource_closers.append(file.close)
    response["Content-Length"] = size
    return _attached(response, f"{name}.xlsx")


def _pieces(file):
    with file:
        while piece := file.read(PIECE):
            yield piece


def _write(file, columns, rows, about, taken):
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold, text, wrap, large = (
        book.add_format(look)
        for look in ({"bold": True}, {"num_format": "@"}, {"text_wrap": True}, {"bold": True, "font_size": 14})
    )
    front, sheet = book.add_worksheet(_("About")), book.add_worksheet(_("Table"))
    sheet.set_column(0, len(columns), 20, text)
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, [str(c) for c in columns], bold)
    number = 0
    for number, row in enumerate(rows, start=1):
        if number > MOST_IN_WORKBOOK:
            break
        for place, value in enumerate(row):
            _write_cell(sheet, number, place, value, text)
    front.set_column(0, 0, 26)
    front.set_column(1, 1, 90, wrap)
    for line, (label, value) in enumerate(_front(about, taken, number)):
        front.write_string(line, 0, str(label), large if taken and not line else bold)
        front.write_string(line, 1, str(value), wrap)
    book.close()


def _write_cell(sheet, number, place, value, text):
    is_number = isinstance(value, (int, Decimal)) and not isinstance(value, bool)
    if is_number and len(Decimal(value).as_tuple().digits) <= len(str(EXACT)) - 1:
        sheet.write_number(number, place, value)
    elif value is not None and value != "":
        sheet.write_string(number, place, str(value), text)


def _front(about, taken, written):
    """The first sheet: what this is, what was asked for, what it holds, and who took it when."""
    stamp = timezone.now().astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
    if taken is None:
        return [*about, (_("Made at (Shanghai)"), stamp)]
    filters: Iterable = taken.filters or [(_("Filter"), _("none: everything that you may see"))]
    rows = f"{min(written, MOST_IN_WORKBOOK):,}"
    if written > MOST_IN_WORKBOOK:
        told = _("the first %(rows)s of %(total)s: a worksheet holds no more, take the CSV for all of them")
        rows = told % {"rows": rows, "total": f"{taken.total:,}"}
    made = [(_("Rows"), rows), (_("Made at (Shanghai)"), stamp), (_("Made by"), taken.by)]
    return [(taken.title, ""), *filters, *about, *made]


def _attached(response, name):
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
