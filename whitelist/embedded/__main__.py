"""`python -m whitelist.embedded [--database NAME] [--throw-away] COMMAND…`: a command, its services around it."""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from whitelist.embedded.lifetime import dies_with_parent
from whitelist.embedded.places import state_folder
from whitelist.embedded.services import services


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m whitelist.embedded", description=__doc__)
    parser.add_argument("--database", default="whitelist", help="the database inside the embedded PostgreSQL")
    parser.add_argument("--throw-away", action="store_true", help="empty services of its own, gone afterwards")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    os.environ.setdefault("WHITELIST_DEMO", "1")
    if not options.throw_away:
        return run(options.command, state_folder(), options.database)
    with tempfile.TemporaryDirectory(prefix="wl-throw-") as state:
        return run(options.command, Path(state), options.database, throw_away=True)


def run(command: list[str], state: Path, database: str, throw_away: bool = False) -> int:
    with services(state, database=database, test=throw_away):
        return subprocess.run(command, preexec_fn=dies_with_parent(signal.SIGTERM)).returncode


if __name__ == "__main__":
    sys.exit(main())
