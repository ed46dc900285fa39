"""Imports files in a process of its own, as a worker does: each line on standard input is the path of a file.

The file is read, judged, confirmed and written, and all of it is undone. A line of JSON answers with the seconds, the
number of rows written, and the peak memory of this process and of the reader that it starts.
"""

import json
import os
import re
import resource
import sys
import time
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"
PEAK = re.compile(r"VmHWM:\s+(\d+) kB")  # of this program, not of the one that started it


def main():
    import django

    django.setup()
    for line in sys.stdin:
        print(json.dumps(imported(Path(line.strip()))), flush=True)


def imported(path):
    from django.core.files.base import ContentFile
    from django.db import transaction

    from tests.bench.import_confirm import confirm
    from whitelist.accounts.models import User
    from whitelist.sheets import services
    from whitelist.sheets.models import Channel, ImportState

    user, start = User.objects.for_request().get(username="bench"), time.perf_counter()
    with transaction.atomic():
        file = ContentFile(path.read_bytes(), path.name)
        made = services.upload(file, kind="enterprises", by=user, channel=Channel.API)
        services.parse(made.pk)
        made.refresh_from_db()
        if made.state != ImportState.PREVIEW or made.counts["created"] != made.rows:
            raise AssertionError(f"the file was not accepted: {made.state} {made.counts} {made.refusal}")
        confirm(made.pk, by=user)
        transaction.set_rollback(True)
    reader = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return {
        "seconds": time.perf_counter() - start,
        "rows": made.rows,
        "worker": int(PEAK.search(Path("/proc/self/status").read_text())[1]) / 1024,
        "reader": reader / 1024,
    }


if __name__ == "__main__":
    main()
