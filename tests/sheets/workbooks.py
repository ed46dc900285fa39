"""Files as people upload them, made by program; every name and code in them is invented."""

import datetime as dt
import io

import xlsxwriter
from celery import current_app
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.builders import uscc
from whitelist.delivery import services as delivery
from whitelist.sheets import services

HEAD = ("统一社会信用代码", "企业名称", "行政区划")


def xlsx(*sheets, **named):
    """A workbook of sheets, each a list of rows; numbers stay numbers. Equal rows make equal bytes at any moment."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"created": dt.datetime(2026, 1, 1)})
    for name, rows in [*((None, rows) for rows in sheets), *named.items()]:
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                if isinstance(cell, (int, float)):
                    sheet.write_number(number, place, cell)
                elif cell:
                    sheet.write_string(number, place, cell)
    book.close()
    return buffer.getvalue()


def csv(rows, *, delimiter=",", end="\r\n", encoding="utf-8"):
    return end.join(delimiter.join(str(cell) for cell in row) for row in rows).encode(encoding)


def upload(content, name="名单.xlsx"):
    return SimpleUploadedFile(name, content)


def firm(number=None, division="310115", name=None):
    """One row of a small list: code, name, division."""
    code = uscc(division, number and 90_000 + number)
    return (code, name or f"示例企业{code[-6:]}（虚构）", division)


def table(*rows, head=HEAD):
    return xlsx([head, *rows])


def work():
    """Let the worker empty the outbox."""
    current_app.loader.import_default_modules()
    while delivery.run_next():
        continue


def read(content, by, name="名单.xlsx", **kwargs):
    """Upload a file and let the worker read it."""
    made = services.upload(upload(content, name), kind="enterprises", by=by, **kwargs)
    work()
    made.refresh_from_db()
    return made


def imported(content, by, **kwargs):
    """Upload, read, confirm, write."""
    made = services.confirm(read(content, by, **kwargs), by=by)
    work()
    made.refresh_from_db()
    return made
