"""Everybody whom a filter of the register finds, put into a draft at once: those that fit, and why others do not."""

from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Case, CharField, Count, Exists, OuterRef, Q, Value, When
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from enterprises.register.models import Enterprise
from enterprises.register.words import Standing
from enterprises.whitelists.lines import for_edit, touch
from enterprises.whitelists.policies import may_draft_batch
from enterprises.whitelists.services import hold
from enterprises.whitelists.words import Action
from whitelist.audit.services import record
from whitelist.core.errors import DomainError, Fault

ACTIONS = (Action.ADD, Action.REMOVE)
FITS = ""
WHY = {
    "in_batch": _("It stands in this batch already."),
    "already_listed": _("It is on the list already."),
    "not_active": _("It is no longer active in the register."),
    "not_listed": _("It is not on the list."),
    "outside_division": _("It stands outside the division of the list's office."),
}
MOST_TOLD = 5000
NAMES_SHOWN = 12
PUT = """
INSERT INTO enterprises_batchline
    (batch_id, action, enterprise_id, field, chain, reason, note, edited_by_id,
     decision, decision_reason, decision_note)
SELECT %s, %s, chosen.enterprise_id, chosen.field, chosen.chain, %s, %s, %s, 'undecided', '', ''
FROM ({chosen}) AS chosen(enterprise_id, field, chain)
ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True)
class Sum:
    """What a filter finds: how many in all, how many fit, and how many do not, by why."""

    found: int
    fitting: int
    refused: dict

    @property
    def told(self):
        """(sentence, how many) of those that do not fit."""
        return [(WHY[code], count) for code, count in self.refused.items() if count]


def judged(batch, enterprises, action):
    """Enterprises, each with `verdict`: '' where it fits the draft and its list, else a key of WHY."""
    standing = batch.white_list.listings.standing().filter(enterprise=OuterRef("pk"))
    wished = batch.lines.filter(enterprise=OuterRef("pk"))
    own = Q(division__code__startswith=batch.white_list.office.division.prefix)
    cases = [(Exists(wished), "in_batch")]
    if action == Action.ADD:
        cases += [(~own, "outside_division"), (Exists(standing), "already_listed")]
        cases += [(~Q(status=Standing.ACTIVE), "not_active")]
    else:
        cases += [(~Exists(standing), "not_listed")]
    whens = [When(condition, then=Value(code)) for condition, code in cases]
    return enterprises.annotate(verdict=Case(*whens, default=Value(FITS), output_field=CharField()))


def sum_up(batch, enterprises, *, action):
    rows = judged(batch, enterprises, action).order_by().values("verdict").annotate(n=Count("pk"))
    counts = {row["verdict"]: row["n"] for row in rows}
    fitting = counts.pop(FITS, 0)
    return Sum(fitting + sum(counts.values()), fitting, {code: counts.get(code, 0) for code in WHY})


def some_of(batch, enterprises, *, action):
    """The first of those that fit, to look at before they are taken."""
    fitting = judged(batch, enterprises, action).filter(verdict=FITS)
    return list(fitting.order_by("name", "pk")[:NAMES_SHOWN])


@transaction.atomic
def put_matching(batch, enterprises, *, action, reason, by, note="", version=None):
    """Put a line for everybody of `enterprises` who fits. Returns (how many lines, [(code, name, why not)]).

    It is one statement over all of them; `version` is the one its reader saw.
    """
    hold(batch, by=by, may=may_draft_batch, version=version)
    batch = for_edit(batch, by)
    if action not in ACTIONS:
        told = _("By a filter enterprises are added or removed; amend them one by one.")
        raise DomainError(told, errors=[Fault("action", "invalid", told)])
    rows = judged(batch, enterprises.visible_to(by), action)
    refused = list(
        rows.exclude(verdict=FITS).order_by("name", "pk").values_list("uscc", "registration_no", "name", "verdict")
    )
    chosen = rows.filter(verdict=FITS).order_by().values_list("pk", "field", "chain")
    sql, params = chosen.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(PUT.format(chosen=sql), [batch.pk, action, reason, note, by.pk, *params])
        count = cursor.rowcount
    if count:
        touch(batch)
        record(batch, "lines put", by=by, after={"count": count, "action": action, "by filter": True}, note=note)
    return count, [(uscc or number, name, WHY[code]) for uscc, number, name, code in refused[:MOST_TOLD]]


def everybody(user):
    return Enterprise.objects.visible_to(user)


def said(count, refused):
    """What became of it, in one sentence."""
    done = ngettext("%(n)s line added to the batch.", "%(n)s lines added to the batch.", count) % {"n": count}
    if not refused:
        return done
    left = ngettext("%(n)s enterprise did not fit.", "%(n)s enterprises did not fit.", len(refused))
    return f"{done} {left % {'n': len(refused)}}"
