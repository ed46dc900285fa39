"""What the day's facts propose, that it is proposed once, and what people make of it."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from alerts.warnings import services as warnings
from enterprises.models import AdjustmentProposal, AdjustmentRun, Batch, DailyReport, Reminder, ReportDue
from enterprises.register.services import retire_enterprise
from enterprises.whitelists import services as lists
from enterprises.whitelists.adjustments import services
from enterprises.whitelists.adjustments.daily import propose_adjustments
from enterprises.whitelists.adjustments.evidence import sentence_of
from whitelist.core.days import ONE, at_end, days_between, due_at, yesterday
from whitelist.core.errors import Conflict, DomainError, NotAllowed, WrongState

DAY = yesterday()


def proposals(**wanted):
    return list(AdjustmentProposal.objects.filter(**wanted).order_by("pk"))


def listed(make, since=40, **fields):
    firm = make.enterprise("310115", **fields)
    return make.listing(firm, since=DAY - ONE * since)


def write_days(listing, first, last, state="normal", output=95, silent=()):
    """Frozen days of one enterprise with their reports, but for the silent days."""
    for day in days_between(first, last):
        report = None
        if day not in silent:
            report = DailyReport.objects.create(
                enterprise=listing.enterprise, day=day, state=state, output=output, receipt=f"R{listing.pk}-{day:%m%d}"
            )
        ReportDue.objects.create(enterprise=listing.enterprise, day=day, due_at=due_at(day), report=report)


def make_retired(make, by):
    listing = listed(make)
    retire_enterprise(listing.enterprise, reason="closed", on=DAY, by=by)
    return listing


# The finders


def test_a_retired_enterprise_that_is_still_listed_should_leave(make, shanghai):
    listing = make_retired(make, shanghai)
    listed(make)
    propose_adjustments(DAY)
    (found,) = proposals(ground="retired")
    assert (found.enterprise, found.white_list, found.action) == (listing.enterprise, listing.white_list, "remove")
    assert "No longer active since" in sentence_of(found) and "listed since" in sentence_of(found)


def test_thirty_steady_days_suggest_leaving(make):
    steady = listed(make, normal_output=100)
    write_days(steady, DAY - ONE * 29, DAY, silent={DAY - ONE * 9})
    ReportDue.objects.filter(report=None).update(
        carried_from=DailyReport.objects.get(enterprise=steady.enterprise, day=DAY - ONE * 10)
    )
    propose_adjustments(DAY)
    (found,) = proposals(ground="resumed")
    assert (found.enterprise, found.action) == (steady.enterprise, "remove")
    assert found.evidence | {"since": ""} == {"days": 30, "reports": 29, "output": "95.0", "since": ""}
    assert sentence_of(found) == "Producing on each of the last 30 days, by 29 reports; on average 95 % of normal."


@pytest.mark.parametrize(
    ("why", "changed"),
    [
        ("29 days", {"first": DAY - ONE * 28}),
        ("low output", {"output": 60}),
        ("too many days without a report", {"silent": set(days_between(DAY - ONE * 5, DAY - ONE * 2))}),
        ("stopped", {"state": "stopped"}),
    ],
)
def test_what_is_not_steady_stays(make, why, changed):
    listing = listed(make, normal_output=100)
    write_days(listing, **{"first": DAY - ONE * 29, "last": DAY, **changed})
    for due in ReportDue.objects.filter(report=None):
        due.carried_from = DailyReport.objects.filter(day__lt=due.day).order_by("-day").first()
        due.save()
    propose_adjustments(DAY)
    assert not proposals(ground="resumed"), why


def test_one_stopped_day_and_it_is_not_steady(make):
    listing = listed(make, normal_output=100)
    write_days(listing, DAY - ONE * 29, DAY)
    DailyReport.objects.filter(day=DAY - ONE * 3).update(state="stopped")
    propose_adjustments(DAY)
    assert not proposals(ground="resumed")


def test_five_silent_days_suggest_asking(make):
    quiet, never, four = listed(make), listed(make), listed(make)
    write_days(quiet, DAY - ONE * 7, DAY, silent=set(days_between(DAY - ONE * 4, DAY)))
    write_days(never, DAY - ONE * 5, DAY, silent=set(days_between(DAY - ONE * 5, DAY)))
    write_days(four, DAY - ONE * 7, DAY, silent=set(days_between(DAY - ONE * 3, DAY)))
    propose_adjustments(DAY)
    found = {row.enterprise_id: row for row in proposals(ground="silent")}
    assert set(found) == {quiet.enterprise_id, never.enterprise_id}
    assert {row.action for row in found.values()} == {"ask"}
    assert sentence_of(found[quiet.enterprise_id]).startswith("No report for 5 days; the last one was for")
    assert sentence_of(found[never.enterprise_id]) == "No report for 5 days; none before."


@pytest.fixture
def red(make, shanghai, jilin):
    """A listed buyer in Shanghai, red for a part that an unlisted plant in Jilin makes."""
    part = make.material("ecu-12v", name="控制单元", name_en="Control unit")
    buyer = listed(make, name="上海买方（虚构）").enterprise
    make.key_material(buyer, part)
    target = make.white_list("220000")
    supplier = make.enterprise("220102")
    make.supply_link(supplier=supplier, buyer=buyer, material=part, is_sole_source=True)
    make.report(buyer, stock=[(part, 100, 100)], by=shanghai)
    return {"buyer": buyer, "supplier": supplier, "target": target, "part": part}


def test_the_unlisted_supplier_of_a_listed_enterprise_in_red_should_join(make, red):
    propose_adjustments(DAY)
    assert not proposals(ground="supplier_in_red"), "before the day's run nothing is said"
    warnings.run(DAY)
    propose_adjustments(DAY)
    (found,) = proposals(ground="supplier_in_red")
    assert (found.enterprise, found.white_list, found.action) == (red["supplier"], red["target"], "add")
    assert "上海买方（虚构）, which is listed and red for Control unit" in sentence_of(found)
    assert "It is the sole source." in sentence_of(found)
    assert "100" not in str(found.evidence), "the buyer's stock is nobody else's business"


def test_a_listed_supplier_needs_no_proposal_and_one_without_a_list_gets_none(make, red):
    make.listing(red["supplier"])
    make.supply_link(supplier=make.enterprise("440103"), buyer=red["buyer"], material=red["part"])
    warnings.run(DAY)
    propose_adjustments(DAY)
    assert not proposals(ground="supplier_in_red")


# The job


def test_twice_is_once_and_new_numbers_replace_the_old(make, shanghai):
    make_retired(make, shanghai)
    first = propose_adjustments(DAY - ONE, now=at_end(DAY))
    assert first.counts["retired"] == 0, "it retired on the next day"
    propose_adjustments(DAY)
    (row,) = proposals()
    kept = (row.pk, row.first_day, row.last_day, row.version, row.evidence)
    propose_adjustments(DAY)
    (again,) = proposals()
    assert (again.pk, again.first_day, again.last_day, again.version, again.evidence) == kept
    assert AdjustmentRun.objects.get(day=DAY).counts["retired"] == 1


def test_facts_that_no_longer_hold_end_the_proposal(make):
    quiet = listed(make)
    write_days(quiet, DAY - ONE * 7, DAY, silent=set(days_between(DAY - ONE * 4, DAY)))
    propose_adjustments(DAY)
    make.report(quiet.enterprise, DAY)
    propose_adjustments(DAY)
    assert [row.status for row in proposals()] == ["over"]


def test_a_ground_without_facts_is_left_as_it_was(make, red):
    warnings.run(DAY - ONE)
    make.report(red["buyer"], DAY - ONE, stock=[(red["part"], 100, 100)])
    warnings.run(DAY - ONE)
    propose_adjustments(DAY - ONE)
    (row,) = proposals(ground="supplier_in_red")
    propose_adjustments(DAY)
    row.refresh_from_db()
    assert row.status == "open"


def test_an_earlier_day_proposes_nothing_and_today_is_not_over(make):
    propose_adjustments(DAY)
    for day in (DAY - ONE, DAY + ONE):
        with pytest.raises(DomainError) as refusal:
            propose_adjustments(day)
        assert refusal.value.errors[0].pointer == "day"


def test_the_command_says_what_was_found(make, shanghai):
    make_retired(make, shanghai)
    said = StringIO()
    call_command("propose_adjustments", "--day", str(DAY), stdout=said)
    assert said.getvalue().startswith(f"{DAY}: 0 resumed, 1 retired, 0 silent")
    with pytest.raises(CommandError, match="not over"):
        call_command("propose_adjustments", "--day", str(DAY + ONE))
    with pytest.raises(CommandError, match="not a day"):
        call_command("propose_adjustments", "--day", "soon")


def test_the_cost_does_not_grow_with_the_rows(make, shanghai):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            propose_adjustments(DAY)
        return len(queries)

    make_retired(make, shanghai)
    few = asked()
    for _ in range(6):
        make_retired(make, shanghai)
    assert asked() <= few


def test_one_open_proposal_for_the_same_three(make, shanghai):
    make_retired(make, shanghai)
    propose_adjustments(DAY)
    (row,) = proposals()
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        AdjustmentProposal.objects.update(status="dismissed")


# Deciding


@pytest.fixture
def retired(make, shanghai):
    make_retired(make, shanghai)
    propose_adjustments(DAY)
    return proposals()[0]


def test_taking_up_puts_the_line_into_the_open_draft_or_begins_one(make, shanghai, retired):
    done = services.take(retired, by=shanghai)
    batch = Batch.objects.get(status="draft")
    line = batch.lines.get()
    assert (line.action, line.reason, line.enterprise) == ("remove", "retired", retired.enterprise)
    assert line.note == sentence_of(retired)
    assert (done.status, done.line, batch.white_list) == ("taken", line, retired.white_list)
    with pytest.raises(WrongState):
        services.take(retired, by=shanghai)


def test_an_added_supplier_goes_in_as_sole_source(make, red, jilin):
    warnings.run(DAY)
    propose_adjustments(DAY)
    draft = make.batch("draft", on=red["target"], editor=jilin)
    line = services.take(proposals(ground="supplier_in_red")[0], by=jilin).line
    assert (line.batch, line.action, line.reason) == (draft, "add", "sole_supplier")


def test_what_was_decided_is_not_proposed_again_while_the_facts_hold(make, shanghai, retired):
    services.dismiss(retired, reason="still_needed", by=shanghai)
    propose_adjustments(DAY)
    assert [row.status for row in proposals()] == ["dismissed"]
    other = make_retired(make, shanghai)
    propose_adjustments(DAY)
    taken = proposals(enterprise=other.enterprise)[0]
    services.take(taken, by=shanghai)
    propose_adjustments(DAY)
    assert [row.status for row in proposals(enterprise=other.enterprise)] == ["taken"]


def test_a_line_that_was_taken_out_again_is_proposed_anew(make, shanghai, retired):
    line = services.take(retired, by=shanghai).line
    lists.drop_lines(line.batch, [line.pk], by=shanghai)
    propose_adjustments(DAY)
    assert [row.status for row in proposals()] == ["taken", "open"]


def test_asking_reminds_the_enterprises_clerks(make, shanghai):
    quiet = listed(make)
    write_days(quiet, DAY - ONE * 7, DAY, silent=set(days_between(DAY - ONE * 4, DAY)))
    propose_adjustments(DAY)
    (row,) = proposals()
    with pytest.raises(Conflict, match="no user here"):
        services.take(row, by=shanghai)
    assert not Reminder.objects.exists(), "who reaches nobody has asked nobody"
    make.clerk(quiet.enterprise)
    assert services.take(row, by=shanghai).status == "taken"
    assert Reminder.objects.get().enterprise == quiet.enterprise
    propose_adjustments(DAY)
    assert [each.status for each in proposals()] == ["taken"]


def test_who_has_reported_meanwhile_is_not_asked(make, shanghai):
    quiet = listed(make)
    make.clerk(quiet.enterprise)
    write_days(quiet, DAY - ONE * 7, DAY, silent=set(days_between(DAY - ONE * 4, DAY)))
    propose_adjustments(DAY)
    make.report(quiet.enterprise, DAY)
    with pytest.raises(Conflict, match="meanwhile"):
        services.take(proposals()[0], by=shanghai)


def test_only_the_lists_office_decides(make, retired, jilin, ministry):
    district = make.user("310115", office=make.office("310115"))
    for by in (jilin, ministry, district, make.user("310000", duties=["view", "approve"])):
        with pytest.raises(NotAllowed):
            services.take(retired, by=by)
        with pytest.raises(NotAllowed):
            services.dismiss(retired, reason="other", by=by)


def test_a_dismissal_needs_a_reason(retired, shanghai):
    with pytest.raises(DomainError) as refusal:
        services.dismiss(retired, reason="", by=shanghai)
    assert refusal.value.errors[0].pointer == "reason"


def test_many_at_once_have_each_their_own_result(make, shanghai, retired):
    make_retired(make, shanghai)
    propose_adjustments(DAY)
    first, second = proposals(status="open")
    services.dismiss(first, reason="other", by=shanghai)
    results = services.decide_many([first.pk, second.pk, 10**9], verb="take", by=shanghai)
    assert [bool(refusal) for _pk, _row, refusal in results] == [True, False, True]
    assert proposals(pk=second.pk)[0].status == "taken"


def test_offices_see_what_is_proposed_for_their_lists(make, retired, shanghai, jilin, ministry):
    clerk = make.clerk(retired.enterprise)
    for user, sees in ((shanghai, True), (ministry, True), (jilin, False), (clerk, False)):
        assert (retired in AdjustmentProposal.objects.visible_to(user)) is sees
