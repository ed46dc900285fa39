"""A list ends on a day by two people; from that day on nothing on it counts, and its report stays as it was written."""

import json
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from enterprises.models import ClosingReport, Enterprise, ListClosing, Listing, ReportDue, WhiteList
from enterprises.recognition.question import recognised
from enterprises.resumption.services import freeze_due
from enterprises.whitelists import services as lists
from enterprises.whitelists.closing import services
from whitelist.core import seal
from whitelist.core.days import ONE, at_end, today, yesterday
from whitelist.core.errors import Conflict, DomainError, NotAllowed, WrongState


@pytest.fixture
def closing(make, editor):
    listing = make.listing(since=today() - 5 * ONE)
    return services.propose_closing(listing.white_list, ends_on=today() + ONE, by=editor)


def confirmed(make, closing):
    return services.confirm_closing(closing, by=make.user(closing.white_list.office.division_id))


def test_a_list_ends_with_its_standing_listings(make, closing):
    firm = Enterprise.objects.get()
    confirmed(make, closing)
    white_list, listing = WhiteList.objects.get(), Listing.objects.get()
    assert white_list.ends_on == white_list.closed_on == listing.days.upper == today() + ONE
    assert Listing.objects.in_force(today()).count() == 1 and not Listing.objects.in_force(today() + ONE).exists()
    assert recognised(firm, "310000", today()) and not recognised(firm, "310000", today() + ONE)


def test_by_the_clock_nothing_counts_from_the_end_on(make, monkeypatch):
    white_list = make.white_list(ends_on=today() + 2 * ONE)
    firm = make.listing(on=white_list, since=today() - ONE).enterprise
    later = at_end(today() + 3 * ONE)
    with monkeypatch.context() as clock:
        clock.setattr(timezone, "now", lambda: later)
        assert Listing.objects.standing().exists(), "nobody closed the list and no job ran"
        assert not Listing.objects.in_force(today()).exists()
        assert not Enterprise.objects.listed_on(today()).exists()
        assert not recognised(firm, "310000", today())
        assert freeze_due(yesterday()) == 0 and not ReportDue.objects.exists()
        assert not Listing.objects.get().is_in_force(today()) and WhiteList.objects.get().has_ended
    assert Listing.objects.in_force(today()).exists()


def test_who_proposed_does_not_confirm(make, closing, editor):
    with pytest.raises(NotAllowed):
        services.confirm_closing(closing, by=editor)
    system = make.user(office=editor.office, is_system=True, responsible=editor)
    with pytest.raises(NotAllowed):
        services.confirm_closing(closing, by=system)


@pytest.mark.parametrize("who", ["same person", "a system of the same person", "nobody"])
def test_the_database_refuses_one_pair_of_eyes(make, closing, editor, who):
    hands = {
        "same person": editor,
        "a system of the same person": make.user(office=editor.office, is_system=True, responsible=editor),
        "nobody": None,
    }
    with pytest.raises(IntegrityError, match="does not confirm"), transaction.atomic():
        ListClosing.objects.filter(pk=closing.pk).update(status="confirmed", confirmed_by=hands[who])
    with pytest.raises(IntegrityError, match="closed by two"), transaction.atomic():
        WhiteList.objects.update(closed_on=today() + ONE, ends_on=today() + ONE)
    with pytest.raises(IntegrityError, match="closed by two"), transaction.atomic():
        WhiteList.objects.update(ends_on=today())
    with pytest.raises(IntegrityError, match="begins as a proposal"), transaction.atomic():
        ListClosing.objects.create(
            white_list=make.white_list(), ends_on=today(), proposed_by=editor, status="confirmed", confirmed_by=editor
        )


def test_a_closing_is_final_and_kept(make, closing):
    done = confirmed(make, closing)
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        ListClosing.objects.filter(pk=done.pk).update(note="later")
    with pytest.raises(Exception, match="Cannot delete"), transaction.atomic():
        ListClosing.objects.filter(pk=done.pk).delete()
    with pytest.raises(WrongState):
        services.withdraw_closing(done, by=make.user("310000"))


