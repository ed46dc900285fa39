"""What may be entered, changed, retired and merged, and what is refused with which words."""

import threading
from datetime import date, timedelta

import pytest
from django.db import connection

from enterprises.models import Enterprise, SupplyLink
from enterprises.register import intake, services
from tests import builders
from whitelist.audit.models import AuditEntry
from whitelist.core.days import today
from whitelist.core.errors import Conflict, DomainError, NotAllowed, WrongState


def values(**given):
    return {"name": "嘉定线束（虚构）", "uscc": builders.uscc("310114"), "division": "310114"} | given


def faults(refusal):
    return {fault.pointer: fault.code for fault in refusal.value.errors}


def test_an_enterprise_is_entered_with_its_trail(make, shanghai):
    row = services.add_enterprise(by=shanghai, **values(tags=["key_link", "leading", "key_link"], staff_total=120))
    assert (row.status, row.version, row.tags) == ("active", 1, ["leading", "key_link"])
    entry = AuditEntry.objects.about(row).get()
    assert entry.verb == "added" and entry.after["staff_total"] == 120 and entry.place == "310114"


@pytest.mark.parametrize(
    ("given", "field", "code"),
    [
        ({"uscc": "9131"}, "uscc", "code_length"),
        ({"uscc": "91310114MA1X0000OI"}, "uscc", "uscc_charset"),
        ({"uscc": "310000000000000"}, "uscc", "code_kind"),
        ({"registration_no": builders.uscc()}, "registration_no", "code_kind"),
        ({"uscc": ""}, "uscc", "required"),
        ({"name": "  "}, "name", "blank"),
        ({"name": "长" * 201}, "name", "max_length"),
        ({"division": "220101"}, "division", "outside_division"),
        ({"division": "Changchun"}, "division", "outside_division"),
        ({"division": "319999"}, "division", "unknown_division"),
        ({"division": "nowhere"}, "division", "unknown_division"),
        ({"division": ""}, "division", "required"),
        ({"registered_division": "鼓楼区"}, "registered_division", "ambiguous_division"),
        ({"chain": "lace"}, "chain", "invalid_choice"),
        ({"tags": ["shiny"]}, "tags", "item_invalid"),
        ({"industry": "C36"}, "industry", "invalid"),
        ({"staff_total": -1}, "staff_total", "min_value"),
        ({"normal_output": "1.234"}, "normal_output", "max_decimal_places"),
        ({"normal_output": "NaN"}, "normal_output", "invalid"),
    ],
)
def test_what_is_wrong_is_named_by_its_field(make, shanghai, given, field, code):
    with pytest.raises(DomainError) as refusal:
        services.add_enterprise(by=shanghai, **values(**given))
    assert faults(refusal) == {field: code}
    assert not Enterprise.objects.exists()


def test_a_plant_of_the_nation_at_large_is_refused_even_to_the_ministry(make, ministry):
    with pytest.raises(DomainError) as refusal:
        services.add_enterprise(by=ministry, **values(division="000000"))
    assert faults(refusal) == {"division": "too_wide"}


def test_a_wrong_check_digit_is_a_doubt_and_passes_when_meant(make, shanghai):
    code = builders.uscc("310114")
    wrong = code[:17] + ("0" if code[17] != "0" else "1")
    with pytest.raises(DomainError) as refusal:
        services.add_enterprise(by=shanghai, **values(uscc=wrong))
    assert faults(refusal) == {"accept_doubt": "uscc_check_digit"}
    assert services.add_enterprise(by=shanghai, accept_doubt=True, **values(uscc=wrong)).uscc == wrong


def test_full_width_codes_are_normalised_and_that_is_said(make, shanghai):
    code = builders.uscc("310114")
    wide = "".join(chr(ord(c) + 0xFEE0) for c in code.lower())
    assert [remark.code for remark in intake.remarks({"uscc": wide}, by=shanghai)] == ["normalised"]
    assert services.add_enterprise(by=shanghai, **values(uscc=wide)).uscc == code


def test_a_name_that_is_there_already_is_asked_about(make, shanghai):
    make.enterprise(name="嘉定线束（虚构）")
    with pytest.raises(DomainError) as refusal:
        services.add_enterprise(by=shanghai, **values())
    assert faults(refusal) == {"accept_duplicate": "same_name"}
    services.add_enterprise(by=shanghai, accept_duplicate=True, **values())


