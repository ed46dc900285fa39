"""The sheet of stock: one row is what one report says of one material."""

from collections import defaultdict
from decimal import Decimal

from django.db.models import Q
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from enterprises.register.models import Material
from enterprises.resumption.filing.judgement import StockLine
from enterprises.resumption.filing.revisions import typed
from enterprises.resumption.models import StockReading
from enterprises.resumption.workbooks.columns import STOCK_COLUMNS
from enterprises.resumption.workbooks.sheet import ReportsSheet
from whitelist.sheets.files.cells import plain
from whitelist.sheets.tables.upsert import chunks

LINE = ("on_hand", "daily_use", "arrivals", "stopped_for_want")
LONGEST_KEY = 60


class StockLineSheet(ReportsSheet):
    """Rows by enterprise, day and material. They go into the report of the day, which must be there: stock without a
    report would leave open how production stands.
    """

    name, label = "stock-lines", _("Stock")
    model, fields, columns = StockReading, LINE, STOCK_COLUMNS
    fault_words = {
        **ReportsSheet.fault_words,
        **{"no_report": _("no report of that day"), "material_required": _("no material")},
        **{"unknown_material": _("unknown material"), "ambiguous_material": _("several materials of that name")},
        **{"other_unit": _("counted in another unit"), "both_needed": _("stock or use is missing")},
        **{"half_arrival": _("half an arrival"), "arrival_day": _("arrival without its day")},
        **{"arrivals_twice": _("arrivals in two places"), "not_to_come": _("arrival that is over")},
        **{"too_far": _("arrival far away"), "nothing": _("arrival of nothing")},
    }

    def look_up(self, rows, *, by, target, told):
        self.materials, self.named = defaultdict(dict), {}  # by what they are called; by row
        said = {row.values["material"] for row in rows if row.values.get("material")}
        for some in chunks(sorted(said | {each.lower() for each in said})):
            named = Q(code__in=some) | Q(name__in=some) | Q(name_en__in=some)
            for material in Material.objects.visible_to(by).filter(named):
                for name in (material.code, material.name, material.name_en):
                    self.materials[plain(name)][material.pk] = material
        super().look_up(rows, by=by, target=target, told=told)

    def read(self, row):
        material = self.named[row.number] = self._material(row)
        unit = row.values.pop("unit", "")
        if material and unit and plain(unit) != plain(material.unit):
            told = translate("%(material)s is counted in %(unit)s, not in %(said)s. Convert the quantities.")
            named = {"material": material, "unit": material.unit, "said": unit}
            row.fault("unit", "other_unit", told % named)
        self._read_arrivals(row)

    def _material(self, row):
        text = row.values.pop("material", "")
        if not text:
            if not any(fault["key"] == "material" for fault in row.faults):
                row.fault("material", "material_required", translate("No material is named. Write its code."))
            return None
        found = list(self.materials.get(plain(text), {}).values())
        found = [each for each in found if plain(each.code) == plain(text)] or found
        if len(found) == 1:
            return found[0]
        if found:
            told = translate("Several materials are called “%(text)s”. Write the code: %(codes)s.")
            codes = ", ".join(sorted(each.code for each in found)[:5])
            row.fault("material", "ambiguous_material", told % {"text": text[:40], "codes": codes})
        else:
            told = translate("“%(value)s” is not a material of the vocabulary.") % {"value": text[:40]}
            row.fault("material", "unknown_material", told)
        return None

    @staticmethod
    def _read_arrivals(row):
        """The next arrival in two columns, or all of them in one."""
        quantity, on = row.values.pop("arriving", None), row.values.pop("arrives_on", None)
        wrong = {fault["key"] for fault in row.faults}
        if quantity is None and on is None:
            return
        if quantity is None or on is None:
            missing = "arriving" if quantity is None else "arrives_on"
            if missing not in wrong:
                row.fault(missing, "half_arrival", translate("A confirmed arrival has a quantity and a day."))
        elif "arrivals" in row.values:
            told = translate("Arrivals are told in two places. Leave one of them blank.")
            row.fault("arrivals", "arrivals_twice", told)
        else:
            row.values["arrivals"] = [{"on": on, "quantity": quantity}]

    def put_key(self, row, firm, day):
        material = self.named[row.number]
        if material is not None:
            key = f"{firm.code} {day} {material.code}"
            row.key = key if len(key) <= LONGEST_KEY else f"{firm.code} {day} {material.pk}"
            self.places[row.key] = firm, day, material

    def weigh(self, row, stored):
        firm, day, material = self.places[row.key]
        if stored is None:
            told = translate(
                "There is no report of %(enterprise)s for %(day)s that this stock could stand in. File it first."
            )
            row.fault("day", "no_report", told % {"enterprise": firm, "day": day})
            return None, {}
        said = dict(row.values)
        line = next((each for each in stored.stock.all() if each.material_id == material.pk), None)
        if line is None:
            for name in ("on_hand", "daily_use"):
                if name not in said:
                    told = translate("“%(material)s” needs both: stock and daily use.") % {"material": material}
                    row.fault(name, "both_needed", told)
            return None, said
        before = {name: self.plain(line, name) for name in said if name in LINE}
        return before | ({"reason": stored.reason} if "reason" in said else {}), said

    def same(self, name, old, new):
        if name == "arrivals":
            return _plainly(old) == _plainly(new)
        return old == new

    def put(self, values, stock, said):
        values["reason"] = said.get("reason") or values["reason"] or ""
        told = typed(StockReading, {name: value for name, value in said.items() if name in LINE})
        line = next((each for each in stock if each.material.pk == said["material"]), None)
        if line is None:
            material = self._vocabulary().get(said["material"])
            stock.append(StockLine(material, **told))
            return
        for name, value in told.items():
            setattr(line, name, value)

    def _vocabulary(self):
        """All materials by id, looked up once; a judgement and a writing each have a kind of their own."""
        if not hasattr(self, "known"):
            self.known = Material.objects.in_bulk()
        return self.known

    def whose(self, row):
        return super().whose(row) | {"material": self.places[row.key][2].pk}

    def column_of(self, pointer, row):
        if not pointer.startswith("stock/"):
            return pointer
        last = pointer.rpartition("/")[2]
        in_one = "arrivals" in row.cells
        return {"on": "arrivals" if in_one else "arrives_on", "quantity": "arrivals" if in_one else "arriving"}.get(
            last, last if last in LINE else "material"
        )

    def field_label(self, name):
        return self.by_key[name].label if name in self.by_key else name

    def key_of(self, row):
        return row.cells.get("material", "")


def _plainly(arrivals):
    return sorted((str(each["on"]), Decimal(str(each["quantity"]))) for each in arrivals or ())
