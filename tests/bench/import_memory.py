"""`import-memory`, `import-200k`: the most memory of a worker that imports, or of its reader, against 512 MB.

The first imports the workbook of 20,800 rows and 15 columns; the second 200,000 rows by the API's channel in one job,
as text in GB18030 with the 8 first columns, which is what the limit of 20 MB lets pass. Both run in a fresh process
from the upload to the confirmed rows. What a process holds at most is its resident memory as the system counts it.
"""

import csv
import json
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.dataset import invented_rows
from tests.bench.figures import Figure
from tests.bench.import_confirm import NAME, ROWS, TIDY, execute, forget_left_over, workbook

LIMIT = 512  # MB
MANY, COLUMNS = 200_000, 8


def measure(data, say):
    with TemporaryDirectory() as folder:
        path = Path(folder) / NAME
        path.write_bytes(workbook(*invented_rows(ROWS)))
        yield figure("import-memory", path, ROWS)


def measure_many(data, say):
    with TemporaryDirectory() as folder:
        path = Path(folder) / NAME.replace("xlsx", "csv")
        headings, rows = invented_rows(MANY)
        with path.open("w", encoding="gb18030", newline="") as file:
            csv.writer(file).writerows(row[:COLUMNS] for row in [headings, *rows])
        yield figure("import-200k", path, MANY)


def figure(name, path, rows):
    with importer() as run:
        told = run(path)
    if told["rows"] != rows:
        raise AssertionError(f"{told['rows']} of {rows} rows were imported")
    execute(TIDY)
    about = f"worker {told['worker']:.0f} MB, reader {told['reader']:.0f} MB, {told['seconds']:.0f} s"
    return Figure(name, max(told["worker"], told["reader"]) / LIMIT, 1.0, about)


@contextmanager
def importer():
    """A process that imports files: call it with a path, and it answers when the import is done."""
    forget_left_over()
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, "-m", "tests.bench.importer"], **pipes) as process:

        def run(path):
            process.stdin.write(f"{path}\n")
            process.stdin.flush()
            return json.loads(process.stdout.readline())

        yield run
        process.stdin.close()
