"""Finds the header of a table below its title rows, and which column is which."""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from whitelist.sheets.files.cells import LANGUAGES, as_text, plain

STATUS = _("Import status")  # heads the column that a returned workbook has in front
SEARCHED = 50
BRACKETED = re.compile(r"[(\[{【〔《<][^(\[{【〔《<)\]}】〕》>]*[)\]}】〕》>]")
SAMPLES, SAMPLED = 3, 300
UNNAMED = re.compile(r"#[1-9]\d{0,2}")


@dataclass(frozen=True)
class Header:
    """A header row (1 is the first row of the sheet), the place of each known column, and the places of the others.

    `names` are the headings as people's choices name them, one a place; `rivals` are columns that several headings
    claim although nobody has said which is meant: {key: places}; `left_out` are places that somebody left out
    knowingly; `is_said` means that a column was named by people and not found by its heading; `added` are columns that
    the file lacks and only corrections fill.
    """

    row: int
    places: dict
    titles: list
    unknown: list
    names: list = field(default_factory=list)
    rivals: dict = field(default_factory=dict)
    left_out: frozenset = frozenset()
    is_said: bool = False
    added: frozenset = frozenset()

    @property
    def is_enough(self):
        """Whether people said it, or more than one column is known, or the only one there is."""
        return self.is_said or len(self.places) > 1 or len([title for title in self.titles if title]) == 1

    def title(self, key):
        return self.titles[self.places[key]]


def forms(title):
    """How a heading may be compared: whole, and without what stands in brackets ("行业\\n［2017年版］" is "行业")."""
    whole = plain(title).strip("*:：·.")
    bare, inner = whole, ""
    while bare != inner:
        bare, inner = BRACKETED.sub("", bare), bare
    return [whole, bare.strip("*:：·.")]


def meanings(columns):
    """Every heading in the form in which it is compared, with the keys of the columns that claim it, in their order."""
    names: dict = {}
    for column in columns:
        for name in column.names():
            keys = names.setdefault(plain(name), [])
            if column.key not in keys:
                keys.append(column.key)
    return names


def known(columns):
    """Every heading in the form in which it is compared, with the key of the first column that claims it."""
    return {name: keys[0] for name, keys in meanings(columns).items()}


def names_of(titles):
    """How choices name each heading: as it is compared. One that stands there before gets a number, and a column
    without a heading is named by its place.
    """
    names: list = []
    seen: Counter = Counter()
    for place, title in enumerate(titles):
        form = forms(title)[0]
        seen[form] += 1
        names.append(f"#{place + 1}" if not form else form if seen[form] == 1 else f"{form}#{seen[form]}")
    return names


def find(columns, rows, *, said=(), at=None):
    """The row among the first ones that names the most columns, required ones before all; None where none is named.

    `said` are layers of {heading as choices name it: column key, or "" to leave it out}, the strongest first; headings
    that no layer names are known by their synonyms. `at` is the row that people named as the header.
    """
    synonyms = meanings(columns)
    if at is not None:
        return read(synonyms, rows[at - 1], at, said) if at <= len(rows) else None
    required = {column.key for column in columns if column.required}
    best, best_score = None, (0, 0)
    for number, row in enumerate(rows[:SEARCHED], start=1):
        header = read(synonyms, row, number, said)
        score = (len(required & header.places.keys()), len(header.places))
        if header.places and (score > best_score or (best is not None and row == rows[best.row - 1])):
            best, best_score = header, score
    return best


def read(synonyms, row, number, said):
    """One row as a header: what people said first, then synonyms; of several claims the first stands.

    A heading that may mean two things means the second where another heading says the first ("单位名称" and "单位").
    """
    titles = [as_text(cell) for cell in row]
    unnamed_said = [int(name[1:]) for layer in said for name in layer if UNNAMED.fullmatch(name)]
    titles += [""] * (max(unnamed_said, default=0) - len(titles))
    names = names_of(titles)
    places: dict = {}
    decided: dict = {}
    for layer in said:
        for place, name in enumerate(names):
            key = layer.get(name)
            if key is None or place in decided or key in places:
                continue
            decided[place] = key
            if key:
                places[key] = place
    spoken, claims, others = set(places), defaultdict(list), {}
    for place, cell in enumerate(row):
        if place not in decided and isinstance(cell, str) and cell.strip():
            keys = next((synonyms[form] for form in forms(cell) if form in synonyms), ())
            if keys and keys[0] not in spoken:
                claims[keys[0]].append(place)
                others |= {place: keys[1]} if len(keys) > 1 else {}
    for claimed in list(claims.values()):
        for place in [place for place in claimed if place in others]:
            if len(claimed) > 1 and others[place] not in spoken | claims.keys():
                claimed.remove(place)
                claims[others[place]] = [place]
    places |= {key: claimed[0] for key, claimed in claims.items()}
    taken = set(places.values())
    return Header(
        number,
        places,
        titles,
        unknown=[place for place, title in enumerate(titles) if title and place not in taken],
        names=names,
        rivals={key: claimed for key, claimed in claims.items() if len(claimed) > 1},
        left_out=frozenset(place for place, key in decided.items() if not key),
        is_said=bool(spoken),
    )


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
