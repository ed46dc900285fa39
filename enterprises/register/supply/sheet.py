"""The sheet of supply links: who supplies whom with what, by code or exact name, judged by the rules of `supply.py`."""

from collections import defaultdict
from decimal import Decimal

from django.db import connection
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from enterprises.register import policies
from enterprises.register.models import Material, SupplyLink
from enterprises.register.supply import services as supply
from enterprises.register.supply.columns import COLUMNS
from enterprises.register.supply.finding import Finder
from whitelist.sheets.files.cells import BadCell, plain
from whitelist.sheets.models import Outcome
from whitelist.sheets.tables.upsert import ModelSheet, chunks
from whitelist.sheets.tables.versions import VERSION

SIDES = ("supplier", "buyer")
MOST_NAMED = 5


def key_of(supplier, buyer, material):
    return f"{supplier}-{buyer}-{material}"


class SupplyLinkSheet(ModelSheet):
    """Links by supplier, buyer and material. What the file changes waits for confirmation again, as everywhere."""

    name, label, seen = "supply-links", _("Supply links"), _("See the supply links")
    model, keys, key_column, title_column = SupplyLink, (*SIDES, "material"), "material", "material"
    fields = (*SIDES, "material", *supply.LINK, "is_confirmed", "declared_by")
    place = "(SELECT b.division_id FROM enterprises_enterprise b WHERE b.id = e.buyer_id)"
    title = """(SELECT s.name || ' → ' || b.name || ': ' || m.name
        FROM enterprises_enterprise s, enterprises_enterprise b, enterprises_material m
        WHERE s.id = e.supplier_id AND b.id = e.buyer_id AND m.id = e.material_id)"""
    columns = (*COLUMNS, VERSION)
    fault_words = {
        "ambiguous_enterprise": _("several enterprises of that name"),
        "ambiguous_material": _("several materials of that name"),
        "beyond_whole": _("more than the whole need"),
        "max_value": _("more than the whole need"),
        "name_differs": _("name differs from the register"),
        "not_active": _("retired in the register"),
        "outside_scope": _("neither side is yours"),
        "party_required": _("no enterprise"),
        "material_required": _("no material"),
        "same": _("supplier and buyer are the same"),
        "share_below_one": _("perhaps a fraction instead of per cent"),
        "unknown_enterprise": _("unknown enterprise"),
        "unknown_material": _("unknown material"),
    }

    hidden = (*keys, "is_confirmed", "declared_by")

    def may_import(self, user):
        return policies.may_declare_links(user) and user.office is not None

    def address(self, sheet_import):
        return reverse("supply-link-list")

    def key_of(self, row):
        said = {side: row.cells.get(side) or row.cells.get(f"{side}_code", "…") for side in SIDES}
        return f"{said['supplier']} → {said['buyer']}"

    def matches(self):
        parts = (f"nullif(split_part(r.key, '-', {place}), '')::bigint" for place in (1, 2, 3))
        return [" AND ".join(f"e.{name}_id = {part}" for name, part in zip(self.keys, parts, strict=True))]

    def look_up(self, rows, *, by, target, told):
        named = {row.number: self._names(row) for row in rows}
        links = SupplyLink.objects.visible_to(by)
        acquainted = Q(pk__in=links.values("supplier")) | Q(pk__in=links.values("buyer"))
        finder = Finder([pair for pairs in named.values() for pair in pairs], by=by, acquainted=acquainted)
        materials = self._materials(rows)
        for row in rows:
            found, at = {}, {"material": "material", "share": "share", "criticality": "criticality"}
            for side, pair in zip(SIDES, named[row.number], strict=True):
                found[side], at[side] = self._party(row, side, pair, finder)
            found["material"] = self._material(row, row.values.pop("material", ""), materials)
            faults = supply.faults_in(SupplyLink(**{n: v for n, v in row.values.items() if n in supply.LINK}))
            if found["supplier"] and found["buyer"]:
                faults += supply.faults_between(found["supplier"], found["buyer"], by=by)
            for fault in faults:
                row.fault(at.get(fault.pointer, fault.pointer), fault.code, fault.detail)
            if 0 < Decimal(row.values.get("share") or 0) <= 1:
                detail = translate("%(share)s is taken as per cent. If a fraction was meant, write %(hundred)s.")
                share = Decimal(row.values["share"])
                row.warn("share", "share_below_one", detail % {"share": share, "hundred": f"{share * 100:f}"})
            if all(found.values()):
                row.values |= {name: each.pk for name, each in found.items()}
                row.key = key_of(*(found[name].pk for name in self.keys))

    @staticmethod
    def _names(row):
        return [(row.values.pop(f"{side}_code", ""), row.values.pop(side, "")) for side in SIDES]

    def _party(self, row, side, pair, finder):
        """(enterprise or None, the column that named it)."""
        code, name = pair
        column = f"{side}_code" if code else side
        if not code and not name:
            if not any(fault["key"] in (side, f"{side}_code") for fault in row.faults):
                row.fault(side, "party_required", translate("Nobody is named here. Write a code or the exact name."))
            return None, column
        try:
            found, remark = finder.find(code, name)
        except BadCell as bad:
            row.fault(column, bad.code, bad.detail)
            return None, column
        if remark:
            row.warn(column, "name_differs", remark)
        if fault := supply.fault_of_party(found, field=column):
            row.fault(fault.pointer, fault.code, fault.detail)
            return None, column
        return found, column

    @staticmethod
    def _materials(rows):
        """The materials named in the file, by code and by every name."""
        said = {row.values["material"] for row in rows if row.values.get("material")}
        found = defaultdict(dict)
        for some in chunks(sorted(said | {each.lower() for each in said})):
            for row in Material.objects.filter(Q(code__in=some) | Q(name__in=some) | Q(name_en__in=some)):
                for name in (row.code, row.name, row.name_en):
                    found[plain(name)][row.pk] = row
        return found

    def _material(self, row, text, materials):
        if not text:
            if not any(fault["key"] == "material" for fault in row.faults):
                row.fault("material", "material_required", translate("No material is named. Write its code."))
            return None
        found = list(materials.get(plain(text), {}).values())
        found = [each for each in found if each.code == plain(text)] or found
        if len(found) == 1:
            return found[0]
        if found:
            detail = translate("Several materials are called “%(text)s”. Write the code: %(codes)s.")
            codes = ", ".join(sorted(each.code for each in found)[:MOST_NAMED])
            row.fault("material", "ambiguous_material", detail % {"text": text[:40], "codes": codes})
        else:
            fault = supply.fault_of_material(text)
            row.fault("material", fault.code, fault.detail)
        return None

    def judged_with(self, keys):
        """All that supply the same buyer with the same material: together they may not cover more than the need."""
        rows = super().judged_with(keys)
        for need in {key.partition("-")[2] for key in keys}:
            rows |= Q(key__endswith=f"-{need}")
        return rows

    def present(self, keys):
        wanted, found = set(keys), {}
        for some in chunks(sorted({int(key.partition("-")[0]) for key in keys})):
            for link in SupplyLink.objects.filter(supplier__in=some):
                key = key_of(link.supplier_id, link.buyer_id, link.material_id)
                if key in wanted:
                    found[key] = link
        self.stored = found
        return found

    def compare(self, row, stored, *, by):
        """Whatever is new or changed is a declaration by the one who imports; it waits for confirmation."""
        super().compare(row, stored, by=by)
        declared = {"is_confirmed": False, "declared_by": by.pk}
        if row.outcome == Outcome.CREATED:
            row.values |= declared
        elif row.outcome == Outcome.UPDATED:
            before = {name: self.plain(stored, name) for name in declared}
            changed = {name: new for name, new in declared.items() if before[name] != new}
            row.changes |= {name: [before[name], new] for name, new in changed.items()}
            row.values |= changed

    def look_across(self, rows, *, by):
        """The rule of the whole need, asked of the links as they will stand: what the file changes is unconfirmed."""
        changing = [row for row in rows if row.outcome in (Outcome.CREATED, Outcome.UPDATED)]
        needs = {row.number: tuple(int(part) for part in row.key.split("-")[1:]) for row in changing}
        covering = defaultdict(dict)
        for some in chunks(sorted({buyer for buyer, _material in needs.values()})):
            confirmed = SupplyLink.objects.filter(buyer__in=some, is_confirmed=True, share__isnull=False)
            for pk, buyer, material, share in confirmed.values_list("pk", "buyer", "material", "share"):
                covering[buyer, material][pk] = share
        left = None
        while left != len(changing):
            left = len(changing)
            ours = {row.row_id for row in changing}
            for row in changing:
                others = sum(share for pk, share in covering[needs[row.number]].items() if pk not in ours)
                stored = self.stored.get(row.key)
                share = row.values.get("share", stored and stored.share)
                fault = supply.fault_beyond_whole(None if share is None else Decimal(share), others)
                if fault:
                    row.fault("share", fault.code, fault.detail)
            changing = [row for row in changing if not row.is_rejected]

    def changed_meanwhile(self, sheet_import):
        """Also rows of which one side left the register."""
        with connection.cursor() as cursor:
            cursor.execute(
                """SELECT DISTINCT r.number FROM sheets_sheetrow r
                CROSS JOIN LATERAL unnest((string_to_array(r.key, '-'))[1:2]) side
                JOIN enterprises_enterprise e ON e.id = side::bigint
                WHERE r.sheet_import_id = %s AND r.outcome IN ('created', 'updated') AND e.status <> 'active'""",
                [sheet_import.pk],
            )
            left = {number for (number,) in cursor.fetchall()}
        return sorted(left.union(super().changed_meanwhile(sheet_import)))
