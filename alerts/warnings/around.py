"""Around a warning: who is hit after it, who else makes or holds the material. Names within the asker's scope only."""

from django.db.models import Exists, F, OuterRef, Q, Subquery

from alerts.warnings.assessment import GREY_AFTER
from enterprises.models import Enterprise, StockReading, SupplyLink
from whitelist.core.days import ONE

MOST = 8  # names shown on a page; how many there are is said


def first(rows):
    """The first few rows, how many there are, and how many of them are not among those."""
    shown = list(rows[: MOST + 1])
    total = len(shown) if len(shown) <= MOST else rows.count()
    return {"rows": shown[:MOST], "total": total, "more": total - min(total, MOST)}


def downstream(warning, user):
    """The supply links through which a stop of the enterprise reaches its buyers."""
    return (
        SupplyLink.objects.visible_to(user)
        .filter(supplier=warning.enterprise_id)
        .select_related("buyer", "material")
        .order_by("criticality", "buyer__name", "pk")
    )


def upstream(warning, user):
    """Who supplies the enterprise with the material."""
    return (
        SupplyLink.objects.visible_to(user)
        .filter(buyer=warning.enterprise_id, material=warning.material_id)
        .select_related("supplier", "material")
        .order_by("-is_sole_source", "supplier__name", "pk")
    )


def alternates(warning, user, day):
    """Other listed enterprises that make the material (`makes`) or told of stock lately (`on_hand`, `read_on`)."""
    same = {"material": warning.material_id}
    makers = SupplyLink.objects.filter(supplier=OuterRef("pk"), **same)
    lately = {"day__lte": day, "day__gte": day - GREY_AFTER * ONE, "on_hand__gt": 0}
    told = StockReading.objects.filter(enterprise=OuterRef("pk"), **same, **lately).order_by("-day")
    return (
        Enterprise.objects.visible_to(user)
        .active()
        .listed_on(day)
        .exclude(pk=warning.enterprise_id)
        .annotate(
            makes=Exists(makers),
            on_hand=Subquery(told.values("on_hand")[:1]),
            read_on=Subquery(told.values("day")[:1]),
            is_near=Q(division__code__startswith=warning.enterprise.division_id[:2]),
        )
        .exclude(makes=False, on_hand=None)
        .order_by("-is_near", "-makes", F("on_hand").desc(nulls_last=True), "name", "pk")
    )
