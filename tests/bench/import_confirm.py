"""`import-confirm`, `import-write`: confirming an import until its rows are committed, against two limits.

The first is parsing the same workbook and copying its rows into a bare table: the least that any import must do. The
second is COPY of the very rows that the confirmation enters into a table of the same shape and size, with the same
indexes and constraints. The confirmation also writes an entry in the trail about each row; COPY does not.
"""

import io
import time
from contextlib import contextmanager

import pgtrigger
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
RUNS = 9
ROWS = 20_800  # the provinces' lists in June 2022
NAME = "bench-import.xlsx"
REGISTER = "enterprises_enterprise"
# What the server does by itself between a preview and its confirmation, and after the rows of the turn before.
WRITTEN = ("sheets_sheetrow", "enterprises_enterprise", "audit_auditentry")
TIDY = f"VACUUM (ANALYZE) {', '.join(WRITTEN)}"


def measure(data, say):
    """Confirm and write, and parse and copy, in turns, each undone."""
    with previewed(data) as (made, book, headings):
        execute(bare_table(headings))
        confirmed, copied = alternately(
            lambda: confirmed_once(made, data),
            lambda: undone(lambda: parse_and_copy(book, headings)),
            runs=RUNS,
            warm=1,
        )
    yield compare("import-confirm", confirmed, copied, bar=BAR)


def measure_write(data, say):
    """Confirm and write, and copy what was written, in turns, each undone."""
    with previewed(data) as (made, _book, _headings):
        rows = written_rows(made, data)
        like_the_register()
        confirmed, copied = alternately(
            lambda: confirmed_once(made, data), lambda: undone(lambda: copy_written(rows)), runs=RUNS, warm=1
        )
    yield compare("import-write", confirmed, copied, bar=BAR)


@contextmanager
def previewed(data):
    """An import whose preview stands, with its bytes and headings; it is discarded afterwards."""
    headings, rows = invented_rows(ROWS)
    book = workbook(headings, rows)
    forget_left_over()
    made = services.upload(ContentFile(book, NAME), kind="enterprises", by=data.user, channel=Channel.API)
    try:
        services.parse(made.pk)
        made.refresh_from_db()
        if made.state != ImportState.PREVIEW or made.counts["created"] != ROWS:
            raise AssertionError(f"the workbook was not accepted: {made.state} {made.counts} {made.refusal}")
        yield made, book, headings
    finally:
        forget_left_over()


def confirmed_once(made, data):
    execute(TIDY)
    return undone(lambda: confirm(made.pk, by=data.user))


def forget_left_over():
    """Drop the preview, also that of a run that was interrupted, and what undone turns left in the indexes."""
    with pgtrigger.ignore("sheets.SheetImport:kept"):
        SheetImport.objects.filter(file_name=NAME).delete()
    execute("DROP TABLE IF EXISTS bench_rows, bench_written")
    for table in WRITTEN:
        execute(f"REINDEX TABLE {table}")


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


def written_rows(made, data):
    """The rows that a confirmation enters, as COPY gives them."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SELECT max(id) FROM {REGISTER}")
        (last,) = cursor.fetchone()
        confirm(made.pk, by=data.user)
        with cursor.copy(f"COPY (SELECT * FROM {REGISTER} WHERE id > {last} ORDER BY id) TO STDOUT") as copy:
            rows = b"".join(copy)
        transaction.set_rollback(True)
    return rows


def like_the_register():
    """A table that holds what the register holds, with its indexes, constraints and references."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE bench_written (LIKE {REGISTER} INCLUDING ALL)")
        cursor.execute(f"INSERT INTO bench_written OVERRIDING SYSTEM VALUE SELECT * FROM {REGISTER}")
        cursor.execute(
            "SELECT string_agg('ADD ' || pg_get_constraintdef(oid), ', ') FROM pg_constraint "
            "WHERE conrelid = %s::regclass AND contype = 'f'",
            [REGISTER],
        )
        (references,) = cursor.fetchone()
        cursor.execute(f"ALTER TABLE bench_written {references}")
        cursor.execute("VACUUM (ANALYZE) bench_written")


def copy_written(rows):
    with connection.cursor() as cursor, cursor.copy("COPY bench_written FROM STDIN") as copy:
        copy.write(rows)


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
