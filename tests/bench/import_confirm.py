"""`import-confirm`: writing a confirmed workbook against reading it and copying its rows into a bare table."""

import io
import time

import xlsxwriter
from django.core.files.base import ContentFile
from django.db import connection, transaction
from psycopg import sql
from python_calamine import CalamineWorkbook

from tests.bench.dataset import invented_rows
from tests.bench.figures import alternately, compare
from whitelist.sheets import services
from whitelist.sheets.models import Channel, ImportState, SheetImport

BAR = 3.0
RUNS = 5
ROWS = 20_800  # the provinces' lists in June 2022
NAME = "bench-import.xlsx"
# What the server does by itself between a preview and its confirmation, and after the rows of the turn before.
TIDY = "VACUUM (ANALYZE) sheets_sheetrow, enterprises_enterprise, audit_auditentry"


def measure(data, say):
    """Preview once; then confirm and write, and parse and copy, in turns, each undone; the preview is discarded."""
    headings, rows = invented_rows(ROWS)
    book = workbook(headings, rows)
    forget_left_over()
    made = services.upload(ContentFile(book, NAME), kind="enterprises", by=data.user, channel=Channel.API)
    try:
        services.parse(made.pk)
        made.refresh_from_db()
        if made.state != ImportState.PREVIEW or made.counts["created"] != ROWS:
            raise AssertionError(f"the workbook was not accepted: {made.state} {made.counts} {made.refusal}")
        execute(bare_table(headings))

        def product():
            execute(TIDY)
            return undone(lambda: confirm(made.pk, by=data.user))

        def plain():
            return undone(lambda: parse_and_copy(book, headings))

        confirmed, copied = alternately(product, plain, runs=RUNS, warm=1)
    finally:
        forget_left_over()
    yield compare("import-confirm", confirmed, copied, bar=BAR)


def forget_left_over():
    """Drop the preview, also that of a run that was interrupted."""
    SheetImport.objects.filter(file_name=NAME).delete()
    execute("DROP TABLE IF EXISTS bench_rows")


def confirm(number, *, by):
    """What the page does and what its worker does then."""
    services.confirm(SheetImport.objects.get(pk=number), by=by)
    services.write(number)
    if SheetImport.objects.get(pk=number).state != ImportState.DONE:
        raise AssertionError("the import was not written")


def parse_and_copy(book, headings):
    """The least that any import must do."""
    rows = CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    names = sql.SQL(", ").join(map(sql.Identifier, headings))
    statement = sql.SQL("COPY bench_rows ({}) FROM STDIN").format(names)
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows[1:]:
            copy.write_row(row)


def undone(work):
    """The seconds of the work with all checks that a commit would make; what it wrote is rolled back."""
    with transaction.atomic():
        start = time.perf_counter()
        work()
        execute("SET CONSTRAINTS ALL IMMEDIATE")
        spent = time.perf_counter() - start
        transaction.set_rollback(True)
    return spent


def execute(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


def bare_table(headings):
    columns = sql.SQL(", ").join(sql.SQL("{} text").format(sql.Identifier(name)) for name in headings)
    return sql.SQL("CREATE TABLE bench_rows ({})").format(columns)


def workbook(headings, rows):
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"constant_memory": True})
    sheet = book.add_worksheet("企业")
    for place, row in enumerate([headings, *rows]):
        sheet.write_row(place, 0, row)
    book.close()
    return buffer.getvalue()
