"""What this room knows of a list that ends: how its enterprises resumed, day by day (setting CLOSING_FACTS)."""

from django.db.models import Exists, OuterRef

from enterprises.resumption import metrics
from enterprises.resumption.models import ReportDue
from enterprises.whitelists.models import Listing


def resumption_of_list(white_list, end):
    """`resumption`: for each day that owed reports, how many should work, how many had resumed, and the rate."""
    listed = Listing.objects.in_force(OuterRef("day")).filter(white_list=white_list, enterprise=OuterRef("enterprise"))
    owed = ReportDue.objects.filter(Exists(listed), day__gte=white_list.opened_on, day__lt=end)
    return {"resumption": [_told(figures) for figures in metrics.series(owed)]}


def _told(figures):
    numerator, denominator = figures.part("resumed")
    rate = figures.rate("resumed")
    return {
        "day": str(figures.key),
        "numerator": numerator,
        "denominator": denominator,
        "rate": None if rate is None else str(rate),
        "coverage": figures.coverage,
    }
