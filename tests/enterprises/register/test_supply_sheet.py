"""Supply links from a workbook: both sides by code or exact name, by the rules of a declared link."""

import io
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import load_workbook

from enterprises.models import Enterprise, SupplyLink
from enterprises.register import services as register
from tests.builders import uscc
from tests.sheets.workbooks import upload, work, xlsx
from whitelist.audit.models import AuditEntry
from whitelist.sheets import kinds, services
from whitelist.sheets.files import workbooks
from whitelist.sheets.models import SheetImport, SheetRow
from whitelist.sheets.previews import correcting
from whitelist.sheets.undo import services as undoing

HEAD = ["供应商代码", "供应商", "采购方代码", "采购方", "物料", "占比（%）", "断供影响", "独家供应"]
pytestmark = pytest.mark.django_db


def read(rows, by, head=HEAD):
    made = services.upload(upload(xlsx([head, *rows])), kind="supply-links", by=by)
    work()
    return SheetImport.objects.get(pk=made.pk)


def imported(rows, by, head=HEAD):
    made = services.confirm(read(rows, by, head), by=by)
    work()
    return SheetImport.objects.get(pk=made.pk)


def faults(made, number):
    return [(each["column"], each["code"]) for each in SheetRow.objects.get(sheet_import=made, number=number).faults]


@pytest.fixture
def buyer(make):
    return make.enterprise("310115", name="临港整车（虚构）")


@pytest.fixture
def supplier(make):
    return make.enterprise("220102", name="长春线束（虚构）")


@pytest.fixture
def part(make):
    return make.material("harness", name="线束（虚构）", name_en="Harness")


def test_links_are_declared_by_code_and_by_exact_name(make, shanghai, buyer, supplier, part):
    near = make.enterprise("310117", name="松江轴承（虚构）")
    rows = [
        [supplier.uscc, "", "", "临港整车(虚构)", "harness", "35%", "停产", "是"],
        ["", "松江轴承（虚构）", buyer.uscc, "", "线束（虚构）", 12.5, "", ""],
    ]
    made = imported(rows, shanghai)
    assert (made.state, made.counts["created"], made.counts["rejected"]) == ("done", 2, 0)
    link = SupplyLink.objects.get(supplier=supplier)
    assert (link.buyer, link.material, link.share) == (buyer, part, Decimal("35.00"))
    assert (link.criticality, link.is_sole_source, link.is_confirmed, link.declared_by) == (
        *("stops", True, False),
        shanghai,
    )
    assert SupplyLink.objects.get(supplier=near).share == Decimal("12.50")
    entry = AuditEntry.objects.about(link).get()
    assert (entry.verb, entry.place) == ("imported", "310115") and "长春线束（虚构） → 临港整车（虚构）" in entry.label


def test_the_same_file_again_changes_nothing(shanghai, buyer, supplier, part):
    rows = [[supplier.uscc, "", buyer.uscc, "", "harness", 40, "", ""]]
    imported(rows, shanghai)
    before = list(SupplyLink.objects.values())
    again = imported(rows, shanghai)
    assert again.counts == {"created": 0, "updated": 0, "unchanged": 1, "rejected": 0}
    assert list(SupplyLink.objects.values()) == before


def test_changed_figures_wait_for_confirmation_again_and_blank_ones_change_nothing(
    make, shanghai, buyer, supplier, part
):
    link = make.supply_link(
        supplier=supplier, buyer=buyer, material=part, share=30, is_confirmed=True, criticality="degrades"
    )
    made = imported([[supplier.uscc, "", buyer.uscc, "", "harness", 45, "", ""]], shanghai)
    link.refresh_from_db()
    assert made.counts["updated"] == 1
    assert (link.share, link.criticality, link.is_confirmed, link.declared_by, link.version) == (
        *(Decimal("45.00"), "degrades", False),
        *(shanghai, 2),
    )
    changes = made.lines.get().changes
    assert changes["share"] == ["30.00", "45.00"] and changes["is_confirmed"] == [True, False]


