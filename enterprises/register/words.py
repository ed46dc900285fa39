"""The field's fixed words: fields, chains, tags and kinds, stored as slugs."""

from django.db import models
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _


class Field(models.TextChoices):
    """The four fields of protection (facts A1.3)."""

    MEDICAL = "medical", _("medical supplies")
    NECESSITIES = "necessities", _("daily necessities")
    AGRICULTURE = "agriculture", pgettext_lazy("field", "agricultural materials")
    STRATEGIC = "strategic", _("strategic industries")


class Chain(models.TextChoices):
    """The seven chains scheduled daily since April 2022 (facts A2.13)."""

    AUTOMOBILES = "automobiles", _("automobiles")
    INTEGRATED_CIRCUITS = "integrated_circuits", _("integrated circuits")
    CONSUMER_ELECTRONICS = "consumer_electronics", _("consumer electronics")
    EQUIPMENT = "equipment", _("equipment manufacturing")
    AGRICULTURAL_MATERIALS = "agricultural_materials", _("agricultural materials")
    FOOD = "food", _("food")
    MEDICINE = "medicine", _("medicine")


class Size(models.TextChoices):
    LARGE = "large", _("large")
    MEDIUM = "medium", _("medium-sized")
    SMALL = "small", _("small")
    MICRO = "micro", _("micro")


class Ownership(models.TextChoices):
    """Recorded to prove equal footing, never to rank."""

    STATE = "state", _("state-owned")
    PRIVATE = "private", _("private")
    FOREIGN = "foreign", _("foreign-funded")
    MIXED = "mixed", _("mixed")


class Tag(models.TextChoices):
    LEADING = "leading", _("leading enterprise")
    KEY_LINK = "key_link", _("key link")
    LIVELIHOOD = "livelihood", _("livelihood guarantee")
    FOREIGN_TRADE = "foreign_trade", _("foreign trade")
    FOREIGN_INVESTED = "foreign_invested", _("foreign-invested")
    SPECIALISED_NEW = "specialised_new", _("specialised and new")
    LITTLE_GIANT = "little_giant", _("little giant")
    SINGLE_CHAMPION = "single_champion", _("single champion")
    ABOVE_SCALE = "above_scale", _("above scale")


class Standing(models.TextChoices):
    ACTIVE = "active", pgettext_lazy("enterprise", "active")
    RETIRED = "retired", _("retired")
    MERGED = "merged", _("merged")


class RetireReason(models.TextChoices):
    CLOSED = "closed", _("closed for good")
    MOVED = "moved", _("moved abroad or out of the register's reach")
    DUPLICATE = "duplicate", _("entered twice")
    MISTAKE = "mistake", _("entered by mistake")


class Criticality(models.TextChoices):
    STOPS = "stops", _("stops the line")
    DEGRADES = "degrades", _("degrades")
    NONE = "none", _("no effect")


# What most materials are counted in; a unit is kept as it was entered, and said so wherever it is not one of these.
UNITS = {
    "个": "pieces", "件": "pieces", "只": "pieces", "支": "pieces", "片": "pieces", "张": "sheets", "块": "blocks",
    "条": "pieces", "根": "rods", "卷": "rolls", "套": "sets", "组": "sets", "台": "units", "辆": "vehicles",
    "箱": "cases", "盒": "boxes", "包": "packs", "袋": "bags", "瓶": "bottles", "桶": "drums", "罐": "cans",
    "剂": "doses", "人份": "tests", "吨": "t", "千克": "kg", "公斤": "kg", "克": "g", "升": "L", "毫升": "mL",
    "米": "m", "平方米": "m²", "立方米": "m³", "千瓦时": "kWh",
}  # fmt: skip
MANY = {"千": "thousand", "万": "ten thousand"}


def unit_said(unit):
    """A unit in the reader's language: `吨` is `t` and `千只` `thousand pieces` on English pages."""
    if (get_language() or "").startswith("zh"):
        return unit
    if unit in UNITS:
        return UNITS[unit]
    many, one = MANY.get(unit[:1]), UNITS.get(unit[1:])
    return f"{many} {one}" if many and one else unit
