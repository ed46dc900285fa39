"""Batches change lists, and only as two people decided."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from enterprises.models import Batch, Listing
from enterprises.whitelists import services
from whitelist.audit.models import AuditEntry
from whitelist.core import seal
from whitelist.core.errors import Conflict, DomainError, NotAllowed, WrongState
from whitelist.delivery.models import OutboxEvent

DAY = date(2022, 5, 1)


def violated(fault):
    return fault.value.__cause__.diag.constraint_name


def test_a_published_batch_puts_its_enterprises_on_the_list(make):
    batch = make.batch("published", effective_on=DAY)
    assert Listing.objects.in_force(DAY).filter(opened_by=batch).count() == 1
    assert not Listing.objects.in_force(date(2022, 4, 30)).exists()
    assert batch.number == 1
    assert seal.is_genuine(batch.file.encode(), batch.file_signature)
    assert not seal.is_genuine(batch.file.encode() + b" ", batch.file_signature)
    assert OutboxEvent.objects.filter(name="enterprises.announce_batch").count() == 1
    assert AuditEntry.objects.about(batch).filter(verb="publish").count() == 1


def test_the_author_does_not_approve(make):
    editor = make.user()
    batch = make.batch("submitted", editor=editor)
    with pytest.raises(NotAllowed):
        services.approve_batch(batch, by=editor)


def test_the_database_refuses_the_authors_approval_too(make):
    editor = make.user()
    batch = make.batch("submitted", editor=editor)
    with pytest.raises(IntegrityError) as fault, transaction.atomic():
        Batch.objects.filter(pk=batch.pk).update(status="approved", approved_by=editor)
    assert violated(fault) == "batch_four_eyes"


def test_a_system_counts_as_the_person_responsible_for_it(make):
    approver = make.user()
    system = make.user(is_system=True, responsible=approver)
    batch = make.batch("submitted", editor=system)
    with pytest.raises(NotAllowed):
        services.approve_batch(batch, by=approver)
    with pytest.raises(IntegrityError) as fault, transaction.atomic():
        Batch.objects.filter(pk=batch.pk).update(status="approved", approved_by=approver)
    assert violated(fault) == "batch_four_eyes"


def test_lines_are_fixed_once_submitted(make):
    batch = make.batch("submitted")
    with pytest.raises(WrongState):
        services.put_lines(
            batch, [{"enterprise": make.enterprise(), "action": "add", "reason": "key_link"}], by=batch.drafted_by
        )
    with pytest.raises(IntegrityError) as fault, transaction.atomic():
        batch.lines.update(note="changed")
    assert violated(fault) == "batch_content_is_fixed"


def test_a_published_batch_never_changes(make):
    batch = make.batch("published")
    with pytest.raises(IntegrityError) as fault, transaction.atomic():
        Batch.objects.filter(pk=batch.pk).update(title="other")
    assert violated(fault) == "batch_published_is_final"


def test_undecided_lines_hold_the_approval_back(make):
    batch = make.batch("submitted")
    with pytest.raises(Conflict):
        services.approve_batch(batch, by=make.user())


def test_adding_twice_is_refused_at_submission(make):
    listing = make.listing()
    with pytest.raises(DomainError) as refusal:
        make.batch("submitted", on=listing.white_list, enterprises=[listing.enterprise])
    assert [fault.code for fault in refusal.value.errors] == ["already_listed"]


def test_removal_ends_the_listing_on_the_effective_day(make):
    listing = make.listing(since=DAY)
    gone = make.batch(
        "published",
        on=listing.white_list,
        enterprises=[listing.enterprise],
        action="remove",
        effective_on=date(2022, 6, 1),
    )
    listing.refresh_from_db()
    assert (listing.days.lower, listing.days.upper, listing.closed_by) == (DAY, date(2022, 6, 1), gone)
    assert gone.number == 2


def test_reverting_restores_what_was(make):
    listing = make.listing(since=DAY)
    white_list = listing.white_list
    gone = make.batch(
        "published", on=white_list, enterprises=[listing.enterprise], action="remove", effective_on=date(2022, 6, 1)
    )
    undo = services.revert_batch(gone, by=make.user())
    assert [(line.enterprise, line.action) for line in undo.lines.all()] == [(listing.enterprise, "add")]


def test_difference_of_two_days(make):
    listing = make.listing(since=DAY)
    other = make.enterprise()
    make.batch("published", on=listing.white_list, enterprises=[other], effective_on=date(2022, 5, 10))
    everything = listing.white_list.listings.all()
    added, removed, amended = services.changes_between(everything, date(2022, 5, 1), date(2022, 5, 10))
    assert [each.enterprise for each in added] == [other]
    assert (list(removed), list(amended)) == ([], [])


def test_an_approved_batch_that_no_longer_fits_is_returned_and_decided_anew(make):
    firm, on, editor, approver = make.enterprise(), make.white_list(), make.user(), make.user()
    waiting = make.batch("approved", on=on, enterprises=[firm, make.enterprise()], editor=editor, approver=approver)
    make.batch("published", on=on, enterprises=[firm], effective_on=on.opened_on)
    with pytest.raises(Conflict):
        services.publish_batch(waiting, document_number="Test 2", effective_on=on.opened_on, by=approver)
    services.return_batch(waiting, reason="conflict", by=approver)
    waiting = services.redraft_batch(waiting, by=editor)
    services.drop_lines(waiting, list(waiting.lines.filter(enterprise=firm).values_list("pk", flat=True)), by=editor)
    waiting = services.submit_batch(waiting, by=editor)
    services.decide_lines(waiting, list(waiting.lines.values_list("pk", flat=True)), decision="accepted", by=approver)
    waiting = services.approve_batch(waiting, by=approver)
    assert services.publish_batch(waiting, document_number="Test 2", effective_on=on.opened_on, by=approver).number == 2