def test_every_fault_stands_at_its_cell(make, shanghai, buyer, supplier, part):
    gone = make.enterprise(
        "310115", name="已退（虚构）", status="retired", retired_reason="closed", retired_on="2022-01-01"
    )
    far, farther = make.enterprise("220102"), make.enterprise("220102")
    rows = [
        ["", "", buyer.uscc, "", "harness", "", "", ""],
        ["12345", "", buyer.uscc, "", "harness", "", "", ""],
        [uscc("310115", 88_888), "", buyer.uscc, "", "harness", "", "", ""],
        ["", "长春线束（虚构）", buyer.uscc, "", "harness", "", "", ""],
        [gone.uscc, "", buyer.uscc, "", "harness", "", "", ""],
        [supplier.uscc, "", buyer.uscc, "", "nothing", "", "", ""],
        [buyer.uscc, "", buyer.uscc, "", "harness", "", "", ""],
        [far.uscc, "", farther.uscc, "", "harness", "", "", ""],
        [supplier.uscc, "", buyer.uscc, "", "harness", 120, "", ""],
        [supplier.uscc, "", buyer.uscc, "", "", 10, "", ""],
        [far.uscc, "别的名字（虚构）", buyer.uscc, "", "harness", 0.35, "", ""],
    ]
    made = read(rows, shanghai)
    assert made.counts == {"created": 1, "updated": 0, "unchanged": 0, "rejected": 10}
    assert faults(made, 2) == [("供应商", "party_required")]
    assert faults(made, 3) == [("供应商代码", "code_length")]
    assert faults(made, 4) == [("供应商代码", "unknown_enterprise")]
    assert faults(made, 5) == [("供应商", "unknown_enterprise")]
    assert faults(made, 6) == [("供应商代码", "not_active")]
    assert faults(made, 7) == [("物料", "unknown_material")]
    assert faults(made, 8) == [("采购方代码", "same")]
    assert faults(made, 9) == [("供应商代码", "outside_scope"), ("采购方代码", "outside_scope")]
    assert faults(made, 10) == [("占比（%）", "max_value")]
    assert faults(made, 11) == [("物料", "material_required")]
    assert faults(made, 12) == [("供应商代码", "name_differs"), ("占比（%）", "share_below_one")]


def test_an_ambiguous_name_is_refused_with_the_codes(make, shanghai, buyer, part):
    twins = [make.enterprise("310115", name="同名厂（虚构）") for _n in range(2)]
    told = read([["", "同名厂（虚构）", buyer.uscc, "", "harness", "", "", ""]], shanghai).lines.get().faults[0]
    assert told["code"] == "ambiguous_enterprise" and all(each.uscc in told["detail"] for each in twins)


def test_a_retired_twin_does_not_make_a_name_ambiguous(make, shanghai, buyer, part):
    make.enterprise("310115", name="同名厂（虚构）", status="retired", retired_reason="closed", retired_on="2022-01-01")
    live = make.enterprise("310115", name="同名厂（虚构）")
    imported([["", "同名厂（虚构）", buyer.uscc, "", "harness", "", "", ""]], shanghai)
    assert SupplyLink.objects.get().supplier == live


def test_confirmed_suppliers_together_cover_at_most_the_whole(make, shanghai, buyer, supplier, part):
    make.supply_link(buyer=buyer, material=part, share=70, is_confirmed=True)
    made = read([[supplier.uscc, "", buyer.uscc, "", "harness", 40, "", ""]], shanghai)
    assert faults(made, 2) == [("占比（%）", "beyond_whole")] and "70" in made.lines.get().faults[0]["detail"]


