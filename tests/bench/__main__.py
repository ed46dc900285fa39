"""`python -m tests.bench [NAME]`: measure all figures or one of them, print a line each, and fail beyond a bar.

NAME is daily-run, import-confirm, recognition, difference, lists, list:<address name>, queries or explain. A full run
is written in docs/bench.md.
"""

import os
import platform
import sys
import time
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"
PAPER = Path(__file__).resolve().parents[2] / "docs" / "bench.md"
HEAD = """# Figures

Each figure is a ratio to a limit that is measured in the same run, so that the machine falls out of it; smaller is
better, beyond the bar `make bench` fails. A time on the left is the product's, on the right the limit's: medians of
alternating runs, for lists the 95th percentile of requests. What is divided by what stands at the head of each module
of `tests/bench/`. Both sides ask with the database settings of the processes that do it: the web's, or a worker's.

Measured {when}, {machine}, Python {python}, PostgreSQL {postgres}.
Data: {sizes}.
Command: `make bench` ({minutes:.0f} minutes; the data set is built once and kept in the database `whitelist_bench`).
One figure: `make bench ONLY=daily-run`. Anew: drop that database.

| figure | ratio | bar | measured |
|---|---|---|---|
"""


ASKED_OF_THE_WEB = ("recognition", "difference", "queries", "explain", "lists")


@contextmanager
def acting_as(role):
    """Ask the database, both sides of a figure, under the settings of that role's processes."""
    from django.conf import settings
    from django.db import connection

    given = [each.split("=") for each in settings.ROLE_OPTIONS[role].replace("-c ", "").split()]
    with connection.cursor() as cursor:
        for name, value in given:
            cursor.execute(f"SET {name} = {value}")
    yield
    with connection.cursor() as cursor:
        for name, _value in given:
            cursor.execute(f"RESET {name}")


def main(only):
    import django

    django.setup()
    from tests.bench import (
        daily_run,
        dataset,
        difference,
        import_confirm,
        import_memory,
        import_preview,
        import_web,
        lists,
        recognition,
    )

    def say(sentence):
        print(sentence, flush=True)

    families = {
        "daily-run": daily_run.measure,
        "import-preview": import_preview.measure,
        "import-confirm": import_confirm.measure,
        "import-write": import_confirm.measure_write,
        "import-memory": import_memory.measure,
        "import-200k": import_memory.measure_many,
        "import-web": import_web.measure,
        "recognition": recognition.measure,
        "difference": difference.measure,
        "queries": lists.measure_queries,
        "explain": lists.measure_explain,
        "lists": lambda data, say: lists.measure(data, say, only),
    }
    wanted = [name for name in families if not only or only == name or (name == "lists" and only.startswith("list:"))]
    if not wanted or (only.startswith("list:") and not lists.chosen(only)):
        sys.exit(f"There is no figure {only}: {', '.join(families)}, list:<address name>.")
    began = time.monotonic()
    data = dataset.ready(say)
    figures = []
    for name in wanted:
        with acting_as("web" if name in ASKED_OF_THE_WEB else "worker"):
            for figure in families[name](data, say):
                figures.append(figure)
                say(f"{figure}  # {figure.about}")
    if not only:
        write_down(figures, data, (time.monotonic() - began) / 60)
    return int(any(figure.is_beyond for figure in figures))


def write_down(figures, data, minutes):
    from django.db import connection

    head = HEAD.format(
        when=datetime.now(ZoneInfo("Asia/Shanghai")).date(),
        machine=f"{os.cpu_count()} cores, {platform.machine()}",
        python=platform.python_version(),
        postgres=".".join(map(str, divmod(connection.pg_version, 10_000))),
        sizes=", ".join(f"{number:,} {what}" for what, number in data.sizes.items()),
        minutes=minutes,
    )
    rows = [f"| {figure.name} | {figure.ratio:.2f} | {figure.bar:.2f} | {figure.about} |" for figure in figures]
    PAPER.write_text(head + "\n".join(rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
