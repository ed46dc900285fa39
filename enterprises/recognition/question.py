"""The one question: is this enterprise recognised in that division on that day, and on what ground?

`counting_in` is its only definition: page, API, effective list, matrix and checkpoint all ask it.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import Case, CharField, DateField, F, Func, IntegerField, Q, Subquery, Value, When
from django.db.models.functions import Least

from enterprises.recognition.models import Recognition
from enterprises.recognition.words import Basis
from enterprises.whitelists.models import Listing
from whitelist.accounts.models import NATION, above

MINISTRY = Q(white_list__office__division=NATION)


class DayBefore(Func):
    template, output_field = "(%(expressions)s - 1)", DateField()


@dataclass(frozen=True)
class Ground:
    """Why an enterprise is recognised: a listing, and by which right its list counts there.

    `agreement` is the recognition's number, None for one's own and the ministry's list; `until` the last day on which
    this ground holds by what is known today.
    """

    white_list: int
    list_title: str
    batch: int
    batch_number: int
    basis: str
    agreement: int | None
    until: date | None


def counting_in(division, day):
    """The listings that count in a division (by code) on a day, each with `basis`, `agreement` and `until`.

    The ministry's lists count everywhere; the lists of the division and of those above it count there; others count by
    an agreement of the division or of one above it. An agreement passes nothing on: it names one list, and nobody
    else's recognition of that list.
    """
    own = Q(white_list__office__division__in=above(division))
    by_right = MINISTRY | own
    agreements = Recognition.objects.in_division(division).covering_listing(day).order_by("-held_until", "pk")
    found = Listing.objects.in_force(day).annotate(
        basis=Case(
            When(MINISTRY, then=Value(str(Basis.MINISTRY))),
            When(own, then=Value(str(Basis.OWN))),
            default=Value(str(Basis.AGREEMENT)),
            output_field=CharField(),
        ),
        agreement=Case(
            When(by_right, then=None), default=Subquery(agreements.values("pk")[:1]), output_field=IntegerField()
        ),
        agreed_until=Case(
            When(by_right, then=None), default=Subquery(agreements.values("held_until")[:1]), output_field=DateField()
        ),
    )
    ends = Least(F("agreed_until"), DayBefore(Func(F("days"), function="upper")), DayBefore(F("white_list__ends_on")))
    running = found.filter(by_right | Q(agreement__isnull=False), white_list__ends_on__gt=day)
    return running.annotate(until=ends)


def recognised(enterprise, division, day):
    """The grounds on which an enterprise (or its pk) counts in a division (by code) on a day; none: it does not."""
    rows = counting_in(division, day).filter(enterprise=enterprise).order_by("-basis", "white_list", "pk")
    named = rows.values_list(
        "white_list", "white_list__title", "opened_by", "opened_by__number", "basis", "agreement", "until"
    )
    return [Ground(*row) for row in named]
