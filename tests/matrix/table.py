"""Lock four: every address and verb with its answer for each kind of user.

Columns are the actors of ACTORS, in that order; a cell is the status answered. Rows stand in `rows.txt`, one operation
a line: `VERB name | statuses`. Objects in the addresses belong to Shanghai (its enterprise is the actor *enterprise*'s
own). A body is empty, so 400 means: let in, and the body was missing; 302 for anonymous leads to the sign-in page, for
others it is a step done.
"""

from pathlib import Path

ACTORS = (
    "anonymous",
    "enterprise",
    "other_enterprise",
    "province",
    "other_province",
    "prefecture",
    "ministry",
    "checkpoint",
    "system",
)
ROWS = Path(__file__).with_name("rows.txt")


def rows():
    """{(verb, address name): statuses in the order of ACTORS}."""
    found = {}
    for line in ROWS.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            operation, _bar, statuses = line.partition("|")
            found[tuple(operation.split())] = [int(status) for status in statuses.split()]
    return found
