"""Verbs on adjustment proposals: take up, dismiss; one by one or many at once, each with its own result."""

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from enterprises.whitelists.adjustments import policies
from enterprises.whitelists.adjustments.evidence import sentence_of
from enterprises.whitelists.adjustments.flows import ADJUSTMENT_FLOW
from enterprises.whitelists.adjustments.models import AdjustmentProposal
from enterprises.whitelists.adjustments.words import Ground, Proposed
from enterprises.whitelists.drafts import draft_on, put_line
from enterprises.whitelists.words import Action, Reason
from whitelist.audit.services import advance
from whitelist.core.days import today
from whitelist.core.errors import DomainError, Fault, NotAllowed

REASONS = {Ground.RESUMED: Reason.RESUMED, Ground.RETIRED: Reason.RETIRED}
MOST_AT_ONCE = 500


def reason_of(proposal):
    """The coded reason of the line that a proposal becomes."""
    if proposal.ground == Ground.SUPPLIER_IN_RED:
        return Reason.SOLE_SUPPLIER if proposal.evidence.get("sole") else Reason.KEY_LINK
    return REASONS[Ground(proposal.ground)]


@transaction.atomic
def take(proposal, *, by, batch=None, note=""):
    """Do what is proposed: a line in a draft of the list, which others decide on, or a reminder to the enterprise."""
    proposal = _locked(proposal)
    ADJUSTMENT_FLOW.check(proposal, "take", by=by)
    if proposal.action == Proposed.ASK:
        import_string(settings.ADJUSTMENT_ASKER)(proposal.enterprise, day=proposal.last_day, by=by)
        line = None
    else:
        title = _("Adjustments of %(day)s") % {"day": today()}
        draft = draft_on(proposal.white_list, by=by, title=title, batch=batch, holding=proposal.enterprise)
        action = Action.ADD if proposal.action == Proposed.ADD else Action.REMOVE
        text = " ".join(filter(None, [sentence_of(proposal), note]))
        line = put_line(draft, proposal.enterprise, action=action, reason=reason_of(proposal), note=text, by=by)
    return _decided(proposal, "take", by=by, note=note, line=line)


@transaction.atomic
def dismiss(proposal, *, reason, by, note=""):
    """Leave the list as it is. It is not proposed again for as long as the same facts hold."""
    proposal = _locked(proposal)
    ADJUSTMENT_FLOW.check(proposal, "dismiss", by=by)
    if not reason:
        told = _("A dismissal needs a reason.")
        raise DomainError(told, errors=[Fault("reason", "required", told)])
    return _decided(proposal, "dismiss", by=by, note=note, dismiss_reason=reason)


def _decided(proposal, step, *, by, note, **told):
    """The proposal after its step; its note stands on it and in the trail."""
    proposal.note = note
    proposal.save(update_fields=["note"])
    return advance(proposal, ADJUSTMENT_FLOW, step, by=by, note=note, decided_by=by, decided_at=timezone.now(), **told)


def decide_many(ids, *, verb, by, reason="", note=""):
    """Take up or dismiss several, each with its own result: a list of (id, proposal or None, "" or a refusal)."""
    if not policies.may_decide_adjustments(by):
        raise NotAllowed
    ids = list(dict.fromkeys(ids))
    if len(ids) > MOST_AT_ONCE:
        raise DomainError(_("At most %(most)s at once; these are %(n)s.") % {"most": MOST_AT_ONCE, "n": len(ids)})
    known = {row.pk: row for row in AdjustmentProposal.objects.visible_to(by).filter(pk__in=ids).for_page()}
    results = []
    for pk in ids:
        row, refusal = known.get(pk), ""
        try:
            if row is None:
                raise DomainError(_("There is no such proposal."))
            row = take(row, by=by, note=note) if verb == "take" else dismiss(row, reason=reason, by=by, note=note)
        except DomainError as fault:
            refusal = str(fault)
        results.append((pk, row, refusal))
    return results


def _locked(proposal):
    rows = AdjustmentProposal.objects.select_for_update(of=("self",)).order_by("pk")
    return rows.select_related("enterprise", "white_list__office").get(pk=proposal.pk)