def test_a_strangers_code_is_taken_without_telling_whose_it_is(make, shanghai, ministry):
    other = make.enterprise("220101", name="长春秘密（虚构）")
    with pytest.raises(DomainError) as refusal:
        services.add_enterprise(by=shanghai, **values(uscc=other.uscc))
    assert faults(refusal) == {"uscc": "taken"}
    assert other.name not in str(refusal.value.errors[0].detail)
    with pytest.raises(DomainError) as refusal:
        services.add_enterprise(by=ministry, **values(uscc=other.uscc))
    assert other.name in str(refusal.value.errors[0].detail)


def test_those_without_the_duty_change_nothing(make, shanghai):
    viewer, firm = make.user("310000", duties=["view"]), make.enterprise()
    for step in (
        lambda: services.add_enterprise(by=viewer, **values()),
        lambda: services.change_enterprise(firm, version=1, by=viewer, name="x"),
        lambda: services.change_enterprise(firm, version=1, by=make.user("220000"), name="x"),
        lambda: services.change_enterprise(firm, version=1, by=make.clerk(firm), name="x"),
        lambda: services.retire_enterprise(firm, reason="closed", on=today(), by=viewer),
        lambda: services.merge_enterprises(firm, into=make.enterprise("220101"), by=shanghai),
        lambda: services.add_material(by=shanghai, code="x", name="x", unit="x"),
    ):
        with pytest.raises(NotAllowed):
            step()


def test_a_change_is_recorded_and_counts_the_version(make, shanghai):
    firm = make.enterprise(staff_total=10)
    row = services.change_enterprise(firm, version=1, by=shanghai, staff_total=20, name=firm.name)
    assert (row.version, row.staff_total) == (2, 20)
    assert AuditEntry.objects.about(row).get().changes == [("staff_total", 10, 20)]
    again = services.change_enterprise(row, version=2, by=shanghai, staff_total=20)
    assert again.version == 2 and AuditEntry.objects.about(row).count() == 1


def test_the_search_follows_a_new_name(make, shanghai):
    firm = make.enterprise(name="旧名（虚构）")
    services.change_enterprise(firm, version=1, by=shanghai, name="华虹（虚构）", former_names=["旧名（虚构）"])
    for text in ("hh", "旧名"):
        assert Enterprise.objects.matching(text).get() == firm


def test_the_second_editor_is_told_each_field_that_the_first_changed(make, shanghai):
    firm = make.enterprise(staff_total=10, size="small")
    services.change_enterprise(firm, version=1, by=shanghai, staff_total=20, size="large")
    with pytest.raises(services.EditConflict) as refusal:
        services.change_enterprise(firm, version=1, by=make.user(), staff_total=30, size="small", link="模具")
    assert faults(refusal) == {"staff_total": "changed_meanwhile", "size": "changed_meanwhile"}
    assert "20" in str(refusal.value.errors[1].detail) or "20" in str(refusal.value.errors[0].detail)
    touched = {each.name: each.is_touched for each in refusal.value.differences}
    assert touched == {"staff_total": True, "size": False}
    firm.refresh_from_db()
    assert (firm.staff_total, firm.size, firm.link, firm.version) == (20, "large", "", 2)


def test_where_the_trail_is_silent_every_differing_field_is_shown(make, shanghai):
    firm = make.enterprise(staff_total=10)
    Enterprise.objects.filter(pk=firm.pk).update(staff_total=11, version=5)
    with pytest.raises(services.EditConflict) as refusal:
        services.change_enterprise(firm, version=1, by=shanghai, staff_total=10, chain="food", field="strategic")
    assert set(faults(refusal)) == {"staff_total", "chain"}


def test_nobody_moves_a_plant_out_of_his_own_division(make, shanghai, ministry):
    firm = make.enterprise()
    with pytest.raises(DomainError) as refusal:
        services.change_enterprise(firm, version=1, by=shanghai, division="220101")
    assert faults(refusal) == {"division": "outside_division"}
    assert services.change_enterprise(firm, version=1, by=ministry, division="220101").division_id == "220101"


def test_retiring_keeps_the_entry_and_its_listings(make, shanghai):
    listing = make.listing()
    row = services.retire_enterprise(listing.enterprise, reason="closed", on=date(2022, 5, 1), by=shanghai, note="市场")
    assert (row.status, row.retired_reason, row.retired_on, row.version) == ("retired", "closed", date(2022, 5, 1), 2)
    assert row.listings.in_force(today()).count() == 1
    assert AuditEntry.objects.about(row).get().verb == "retire"
    with pytest.raises(WrongState):
        services.retire_enterprise(row, reason="closed", on=today(), by=shanghai)
    with pytest.raises(WrongState):
        services.change_enterprise(row, version=2, by=shanghai, name="x")


