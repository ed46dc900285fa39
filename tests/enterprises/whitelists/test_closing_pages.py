"""The end of a list on its page and over REST: yes, not yours, not there, too late, and not a day."""

import pytest
from django.utils import timezone

from enterprises.models import ListClosing, WhiteList
from enterprises.whitelists.closing import services
from enterprises.whitelists.published.verification import verify
from tests.enterprises.whitelists.asking import ROOT, pointers
from tests.enterprises.whitelists.showing import said, text
from whitelist.core import seal
from whitelist.core.days import ONE, today

DAY = today() + 3 * ONE


@pytest.fixture
def white_list(make):
    return make.listing(since=today() - 5 * ONE).white_list


@pytest.fixture
def closing(white_list, editor):
    return services.propose_closing(white_list, ends_on=DAY, by=editor, note="The outbreak is over")


@pytest.fixture
def reported(make, white_list, editor):
    """A closed list with its report."""
    closing = services.propose_closing(white_list, ends_on=today(), by=editor)
    services.confirm_closing(closing, by=make.user("310000"))
    services.leave_reports(closing.report_due_at)
    return ListClosing.objects.get(pk=closing.pk)


def test_one_proposes_and_another_confirms(page, white_list, editor, approver):
    address = f"/lists/{white_list.pk}/closing/"
    shown = text(page(editor).get(address))
    assert "End the list" in shown and "1 enterprise leaves the list on that day." in shown
    answer = page(editor).post(address, {"ends_on": str(DAY), "note": "Over"})
    assert (answer.status_code, answer.url) == (302, address)
    closing = ListClosing.objects.get()
    waiting = text(page(editor).get(address))
    assert (
        "Waits for one of:" in waiting and "Wang Shen" in waiting and f"/closings/{closing.pk}/confirm/" not in waiting
    )
    assert page(editor).post(f"/closings/{closing.pk}/confirm/").status_code == 403
    assert f"/closings/{closing.pk}/confirm/" in text(page(approver).get(address))
    assert page(approver).post(f"/closings/{closing.pk}/confirm/").status_code == 302
    assert WhiteList.objects.get().closed_on == DAY
    assert "Its closing report is written" in text(page(approver).get(address))
    assert page(approver).post(address, {"ends_on": str(DAY)}).status_code == 409
    again = page(approver).post(f"/closings/{closing.pk}/confirm/")
    assert again.status_code == 302 and "not possible" in said(page(approver), address)[0]


def test_a_proposal_can_be_taken_back(page, closing, approver):
    assert page(approver).post(f"/closings/{closing.pk}/withdraw/").status_code == 302
    assert "End the list" in text(page(approver).get(f"/lists/{closing.white_list_id}/closing/"))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"ends_on": ""}, "This field is required."),
        ({"ends_on": "someday"}, "Enter a valid date."),
        ({"ends_on": "2022-01-01"}, "This list can end on a day from"),
        ({"ends_on": str(DAY), "note": "x" * 501}, "at most 500 characters"),
    ],
)
def test_what_is_wrong_stands_at_its_field(page, white_list, editor, typed, sentence):
    answer = page(editor).post(f"/lists/{white_list.pk}/closing/", typed)
    assert answer.status_code == 400 and sentence in text(answer)


def test_others_do_not_close_it(make, page, api, white_list, closing, jilin, ministry):
    viewer = make.user("310000", duties=["view"])
    address = f"/lists/{white_list.pk}/closing/"
    assert page(jilin).get(address).status_code == 404
    assert page(jilin).post(f"/closings/{closing.pk}/confirm/").status_code == 404
    for reader in (viewer, ministry):
        assert page(reader).get(address).status_code == 200
        assert page(reader).post(address, {"ends_on": str(DAY)}).status_code == 403
        assert page(reader).post(f"/closings/{closing.pk}/confirm/").status_code == 403
        assert api(reader).post(f"{ROOT}closings/{closing.pk}/confirm/", {}).status_code == 403
    assert api(jilin).get(f"{ROOT}closings/{closing.pk}/").status_code == 404
    assert api(jilin).post(f"{ROOT}white-lists/{white_list.pk}/close/", {}).status_code == 404


