"""A listed buyer nominates; the office of the supplier's list answers; the batch does the rest."""

from datetime import timedelta

import pytest
from celery import current_app
from django.db import IntegrityError, transaction

from enterprises.models import Batch, Listing, Nomination
from enterprises.whitelists import services as lists
from enterprises.whitelists.nearest import nearest_list
from enterprises.whitelists.nominations import services
from enterprises.whitelists.nominations.journey import marks_of
from tests.enterprises.whitelists.nominating import evidence, nominate, seen, two_sides
from whitelist.audit.models import AuditEntry
from whitelist.core.days import today
from whitelist.core.errors import Conflict, DomainError, NotAllowed, WrongState
from whitelist.delivery.models import Notification
from whitelist.delivery.services import run_next

TODAY = today()


@pytest.fixture
def sides(make):
    return two_sides(make)


@pytest.fixture
def clerk(make, sides):
    return make.clerk(sides.buyer)


def work_off():
    current_app.loader.import_default_modules()
    while run_next():
        pass


def told(user):
    return " ".join(Notification.objects.filter(user=user).values_list("sentence", flat=True))


# Whose list it is


def test_the_list_is_that_of_the_nearest_office_with_an_open_one(make):
    dalian = make.enterprise("210202")
    assert nearest_list(dalian) is None
    make.white_list("000000")
    assert nearest_list(dalian) is None, "the ministry's list is nobody's nearest"
    province = make.white_list("210000")
    assert nearest_list(dalian) == province
    city = make.white_list("210200")
    assert nearest_list(dalian) == city, "a city under separate planning comes before its province"
    assert nearest_list(make.enterprise("210102")) == province


def test_a_list_that_is_not_open_yet_or_over_does_not_count(make):
    firm = make.enterprise("220102")
    make.white_list("220000", opened_on=TODAY + timedelta(days=1))
    make.white_list("220000", opened_on=TODAY - timedelta(days=9), ends_on=TODAY)
    assert nearest_list(firm) is None
    assert nearest_list(firm, TODAY - timedelta(days=1)) is not None


# Nominating


def test_the_buyer_itself_and_every_office_above_it_nominate(make, sides, clerk, shanghai):
    district = make.user("310115", office=make.office("310115"))
    for by in (clerk, shanghai, district):
        made = nominate(sides, by=by)
        assert (made.white_list, made.buyer_office, made.stage) == (sides.target, make.office("310000"), "proposed")
        services.withdraw(made, by=by)


def test_nobody_else_nominates(make, sides, jilin):
    reader = make.clerk(sides.buyer, duties=["view"])
    supplier_itself = make.clerk(sides.supplier)
    for by in (jilin, reader, supplier_itself, make.user("310000", duties=["view", "approve"])):
        with pytest.raises(NotAllowed):
            nominate(sides, by=by)


@pytest.mark.parametrize(
    ("changed", "field", "code"),
    [
        ({"contract_number": "  "}, "contract_number", "required"),
        ({"contract_on": TODAY + timedelta(days=1)}, "contract_on", "in_the_future"),
        ({"why": " "}, "why", "required"),
        ({"undertaking": False}, "undertaking", "required"),
        ({"share": 101}, "share", "out_of_range"),
        ({"material": "no-such-part"}, "material", "unknown_material"),
    ],
)
def test_what_is_wrong_names_its_field(sides, clerk, changed, field, code):
    with pytest.raises(DomainError) as refusal:
        nominate(sides, by=clerk, **changed)
    assert [(fault.pointer, fault.code) for fault in refusal.value.errors] == [(field, code)]
    assert not Nomination.objects.exists()


def fault_in(sides, by, **changed):
    with pytest.raises(DomainError) as refusal:
        nominate(sides, by=by, **changed)
    return [(fault.pointer, fault.code) for fault in refusal.value.errors]


def test_only_a_buyer_that_stands_on_a_list_nominates(make, sides, shanghai):
    sides.buyer = make.enterprise("310115")
    assert fault_in(sides, shanghai) == [("buyer", "not_listed")]


def test_the_supplier_must_be_active_another_and_not_listed_there(make, sides, shanghai, clerk):
    supplier = sides.supplier
    sides.supplier = sides.buyer
    assert fault_in(sides, clerk) == [("supplier", "same")]
    sides.supplier = make.enterprise("220102", status="retired", retired_reason="closed")
    assert fault_in(sides, clerk) == [("supplier", "not_active")]
    sides.supplier = supplier
    make.listing(supplier, on=sides.target)
    assert fault_in(sides, clerk) == [("supplier", "already_listed")]


def test_without_a_list_to_go_to_the_refusal_says_so(make, sides, clerk):
    sides.supplier = make.enterprise("440103")
    with pytest.raises(DomainError, match="keeps an open list") as refusal:
        nominate(sides, by=clerk)
    assert [fault.pointer for fault in refusal.value.errors] == ["supplier"]