def test_a_retirement_has_a_known_reason_and_a_day_that_has_come(make, shanghai):
    firm = make.enterprise()
    for given, field in (({"reason": "bored"}, "reason"), ({"on": today() + timedelta(days=1)}, "on")):
        with pytest.raises(DomainError) as refusal:
            services.retire_enterprise(firm, **({"reason": "closed", "on": today(), "by": shanghai} | given))
        assert set(faults(refusal)) == {field}


def test_merging_moves_the_links_and_leaves_the_listings(make, shanghai):
    source, into, part = make.listing().enterprise, make.enterprise(), make.material()
    other, third = make.enterprise("220101"), make.enterprise()
    moving = make.supply_link(supplier=other, buyer=source, material=part)
    make.supply_link(supplier=source, buyer=third, material=part)
    make.supply_link(supplier=into, buyer=third, material=part)
    make.supply_link(supplier=source, buyer=into, material=part)
    counts = {"moved": 1, "joined": 1, "dropped": 1, "listings": 1, "users": 0, "both_on": []}
    assert services.merge_preview(source, into=into, day=today()) == counts
    merged = services.merge_enterprises(source, into=into, by=shanghai)
    assert (merged.status, merged.merged_into) == ("merged", into)
    moving.refresh_from_db()
    assert moving.buyer == into
    assert not SupplyLink.objects.of(source).exists() and SupplyLink.objects.of(into).count() == 2
    assert source.listings.count() == 1
    assert AuditEntry.objects.about(into).get().after["moved"] == 1


def test_two_on_the_same_list_at_the_same_time_are_not_merged(make, shanghai):
    first, second, white_list = make.enterprise(), make.enterprise(), make.white_list(title="沪一")
    make.batch("published", on=white_list, enterprises=[first, second])
    with pytest.raises(Conflict) as refusal:
        services.merge_enterprises(first, into=second, by=shanghai)
    assert faults(refusal) == {"into": "both_listed"} and "沪一" in str(refusal.value)
    first.refresh_from_db()
    assert first.status == "active"


def test_two_on_the_same_list_one_after_the_other_are_merged(make, shanghai):
    first, second, white_list = make.enterprise(), make.enterprise(), make.white_list()
    make.batch("published", on=white_list, enterprises=[first])
    day = white_list.opened_on + timedelta(days=10)
    make.batch("published", on=white_list, enterprises=[first], action="remove", effective_on=day)
    make.batch("published", on=white_list, enterprises=[second], effective_on=day)
    assert services.merge_enterprises(first, into=second, by=shanghai).status == "merged"


def test_an_enterprise_is_merged_neither_into_itself_nor_into_a_retired_one(make, shanghai):
    firm, gone = make.enterprise(), make.enterprise()
    services.retire_enterprise(gone, reason="closed", on=today(), by=shanghai)
    for into in (firm, gone):
        with pytest.raises(DomainError) as refusal:
            services.merge_enterprises(firm, into=into, by=shanghai)
        assert set(faults(refusal)) == {"into"}


def test_a_material_keeps_its_unit_once_stock_was_told(make, ministry):
    part = services.add_material(by=ministry, code="ECU-12V", name="控制器", unit="件")
    assert part.code == "ecu-12v"
    make.report(make.enterprise(), stock=[(part, 10, 1)])
    with pytest.raises(DomainError) as refusal:
        services.change_material(part, by=ministry, unit="吨")
    assert faults(refusal) == {"unit": "in_use"}
    assert services.change_material(part, by=ministry, name="电控单元").name == "电控单元"
    with pytest.raises(DomainError) as refusal:
        services.add_material(by=ministry, code="ecu-12v", name="", unit="件")
    assert faults(refusal) == {"code": "taken", "name": "blank"}


def raced(firm, hands):
    """Two edits of the same version at the same moment, each in a transaction of its own: what became of each."""
    start, results = threading.Barrier(2), []

    def edit(hand, staff):
        try:
            start.wait(10)
            services.change_enterprise(firm, version=1, by=hand, staff_total=staff)
            results.append("won")
        except services.EditConflict:
            results.append("conflict")
        finally:
            connection.close()

    threads = [threading.Thread(target=edit, args=(hand, 100 + n)) for n, hand in enumerate(hands)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return sorted(results)


def test_of_two_concurrent_edits_exactly_one_wins(committed):
    firm = builders.enterprise()
    assert raced(firm, [builders.user(), builders.user()]) == ["conflict", "won"]


def test_without_the_guard_both_would_win(committed, monkeypatch):
    monkeypatch.setattr(services, "guard_version", lambda row, version, wanted: None)
    firm = builders.enterprise()
    assert raced(firm, [builders.user(), builders.user()]) == ["won", "won"]