def test_a_file_may_share_the_need_out_anew(make, shanghai, buyer, part):
    one, two = (make.supply_link(buyer=buyer, material=part, share=share, is_confirmed=True) for share in (60, 40))
    rows = [
        [two.supplier.uscc, "", buyer.uscc, "", "harness", 60, "", ""],
        [one.supplier.uscc, "", buyer.uscc, "", "harness", 40, "", ""],
    ]
    assert read(rows, shanghai).counts["updated"] == 2
    alone = read(rows[:1], shanghai)
    assert faults(alone, 2) == [("占比（%）", "beyond_whole")]


def test_a_corrected_link_is_judged_with_the_others_of_its_need(make, shanghai, buyer, part):
    one, two = (make.supply_link(buyer=buyer, material=part, share=share, is_confirmed=True) for share in (60, 40))
    rows = [
        [two.supplier.uscc, "", buyer.uscc, "", "harness", 60, "", ""],
        [one.supplier.uscc, "", buyer.uscc, "", "harness", 40, "", ""],
    ]
    made = read(rows, shanghai)
    correcting.correct_row(made, 2, {"share": "55"}, by=shanghai)
    assert faults(made, 2) == [] and SheetImport.objects.get(pk=made.pk).counts["updated"] == 2
    correcting.correct_row(made, 3, {"share": "much"}, by=shanghai)
    assert faults(made, 2) == [("占比（%）", "beyond_whole")]
    assert SheetImport.objects.get(pk=made.pk).counts["rejected"] == 2
    correcting.correct_row(made, 3, {"share": "45"}, by=shanghai)
    assert SheetImport.objects.get(pk=made.pk).counts["updated"] == 2


def test_another_provinces_links_are_not_there_to_be_changed(make, shanghai, supplier, part):
    theirs = make.supply_link(supplier=supplier, buyer=make.enterprise("220102"), material=part, share=30)
    made = read([[supplier.uscc, "", theirs.buyer.uscc, "", "harness", 50, "", ""]], shanghai)
    assert made.counts["rejected"] == 1 and ("供应商代码", "outside_scope") in faults(made, 2)


def test_who_declares_links_imports_them(make, shanghai, buyer):
    assert kinds.get("supply-links").may_import(shanghai)
    for other in (
        make.user("310000", duties=["view"]),
        make.clerk(buyer),
        make.user("310100", office=make.office("310100", "checkpoint")),
    ):
        assert not kinds.get("supply-links").may_import(other)


def test_a_side_that_retires_after_the_preview_stops_the_confirmation(make, shanghai, buyer, supplier, part):
    made = services.confirm(read([[supplier.uscc, "", buyer.uscc, "", "harness", 5, "", ""]], shanghai), by=shanghai)
    Enterprise.objects.filter(pk=supplier.pk).update(status="retired", retired_reason="closed", retired_on="2022-01-01")
    work()
    made.refresh_from_db()
    assert made.state == "preview" and faults(made, 2) == [("供应商代码", "not_active")]
    assert not SupplyLink.objects.exists()


def test_a_change_after_the_preview_stops_the_confirmation(make, shanghai, buyer, supplier, part):
    link = make.supply_link(supplier=supplier, buyer=buyer, material=part, share=30)
    made = services.confirm(read([[supplier.uscc, "", buyer.uscc, "", "harness", 5, "", ""]], shanghai), by=shanghai)
    register.put_link(supplier=supplier, buyer=buyer, material=part, share=Decimal(20), by=shanghai)
    work()
    made.refresh_from_db()
    link.refresh_from_db()
    assert (made.state, link.share) == ("preview", 20) and "Nothing was imported yet" in made.refusal


def test_what_is_exported_comes_back_unchanged(page, make, shanghai, buyer, supplier, part):
    make.supply_link(supplier=supplier, buyer=buyer, material=part, share=30, is_confirmed=True)
    make.supply_link(supplier=buyer, buyer=make.enterprise("310115"), material=part, is_sole_source=True)
    answer = page(shanghai).get("/supply-links/?export=xlsx")
    content = answer.getvalue() if hasattr(answer, "getvalue") else answer.content
    table = load_workbook(io.BytesIO(content)).get_sheet_by_index(1).to_python()
    made = read(table[1:], shanghai, table[0])
    assert made.counts == {"created": 0, "updated": 0, "unchanged": 2, "rejected": 0}, list(made.lines.values("faults"))


