"""Verbs on lists and batches. Nothing else changes what a list contains. Those on lines stand in `lines.py`."""

import json

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enterprises.register.models import Enterprise
from enterprises.whitelists import policies, publication
from enterprises.whitelists.batches.climbing import told_above
from enterprises.whitelists.flows import BATCH_FLOW
from enterprises.whitelists.lines import (
    LINE,
    check_edit,
    drop_lines,
    fault_of,
    faults_in,
    for_edit,
    locked,
    put_lines,
    touch,
    wording_of,
)
from enterprises.whitelists.models import Batch, WhiteList
from enterprises.whitelists.words import Action, BatchStatus, Decision, Reason
from whitelist.accounts.models import Duty, User
from whitelist.audit.services import advance, record
from whitelist.core import seal
from whitelist.core.errors import Conflict, DomainError, Fault, NotAllowed, Stale, WrongState
from whitelist.delivery.services import later

__all__ = ["check_edit", "drop_lines", "fault_of", "faults_in", "put_lines", "wording_of"]


def check_open(*, by):
    if not policies.may_open_list(by):
        raise NotAllowed(_("A list is opened by an approver of the office whose list it is to be."))


@transaction.atomic
def open_list(*, office, kind, title, opened_on, ends_on, by):
    """Open a white list of one's own office; it has its end from the start."""
    check_open(by=by)
    if not by.holds(Duty.APPROVE, office):
        raise NotAllowed
    if ends_on <= opened_on:
        told = _("A list ends after the day it is opened.")
        raise DomainError(told, errors=[Fault("ends_on", "before_opening", told)])
    try:
        with transaction.atomic():
            made = WhiteList.objects.create(office=office, kind=kind, title=title, opened_on=opened_on, ends_on=ends_on)
    except IntegrityError:
        told = _("This office has a list of that title already.")
        raise DomainError(told, errors=[Fault("title", "taken", told)]) from None
    record(made, "opened", by=by, after={"title": title, "opened_on": opened_on, "ends_on": ends_on})
    return made


def check_draft(white_list, *, by):
    """Refuse whoever may not draft on this list, and everybody once it is closed."""
    if not policies.may_draft_on(by, white_list):
        raise NotAllowed(_("Batches on this list are drafted in its own office: %(office)s."), office=white_list.office)
    if white_list.closed_on:
        raise WrongState(_("This list was closed on %(day)s."), day=white_list.closed_on)


@transaction.atomic
def draft_batch(white_list, *, title, by, reverts=None):
    """An empty batch on a list of one's own office."""
    check_draft(white_list, by=by)
    batch = Batch.objects.create(white_list=white_list, title=title, drafted_by=by, reverts=reverts)
    record(batch, "drafted", by=by, after={"title": title})
    return batch


@transaction.atomic
def hold(batch, *, by, may, version=None):
    """The batch as it stands, locked until the transaction ends, if this user may do what is wanted.

    `version` is the one its reader saw: with another one nothing is done, because it was decided on something else.
    """
    batch = locked(batch)
    if not may(by, batch):
        raise NotAllowed
    if version is not None and str(batch.version) != str(version):
        raise Stale(_("The batch has changed since you opened it. Look at it again; nothing was done."))
    return batch


@transaction.atomic
def rename_batch(batch, *, title, by):
    batch = for_edit(batch, by)
    before, batch.title = batch.title, title
    batch.version += 1
    batch.save(update_fields=["title", "version"])
    record(batch, "renamed", by=by, before={"title": before}, after={"title": title})
    return batch


def _check_fit(batch):
    faults = faults_in(batch)
    if faults:
        raise Conflict(
            _("%(n)s lines no longer fit the list as it stands."), code="lines_do_not_fit", errors=faults, n=len(faults)
        )


def content_of(batch):
    """What is decided upon, in canonical order: the wishes, not the decisions."""
    lines = batch.lines.select_related("enterprise")
    return sorted(
        ([line.enterprise.code, *(getattr(line, name) for name in LINE)] for line in lines), key=lambda line: line[0]
    )


