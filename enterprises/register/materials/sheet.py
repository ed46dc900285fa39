"""The sheet of materials: the shared vocabulary by code, kept by the ministry."""

from copy import copy

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from enterprises.register import policies
from enterprises.register.columns import CHAINS, called
from enterprises.register.materials import services as materials
from enterprises.register.models import Material
from enterprises.register.words import Chain
from whitelist.sheets.files.cells import Choice, Code, Text, Words
from whitelist.sheets.kinds import Column
from whitelist.sheets.tables.flags import Flag
from whitelist.sheets.tables.upsert import ModelSheet, chunks
from whitelist.sheets.tables.versions import VERSION

COLUMNS = (
    Column(
        "code",
        _("Material code"),
        called("物料编码 物料代码 材料编码 材料代码 物资编码 物资代码 产品编码 编码 代码", "code", "item code"),
        Code(),
        required=True,
        is_unknown_blank=False,
        note=_("Letters, digits and hyphens, such as ecu-12v. It stays for ever."),
    ),
    Column(
        "name",
        _("Chinese name"),
        called("物料名称 材料名称 物资名称 产品名称 原材料名称 中文名称 中文名 名称 品名", "material", "name"),
        Text(80),
        is_unknown_blank=False,
        note=_("A new material needs it."),
    ),
    Column("name_en", _("English name"), called("英文名称 英文名 英文品名", "name in english"), Text(80)),
    Column(
        "unit",
        _("Unit"),
        called("计量单位 单位 库存单位 数量单位", "unit of measure", "uom"),
        Text(20),
        note=_("In which its stock is counted. A new material needs it; once stock was told in it, it stays."),
    ),
    Column("chain", _("Chain"), ("产业链", "所属产业链", "重点产业链"), Choice(Words(Chain, CHAINS))),
    Column(
        "is_bulk",
        _("Bulk raw material"),
        called("大宗原材料 大宗 是否大宗 是否大宗原材料 大宗商品", "bulk", "is bulk"),
        Flag(),
        is_unknown_blank=False,
    ),
)


class MaterialSheet(ModelSheet):
    """Materials by their code: entered where the code is new, else changed in what the file says."""

    name, label, seen = "materials", _("Materials"), _("See the materials")
    model, keys, key_column, title_column = Material, ("code",), "code", "name"
    fields = materials.MATERIAL
    title = "e.name"
    columns = (*COLUMNS, VERSION)
    fault_words = {
        "code_required": _("no code"),
        "in_use": _("stock told in another unit"),
        "invalid": _("not allowed as it is"),
        "blank": _("lacks what a new one needs"),
        "same_name": _("same name, other code"),
    }

    def may_import(self, user):
        return policies.may_edit_materials(user)

    def address(self, sheet_import):
        return reverse("material-list")

    def look_up(self, rows, *, by, target, told):
        for row in rows:
            row.values = materials.tidied(row.values)
            if row.values.get("code"):
                row.key = row.values["code"]
                if row.key != row.cells.get("code"):
                    told.count("normalised", "code")
            elif not any(fault["key"] == "code" for fault in row.faults):
                row.fault("code", "code_required", translate("The code is missing. Write one, such as ecu-12v."))
            for fault in materials.faults_in(Material(**row.values)):
                if fault.pointer in row.values:
                    row.fault(fault.pointer, fault.code, fault.detail)

    def present(self, keys):
        stock = Material._meta.get_field("stock").related_model._base_manager.filter(material=OuterRef("pk"))
        found = {}
        for some in chunks(keys):
            for stored in Material.objects.filter(code__in=some).annotate(is_told=Exists(stock)):
                found[stored.code] = stored
        return found

    def missing(self, row, *, by):
        for fault in materials.faults_in(Material(**row.values)):
            detail = translate("A new material needs this; the cell is empty. Fill it in.")
            row.fault(fault.pointer, fault.code, detail if fault.code == "blank" else fault.detail)

    def refuse_present(self, row, stored, *, by):
        changed = copy(stored)
        for name, value in row.values.items():
            setattr(changed, name, value)
        for fault in materials.faults_in(changed, unit_before=stored.unit if stored.is_told else ""):
            row.fault(fault.pointer, fault.code, fault.detail)

    def look_across(self, rows, *, by):
        """One name under several codes: two materials, or one entered twice. Only people can tell."""
        named = {}
        for row in rows:
            if name := row.values.get("name"):
                named.setdefault(name, []).append(row)
        detail = translate("The vocabulary, or this file, has the same name under the code %(code)s.")
        for same in named.values():
            for row in same[1:]:
                row.warn("name", "same_name", detail % {"code": same[0].key})
        for some in chunks(named):
            for code, name in Material.objects.filter(name__in=some).order_by("code").values_list("code", "name"):
                for row in named[name]:
                    if row.key != code:
                        row.warn("name", "same_name", detail % {"code": code})
