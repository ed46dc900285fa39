"""Taking a whole import back: what is still as it was left becomes what it was before; what changed since is kept."""

import pytest

from enterprises.models import Enterprise
from enterprises.register.services import change_enterprise
from tests.sheets.workbooks import firm, imported, read, work, xlsx
from whitelist.audit.models import AuditEntry
from whitelist.core.errors import DomainError
from whitelist.sheets.undo import services as undoing

pytestmark = pytest.mark.django_db
HERE = "/api/v1/imports/"
MOVES = {"version", "updated_at"}
HEAD = ["统一社会信用代码", "企业名称", "行政区划", "职工人数", "标签", "正常日产量"]


def register(client):
    """The register as the API tells it, without what counts the changes of a row."""
    rows, where = [], "/api/v1/enterprises/?limit=200"
    while where:
        answer = client.get(where).json()
        rows += answer["results"]
        where = answer["next"]
    return {row["code"]: {name: value for name, value in row.items() if name not in MOVES} for row in rows}


def undone(made, by):
    undoing.undo(made, by=by)
    work()
    made.refresh_from_db()
    return made


@pytest.fixture
def stored(make):
    return [
        make.enterprise(
            "310115",
            name=f"旧{n}（虚构）",
            staff_total=n,
            tags=["leading"],
            normal_output="12.50",
            former_names=["更旧"],
        )
        for n in range(1, 6)
    ]


@pytest.fixture
def sheet(stored):
    """Four changed rows, one as it stands, and three new ones."""
    changed = [[row.uscc, f"新{n}（虚构）", "310101", 100 + n, "专精特新", "99.25"] for n, row in enumerate(stored[:4])]
    same = [stored[4].uscc, stored[4].name, "310115", 5, "龙头", "12.50"]
    return xlsx([HEAD, *changed, same, *([*firm(n), 7, "", ""] for n in range(1, 4))])


def test_undoing_gives_the_register_back_as_the_api_told_it_before(api, shanghai, sheet):
    client = api(shanghai)
    before = register(client)
    made = imported(sheet, shanghai)
    assert (made.state, register(client) != before) == ("done", True)
    assert client.get(f"{HERE}{made.pk}/undo/").json() == {"restored": 4, "removed": 3, "kept": 0, "rows": []}
    assert client.post(f"{HERE}{made.pk}/undo/").json()["state"] == "undoing"
    work()
    assert register(client) == before
    told = client.get(f"{HERE}{made.pk}/").json()
    assert (told["state"], told["undone"]) == ("undone", {"restored": 4, "removed": 3, "kept": 0})


def test_undone_rows_are_found_again_by_what_they_were_called(shanghai, stored, sheet):
    undone(imported(sheet, shanghai), shanghai)
    assert Enterprise.objects.matching("旧1").get() == stored[0]
    assert not Enterprise.objects.matching("新1").exists()


def test_each_row_undone_has_one_entry_with_before_and_after(shanghai, stored, sheet):
    undone(imported(sheet, shanghai), shanghai)
    entries = AuditEntry.objects.filter(verb="undone", subject="enterprises.enterprise")
    assert entries.count() == 7 and {entry.actor for entry in entries} == {shanghai}
    back = AuditEntry.objects.about(stored[0]).filter(verb="undone").get()
    assert (back.before["version"], back.after["version"], back.after["name"]) == (2, 3, "旧1（虚构）")
    gone = entries.get(label=firm(1)[1])
    assert gone.before["uscc"] == firm(1)[0] and gone.after == {} and "search" not in gone.before


def test_what_somebody_changed_since_is_kept_and_named(api, make, shanghai, stored, sheet):
    client, other = api(shanghai), make.user("310000", username="neighbour")
    before = register(client)
    made = imported(sheet, shanghai)
    stored[0].refresh_from_db()
    change_enterprise(stored[0], version=2, by=other, staff_total=55)
    created = Enterprise.objects.get(uscc=firm(2)[0])
    change_enterprise(created, version=1, by=other, staff_total=66)
    found = client.get(f"{HERE}{made.pk}/undo/").json()
    assert (found["restored"], found["removed"], found["kept"]) == (3, 2, 2)
    assert [(row["key"], row["reason"], row["by"]) for row in found["rows"]] == [
        (stored[0].uscc, "changed", str(other)),
        (firm(2)[0], "changed", str(other)),
    ]
    assert undone(made, shanghai).undone == {"restored": 3, "removed": 2, "kept": 2}
    now = register(client)
    kept = {stored[0].uscc, firm(2)[0]}
    assert {code: row for code, row in now.items() if code not in kept} == {
        code: row for code, row in before.items() if code not in kept
    }
    assert (now[stored[0].uscc]["staff_total"], now[firm(2)[0]]["staff_total"]) == (55, 66)


