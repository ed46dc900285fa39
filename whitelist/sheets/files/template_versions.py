"""The version of a template: it follows from the columns, so that no change of them goes without a new one."""

import hashlib
import re

MARK = re.compile(r"([a-z-]+) ([0-9a-f]{8})")
ROWS, CELLS = 3, 8  # where a sheet of notes may tell it


def of(kind):
    """The version of the template as it is now, as it stands in the workbook."""
    told = [kind.name]
    for column in kind.columns:
        words = getattr(column.sort, "words", None)
        told += [column.key, str(column.required), *(words.choices.values if words else ())]
    return f"{kind.name} {hashlib.sha256('|'.join(told).encode()).hexdigest()[:8]}"


def found(kind, book):
    """The template that a workbook was made from, as {"version", "current"}; None where it tells of none."""
    for sheet in book.sheets:
        for row in sheet.rows[:ROWS]:
            for cell in row[:CELLS]:
                told = MARK.fullmatch(cell) if isinstance(cell, str) else None
                if told and told[1] == kind.name:
                    return {"version": cell, "current": cell == of(kind)}
    return None
