"""Which heading is which column: asked where two may be meant, said by hand, remembered for the office."""

import pytest

from tests.sheets.workbooks import firm, read, table, work, xlsx
from whitelist.core.errors import DomainError, NotAllowed, WrongState
from whitelist.sheets import kinds
from whitelist.sheets.files import template_versions, workbooks
from whitelist.sheets.models import SheetMapping
from whitelist.sheets.previews import mapping

pytestmark = pytest.mark.django_db
ODD = ("编号甲", "谁", "行政区划")
ASKED = ("统一社会信用代码", "企业名称", "单位名称", "行政区划")


def again(made):
    work()
    made.refresh_from_db()
    return made


def two_names():
    code, name, place = firm(1)
    return xlsx([ASKED, [code, name, "另一家（虚构）", place]])


def test_two_headings_for_one_column_are_asked_about(shanghai, api):
    made = read(two_names(), shanghai)
    assert made.state == "needs_choice"
    asked = api(shanghai).get(f"/api/v1/imports/{made.pk}/").json()["questions"]
    assert asked == [{"key": "name", "headers": ["企业名称", "单位名称"]}]
    mapping.map_columns(made, columns={"单位名称": "name", "企业名称": ""}, by=shanghai)
    again(made)
    assert made.state == "preview" and made.lines.get().values["name"] == "另一家（虚构）"
    assert made.questions == [] and made.unknown_columns[0]["left_out"] is True


def test_two_headings_with_the_same_content_are_no_question(shanghai):
    code, name, place = firm(1)
    made = read(xlsx([ASKED, [code, name, name, place]]), shanghai)
    assert made.state == "preview" and made.unknown_columns[0]["repeats"] == "企业名称"


def test_unknown_headings_are_mapped_by_hand_and_remembered_for_the_office(shanghai, jilin):
    made = read(table(firm(1), head=ODD), shanghai)
    assert (made.state, made.refusal_code) == ("refused", "no_header")
    mapping.map_columns(made, columns={"编号甲": "code", "谁": "name"}, by=shanghai)
    assert again(made).counts["created"] == 1
    assert SheetMapping.objects.get(office=shanghai.office).headings == {"编号甲": "code", "谁": "name"}
    assert read(table(firm(2), head=ODD), shanghai).state == "preview"
    assert read(table(firm(3, "220102"), head=ODD), jilin).state == "refused"


def test_what_was_said_can_be_forgotten(page, shanghai):
    made = read(table(firm(1), head=ODD), shanghai)
    mapping.map_columns(made, columns={"编号甲": "code", "谁": "name"}, by=shanghai)
    work()
    client = page(shanghai)
    assert "2 headings are remembered" in client.get(f"/imports/{made.pk}/columns/").content.decode()
    client.post(f"/imports/{made.pk}/forget/")
    assert not SheetMapping.objects.exists()
    assert read(table(firm(2), head=ODD), shanghai).state == "refused"


def test_people_name_the_header_row_where_none_is_recognised(page, shanghai):
    made = read(xlsx([["名单", "二〇二二年"], ["甲", "乙", "丙"], firm(1), firm(2)]), shanghai)
    assert made.refusal_code == "no_header"
    client = page(shanghai)
    assert "This is the header" in client.get(f"/imports/{made.pk}/").content.decode()
    client.post(f"/imports/{made.pk}/place/", {"header_row": "2"})
    again(made)
    assert (made.state, made.header_row) == ("refused", 2)
    sent = {"columns/甲": "code", "columns/乙": "name", "columns/丙": "division"}
    assert client.post(f"/imports/{made.pk}/columns/", sent).status_code == 302
    again(made)
    assert (made.state, made.rows, made.counts["created"]) == ("preview", 2, 2)


