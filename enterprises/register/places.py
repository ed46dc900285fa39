"""Finds the division that a sheet means: by code, by name, or by province, prefecture and county in three columns."""

import re
from collections import defaultdict
from contextlib import contextmanager
from functools import cache

from django.utils.translation import gettext as _

from whitelist.accounts.divisions import known_divisions
from whitelist.accounts.models import NATION, prefix_of
from whitelist.sheets.files.cells import BadCell, plain

SUFFIX = re.compile(r"(?<=..)(特别行政区|自治区|自治州|自治县|自治旗|地区|新区|林区|省|市|区|县|盟|旗)$")
ZONE = re.compile(r"(高新|经开|经济|技术|开发|产业|工业|示范|保税|度假|管理|功能|园)[^县市]*(区|园)$|新区$")
# Functional zones that call themselves a district and have no code in GB/T 2260.
ZONES = {"峡山区", "滨海区", "昆嵛区", "北海区"}
PLACEHOLDERS = {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"}
MOST_NAMED = 3


@contextmanager
def named(column):
    """Whatever is wrong within is wrong in this column."""
    try:
        yield
    except BadCell as bad:
        bad.column = column
        raise


def level_of(code):
    return "province" if code.endswith("0000") else "prefecture" if code.endswith("00") else "county"


def contains(wide, narrow):
    """Whether one division lies within another, or is the same."""
    return narrow.startswith(prefix_of(wide))


@cache
def _names():
    """The name of each division by its code, and the codes by name and by stem of the name."""
    names, by_name, by_stem = {}, defaultdict(list), defaultdict(list)
    for code, division in known_divisions().items():
        names[code] = division.name
        for known in {plain(division.name), plain(division.name_en)}:
            by_name[known].append(code)
        by_stem[SUFFIX.sub("", plain(division.name))].append(code)
    return names, by_name, by_stem


class Places:
    """All divisions by code, name and stem of the name; names that several have are looked for in one's own first."""

    def __init__(self, *, own):
        self.own, self.kept = own, {}
        self.names, self.by_name, self.by_stem = _names()

    def find(self, text, *, under="", level=""):
        """The code meant by digits or a name below `under`, with a remark ('' if it is exactly so called).

        A name of another ending (邹平县 for 邹平市) counts only among divisions of the level asked for.
        """
        word = plain(text)
        if word.isascii() and word.isdigit():
            return self._coded(word, text), ""
        exact = [code for code in self.by_name.get(word, ()) if code.startswith(under)]
        if exact:
            return self._only(exact, text), ""
        alike = [code for code in self.by_stem.get(SUFFIX.sub("", word), ()) if code.startswith(under)]
        alike = [code for code in alike if not level or level_of(code) == level]
        if alike:
            return self._only(alike, text), "" if SUFFIX.sub("", word) == word else "renamed"
        for cut in range(len(word) - 2, 1, -1):
            heads = [code for code in self.by_name.get(word[:cut], ()) if code.startswith(under) and code != NATION]
            if heads:
                return self.find(word[cut:], under=prefix_of(self._only(heads, text)))
        raise BadCell("unknown_division", _("“%(text)s” is no division.") % {"text": str(text)[:40]})

    def meant(self, division, province, prefecture, county):
        """What four cells of a row mean, remembered because few places stand in many rows: the code ("" if they say
        none), the remark, the column it stands in, and what is wrong (a BadCell, or None).
        """
        key = (division, province, prefecture, county)
        if key not in self.kept:
            parts = {"county": county, "prefecture": prefecture, "province": province}
            column = "division" if division else next((name for name, part in parts.items() if part), "division")
            try:
                found = (*self.find(division), "division") if division else self.resolve(**parts)
                self.kept[key] = (*found, None)
            except BadCell as bad:
                self.kept[key] = ("", "", getattr(bad, "column", column), bad)
        return self.kept[key]

    def _coded(self, digits, text):
        code = digits[:6].ljust(6, "0")
        if len(digits) not in (2, 4, 6, 9, 12) or code not in self.names:
            raise BadCell("unknown_division", _("%(text)s is no code of a division.") % {"text": str(text)[:40]})
        return code

    def _only(self, codes, text):
        """The one code among several: the one in one's own division, or the only one in the country."""
        mine = [code for code in codes if code.startswith(self.own)] if self.own else []
        for some in (mine, codes):
            nested = [
                code for code in some if not any(other != code and code.startswith(prefix_of(other)) for other in some)
            ]
            if len(nested) == 1:
                return nested[0]
        detail = _("Several divisions are called “%(text)s”: write the six digits, such as %(codes)s.")
        raise BadCell("ambiguous_division", detail % {"text": str(text)[:40], "codes": ", ".join(codes[:MOST_NAMED])})

    def resolve(self, *, province="", prefecture="", county=""):
        """The smallest division of the three, as (code, remark, column it stands in).

        A development zone is no division: its prefecture is taken, and the remark says so.
        """
        code, remark, column = "", "", ""
        for name, part in (("province", province), ("prefecture", prefecture)):
            if part and plain(part) not in PLACEHOLDERS:
                with named(name):
                    code, remark = self.find(part, under=prefix_of(code) if code else "", level=name)
                column = name
        if not county or plain(county) in PLACEHOLDERS:
            return code, remark, column
        try:
            return *self.find(county, under=prefix_of(code) if code else "", level="county"), "county"
        except BadCell as bad:
            is_zone = plain(county) in ZONES or ZONE.search(plain(county))
            if code and is_zone and bad.code == "unknown_division":
                return code, "zone", "county"
            if code and bad.code == "unknown_division":
                detail = _("“%(text)s” is no division of %(place)s. Correct it, or leave it blank to take %(place)s.")
                bad.detail = detail % {"text": county[:40], "place": self.names[code]}
            bad.column = "county"
            raise
