"""The one question: is this enterprise recognised in that division on that day, and on what ground?

`counting_in` is its only definition: page, API, effective list, matrix and checkpoint all ask it.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache

from django.db.models import Case, CharField, Count, DateField, F, Func, IntegerField, Q, Subquery, Value, When
from django.db.models.functions import Least

from enterprises.recognition.models import Recognition
from enterprises.recognition.words import Basis
from enterprises.register.models import shown_in_rows
from enterprises.whitelists.models import Listing
from whitelist.accounts.divisions import known_divisions
from whitelist.accounts.models import NATION, above, office_in_rows
from whitelist.core.compiled import Compiled

LENGTH_OF_NUMBER = 15  # characters of a registration number; a unified social credit code has 18
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
    return _grounds("enterprise", getattr(enterprise, "pk", enterprise), division, day)


def grounds(code, division, day):
    """`recognised` for whoever knows the enterprise by its code alone. A code that nobody has counts nowhere."""
    named = "registration_no" if len(code) == LENGTH_OF_NUMBER else "uscc"
    return _grounds(f"enterprise__{named}", code, division, day)


# Places of the compiled question: a division of each depth, a day and an enterprise that no real question names.
A_COUNTY, A_DAY, AN_ENTERPRISE = "987654", date(1, 2, 3), -1
COLUMNS = ("white_list", "white_list__title", "opened_by", "opened_by__number", "basis", "agreement", "until")


def _grounds(named, enterprise, division, day):
    """Checkpoints ask many times a second: `counting_in` is compiled once for each shape of the question."""
    places = above(division)
    marks = dict(zip(above(A_COUNTY)[len(above(A_COUNTY)) - len(places) :], places, strict=True))
    marks |= {A_DAY: day, _mark(named): enterprise}
    rows = _compiled(named, len(places)).rows(lambda mark: marks.get(mark, mark) if mark.__hash__ else mark)
    return [Ground(*row) for row in rows]


def _mark(named):
    return AN_ENTERPRISE if named == "enterprise" else str(AN_ENTERPRISE)


@cache
def _compiled(named, depth):
    place = above(A_COUNTY)[-depth] if depth else NATION
    rows = counting_in(place, A_DAY).filter(**{named: _mark(named)})
    return Compiled(rows.order_by("-basis", "white_list", "pk").values_list(*COLUMNS))


def _lists_at_all(division, day):
    """On which lists those that count can stand: says nothing new, but spares looking at the listings of all others."""
    agreed = Recognition.objects.in_division(division).holding(day).order_by().values("white_list")
    return MINISTRY | Q(white_list__office__division__in=above(division)) | Q(white_list__in=agreed)


def effective_list(division, day):
    """`counting_in` as rows of a table: who counts, by which list and batch, and on what basis."""
    found = counting_in(division, day).filter(_lists_at_all(division, day))
    found = found.select_related("enterprise", "white_list__office", "opened_by")
    own = ("white_list", "days", "field", "chain")
    of_list = ("white_list__title", "white_list__ends_on", "opened_by__number", "opened_by__title")
    of_list += tuple(office_in_rows("white_list__office"))
    return found.only(*own, *of_list, *shown_in_rows()).order_by("enterprise__name", "pk")


def totals(rows):
    """How many rows, and how many enterprises they are: one that counts on two grounds is counted once."""
    said = rows.order_by().aggregate(rows=Count("pk"), enterprises=Count("enterprise", distinct=True))
    return said["rows"], said["enterprises"]


def place_of(user, code):
    """The division whose effective list a user reads: the own one where none is named, None where it may not be read.

    Whoever works in a division may know what counts there, whoever's list it stands on: that is what a list is for.
    """
    if code is None:
        return user.office.division
    return known_divisions().get(code) if user.covers(code) else None