def test_columns_without_a_heading_and_headings_that_repeat_can_be_named(shanghai):
    made = read(xlsx([["号", "号", ""], firm(1)]), shanghai)
    mapping.map_columns(made, columns={"号": "code", "号#2": "name", "#3": "division"}, by=shanghai)
    assert again(made).counts["created"] == 1
    assert "#3" not in SheetMapping.objects.get().headings


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ({"编号甲": "name", "谁": "name"}, "claimed_twice"),
        ({"谁": "name"}, "column_required"),
        ({"没有": "code"}, "unknown_heading"),
        ({"编号甲": "colour"}, "unknown_column"),
    ],
)
def test_what_cannot_be_is_said_beside_the_heading(shanghai, columns, code):
    made = read(table(firm(1), head=ODD), shanghai)
    with pytest.raises(DomainError) as refusal:
        mapping.map_columns(made, columns=columns, by=shanghai)
    assert code in {fault.code for fault in refusal.value.errors}
    made.refresh_from_db()
    assert made.state == "refused" and not SheetMapping.objects.exists()


def test_the_page_keeps_what_was_chosen_and_names_the_fault(page, shanghai):
    made = read(table(firm(1), head=ODD), shanghai)
    answer = page(shanghai).post(f"/imports/{made.pk}/columns/", {"columns/编号甲": "name", "columns/谁": "name"})
    told = answer.content.decode()
    assert answer.status_code == 400 and "can be taken from one heading only" in told
    assert '<option value="name" selected>' in told


def test_a_preview_may_be_read_with_other_columns(page, shanghai):
    made = read(table(firm(1)), shanghai)
    client = page(shanghai)
    assert f"/imports/{made.pk}/columns/" in client.get(f"/imports/{made.pk}/").content.decode()
    mapping.map_columns(made, columns={"企业名称": ""}, by=shanghai)
    again(made)
    assert made.state == "preview" and made.counts["rejected"] == 1


def test_only_who_may_finish_it_says_so_and_only_while_it_helps(shanghai, make, ministry, api):
    made = read(table(firm(1), head=ODD), shanghai)
    with pytest.raises(NotAllowed):
        mapping.map_columns(made, columns={"编号甲": "code"}, by=ministry)
    made.refusal_code = "too_many_rows"
    made.save(update_fields=["refusal_code"])
    with pytest.raises(WrongState):
        mapping.map_columns(made, columns={"编号甲": "code"}, by=shanghai)
    viewer = api(make.user("310000", duties=["view"]))
    assert viewer.post(f"/api/v1/imports/{made.pk}/map/", {"header_row": 1}, format="json").status_code == 403
    assert viewer.post(f"/api/v1/imports/{made.pk}/forget/").status_code == 403


def test_the_api_maps_as_the_page_does(api, shanghai):
    made = read(table(firm(1), head=ODD), shanghai)
    client, where = api(shanghai), f"/api/v1/imports/{made.pk}/map/"
    assert client.post(where, {}, format="json").status_code == 400
    refused = client.post(where, {"columns": {"编号甲": "colour"}}, format="json").json()
    assert refused["errors"][0]["pointer"] == "/columns/编号甲"
    answer = client.post(where, {"columns": {"编号甲": "code", "谁": "name"}}, format="json")
    assert answer.json()["state"] == "parsing"
    assert again(made).state == "preview"


def test_pages_read_in_chinese(page, shanghai):
    made = read(two_names(), shanghai)
    for where in (f"/imports/{made.pk}/", f"/imports/{made.pk}/columns/"):
        assert page(shanghai).get(where, headers={"Accept-Language": "zh-hans"}).status_code == 200


def test_the_template_carries_its_version_and_an_older_one_is_told_so(page, shanghai):
    rows = [["统一社会信用代码", "企业名称", "行政区划"], firm(1)]
    today = template_versions.of(kinds.get("enterprises"))
    made = read(xlsx(表=rows, 说明=[["栏目", "", "", "", "版本"], ["", "", "", "", today]]), shanghai)
    assert made.reading["template"] == {"version": today, "current": True}
    older = read(xlsx(表=rows, 说明=[["栏目"], ["enterprises 00000000"]]), shanghai)
    assert older.reading["template"]["current"] is False
    client = page(shanghai)
    assert "made from an older template" in client.get(f"/imports/{older.pk}/").content.decode()
    assert "older template" not in client.get(f"/imports/{made.pk}/").content.decode()
    assert read(workbooks.template(kinds.get("enterprises")), shanghai).reading["template"]["current"] is True
