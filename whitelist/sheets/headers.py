"""Finds the header of a table below its title rows, and which column is which."""

import re
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from whitelist.sheets.cells import LANGUAGES, as_text, plain

STATUS = _("Import status")  # heads the column that a returned workbook has in front
SEARCHED = 50
BRACKETED = re.compile(r"[(\[{【〔《<][^(\[{【〔《<)\]}】〕》>]*[)\]}】〕》>]")
SAMPLES, SAMPLED = 3, 300


@dataclass(frozen=True)
class Header:
    """A header row (1 is the first row of the sheet), the place of each known column, and the places of the others."""

    row: int
    places: dict
    titles: list
    unknown: list

    @property
    def is_enough(self):
        """Whether more than one column is known, or the only one there is."""
        return len(self.places) > 1 or len([title for title in self.titles if title]) == 1

    def title(self, key):
        return self.titles[self.places[key]]


def forms(title):
    """How a heading may be compared: whole, and without what stands in brackets ("行业\\n［2017年版］" is "行业")."""
    whole = plain(title).strip("*:：·.")
    bare, inner = whole, ""
    while bare != inner:
        bare, inner = BRACKETED.sub("", bare), bare
    return [whole, bare.strip("*:：·.")]


def known(columns):
    """Every heading in the form in which it is compared, with the key of the first column that claims it."""
    names: dict = {}
    for column in columns:
        for name in column.names():
            names.setdefault(plain(name), column.key)
    return names


def find(columns, rows):
    """The row among the first ones that names the most columns, required ones before all; None where none is named."""
    names = known(columns)
    required = {column.key for column in columns if column.required}
    best, best_score = None, (0, 0)
    for number, row in enumerate(rows[:SEARCHED], start=1):
        places: dict = {}
        for place, cell in enumerate(row):
            if isinstance(cell, str) and cell.strip():
                key = next((names[form] for form in forms(cell) if form in names), None)
                if key and key not in places:
                    places[key] = place
        score = (len(required & places.keys()), len(places))
        if places and (score > best_score or (best is not None and row == rows[best.row - 1])):
            taken = set(places.values())
            titles = [as_text(cell) for cell in row]
            unknown = [place for place, title in enumerate(titles) if title and place not in taken]
            best, best_score = Header(number, places, titles, unknown), score
    return best


def is_own(title):
    """Whether a heading is that of the status column, in any language, so that a returned workbook can come back."""
    for language in LANGUAGES:
        with translation.override(language):
            if plain(title) == plain(STATUS):
                return True
    return False


def samples(rows, header, place):
    """The first different values of a column, to show what it holds."""
    seen: dict = {}
    for number, row in enumerate(rows[header.row :]):
        if seen and number > SAMPLED:
            break
        if place < len(row) and (text := as_text(row[place])):
            seen.setdefault(text[:60])
            if len(seen) == SAMPLES:
                break
    return list(seen)


def unnamed(rows, header):
    """Places below the header that hold something but have no heading."""
    width = max((len(row) for row in rows[header.row :]), default=0)
    titled = {place for place, title in enumerate(header.titles) if title}
    return [place for place in range(width) if place not in titled and samples(rows, header, place)]
