"""Broken and odd files as officials have them, each with one line of what the importer must make of it.

`cases()` gives them all. The importer is a user of the industry office of Shandong (370000); `Case.register` says what
the register holds before. What an expectation means stands at `Expect`.
"""

from functools import cache

from tests.sheets.corpus.base import COLUMNS, HEADINGS, IMPORTER, Case, Expect, Known

__all__ = ["COLUMNS", "HEADINGS", "IMPORTER", "Case", "Expect", "Known", "cases"]


@cache
def _all():
    from tests.sheets.corpus import books, broken, codes, text, values, writers

    return (*text.CASES, *books.CASES, *writers.CASES, *broken.CASES, *codes.CASES, *values.CASES)


def cases():
    """Every case, in a stable order."""
    return list(_all())