def test_a_list_is_closed_once(make, closing, editor):
    with pytest.raises(Conflict):
        services.propose_closing(closing.white_list, ends_on=today() + ONE, by=editor)
    services.withdraw_closing(closing, by=editor)
    again = services.propose_closing(closing.white_list, ends_on=today() + 2 * ONE, by=editor)
    confirmed(make, again)
    with pytest.raises(WrongState):
        services.propose_closing(again.white_list, ends_on=today() + ONE, by=editor)


def test_only_possible_days(make, editor):
    listing = make.listing(since=today())
    for day in (today() - ONE, today(), listing.white_list.ends_on + ONE):
        with pytest.raises(DomainError) as refusal:
            services.propose_closing(listing.white_list, ends_on=day, by=editor)
        assert [fault.pointer for fault in refusal.value.errors] == ["ends_on"]


def test_a_list_whose_day_is_over_is_closed_on_that_day(make, editor):
    white_list = make.white_list(ends_on=today() - ONE)
    make.listing(on=white_list, since=today() - 9 * ONE)
    with pytest.raises(DomainError, match="only end on"):
        services.propose_closing(white_list, ends_on=today(), by=editor)
    done = confirmed(make, services.propose_closing(white_list, ends_on=today() - ONE, by=editor))
    assert Listing.objects.get().days.upper == done.ends_on


def test_a_closed_list_takes_no_batch(make, editor):
    white_list = make.white_list()
    approved = make.batch("approved", on=white_list)
    confirmed(make, services.propose_closing(white_list, ends_on=today() + 9 * ONE, by=editor))
    with pytest.raises(WrongState, match="closed on"):
        lists.publish_batch(approved, document_number="1", effective_on=today(), by=make.user("310000"))
    with pytest.raises(WrongState):
        lists.draft_batch(WhiteList.objects.get(), title="More", by=make.user("310000"))


def test_the_report_counts_by_batch_chain_division_time_and_day(make, editor):
    white_list = make.white_list()
    start = today() - 10 * ONE
    firms = [make.enterprise("310115", chain="food"), make.enterprise("310104", chain="medicine")]
    make.batch("published", on=white_list, enterprises=firms, effective_on=start)
    make.batch("published", on=white_list, enterprises=firms[:1], action="remove", effective_on=start + 4 * ONE)
    freeze_due(start)
    done = confirmed(make, services.propose_closing(white_list, ends_on=today(), by=editor))
    assert services.leave_reports(timezone.now() - timedelta(days=2)) == 0, "its last reports are not due yet"
    assert services.leave_reports(done.report_due_at) == 1 and services.leave_reports(done.report_due_at) == 0
    report = ClosingReport.objects.get()
    body = report.body
    assert seal.is_genuine(report.file.encode(), report.file_signature)
    assert body["total"] == {"enterprises": 2, "at_end": 1}
    assert [(b["number"], b["added"], b["removed"], b["at_end"]) for b in body["batches"]] == [
        (1, 2, 0, 1),
        (2, 0, 1, 0),
    ]
    assert {(c["key"], c["enterprises"], c["at_end"]) for c in body["chains"]} == {("food", 1, 0), ("medicine", 1, 1)}
    assert {d["key"] for d in body["divisions"]} == {"310104", "310115"}
    assert body["time"]["median_days"] == 4
    assert [(s["from"], s["enterprises"]) for s in body["time"]["spans"]][:1] == [(0, 2)]
    assert [(r["day"], r["denominator"], r["coverage"]["none"]) for r in body["resumption"]] == [(str(start), 2, 2)]
    assert json.loads(report.file) == body


def test_the_report_never_changes(make, editor):
    white_list = make.listing(since=today() - 5 * ONE).white_list
    done = confirmed(make, services.propose_closing(white_list, ends_on=today(), by=editor))
    services.leave_reports(done.report_due_at)
    for attempt in (lambda: ClosingReport.objects.update(file="{}"), lambda: ClosingReport.objects.all().delete()):
        with pytest.raises(Exception, match="Cannot"), transaction.atomic():
            attempt()
