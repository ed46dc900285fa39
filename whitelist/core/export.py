"""A table as a workbook or CSV: text stays text, formulas stay inert, and the first sheet says what one holds."""

import csv
import io
from decimal import Decimal

import xlsxwriter
from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from whitelist.core.days import SHANGHAI

RISKY = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def inert(value):
    """A cell that no spreadsheet program executes."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(RISKY) and not isinstance(value, (int, Decimal)) else text


def answer(form, name, *, columns, rows, about):
    """The table as `xlsx` or `csv`. `columns` are headings, `rows` sequences, `about` (label, text) pairs."""
    return workbook(name, columns, rows, about) if form == "xlsx" else table(name, columns, rows)


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


def workbook(name, columns, rows, about):
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    bold, text, wrap = (
        book.add_format({"bold": True}),
        book.add_format({"num_format": "@"}),
        book.add_format({"text_wrap": True}),
    )
    front = book.add_worksheet(_("About"))
    front.set_column(0, 0, 26)
    front.set_column(1, 1, 90, wrap)
    stamp = timezone.now().astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
    for line, (label, value) in enumerate([*about, (_("Made at (Shanghai)"), stamp)]):
        front.write_string(line, 0, str(label), bold)
        front.write_string(line, 1, str(value), wrap)
    sheet = book.add_worksheet(_("Table"))
    sheet.set_column(0, len(columns), 20, text)
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, [str(c) for c in columns], bold)
    for number, row in enumerate(rows, start=1):
        for place, value in enumerate(row):
            if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
                sheet.write_number(number, place, value)
            elif value is not None and value != "":
                sheet.write_string(number, place, str(value), text)
    book.close()
    return _attached(HttpResponse(buffer.getvalue(), content_type=XLSX), f"{name}.xlsx")


def _attached(response, name):
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