def test_a_recogniser_does_not_read_how_a_list_ends(make, page, white_list, jilin):
    make.recognition(white_list)
    assert page(jilin).get(f"/lists/{white_list.pk}/").status_code == 200
    assert page(jilin).get(f"/lists/{white_list.pk}/closing/").status_code == 404


def test_the_report_on_page_workbook_and_file(page, reported, editor):
    client, address = page(editor), f"/lists/{reported.white_list_id}/closing/"
    shown = text(client.get(address))
    assert "Enterprises in all" in shown and "By batch" in shown and reported.report.file_hash in shown
    assert client.get(f"{address}?export=xlsx").getvalue().startswith(b"PK")
    csv = b"".join(client.get(f"{address}?export=csv").streaming_content).decode()
    assert "In all,List" in csv and "Time on the list" in csv
    signed = client.get(f"/closings/{reported.pk}/file/").content
    assert verify(signed, {seal.key_id(): seal.public_key()}).body["format"] == "whitelist.closing/1"


def test_without_a_report_there_is_no_file(page, api, closing, editor):
    assert page(editor).get(f"/closings/{closing.pk}/file/").status_code == 404
    assert api(editor).get(f"{ROOT}closings/{closing.pk}/report/").status_code == 404


def test_over_the_api_by_two(api, white_list, editor, approver):
    mine, other = api(editor), api(approver)
    made = mine.post(f"{ROOT}white-lists/{white_list.pk}/close/", {"ends_on": str(DAY), "note": "Over"})
    assert made.status_code == 201 and made.json()["steps"] == ["withdraw"]
    address = f"{ROOT}closings/{made.json()['id']}/"
    assert mine.post(f"{address}confirm/", {}).status_code == 403
    done = other.post(f"{address}confirm/", {"note": "Agreed"})
    assert done.status_code == 200 and done.json()["status"] == "confirmed"
    assert done.json()["confirmed_by"] == "approver" and done.json()["has_report"] is False
    assert other.post(f"{address}confirm/", {}).status_code == 409
    assert mine.post(f"{ROOT}white-lists/{white_list.pk}/close/", {"ends_on": str(DAY)}).status_code == 409
    assert [row["id"] for row in mine.get(f"{ROOT}closings/?white_list={white_list.pk}").json()["results"]] == [
        made.json()["id"]
    ]
    assert mine.get(f"{ROOT}closings/?status=never").status_code == 400


def test_what_the_api_refuses_names_the_field(api, white_list, editor):
    address = f"{ROOT}white-lists/{white_list.pk}/close/"
    assert pointers(api(editor).post(address, {})) == {("/ends_on", "required")}
    assert pointers(api(editor).post(address, {"ends_on": "2022-01-01"})) == {("/ends_on", "impossible_day")}
    assert pointers(api(editor).post(address, {"ends_on": str(DAY), "who": 1})) == {("/who", "unknown_field")}


def test_the_report_over_the_api_with_its_seal(api, reported, editor):
    answer = api(editor).get(f"{ROOT}closings/{reported.pk}/report/")
    assert seal.is_genuine(answer.content, answer["X-Signature"])


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_state_is_drawn_in_both_languages(make, page, editor, language):
    client = page(editor)
    client.cookies["language"] = language
    fresh, ended = make.white_list(), make.white_list(ends_on=today())
    waiting, sure = make.listing(since=today() - ONE).white_list, make.listing(since=today() - ONE).white_list
    services.propose_closing(waiting, ends_on=DAY, by=make.user("310000"))
    services.confirm_closing(services.propose_closing(sure, ends_on=today(), by=editor), by=make.user("310000"))
    for white_list in (fresh, ended, waiting, sure):
        assert client.get(f"/lists/{white_list.pk}/closing/").status_code == 200
    services.leave_reports(timezone.now() + 2 * ONE)
    assert client.get(f"/lists/{sure.pk}/closing/").status_code == 200
