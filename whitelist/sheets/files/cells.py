"""What a cell may hold: each sort of column turns the cell as read into a value, or says what is wrong with it."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from functools import cached_property

from django.utils import translation
from django.utils.translation import gettext as _

from whitelist.core.export import RISKY

EXACT = 10**15  # a spreadsheet keeps 15 digits of a number; what is longer has lost its last ones
UNKNOWN_WORDS = {
    "不详",
    "未知",
    "无",
    "暂无",
    "待定",
    "空",
    "/",
    "\\",
    "-",
    "--",
    "—",
    "——",
    "n/a",
    "na",
    "null",
    "none",
    "unknown",
}
LONGEST_UNKNOWN = max(map(len, UNKNOWN_WORDS))
LANGUAGES = ("en", "zh-hans")
GROUPED = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?")
SHIELDED = re.compile(r'="([^"]*)"|[\'‘’](.*)')  # what people write so that a spreadsheet keeps the digits
ERRORS = {"#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#GETTING_DATA", "#SPILL!", "#CALC!"}
SCIENTIFIC = re.compile(r"\d(\.\d+)?e\+?\d{2}", re.IGNORECASE)
SHORT = len("1e20")
FIRST_SERIAL = date(1899, 12, 30)  # day 0 of the days that spreadsheets count
YEARS = range(2000, 2100)
YEAR_FIRST = re.compile(r"(\d{4})\s*([-/.年])\s*(\d{1,2})\s*(?:[-/.]|月)\s*(\d{1,2})\s*[日号]?|(\d{4})(\d\d)(\d\d)")
TIME = re.compile(r"[T\s]\s*\d{1,2}[:时]\d{1,2}(?:[:分]\d{1,2}(?:\.\d+)?秒?)?分?$")
MIDNIGHT = re.compile(r"[T\s]\s*0?0:00(:00(\.0+)?)?$")
OTHER_ORDER = re.compile(r"\d{1,4}\s*[-/.年月]\s*\d{1,2}(\s*[-/.月]\s*\d{1,4})?\s*[日号月]?")


class BadCell(Exception):
    """A cell that means nothing in its column."""

    def __init__(self, code, detail):
        self.code, self.detail = code, detail
        super().__init__(detail)


def plain(text):
    """Full-width characters narrowed, spaces and line breaks out, lower case: the form in which words are compared."""
    return "".join(unicodedata.normalize("NFKC", str(text)).split()).lower()


def as_text(cell):
    """A cell as a person sees it: 420.0 is 420, line breaks and repeated spaces are one space."""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < EXACT else repr(cell)
    text = str(cell)
    if text.isprintable() and " " not in text:
        return text
    words = " ".join(text.split())
    return text if words == text else words  # one copy of a text in memory, not two


def says_unknown(text):
    """Whether the words mean that nobody knows: such a cell is as good as blank."""
    return len(text) <= LONGEST_UNKNOWN and plain(text) in UNKNOWN_WORDS


@dataclass(frozen=True)
class Text:
    """Words of at most so many characters."""

    most: int

    def read(self, cell):
        text = as_text(cell)
        if text[:1] == "'" and text[1:].startswith(RISKY):  # an export put it there
            text = text[1:]
        if len(text) > self.most:
            detail = _("%(found)s characters; at most %(most)s are kept.") % {"found": len(text), "most": self.most}
            raise BadCell("too_long", detail)
        return text


@dataclass(frozen=True)
class Code:
    """An identifier: digits that no arithmetic may have touched. 15 exact digits of a number are taken as text."""

    def read(self, cell):
        if isinstance(cell, (int, float)):
            if abs(cell) >= EXACT or cell != int(cell):
                raise BadCell("precision_lost", self.lost(f"{cell:.15g}"))
            return str(int(cell))
        if cell.isalnum() and len(cell) > SHORT:  # what has no sign in it is neither shielded nor scientific
            return cell
        text = cell.strip()
        if SCIENTIFIC.fullmatch(text):
            raise BadCell("precision_lost", self.lost(text))
        shielded = SHIELDED.fullmatch(text)
        return shielded[1] or shielded[2] if shielded else cell

    @staticmethod
    def lost(shown):
        return _(
            "The code was stored as a number (%(shown)s), and its last digits are lost. "
            "Format the column as text and enter the code again."
        ) % {"shown": shown}


@dataclass(frozen=True)
class Number:
    """A quantity, not negative; `places` decimals are kept, 0 for counted things. Gives a text of digits, or an int."""

    digits: int
    places: int = 0

    def read(self, cell):
        number = self._number(cell)
        if number is None or not number.is_finite():
            raise self._bad("not_a_number", _("“%(text)s” is not a number."), cell)
        if number < 0:
            raise self._bad("negative", _("%(text)s is below zero."), cell)
        kept = round(number, self.places) if number < self._limit else number
        if self.places == 0 and kept != number:
            raise self._bad("not_a_number", _("%(text)s is not a whole number."), cell)
        if kept >= self._limit:
            raise self._bad("too_large", _("%(text)s is too large to be right."), cell)
        return int(kept) if self.places == 0 else str(kept)

    @cached_property
    def _limit(self):
        """The first quantity that has too many digits."""
        return Decimal(10) ** (self.digits - self.places)

    @staticmethod
    def _bad(code, detail, cell):
        return BadCell(code, detail % {"text": as_text(cell)[:40]})

    def _number(self, cell):
        if isinstance(cell, (int, float)):
            text = repr(cell)
        else:
            text = plain(cell)
            if GROUPED.fullmatch(text):
                text = text.replace(",", "")
        try:
            return Decimal(text)
        except InvalidOperation:
            return None


@dataclass(frozen=True)
class Date:
    """A day, year first, as text or as the number that a spreadsheet counts days by. Gives it as 2022-04-09."""

    def read(self, cell):
        if isinstance(cell, (int, float)):
            return self._of_number(cell)
        text = unicodedata.normalize("NFKC", as_text(cell))
        text = MIDNIGHT.sub("", text)
        if TIME.search(text):
            told = _("“%(text)s” has a time of day; only the day belongs here, such as 2022-04-09.")
            raise BadCell("has_time", told % {"text": text[:40]})
        found = YEAR_FIRST.fullmatch(text)
        if found:
            year, month, day = found.group(1, 3, 4) if found[1] else found.group(5, 6, 7)
            return self._day(int(year), int(month), int(day), text)
        if re.fullmatch(r"\d{5}", text):
            return self._of_number(int(text))
        if OTHER_ORDER.fullmatch(text):
            told = _("“%(text)s” can be more than one day. Write the year first, such as 2022-04-09.")
            raise BadCell("ambiguous_date", told % {"text": text[:40]})
        told = _("“%(text)s” is not a day. Write it as 2022-04-09.")
        raise BadCell("not_a_date", told % {"text": text[:40]})

    def _of_number(self, number):
        shown = as_text(number)[:40]
        if number != number or abs(number) >= EXACT:
            raise BadCell("not_a_date", _("“%(text)s” is not a day. Write it as 2022-04-09.") % {"text": shown})
        if number != int(number):
            told = _("“%(text)s” has a time of day; only the day belongs here, such as 2022-04-09.")
            raise BadCell("has_time", told % {"text": shown})
        if len(shown) == 8:
            return self._day(int(shown[:4]), int(shown[4:6]), int(shown[6:]), shown)
        counted = FIRST_SERIAL + timedelta(days=int(number)) if 0 < number < 100_000 else None
        if counted is None or counted.year not in YEARS:
            raise BadCell("not_a_date", _("“%(text)s” is not a day. Write it as 2022-04-09.") % {"text": shown})
        return str(counted)

    @staticmethod
    def _day(year, month, day, text):
        try:
            found = date(year, month, day)
        except ValueError:
            raise BadCell("impossible_date", _("No month has such a day: “%(text)s”.") % {"text": text[:40]}) from None
        if year not in YEARS:
            raise BadCell("impossible_date", _("“%(text)s”: the year cannot be right.") % {"text": text[:40]})
        return str(found)


class Words:
    """Slugs with the words that mean them: the slug, its label in every language, and further synonyms."""

    def __init__(self, choices, synonyms=None):
        self.choices, self.synonyms, self.known = choices, synonyms or {}, None

    def slug(self, text):
        if self.known is None:
            self.known = {plain(slug): slug for slug in self.choices.values}
            for language in LANGUAGES:
                with translation.override(language):
                    self.known |= {plain(label): slug for slug, label in self.choices.choices}
            self.known |= {plain(word): slug for word, slug in self.synonyms.items()}
        found = self.known.get(plain(text))
        if found is None:
            known = ", ".join(str(label) for label in self.choices.labels)
            detail = _("“%(text)s” is not known here. Known are: %(known)s.") % {
                "text": as_text(text)[:40],
                "known": known,
            }
            raise BadCell("unknown_choice", detail)
        return found


@dataclass(frozen=True)
class Choice:
    """One of the field's fixed words, by its slug or by its name in either language."""

    words: Words

    def read(self, cell):
        return self.words.slug(as_text(cell))


@dataclass(frozen=True)
class Choices:
    """Several of them, separated by comma, semicolon, stroke or a line break."""

    words: Words

    def read(self, cell):
        parts = [part for part in re.split(r"[,，、;；|/\n]+", str(cell)) if part.strip()]
        found = {self.words.slug(part) for part in parts}
        return [slug for slug in self.words.choices.values if slug in found]
