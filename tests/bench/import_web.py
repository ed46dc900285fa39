"""`import-web`: the 95th percentile of a web list while another process imports 20,800 rows, against without.

The list is that of the enterprises, in the process that measures; the import goes from the upload to the confirmed
rows and is undone. Turns alternate: as many requests without an import as the one before took with it.
"""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from django.urls import reverse

from tests.bench.dataset import invented_rows
from tests.bench.figures import compare, p95, timed
from tests.bench.import_confirm import NAME, ROWS, TIDY, execute, workbook
from tests.bench.import_memory import importer
from tests.bench.lists import asking, client_of

BAR = 1.5
SECONDS = 60  # after which no further turn begins
TURNS = 6


def measure(data, say):
    ask = asking(client_of(data, is_api=False), reverse("enterprise-list"))
    during, without = [], []
    with TemporaryDirectory() as folder, importer() as run, ThreadPoolExecutor(1) as aside:
        path = Path(folder) / NAME
        path.write_bytes(workbook(*invented_rows(ROWS)))
        run(path)
        for _ in range(3):
            ask()
        end = time.monotonic() + SECONDS
        for _turn in range(TURNS):
            if time.monotonic() > end:
                break
            execute(TIDY)
            job, asked = aside.submit(run, path), 0
            while not job.done():
                during.append(timed(ask))
                asked += 1
            job.result()
            without += [timed(ask) for _ in range(asked)]
    yield compare("import-web", during, without, bar=BAR, by=p95)