def test_the_supplier_is_named_by_code_or_exact_name(make, sides):
    assert services.supplier_named(f" {sides.supplier.uscc.lower()} ") == sides.supplier
    assert services.supplier_named("吉林卖方（虚构）") == sides.supplier
    for text, code in (("吉林", "unknown_enterprise"), ("91310000MA1XXXXXX0", "unknown_enterprise")):
        with pytest.raises(DomainError) as refusal:
            services.supplier_named(text)
        assert refusal.value.errors[0].code == code
    make.enterprise("310115", name="吉林卖方（虚构）")
    with pytest.raises(DomainError, match="Several"):
        services.supplier_named("吉林卖方（虚构）")


def test_one_open_nomination_for_the_same_three(sides, clerk, shanghai):
    first = nominate(sides, by=clerk)
    with pytest.raises(Conflict, match="already"):
        nominate(sides, by=shanghai)
    same = {
        name: getattr(first, name) for name in ("buyer", "supplier", "white_list", "contract_number", "contract_on")
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        Nomination.objects.create(**same, why="x", undertaking=True, proposed_by=clerk)
    services.withdraw(first, by=shanghai)
    assert nominate(sides, by=clerk).pk != first.pk


def test_the_database_wants_the_undertaking_and_a_reason_for_a_refusal(sides, clerk):
    made = nominate(sides, by=clerk)
    for wrong in ({"undertaking": False}, {"status": "declined"}, {"supplier": sides.buyer}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Nomination.objects.filter(pk=made.pk).update(**wrong)


# Answering


def test_accepting_begins_a_draft_with_the_evidence(sides, clerk, jilin):
    made = nominate(sides, by=clerk, share=40, is_sole_source=True)
    services.accept(made, by=jilin)
    line = Batch.objects.get(white_list=sides.target).lines.get()
    assert (line.enterprise, line.action, line.reason) == (sides.supplier, "add", "nominated")
    for said in ("上海买方（虚构）", "HT-2022-17", "undertaking signed", "Sole source", "40 %", "stands still"):
        assert said in line.note
    assert seen(made, clerk).stage == "draft"


def test_accepting_takes_the_draft_that_is_there_or_the_one_named(make, sides, clerk, jilin):
    older = make.batch("draft", on=sides.target, editor=jilin)
    newer = make.batch("draft", on=sides.target, editor=jilin)
    assert services.accept(nominate(sides, by=clerk), by=jilin).line.batch == newer
    sides.supplier = make.enterprise("220102")
    assert services.accept(nominate(sides, by=clerk), by=jilin, batch=older.pk).line.batch == older
    sides.supplier = make.enterprise("220102")
    elsewhere = make.batch("draft")
    with pytest.raises(DomainError) as refusal:
        services.accept(nominate(sides, by=clerk), by=jilin, batch=elsewhere.pk)
    assert refusal.value.errors[0].pointer == "batch"


def test_two_buyers_of_one_supplier_stand_in_one_line(make, sides, clerk, jilin, shanghai):
    services.accept(nominate(sides, by=clerk), by=jilin)
    sides.buyer = make.enterprise("310115", name="上海另一买方（虚构）")
    make.listing(sides.buyer)
    second = services.accept(nominate(sides, by=shanghai, contract_number="HT-9"), by=jilin)
    assert "HT-2022-17" in second.line.note and "HT-9" in second.line.note
    assert Nomination.objects.filter(line=second.line).count() == 2


def test_a_list_that_took_the_supplier_meanwhile_needs_no_line(make, sides, clerk, jilin):
    made = nominate(sides, by=clerk)
    make.listing(sides.supplier, on=sides.target)
    with pytest.raises(Conflict, match="by now"):
        services.accept(made, by=jilin)


def test_only_the_lists_own_office_answers_and_an_approver_declines_without_drafting(
    make, sides, clerk, jilin, changchun
):
    made = nominate(sides, by=clerk)
    approver = make.user("220000", duties=["view", "approve"])
    for by in (clerk, make.user("310000"), changchun, make.user("000000"), approver):
        with pytest.raises(NotAllowed):
            services.accept(made, by=by)
    for by in (clerk, changchun):
        with pytest.raises(NotAllowed):
            services.decline(made, reason="not_key", by=by)
    declined = services.decline(made, reason="no_evidence", note="Contract page missing", by=approver)
    assert (declined.stage, declined.decision_note) == ("declined", "Contract page missing")
    with pytest.raises(WrongState):
        services.accept(made, by=jilin)
    with pytest.raises(WrongState):
        services.withdraw(made, by=clerk)


def test_a_refusal_needs_a_reason(sides, clerk, jilin):
    with pytest.raises(DomainError) as refusal:
        services.decline(nominate(sides, by=clerk), reason="", by=jilin)
    assert refusal.value.errors[0].pointer == "reason"


def test_whoever_accepts_is_an_author_of_the_batch_and_does_not_approve_it(make, sides, clerk, jilin):
    batch = services.accept(nominate(sides, by=clerk), by=jilin).line.batch
    lists.submit_batch(batch, by=make.user("220000"))
    with pytest.raises(NotAllowed):
        lists.approve_batch(batch, by=jilin)


def test_its_way_is_read_from_the_batch(make, sides, clerk, jilin):
    approver = make.user("220000", duties=["view", "approve"])
    made = nominate(sides, by=clerk)
    batch = services.accept(made, by=jilin).line.batch
    with pytest.raises(Conflict, match="accepted already"):
        nominate(sides, by=clerk)
    lists.submit_batch(batch, by=jilin)
    assert seen(made, clerk).stage == "submitted"
    lists.decide_lines(batch, None, decision="accepted", by=approver)
    assert seen(made, clerk).stage == "submitted", "what is decided in a submitted batch may still change"
    lists.approve_batch(batch, by=approver)
    assert seen(made, clerk).stage == "approved"
    lists.publish_batch(batch, document_number="1", effective_on=TODAY, by=approver)
    now = seen(made, clerk)
    assert (now.stage, now.listed_on, now.is_to_come) == ("listed", TODAY, False)
    assert [mark.state for mark in marks_of(now)] == ["done"] * 5
    assert Listing.objects.get(enterprise=sides.supplier).opened_by == batch


def test_a_rejected_line_and_a_lost_one_are_said(make, sides, clerk, jilin):
    approver = make.user("220000", duties=["view", "approve"])
    batch = make.batch("draft", on=sides.target, editor=jilin)
    made = nominate(sides, by=clerk)
    services.accept(made, by=jilin)
    line = batch.lines.get(enterprise=sides.supplier)
    lists.drop_lines(batch, [line.pk], by=jilin)
    assert seen(made, clerk).stage == "dropped"
    again = nominate(sides, by=clerk)
    services.accept(again, by=jilin)
    lists.submit_batch(batch, by=jilin)
    lists.decide_lines(batch, None, decision="accepted", by=approver)
    lists.decide_lines(
        batch, [batch.lines.get(enterprise=sides.supplier).pk], decision="rejected", reason="not_key", by=approver
    )
    lists.approve_batch(batch, by=approver)
    assert seen(again, clerk).stage == "rejected"
    assert [mark.state for mark in marks_of(seen(again, clerk))] == ["done", "done", "done", "ended", "open"]
    assert nominate(sides, by=clerk).stage == "proposed", "with better evidence it may be tried again"


# Who sees it, and who is told


def test_both_sides_see_it_and_nobody_else(make, sides, clerk, shanghai, jilin, changchun, ministry):
    made = nominate(sides, by=clerk)
    supplier_itself = make.clerk(sides.supplier)
    for user in (clerk, shanghai, jilin, changchun, ministry, supplier_itself):
        assert made in Nomination.objects.visible_to(user)
    checkpoint = make.user("310000", office=make.office("310000", "checkpoint"), duties=["view", "verify"])
    for user in (make.clerk(), make.user("320000"), make.user("220200", office=make.office("220200")), checkpoint):
        assert made not in Nomination.objects.visible_to(user)


def test_of_the_other_side_one_sees_the_name_alone(make, sides, clerk, shanghai, jilin):
    made = nominate(sides, by=clerk)
    for user, sees in ((clerk, (True, False)), (shanghai, (True, False)), (jilin, (False, True))):
        row = seen(made, user)
        assert (row.sees_buyer, row.sees_supplier) == sees
    assert not seen(made, make.clerk(sides.supplier)).sees_evidence
    services.accept(made, by=jilin)
    assert seen(made, jilin).sees_batch and not seen(made, shanghai).sees_batch


def test_the_deciders_the_supplier_and_the_buyers_office_are_told(make, sides, clerk, shanghai, jilin):
    supplier_itself = make.clerk(sides.supplier)
    made = nominate(sides, by=clerk)
    work_off()
    assert "your office decides" in told(jilin)
    assert "nominated your enterprise" in told(supplier_itself)
    assert "nominated its supplier" in told(shanghai)
    assert "nominat" not in told(clerk)
    services.decline(made, reason="not_key", by=jilin)
    work_off()
    assert "was declined" in told(clerk) and "was declined" in told(shanghai)


def test_a_withdrawal_is_told_to_the_deciders_and_a_listing_to_the_buyer(make, sides, clerk, jilin):
    services.withdraw(nominate(sides, by=clerk), by=clerk)
    work_off()
    assert "no longer nominates" in told(jilin)
    batch = services.accept(nominate(sides, by=clerk), by=jilin).line.batch
    approver = make.user("220000", duties=["view", "approve"])
    lists.submit_batch(batch, by=jilin)
    lists.decide_lines(batch, None, decision="accepted", by=approver)
    lists.approve_batch(batch, by=approver)
    lists.publish_batch(batch, document_number="1", effective_on=TODAY, by=approver)
    work_off()
    assert "accepted into a draft" in told(clerk) and "is listed on" in told(clerk)


def test_the_trail_tells_each_step(sides, clerk, jilin):
    made = nominate(sides, by=clerk)
    services.accept(made, by=jilin, note="Good evidence")
    verbs = list(AuditEntry.objects.about(made).order_by("pk").values_list("verb", "note"))
    assert verbs == [("nominated", evidence()["why"]), ("accept", "Good evidence")]
