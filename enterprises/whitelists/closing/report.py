"""What a closing report says of a list: by batch, chain and division, how long enterprises stood on it, and the facts
that rooms above know (setting CLOSING_FACTS: each a function of the list that returns a mapping of JSON)."""

from django.conf import settings
from django.db import connection
from django.db.models import Count, OuterRef, Q
from django.db.models.functions import Coalesce, Left
from django.utils.module_loading import import_string

from enterprises.whitelists.lists import counted
from enterprises.whitelists.models import Listing
from enterprises.whitelists.words import Action
from whitelist.core import seal
from whitelist.core.days import ONE

SPANS = ((0, 30), (30, 60), (60, 90), (90, 180), (180, None))  # days on the list, from and below
MUNICIPALITIES = ("11", "12", "31", "50")
TIME = """
WITH times AS (
    SELECT enterprise_id, sum(least(coalesce(upper(days), %(end)s), %(end)s) - lower(days)) AS days
    FROM enterprises_listing WHERE white_list_id = %(list)s GROUP BY enterprise_id
)
SELECT days, count(*) FROM times GROUP BY days ORDER BY days
"""


def body_of(closing):
    white_list, last = closing.white_list, closing.ends_on - ONE
    office = white_list.office
    ever = Listing.objects.filter(white_list=white_list)
    at_end = Count("enterprise", distinct=True, filter=Q(days__contains=last))
    both = {"enterprises": Count("enterprise", distinct=True), "at_end": at_end}
    facts = {}
    for name in settings.CLOSING_FACTS:
        facts |= import_string(name)(white_list, closing.ends_on)
    return {
        "format": "whitelist.closing/1",
        "key_id": seal.key_id(),
        "white_list": {"id": white_list.pk, "title": white_list.title, "kind": white_list.kind},
        "office": {"division": office.division_id, "name": office.name},
        "opened_on": str(white_list.opened_on),
        "ends_on": str(closing.ends_on),
        "note": closing.note,
        "proposed_by": str(closing.proposed_by),
        "confirmed_by": str(closing.confirmed_by),
        "total": ever.aggregate(**both),
        "batches": _batches(white_list, last),
        "chains": list(
            ever.order_by().values(key=Coalesce("chain", "enterprise__chain")).annotate(**both).order_by("key")
        ),
        "divisions": list(ever.order_by().values(key=_place(office)).annotate(**both).order_by("key")),
        "time": _time(white_list, closing.ends_on),
        **facts,
    }


def _place(office):
    """One level below the list's office, as the start of a division code."""
    prefix = office.division.prefix
    digits = 2 if not prefix else 4 if len(prefix) == 2 and prefix not in MUNICIPALITIES else 6
    return Left("enterprise__division_id", digits)


def _batches(white_list, last):
    opened = Listing.objects.filter(opened_by=OuterRef("pk"))
    lines = Q(lines__decision="accepted")
    found = white_list.batches.published().annotate(
        added=Count("lines", filter=lines & Q(lines__action=Action.ADD)),
        removed=Count("lines", filter=lines & Q(lines__action=Action.REMOVE)),
        amended=Count("lines", filter=lines & Q(lines__action=Action.AMEND)),
        at_end=counted(opened.filter(days__contains=last), "opened_by"),
    )
    columns = ("number", "title", "document_number", "effective_on", "added", "removed", "amended", "at_end")
    return [row | {"effective_on": str(row["effective_on"])} for row in found.order_by("number").values(*columns)]


def _time(white_list, end):
    """How many days enterprises stood on the list in all: the middle one of them, and how many by span."""
    with connection.cursor() as cursor:
        cursor.execute(TIME, {"list": white_list.pk, "end": end})
        rows = cursor.fetchall()
    number = sum(count for _days, count in rows)
    half, seen, median = (number + 1) // 2, 0, None
    for days, count in rows:
        seen += count
        if seen >= half:
            median = int(days)
            break
    spans = [
        {
            "from": first,
            "below": below,
            "enterprises": sum(n for days, n in rows if first <= days and (below is None or days < below)),
        }
        for first, below in SPANS
    ]
    return {"median_days": median, "spans": spans}
