"""A file that was exported and comes back does not overwrite what others did meanwhile, and says who did what."""

import pytest

from enterprises.models import Material
from enterprises.register import services
from tests.sheets.workbooks import firm, imported, read, work, xlsx
from whitelist.sheets import services as sheets

pytestmark = pytest.mark.django_db
HEAD = ["统一社会信用代码", "企业名称", "行政区划", "职工人数", "版本"]


@pytest.fixture
def stored(make):
    return make.enterprise("310115", name="旧（虚构）", staff_total=10)


def sheet(stored, *, name="新（虚构）", staff=10, version=1):
    return xlsx([HEAD, [stored.uscc, name, "310115", staff, version]])


def faults(made):
    return [fault for line in made.lines.all() for fault in line.faults]


def test_a_row_that_stands_as_it_was_exported_is_changed(shanghai, stored):
    made = imported(sheet(stored), shanghai)
    stored.refresh_from_db()
    assert (made.counts["updated"], stored.name, stored.version) == (1, "新（虚构）", 2)


def test_a_row_that_somebody_changed_since_is_rejected_with_who_when_and_what(make, shanghai, stored):
    other = make.user("310000", username="neighbour", name="Neighbour")
    services.change_enterprise(stored, version=1, by=other, staff_total=20)
    made = read(sheet(stored), shanghai)
    (fault,) = faults(made)
    assert (made.counts["rejected"], fault["code"], fault["column"]) == (1, "changed_since_export", "版本")
    told = fault["detail"]
    assert (str(other) in told and "10 → 20" in told and "Export it again" in told and "2026" in told) or "20" in told
    assert "ersion of the row" not in told


def test_changes_of_several_people_are_told_together(make, shanghai, stored):
    services.change_enterprise(stored, version=1, by=make.user("310000"), staff_total=20)
    last = make.user("310000", username="last")
    services.change_enterprise(stored, version=2, by=last, staff_total=30)
    told = faults(read(sheet(stored), shanghai))[0]["detail"]
    assert str(last) in told and "10 → 30" in told


def test_without_the_version_one_insists(make, shanghai, stored):
    services.change_enterprise(stored, version=1, by=make.user("310000"), staff_total=20)
    made = imported(sheet(stored, version=""), shanghai)
    stored.refresh_from_db()
    assert (made.counts["updated"], stored.name, stored.staff_total) == (1, "新（虚构）", 10)


def test_an_old_version_that_changes_nothing_is_no_fault(make, shanghai, stored):
    services.change_enterprise(stored, version=1, by=make.user("310000"), staff_total=20)
    made = read(sheet(stored, name="旧（虚构）", staff=20), shanghai)
    assert (made.counts["unchanged"], faults(made)) == (1, [])


def test_a_row_that_is_gone_since_is_not_created_anew_unasked(shanghai):
    made = read(xlsx([HEAD, [*firm(1), 5, 3]]), shanghai)
    assert made.counts["rejected"] == 1 and "no longer there" in faults(made)[0]["detail"]


def test_what_an_undo_changed_counts_too(make, shanghai, stored):
    from whitelist.sheets.undo import services as undoing

    made = imported(sheet(stored), shanghai)
    undoing.undo(made, by=shanghai)
    work()
    told = faults(read(sheet(stored, staff=99, version=1), shanghai))
    assert [fault["code"] for fault in told] == ["changed_since_export"] and str(shanghai) in told[0]["detail"]


def test_a_version_that_is_no_number_is_said(shanghai, stored):
    assert faults(read(sheet(stored, version="v1"), shanghai))[0]["code"] == "not_a_number"


def test_the_template_does_not_ask_for_it(page, shanghai):
    content = page(shanghai).get("/imports/template/?kind=enterprises").content
    assert b"Version" not in content and "Version" not in page(shanghai).get("/imports/new/").content.decode()


def test_materials_are_guarded_alike(make, ministry):
    part = make.material(code="part-x", name="零件（虚构）")
    Material.objects.filter(pk=part.pk).update(version=4)
    from tests.sheets.workbooks import upload

    head = ["物资编码", "名称", "单位", "版本"]
    made = sheets.upload(upload(xlsx([head, ["part-x", "改名（虚构）", "件", 3]])), kind="materials", by=ministry)
    work()
    made.refresh_from_db()
    assert [fault["code"] for fault in faults(made)] == ["changed_since_export"], (made.state, made.refusal)