def test_the_template_is_read_back(shanghai):
    made = services.upload(upload(workbooks.template(kinds.get("supply-links"))), kind="supply-links", by=shanghai)
    work()
    made.refresh_from_db()
    assert made.refusal_code == "no_rows"


def test_the_page_shows_both_sides(page, make, shanghai, buyer, supplier, part):
    make.supply_link(supplier=supplier, buyer=buyer, material=part, share=30, is_confirmed=True)
    made = read([[supplier.uscc, "", "", buyer.name, "harness", 45, "", ""]], shanghai)
    for language in ("en", "zh-hans"):
        shown = page(shanghai).get(f"/imports/{made.pk}/", headers={"Accept-Language": language}).content.decode()
        assert f"{supplier.uscc} → {buyer.name}" in shown and "45.00" in shown


def test_as_many_queries_for_two_thousand_rows_as_for_twenty(make, shanghai, buyer, part):
    def queries(count, start):
        made = [
            Enterprise(uscc=uscc("310115", start + n), name=f"供{start + n}（虚构）", division_id="310115")
            for n in range(count)
        ]
        Enterprise.objects.bulk_create(made)
        rows = [
            [each.uscc if n % 2 else "", each.name, buyer.uscc, "", "harness", "", "减产", ""]
            for n, each in enumerate(made)
        ]
        up = services.upload(upload(xlsx([HEAD, *rows])), kind="supply-links", by=shanghai)
        with CaptureQueriesContext(connection) as read_with:
            services.parse(up.pk)
        services.confirm(SheetImport.objects.get(pk=up.pk), by=shanghai)
        with CaptureQueriesContext(connection) as wrote_with:
            services.write(up.pk)
        done = SheetImport.objects.get(pk=up.pk)
        assert (done.state, done.counts["created"]) == ("done", count)
        return len(read_with), len(wrote_with)

    queries(3, 50_000)
    assert queries(20, 60_000) == queries(2000, 70_000)


def test_an_undo_puts_a_link_back_as_it_was_confirmed_and_removes_new_ones(make, shanghai, buyer, supplier, part):
    declarer = make.user("310000")
    link = make.supply_link(
        supplier=supplier, buyer=buyer, material=part, share=30, is_confirmed=True, declared_by=declarer
    )
    new = make.enterprise("310115")
    rows = [
        [supplier.uscc, "", buyer.uscc, "", "harness", 45, "", ""],
        [new.uscc, "", buyer.uscc, "", "harness", 5, "", ""],
    ]
    made = imported(rows, shanghai)
    told = undoing.preview(made, by=shanghai)
    assert (told.restored, told.removed, told.kept) == (1, 1, 0)
    undoing.undo(made, by=shanghai)
    work()
    made.refresh_from_db()
    link.refresh_from_db()
    assert (made.state, made.undone) == ("undone", {"restored": 1, "removed": 1, "kept": 0})
    assert (link.share, link.is_confirmed, link.declared_by) == (Decimal("30.00"), True, declarer)
    assert SupplyLink.objects.count() == 1


def test_an_undo_keeps_a_link_that_was_confirmed_since(make, shanghai, buyer, supplier, part):
    made = imported([[supplier.uscc, "", buyer.uscc, "", "harness", 45, "", ""]], shanghai)
    register.confirm_link(SupplyLink.objects.get(), by=make.user("310000"))
    told = undoing.preview(made, by=shanghai)
    assert (told.restored, told.removed, told.kept) == (0, 0, 1)
    assert f"{supplier.uscc} → {buyer.uscc}" in (told.rows[0].key, told.rows[0].title)