def hash_of(batch):
    return seal.sha256(seal.canonical(content_of(batch)))


@transaction.atomic
def submit_batch(batch, *, by, note=""):
    """Hand a draft to the second person. From here on its lines are fixed."""
    batch = locked(batch)
    BATCH_FLOW.check(batch, "submit", by=by)
    if not batch.lines.exists():
        raise DomainError(_("The batch has no lines yet."), code="no_lines")
    faults = faults_in(batch)
    if faults:
        raise DomainError(
            _("%(n)s lines do not fit the list as it stands."), code="lines_do_not_fit", errors=faults, n=len(faults)
        )
    batch.lines.exclude(decision=Decision.UNDECIDED).update(
        decision=Decision.UNDECIDED, decision_reason="", decision_note="", decided_by=None
    )
    batch = advance(
        batch,
        BATCH_FLOW,
        "submit",
        by=by,
        note=note,
        submitted_by=by,
        submitted_at=timezone.now(),
        content_hash=hash_of(batch),
    )
    later("enterprises.ask_decision", batch=batch.pk)
    return batch


@transaction.atomic
def decide_lines(batch, line_ids, *, decision, by, reason="", note=""):
    """Accept or reject lines, each with its own result: a list of (line id, "" or a refusal).

    Without ids it is all lines that nobody has decided yet.
    """
    batch = locked(batch)
    if not policies.may_decide_batch(by, batch):
        raise NotAllowed(
            _("Lines are decided by somebody who did not write them, of the list's office or of one it has climbed to.")
        )
    if batch.status != BatchStatus.SUBMITTED:
        raise WrongState(
            _("Lines are decided while the batch is submitted; this one is %(state)s."),
            state=batch.get_status_display(),
        )
    if decision == Decision.REJECTED and not reason:
        told = _("A rejection needs a reason.")
        raise DomainError(told, errors=[Fault("reason", "required", told)])
    if line_ids is None:
        line_ids = list(batch.lines.undecided().order_by("pk").values_list("pk", flat=True))
    known = set(batch.lines.filter(pk__in=line_ids).values_list("pk", flat=True))
    rejected = decision == Decision.REJECTED
    if known:
        batch.lines.filter(pk__in=known).update(
            decision=decision,
            decision_reason=reason if rejected else "",
            decision_note=note,
            decided_by=None if decision == Decision.UNDECIDED else by,
        )
        touch(batch)
        record(
            batch,
            "lines decided",
            by=by,
            after={"decision": decision, "count": len(known), "reason": reason if rejected else ""},
            note=note,
        )
    return [(pk, "" if pk in known else str(_("There is no such line in this batch."))) for pk in line_ids]


def deciders(batch):
    """The people who may decide the batch, of the list's office and of those it climbed to, without a hand in it."""
    people = User.objects.filter(office=batch.white_list.office_id, is_active=True, is_system=False)
    people = people.holding(Duty.APPROVE) | told_above(batch)
    return list(people.exclude(pk__in=batch.author_ids).order_by("name", "username"))


@transaction.atomic
def return_batch(batch, *, reason, by, note=""):
    batch = advance(batch, BATCH_FLOW, "return", by=by, note=note, return_reason=reason, return_note=note)
    later("enterprises.tell_returned", batch=batch.pk)
    return batch


def redraft_batch(batch, *, by, note=""):
    return advance(batch, BATCH_FLOW, "redraft", by=by, note=note)


def withdraw_batch(batch, *, by, note=""):
    return advance(batch, BATCH_FLOW, "withdraw", by=by, note=note)


