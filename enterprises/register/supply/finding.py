"""Finds the enterprises that a sheet names by code or by exact name, all of them with two queries."""

from collections import defaultdict

from django.db.models import Q
from django.utils.translation import gettext as _

from enterprises.register.models import Enterprise
from whitelist.core.codes import CODE, normalise, read_code
from whitelist.sheets.files.cells import BadCell, plain
from whitelist.sheets.tables.upsert import chunks

NEEDED = ("uscc", "registration_no", "name", "former_names", "division_id", "status", "chain", "field", "version")
WIDE, NARROW = str.maketrans("()", "（）"), str.maketrans("（）", "()")


class Finder:
    """The enterprises of a file by what its rows call them: pairs of a code and a name, one of which may be empty.

    A code finds an enterprise wherever it stands, a name only one that the user sees or that is in `acquainted`.
    """

    def __init__(self, named, *, by, acquainted=None):
        self.by, self.coded, self.called = by, {}, defaultdict(list)
        codes, names = set(), set()
        for code, name in named:
            if code or CODE.fullmatch(normalise(name)):
                codes.add(normalise(code or name))
            elif name:
                names |= {name, name.translate(WIDE), name.translate(NARROW)}
        known = Enterprise.objects.only(*NEEDED)
        for some in chunks(sorted(codes)):
            for row in known.filter(Q(uscc__in=some) | Q(registration_no__in=some)):
                self.coded[row.uscc] = self.coded[row.registration_no] = row
        seen = Q(pk__in=Enterprise.objects.visible_to(by).values("pk"))
        for some in chunks(sorted(names)):
            for row in known.filter(seen if acquainted is None else seen | acquainted, name__in=some).order_by("pk"):
                self.called[plain(row.name)].append(row)

    def find(self, code, name):
        """(enterprise, remark): the one that is meant, with a sentence where its name is not the one that was said.

        A BadCell says what is wrong, and in `part`, whether the code or the name is.
        """
        if code or CODE.fullmatch(normalise(name)):
            return self._by_code(code or name, name if code else "", "code" if code else "name")
        return self._by_name(name), ""

    def _by_code(self, code, name, part):
        verdict = read_code(code)
        if verdict.fault:
            raise self._bad(part, verdict.fault, str(verdict.detail))
        row = self.coded.get(verdict.code)
        if row is None:
            detail = _("The register has no enterprise with the code %(code)s. Enter it first, or correct the code.")
            told = " ".join([detail % {"code": verdict.code}, str(verdict.detail)]).strip()
            raise self._bad(part, "unknown_enterprise", told)
        if name and plain(name) not in {plain(each) for each in (row.name, *row.former_names)}:
            detail = _("The register calls %(code)s %(name)s; the code is taken. Compare the two.")
            return row, detail % {"code": verdict.code, "name": row.name}
        return row, ""

    def _by_name(self, name):
        found = self.called.get(plain(name), [])
        found = [row for row in found if row.status == "active"] or found
        if len(found) == 1:
            return found[0]
        if not found:
            detail = _("No enterprise in your division is called exactly “%(name)s”. Write its code instead.")
            raise self._bad("name", "unknown_enterprise", detail % {"name": name[:60]})
        codes = ", ".join(row.code for row in found if self.by.covers(row.division_id))
        detail = _("%(count)s enterprises are called “%(name)s”. Write the code of the one that is meant: %(codes)s.")
        raise self._bad(
            "name", "ambiguous_enterprise", detail % {"count": len(found), "name": name[:60], "codes": codes or "…"}
        )

    @staticmethod
    def _bad(part, code, detail):
        bad = BadCell(code, detail)
        bad.part = part
        return bad
