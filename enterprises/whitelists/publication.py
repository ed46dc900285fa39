"""What publishing a batch does: the day it may take effect, the listings it opens and closes, the file it leaves."""

from django.db import connection
from django.db.models import Count, Exists, Max, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from enterprises.whitelists.models import UNFIT
from enterprises.whitelists.words import OPEN_STATES, Action, Decision
from whitelist.core import seal
from whitelist.core.days import ONE
from whitelist.core.errors import DomainError, Fault


def check_day(batch, day):
    """Refuse a day on which the batch cannot take effect, naming the field."""
    white_list, told = batch.white_list, None
    too_young = white_list.listings.standing().filter(enterprise=OuterRef("enterprise"), days__startswith__gte=day)
    last = white_list.batches.published().aggregate(last=Max("effective_on"))["last"]
    if day < white_list.opened_on or day >= white_list.ends_on:
        days = {"first": white_list.opened_on, "end": white_list.ends_on - ONE}
        told = _("The list runs from %(first)s to %(end)s.") % days
    elif last and day < last:
        told = _("The last batch took effect on %(day)s; a later one cannot take effect before it.") % {"day": last}
    elif batch.lines.accepted().filter(Exists(too_young)).exists():
        told = _("An enterprise came onto the list on that very day; choose a later one.")
    if told:
        raise DomainError(told, errors=[Fault("effective_on", "impossible_day", told)])


CLOSE = """
UPDATE enterprises_listing listing
SET days = daterange(lower(listing.days), %(day)s), closed_by_id = %(batch)s
FROM enterprises_batchline line
WHERE line.batch_id = %(batch)s AND line.decision = 'accepted' AND line.action <> 'add'
  AND listing.white_list_id = %(list)s AND listing.enterprise_id = line.enterprise_id AND upper_inf(listing.days)
"""
OPEN = """
INSERT INTO enterprises_listing (white_list_id, enterprise_id, days, field, chain, opened_by_id)
SELECT %(list)s, line.enterprise_id, daterange(%(day)s, NULL), line.field, line.chain, %(batch)s
FROM enterprises_batchline line
WHERE line.batch_id = %(batch)s AND line.decision = 'accepted' AND line.action <> 'remove'
"""


def apply(batch):
    """Close and open listings for all accepted lines at once."""
    named = {"batch": batch.pk, "list": batch.white_list_id, "day": batch.effective_on}
    with connection.cursor() as cursor:
        cursor.execute(CLOSE, named)
        cursor.execute(OPEN, named)


def body_of(batch):
    """The machine-readable batch: what was decided, by which office, from which day on."""
    white_list = batch.white_list
    lines = batch.lines.accepted().select_related("enterprise")
    lines = lines.order_by("enterprise__uscc", "enterprise__registration_no")
    return {
        "format": "whitelist.batch/1",
        "key_id": seal.key_id(),
        "white_list": {
            "id": white_list.pk,
            "title": white_list.title,
            "kind": white_list.kind,
            "division": white_list.office.division_id,
            "office": white_list.office.name,
        },
        "number": batch.number,
        "document_number": batch.document_number,
        "effective_on": str(batch.effective_on),
        "content_hash": batch.content_hash,
        "lines": [
            {"code": line.enterprise.code, "name": line.enterprise.name}
            | {name: getattr(line, name) for name in ("action", "field", "chain", "reason")}
            for line in lines
        ],
    }


def leave_file(batch):
    """Write the file of the batch with its hash and signature, before the step that makes both final."""
    file = seal.canonical(body_of(batch))
    batch.file, batch.file_hash, batch.file_signature = file.decode(), seal.sha256(file), seal.sign(file)
    batch.save(update_fields=["file", "file_hash", "file_signature"])


def compare(then, now):
    """Listings of one list at two moments: added, removed, and amended ones with `was_field` and `was_chain`."""
    same_then = then.filter(enterprise=OuterRef("enterprise")).order_by("pk")
    same_now = now.filter(enterprise=OuterRef("enterprise"))
    was = {f"was_{name}": Subquery(same_then.values(name)[:1]) for name in ("field", "chain")}
    other_then = same_then.exclude(field=OuterRef("field"), chain=OuterRef("chain"))
    return (
        now.exclude(Exists(same_then)).for_comparison("opened_by"),
        then.exclude(Exists(same_now)).for_comparison("opened_by", "closed_by"),
        now.filter(Exists(other_then)).annotate(**was).for_comparison("opened_by"),
    )


def figures(batch):
    """What the batch would do to its list, or did, in numbers: lines by kind and decision, the list before and after.

    Rejected lines count as rejected only. What is not published applies to the list as it stands: only then there are
    lines in conflict with another open batch, and lines unfit for the list. All of it is asked in one query.
    """
    kept = ~Q(decision=Decision.REJECTED)
    wanted = {
        "lines": Q(),
        "adding": kept & Q(action=Action.ADD),
        "amending": kept & Q(action=Action.AMEND),
        "removing": kept & Q(action=Action.REMOVE),
        "accepted": Q(decision=Decision.ACCEPTED),
        "rejected": Q(decision=Decision.REJECTED),
        "undecided": Q(decision=Decision.UNDECIDED),
    }
    lines, never = batch.lines.all(), {"conflicts": 0, "unfit": 0}
    if batch.status in OPEN_STATES:
        lines = lines.in_conflict().with_listed()
        wanted, never = wanted | {"conflicts": Q(conflict_id__isnull=False), "unfit": kept & UNFIT}, {}
    listings = batch.white_list.listings
    listed = listings.in_force_after(batch.number - 1) if batch.number else listings.standing()
    count = Subquery(listed.order_by().values("white_list").annotate(n=Count("pk")).values("n"))
    counts = lines.annotate(listed=count).aggregate(
        before=Max("listed"), **{name: Count("pk", filter=condition) for name, condition in wanted.items()}
    )
    before = (counts["before"] or 0) if counts["lines"] else listed.count()
    return {**never, **counts, "before": before, "after": before + counts["adding"] - counts["removing"]}
