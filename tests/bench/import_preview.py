"""`import-preview`: reading, judging and storing the preview of a workbook against parsing it by python-calamine alone.

The workbook has 20,800 new enterprises in 15 columns. The product's side is the worker's whole first job, each time
undone; the other side gives the same cells as lists of Python and does nothing with them.
"""

import io

from django.core.files.base import ContentFile
from python_calamine import CalamineWorkbook

from tests.bench.dataset import invented_rows
from tests.bench.figures import alternately, compare
from tests.bench.import_confirm import NAME, ROWS, TIDY, execute, forget_left_over, undone, workbook
from whitelist.sheets import services
from whitelist.sheets.models import Channel, ImportState, SheetImport

BAR = 4.0
RUNS = 9


def measure(data, say):
    book = workbook(*invented_rows(ROWS))
    forget_left_over()
    made = services.upload(ContentFile(book, NAME), kind="enterprises", by=data.user, channel=Channel.API)
    try:
        read, parsed = alternately(lambda: previewed_once(made.pk), lambda: parse(book), runs=RUNS, warm=1)
    finally:
        forget_left_over()
    yield compare("import-preview", read, parsed, bar=BAR)


def previewed_once(number):
    execute(TIDY)
    return undone(lambda: preview(number))


def preview(number):
    """What the worker does with an upload."""
    services.parse(number)
    made = SheetImport.objects.get(pk=number)
    if made.state != ImportState.PREVIEW or made.counts["created"] != ROWS:
        raise AssertionError(f"the workbook was not accepted: {made.state} {made.counts} {made.refusal}")


def parse(book):
    CalamineWorkbook.from_filelike(io.BytesIO(book)).get_sheet_by_index(0).to_python()
