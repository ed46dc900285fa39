"""The pages of imports, from the upload to the end."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from enterprises.models import Enterprise
from tests.sheets.workbooks import firm, imported, read, table, upload, work, xlsx
from whitelist.sheets.models import SheetImport

pytestmark = pytest.mark.django_db


def text(answer):
    return answer.content.decode()


def test_the_upload_page_states_limits_and_columns(page, shanghai):
    told = text(page(shanghai).get("/imports/new/?kind=enterprises"))
    assert "20 MB" in told and "20,000 rows" in told and "统一社会信用代码" in told


def test_a_workbook_goes_from_upload_to_the_register(page, shanghai):
    client = page(shanghai)
    answer = client.post("/imports/new/", {"kind": "enterprises", "file": upload(table(firm(1), firm(2)))})
    made = SheetImport.objects.get()
    assert answer.url == f"/imports/{made.pk}/"
    waiting = text(client.get(answer.url))
    assert "Reading the file" in waiting and 'hx-trigger="every 1s"' in waiting
    work()
    shown = text(client.get(answer.url))
    assert "Import 2 rows" in shown and firm(1)[0] in shown
    client.post(f"/imports/{made.pk}/confirm/")
    assert "Writing to the register" in text(client.get(answer.url))
    work()
    done = text(client.get(answer.url))
    assert "See the enterprises" in done and Enterprise.objects.count() == 2


def test_polling_reloads_the_page_once_the_worker_is_done(page, shanghai):
    made = read(table(firm(1)), shanghai)
    answer = page(shanghai).get(f"/imports/{made.pk}/", headers={"HX-Request": "true"})
    assert answer["HX-Refresh"] == "true"


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n\x00\x00", b"PK\x03\x04half"])
def test_what_is_no_spreadsheet_is_said_beside_the_field(page, shanghai, content):
    answer = page(shanghai).post("/imports/new/", {"kind": "enterprises", "file": upload(content)})
    assert answer.status_code == 415 and "error-summary" in text(answer)
    assert not SheetImport.objects.exists()


def test_too_large_a_file_is_413_and_says_the_limit(page, shanghai, settings):
    settings.IMPORT_MAX_BYTES = 1024 * 1024
    answer = page(shanghai).post("/imports/new/", {"kind": "enterprises", "file": upload(b"a,b\n" * 300_000)})
    assert answer.status_code == 413 and "at most 1 MB" in text(answer)


def test_a_missing_file_is_asked_for(page, shanghai):
    answer = page(shanghai).post("/imports/new/", {"kind": "enterprises"})
    assert answer.status_code == 400 and "Choose a file." in text(answer)


def test_rejected_rows_stand_in_the_button_and_under_their_filter(page, shanghai):
    bad = ("123", "坏代码（虚构）", "310115")
    made = read(table(firm(1), firm(2), bad), shanghai)
    client = page(shanghai)
    assert "Import 2 rows, leave out 1" in text(client.get(f"/imports/{made.pk}/"))
    rejected = text(client.get(f"/imports/{made.pk}/?outcome=rejected"))
    assert f"{firm(1)[0]}</code>" not in rejected and "123</code>" in rejected
    assert "坏代码" in text(client.get(f"/imports/{made.pk}/?fault=code_length"))


def test_old_and_new_stand_side_by_side(page, shanghai, make):
    stored = make.enterprise("310115", name="旧名称（虚构）")
    made = read(table((stored.uscc, "新名称（虚构）", "310115")), shanghai)
    shown = text(page(shanghai).get(f"/imports/{made.pk}/"))
    assert "<del>" in shown and "旧名称" in shown and "新名称" in shown


def test_unknown_columns_are_listed_with_what_they_hold(page, shanghai):
    made = read(xlsx([["统一社会信用代码", "企业名称", "行政区划", "电话"], [*firm(1), "021-000"]]), shanghai)
    shown = text(page(shanghai).get(f"/imports/{made.pk}/"))
    assert "电话" in shown and "021-000" in shown and "not imported" in shown


def test_several_sheets_are_offered_and_one_is_chosen(page, shanghai):
    head = ["统一社会信用代码", "企业名称", "行政区划"]
    made = read(xlsx(甲=[head, firm(1)], 乙=[head, firm(2), firm(3)], 说明=[["请填写"]]), shanghai)
    client = page(shanghai)
    shown = text(client.get(f"/imports/{made.pk}/"))
    assert made.state == "needs_choice" and "乙" in shown and "2 rows" in shown and "说明" not in shown
    client.post(f"/imports/{made.pk}/choose/", {"sheet": "丙"})
    assert "has no such sheet" in text(client.get(f"/imports/{made.pk}/"))
    client.post(f"/imports/{made.pk}/choose/", {"sheet": "乙"})
    work()
    made.refresh_from_db()
    assert (made.state, made.rows) == ("preview", 2)


def test_discarding_drops_file_and_rows(page, shanghai):
    made = read(table(firm(1)), shanghai)
    answer = page(shanghai).post(f"/imports/{made.pk}/discard/", follow=True)
    made.refresh_from_db()
    assert "was discarded" in text(answer) and made.state == "discarded"
    assert not made.lines.exists() and not hasattr(made, "file")
    assert "Nothing of it was imported" in text(page(shanghai).get(f"/imports/{made.pk}/"))


def test_a_change_since_the_preview_stops_the_confirmation_and_reading_again_mends_it(page, shanghai, make):
    stored = make.enterprise("310115", name="旧名称（虚构）")
    made = read(table((stored.uscc, "新名称（虚构）", "310115")), shanghai)
    Enterprise.objects.filter(pk=stored.pk).update(link="moulding", version=2)
    client = page(shanghai)
    answer = client.post(f"/imports/{made.pk}/confirm/", follow=True)
    assert "1 of its rows rest on: 2" in text(answer)
    client.post(f"/imports/{made.pk}/read-again/")
    work()
    client.post(f"/imports/{made.pk}/confirm/")
    work()
    stored.refresh_from_db()
    assert (stored.name, stored.link, stored.version) == ("新名称（虚构）", "moulding", 3)


def test_the_same_file_again_says_when_it_was_imported(page, shanghai):
    content = table(firm(1))
    imported(content, shanghai)
    again = read(content, shanghai)
    shown = text(page(shanghai).get(f"/imports/{again.pk}/"))
    assert "This very file was imported already" in shown and "Close: nothing changes" in shown


def test_confirming_twice_is_said_and_changes_nothing(page, shanghai):
    made = imported(table(firm(1)), shanghai)
    answer = page(shanghai).post(f"/imports/{made.pk}/confirm/", follow=True)
    assert "is not possible: this is done now" in text(answer)


def test_another_province_does_not_find_it(page, shanghai, jilin):
    made = read(table(firm(1)), shanghai)
    client = page(jilin)
    assert client.get(f"/imports/{made.pk}/").status_code == 404
    assert client.post(f"/imports/{made.pk}/confirm/").status_code == 404
    assert client.get(f"/imports/{made.pk}/workbook/").status_code == 404


def test_who_may_only_look_neither_uploads_nor_confirms(page, shanghai, make):
    made = read(table(firm(1)), shanghai)
    client = page(make.user("310000", duties=["view"]))
    assert client.get("/imports/new/").status_code == 403
    assert client.get(f"/imports/{made.pk}/").status_code == 200
    assert client.post(f"/imports/{made.pk}/confirm/").status_code == 403


def test_the_ministry_sees_a_provinces_import_but_does_not_confirm_it(page, shanghai, ministry):
    made = read(table(firm(1)), shanghai)
    client = page(ministry)
    assert "Import 1 row<" not in text(client.get(f"/imports/{made.pk}/"))
    assert client.post(f"/imports/{made.pk}/confirm/").status_code == 403


@pytest.mark.parametrize("state", ["preview", "done"])
def test_pages_read_in_chinese(page, shanghai, state):
    content = table(firm(1), ("123", "坏（虚构）", "310115"))
    made = imported(content, shanghai) if state == "done" else read(content, shanghai)
    client = page(shanghai)
    for where in ("/imports/", "/imports/new/", f"/imports/{made.pk}/", f"/imports/{made.pk}/?outcome=rejected"):
        assert client.get(where, headers={"Accept-Language": "zh-hans"}).status_code == 200


def test_the_list_exports_what_it_shows(page, shanghai):
    read(table(firm(1)), shanghai)
    answer = page(shanghai).get("/imports/?export=csv&state=preview")
    assert "名单.xlsx" in b"".join(answer.streaming_content).decode()


def queries(client, where):
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(where).status_code == 200
    return len(caught)


def test_as_many_queries_for_many_rows_as_for_few(page, shanghai):
    client = page(shanghai)
    client.get("/imports/new/")
    few = read(table(*[firm(n) for n in range(1, 3)]), shanghai)
    here, listed = queries(client, f"/imports/{few.pk}/"), queries(client, "/imports/")
    many = read(table(*[firm(n) for n in range(1, 41)]), shanghai)
    for _n in range(3):
        read(table(firm(1)), shanghai)
    assert queries(client, f"/imports/{many.pk}/") == here
    assert queries(client, "/imports/") == listed <= 8