@transaction.atomic
def approve_batch(batch, *, by, note=""):
    """Approve what was submitted, line by line decided, by a second person."""
    batch = locked(batch)
    BATCH_FLOW.check(batch, "approve", by=by)
    undecided = batch.lines.undecided().count()
    if undecided:
        raise Conflict(_("%(n)s lines are not decided yet."), code="undecided_lines", n=undecided)
    if not batch.lines.accepted().exists():
        raise Conflict(_("No line is accepted; return the batch instead."), code="nothing_accepted")
    if hash_of(batch) != batch.content_hash:
        raise Conflict(_("The lines are not those that were submitted."), code="content_changed")
    _check_fit(batch)
    return advance(batch, BATCH_FLOW, "approve", by=by, note=note, approved_by=by, approved_at=timezone.now())


@transaction.atomic
def publish_batch(batch, *, document_number, effective_on, by, note=""):
    """Give the batch its number, open and close the listings it decided, sign its file; it cannot change any more."""
    batch = locked(batch)
    BATCH_FLOW.check(batch, "publish", by=by)
    white_list = WhiteList.objects.select_for_update(no_key=True).order_by("pk").get(pk=batch.white_list_id)
    if white_list.closed_on:
        raise WrongState(_("This list was closed on %(day)s."), day=white_list.closed_on)
    _check_fit(batch)
    publication.check_day(batch, effective_on)
    number = (batch.white_list.batches.aggregate(last=Max("number"))["last"] or 0) + 1
    batch.number, batch.document_number, batch.effective_on = number, document_number, effective_on
    publication.apply(batch)
    publication.leave_file(batch)
    batch = advance(
        batch,
        BATCH_FLOW,
        "publish",
        by=by,
        note=note,
        number=number,
        document_number=document_number,
        effective_on=effective_on,
        published_by=by,
        published_at=timezone.now(),
    )
    later("enterprises.announce_batch", batch=batch.pk)
    return batch


def enterprise_of(code, *, by):
    """The enterprise with this code (or id) within the user's scope, None where there is none."""
    return Enterprise.objects.visible_to(by).named(code).first()


def seal_of(row):
    """What proves the file of a published batch or of a closing report, as headers of the answer that carries it."""
    key = json.loads(row.file)["key_id"]
    return {"X-Content-SHA256": row.file_hash, "X-Signature": row.file_signature, "X-Key-Id": key}


def check_revert(batch, *, by):
    """Refuse whoever may not draft on this list, and a batch that has changed nothing yet."""
    if not policies.may_draft_batch(by, batch):
        raise NotAllowed
    if batch.status != BatchStatus.PUBLISHED:
        raise WrongState(_("Only a published batch is undone by another."))


@transaction.atomic
def revert_batch(batch, *, by, note=""):
    """A new draft that undoes a published batch; the published one stays as it is."""
    check_revert(batch, by=by)
    title = _("Undoes batch %(number)s") % {"number": batch.number}
    undo = draft_batch(batch.white_list, title=str(title), by=by, reverts=batch)
    before = {listing.enterprise_id: listing for listing in batch.closed_listings.all()}
    lines = []
    for line in batch.lines.accepted().select_related("enterprise"):
        old = before.get(line.enterprise_id)
        action = {Action.ADD: Action.REMOVE, Action.REMOVE: Action.ADD, Action.AMEND: Action.AMEND}[Action(line.action)]
        lines.append(
            {
                "enterprise": line.enterprise,
                "action": action,
                "field": old.field if old else line.field,
                "chain": old.chain if old else line.chain,
                "reason": Reason.UNDO,
                "note": note,
            }
        )
    put_lines(undo, lines, by=by)
    undo.refresh_from_db()
    return undo


def changes_between(listings, first, second):
    """What changed on a list between two days, as three sets of its listings: added, removed, amended."""
    return publication.compare(listings.in_force(first), listings.in_force(second))


def changes_of_batches(listings, first, second):
    """What changed on a list from after one published batch to after another; without a first, from the empty list."""
    then = listings.in_force_after(first.number) if first else listings.none()
    return publication.compare(then, listings.in_force_after(second.number))
