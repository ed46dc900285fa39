"""One's notices: told once, unread first, opened where something can be done, in the reader's language."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from whitelist.delivery.models import Notification
from whitelist.delivery.services import notify


def tell(user, number=1, **fields):
    for n in range(number):
        notify([user], "Batch %(number)s waits.", key=f"k{n}", address=f"/batches/{n}/", number=n, **fields)


def test_the_same_key_tells_a_person_once(shanghai):
    tell(shanghai)
    tell(shanghai)
    assert Notification.objects.count() == 1


def test_unread_ones_stand_first(shanghai, page):
    tell(shanghai, 3)
    newest = Notification.objects.order_by("pk").last()
    page(shanghai).post(f"/notices/{newest.pk}/open/")
    shown = page(shanghai).get("/notices/").context["object_list"]
    assert [notice.values["number"] for notice in shown] == [1, 0, 2]


def test_all_are_marked_as_read_by_post_and_only_one_s_own(shanghai, jilin, page):
    tell(shanghai, 2)
    tell(jilin)
    answer = page(shanghai).post("/notices/read/", follow=True)
    assert "2 notices are marked as read." in answer.content.decode()
    assert not Notification.objects.filter(user=shanghai).unread().exists()
    assert Notification.objects.filter(user=jilin).unread().count() == 1
    assert page(shanghai).get("/notices/read/").status_code == 405


def test_opening_one_marks_it_and_leads_to_its_place(shanghai, page):
    tell(shanghai)
    notice = Notification.objects.get()
    answer = page(shanghai).post(f"/notices/{notice.pk}/open/")
    assert answer["Location"] == "/batches/0/"
    notice.refresh_from_db()
    assert notice.read_at


@pytest.mark.parametrize("address", ["", "https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"])
def test_a_notice_never_leads_out_of_the_house(shanghai, page, address):
    notice = Notification.objects.create(user=shanghai, sentence="x", key="k", address=address)
    assert page(shanghai).post(f"/notices/{notice.pk}/open/")["Location"] == "/notices/"


def test_a_colleague_s_notice_does_not_exist(shanghai, make, page):
    tell(make.user())
    notice = Notification.objects.get()
    assert page(shanghai).post(f"/notices/{notice.pk}/open/").status_code == 404


def test_nobody_reads_notices_unknown(page):
    assert page().get("/notices/")["Location"].startswith("/sign-in/?next=/notices/")


def test_without_notices_the_page_says_what_comes_here(shanghai, page):
    assert "No notices" in page(shanghai).get("/notices/").content.decode()


def test_the_list_asks_as_often_for_40_notices_as_for_2(shanghai, page):
    counts, client = [], page(shanghai)
    for number in (2, 40):
        tell(shanghai, number)
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/notices/").status_code == 200
        counts.append(sum(query["sql"].startswith("SELECT") for query in asked))
    assert counts[0] == counts[1] <= 8


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_page_renders_in_both_languages(shanghai, page, language):
    tell(shanghai, 2)
    client = page(shanghai)
    client.cookies["language"] = language
    answer = client.get("/notices/")
    assert f'<html lang="{language}">' in answer.content.decode()


def test_the_api_lists_one_s_own_and_marks_them(shanghai, jilin, api):
    tell(shanghai, 3)
    tell(jilin)
    client = api(shanghai)
    listed = client.get("/api/v1/notifications/?unread=true").data
    assert listed["count"] == 3
    assert listed["results"][0]["text"] == "Batch 2 waits."
    one = client.post(f"/api/v1/notifications/{listed['results'][0]['id']}/read/")
    assert one.status_code == 200 and one.data["read_at"]
    assert client.get("/api/v1/notifications/?unread=true").data["count"] == 2
    assert client.post("/api/v1/notifications/read/").data == {"count": 2}
    other = Notification.objects.get(user=jilin)
    assert client.get(f"/api/v1/notifications/{other.pk}/").status_code == 404
    assert client.post(f"/api/v1/notifications/{other.pk}/read/").status_code == 404
    assert other.read_at is None


def test_an_unknown_field_in_a_body_is_refused(shanghai, api):
    answer = api(shanghai).post("/api/v1/notifications/read/", {"all": True})
    assert (answer.status_code, answer.data["errors"][0]["code"]) == (400, "unknown_field")


def test_an_enterprise_has_notices_too(make, page):
    clerk = make.clerk()
    tell(clerk)
    assert page(clerk).get("/notices/").context["unread"] == 1
