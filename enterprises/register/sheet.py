"""The sheet of enterprises: its columns as officials head them, and what a row of it means in the register."""

import re
from functools import lru_cache

from django.urls import reverse
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from enterprises.register import lookalikes, policies
from enterprises.register.columns import COLUMNS
from enterprises.register.models import Enterprise, search_text, search_texts
from enterprises.register.places import Places, contains
from enterprises.register.words import Standing
from whitelist.accounts.models import NATION, prefix_of
from whitelist.core.codes import normalise, read_code
from whitelist.core.errors import DomainError
from whitelist.sheets.files.cells import Code, plain
from whitelist.sheets.models import Outcome
from whitelist.sheets.tables.upsert import ModelSheet, chunks, shared
from whitelist.sheets.tables.versions import VERSION

PASSING = 90  # per cent of the 18-character codes that must pass, or the column is shifted or made up


@lru_cache(maxsize=5000)
def classes_in(text):
    """The classes of GB/T 4754 in a cell, and whether one got back the zero that a spreadsheet dropped."""
    found = re.findall(r"(?<!\d)\d{2,4}(?!\d)", plain(text))
    if not found and re.fullmatch(r"\d", text):
        return [f"0{text}"], True
    return found, False


class EnterpriseSheet(ModelSheet):
    """Enterprises by their code: entered where the code is new, else changed in what the file says."""

    name, label, seen = "enterprises", _("Enterprises"), _("See the enterprises")
    model, keys, key_column = Enterprise, ("uscc", "registration_no"), "code"
    title_column = "name"
    fields = (
        *("uscc", "registration_no", "name", "division", "registered_division", "industry", "chain", "field", "link"),
        *("size", "ownership", "tags", "staff_total", "normal_output", "output_unit", "output_value"),
        "electricity_baseline",
    )
    derived = ("search",)
    place, title = "e.division_id", "e.name"
    columns = (*COLUMNS, VERSION)
    places = held = told = None  # the divisions, what the register holds, and what is to be said of the file

    def may_import(self, user):
        return policies.may_add_enterprises(user)

    def address(self, sheet_import):
        return reverse("enterprise-list")

    def prepare(self, *, by):
        self.places, self.held = Places(own=by.prefix or ""), lookalikes.Held(by=by)

    def look_up(self, rows, *, by, target, told):
        places = self.places = self.places or Places(own=by.prefix or "")
        self.passing = self.total = 0
        self.told = told
        for row in rows:
            verdict = self._read_code(row, told)
            if verdict is not None and len(verdict.code) == 18:
                self.total, self.passing = self.total + 1, self.passing + (not verdict.fault and not verdict.doubt)
            if "name" not in row.values and not row.key:
                row.fault("name", "name_required", translate("A new enterprise needs its name."))
            self._read_places(row, places, by=by)
            self._read_industry(row, told)

    def check_whole(self, rows):
        """So many codes that no typist gets wrong: then it is the column."""
        if self.passing * 100 < self.total * PASSING:
            detail = _(
                "Only %(passing)s of %(total)s codes of 18 characters have the right check digit. Below 90 %% the "
                "whole file is refused: most likely the column is shifted, was rounded, or its codes are made up."
            )
            raise DomainError(str(detail) % {"passing": self.passing, "total": self.total}, code="too_many_bad_codes")

    def _read_code(self, row, told):
        text = row.values.pop("code", None)
        if text is None:
            if not row.faults:
                row.fault("code", "code_required", translate("The code is missing."))
            return None
        verdict = read_code(text)
        if verdict.normalised:
            told.count("normalised", "code")
        if verdict.fault:
            row.fault("code", verdict.fault, verdict.detail)
        else:
            row.key = row.values[verdict.kind] = verdict.code
        if verdict.doubt and verdict.kind == "uscc" and verdict.code.isdigit() and verdict.code.endswith("000"):
            row.fault("code", "precision_lost", Code.lost(verdict.code))
        elif verdict.doubt:
            row.warn("code", verdict.doubt, verdict.detail)
        return verdict

    def _read_places(self, row, places, *, by):
        values = row.values
        parts = [values.pop(name, "") for name in ("province", "prefecture", "county")]
        code, remark, column, bad = places.meant(values.get("division", ""), *parts)
        if code and code != NATION and by.covers(code):
            values["division"] = code
            if remark:
                self._remark_place(row, column, remark, row.cells[column], places.names[code])
        else:
            values.pop("division", None)
            if bad:
                row.fault(column, bad.code, bad.detail)
            elif code == NATION:
                row.fault(column, "too_wide", translate("A plant stands in a province at least."))
            elif code:
                detail = translate("%(place)s (%(code)s) lies outside your division.")
                row.fault(column, "outside_division", detail % {"place": places.names[code], "code": code})
        if values.get("registered_division"):
            code, _remark, _column, bad = places.meant(values["registered_division"], "", "", "")
            if bad:
                row.fault("registered_division", bad.code, bad.detail)
            else:
                values["registered_division"] = code

    @staticmethod
    def _remark_place(row, column, remark, said, name):
        sentences = {
            "renamed": translate("“%(said)s” is called %(name)s today, which is taken."),
            "zone": translate("“%(said)s” is no division of GB/T 2260; %(name)s is taken."),
        }
        row.warn(column, f"division_{remark}", sentences[remark] % {"said": said, "name": name})

    def _read_industry(self, row, told):
        text = row.values.get("industry", "")
        if not text:
            return
        found, is_restored = classes_in(text)
        if is_restored:
            told.count("zero_restored", "industry")
        if not found:
            detail = translate("“%(text)s” names no class of GB/T 4754; the industry is left as it is.")
            row.warn("industry", "industry_unknown", detail % {"text": text[:40]})
            del row.values["industry"]
            return
        row.values["industry"] = found[0]
        if len(set(found)) > 1:
            detail = translate("Several industries are named; the first, %(first)s, is taken.")
            row.warn("industry", "industry_several", detail % {"first": found[0]})

    def join(self, name, stands, said):
        """A prefecture and a county within it do not contradict each other: the county is merely more exact."""
        if name == "division" and stands and (contains(stands, said) or contains(said, stands)):
            return max(stands, said, key=lambda code: len(prefix_of(code)))
        return super().join(name, stands, said)

    def same(self, name, old, new):
        """Naming the prefecture of a county that is known already changes nothing."""
        return contains(new, old) if name == "division" else super().same(name, old, new)

    def show(self, name, value):
        if name in ("division", "registered_division"):
            return f"{self.places.names[value]} {value}"
        return super().show(name, value)

    def compare_all(self, rows, *, by):
        """By parts: a file of the whole register would not fit into memory beside it."""
        for some in chunks(rows):
            super().compare_all(some, by=by)

    def present(self, keys):
        """What came into the register while the file was read shows at the confirmation, as whatever comes later."""
        known = [key for key in keys if key in self.held.codes] if self.held else keys
        return super().present(known) if known else {}

    def refuse_present(self, row, stored, *, by):
        if not by.covers(stored.division_id):
            detail = translate("This code is in the register already, for an enterprise outside your division.")
            row.fault("code", "outside_division", detail)
        elif stored.status != Standing.ACTIVE:
            detail = translate("This enterprise is %(state)s in the register; it can no longer be changed.")
            row.fault("code", "retired", detail % {"state": stored.get_status_display()})

    def missing(self, row, *, by):
        """A new enterprise needs a name. Without a division that of the importer's office is taken, and said."""
        if not row.values.get("name"):
            row.fault("name", "name_required", translate("A new enterprise needs its name."))
            return
        if row.values.get("division"):
            return
        own = by.office.division_id
        if own == NATION:
            row.fault("division", "division_required", translate("A new enterprise needs the division of its plant."))
            return
        row.values["division"] = own
        detail = translate("No division is named; yours, %(name)s, is taken.")
        row.warn("division", "own_division", detail % {"name": self.places.names[own]})

    def derive(self, row, stored):
        if "name" not in row.values:
            return {}
        return {"search": search_text(name=row.values["name"], former_names=stored.former_names, code=row.key)}

    def complete(self, rows):
        texts = search_texts([(row.values["name"], (), row.key) for row in rows])
        for row, search in zip(rows, texts, strict=True):
            row.values["search"] = search

    def look_across(self, rows, *, by):
        """One name under several codes: two plants, or one enterprise entered twice. Only people can tell."""
        firsts, several = shared((row.values["name"], row) for row in rows if row.values.get("name"))
        for same in several.values():
            for row in same[1:]:
                detail = translate("Row %(row)s has the same name under the code %(code)s.")
                row.warn("name", "same_name", detail % {"row": same[0].number, "code": same[0].key})
        for each in self._of_same_name(firsts, by=by):
            for row in several.get(each.name) or [firsts[each.name]]:
                if row.key not in (each.uscc, each.registration_no):
                    detail = translate("The register has the same name under the code %(code)s.")
                    row.warn("name", "same_name", detail % {"code": normalise(each.code)})
                    row.faults[-1]["twins"] = [lookalikes.twin_of(each)]
        self._look_for_near(firsts, several, by=by)

    def _of_same_name(self, names, *, by):
        """The register's enterprises of these very names."""
        active = Enterprise.objects.visible_to(by).active().order_by("pk")
        for some in chunks(name for name in names if not self.held or name in self.held.names):
            yield from active.filter(name__any_of=some)

    def _look_for_near(self, firsts, several, *, by):
        """New rows beside enterprises of nearly the same name."""
        created = Outcome.CREATED
        asked = [
            name
            for name, first in firsts.items()
            if first.outcome == created or any(row.outcome == created for row in several.get(name, ()))
        ]
        known = {"held": self.held and self.held.by_core, "told": self.told}
        for name, twins in lookalikes.near(asked, by=by, **known).items():
            for row in several.get(name) or [firsts[name]]:
                others = [twin for twin in twins if twin["code"] != row.key]
                if others and row.outcome == Outcome.CREATED:
                    detail = translate("The register has “%(name)s” under the code %(code)s: nearly the same name.")
                    row.warn("name", "near_name", detail % {"name": others[0]["name"], "code": others[0]["code"]})
                    row.faults[-1]["twins"] = others