def test_a_created_row_that_is_used_is_kept_and_says_by_what(api, make, shanghai, sheet):
    made = imported(sheet, shanghai)
    make.listing(Enterprise.objects.get(uscc=firm(1)[0]))
    kept = api(shanghai).get(f"{HERE}{made.pk}/undo/").json()["rows"]
    assert [(row["key"], row["reason"]) for row in kept] == [(firm(1)[0], "referred")]
    assert "Listing (1)" in kept[0]["detail"]
    assert undone(made, shanghai).undone == {"restored": 4, "removed": 2, "kept": 1}
    assert Enterprise.objects.filter(uscc=firm(1)[0]).exists()


def test_the_page_says_in_numbers_what_will_be_and_then_does_it(make, page, shanghai, stored, sheet):
    made = imported(sheet, shanghai)
    stored[0].refresh_from_db()
    change_enterprise(stored[0], version=2, by=make.user("310000", username="neighbour"), staff_total=55)
    client = page(shanghai)
    assert f"/imports/{made.pk}/undo/" in client.get(f"/imports/{made.pk}/").content.decode()
    asked = client.get(f"/imports/{made.pk}/undo/").content.decode()
    assert "Undo 6 rows" in asked and "neighbour" in asked and stored[0].uscc in asked and "55" in asked
    assert client.post(f"/imports/{made.pk}/undo/").url == f"/imports/{made.pk}/"
    assert "Undoing the import" in client.get(f"/imports/{made.pk}/").content.decode()
    work()
    told = client.get(f"/imports/{made.pk}/").content.decode()
    assert "3 rows restored, 3 removed, 1 kept" in told
    for where in (f"/imports/{made.pk}/", "/imports/"):
        assert client.get(where, headers={"Accept-Language": "zh-hans"}).status_code == 200


def test_scope_is_404_policy_403_state_409(api, page, make, shanghai, jilin, ministry, sheet):
    made = read(sheet, shanghai)
    where = f"{HERE}{made.pk}/undo/"
    assert (api(shanghai).post(where).status_code, api(shanghai).get(where).status_code) == (409, 409)
    made = imported(sheet, shanghai)
    where = f"{HERE}{made.pk}/undo/"
    assert (api(jilin).get(where).status_code, api(jilin).post(where).status_code) == (404, 404)
    assert (api(ministry).get(where).status_code, api(ministry).post(where).status_code) == (403, 403)
    assert page(ministry).get(f"/imports/{made.pk}/undo/").status_code == 403
    undone(made, shanghai)
    assert (api(shanghai).post(where).status_code, page(shanghai).get(f"/imports/{made.pk}/undo/").status_code) == (
        409,
        409,
    )


def test_the_same_file_can_be_imported_again_after_it_was_undone(shanghai, sheet):
    undone(imported(sheet, shanghai), shanghai)
    again = imported(sheet, shanghai)
    assert again.counts == {"created": 3, "updated": 4, "unchanged": 1, "rejected": 0}


def test_an_undo_that_breaks_midway_undoes_nothing_and_says_so(api, shanghai, sheet, monkeypatch):
    from enterprises.register.sheet import EnterpriseSheet

    def break_down(self, sheet_import, *, by):
        raise ZeroDivisionError

    made = imported(sheet, shanghai)
    before = register(api(shanghai))
    monkeypatch.setattr(EnterpriseSheet, "_record_undone", break_down)
    undone(made, shanghai)
    assert (made.state, made.undone, made.undone_by) == ("done", {}, None) and "Nothing was undone" in made.refusal
    assert register(api(shanghai)) == before


def test_a_kind_that_cannot_undo_says_so(shanghai, sheet, monkeypatch):
    from enterprises.register.sheet import EnterpriseSheet

    made = imported(sheet, shanghai)
    monkeypatch.setattr(EnterpriseSheet, "can_undo", False)
    with pytest.raises(DomainError, match="cannot be undone"):
        undoing.preview(made, by=shanghai)


def test_an_editor_of_the_version_before_the_undo_is_told(shanghai, stored, sheet):
    made = imported(sheet, shanghai)
    undone(made, shanghai)
    with pytest.raises(DomainError) as refusal:
        change_enterprise(stored[0], version=2, by=shanghai, staff_total=9, name="又（虚构）")
    assert {each.name for each in refusal.value.differences} >= {"staff_total", "name"}
