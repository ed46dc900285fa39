"""`python -m whitelist.embedded [--database NAME] COMMAND…`: a command with the services it needs around it."""

import argparse
import signal
import subprocess
import sys

from whitelist.embedded.lifetime import dies_with_parent
from whitelist.embedded.places import state_folder
from whitelist.embedded.services import services


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m whitelist.embedded", description=__doc__)
    parser.add_argument("--database", default="whitelist", help="the database inside the embedded PostgreSQL")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with services(state_folder(), database=options.database):
        return subprocess.run(options.command, preexec_fn=dies_with_parent(signal.SIGTERM)).returncode


if __name__ == "__main__":
    sys.exit(main())
