"""The list of warnings, one episode, and answering for it."""

import io
from datetime import timedelta

import openpyxl
import pytest
from django.utils import timezone

from alerts.models import Warning, WarningRun
from alerts.warnings.services import run
from enterprises.models import ReportDue
from whitelist.accounts.models import Duty
from whitelist.audit.models import AuditEntry
from whitelist.core.days import due_at

LANGUAGES = ("en", "zh-hans")


def names(answer):
    return [row.enterprise.name for row in answer.context["object_list"]]


def shown(client, query=""):
    answer = client.get(f"/warnings/{query}")
    assert answer.status_code == 200
    return names(answer)


def test_the_worst_come_first_with_the_sentence_why(judged, page, ministry):
    answer = page(ministry).get("/warnings/")
    assert names(answer) == ["天晴汽车（虚构）", "长春（虚构）", "静默（虚构）"]
    text = answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")
    assert "lasts 2.9 days; red below 3 days (published by the ministry)." in text
    assert "next arrival 50 on" in text


def test_everybody_sees_the_own_division_only(judged, page, shanghai, jilin, make):
    assert len(shown(page(shanghai))) == 2
    assert shown(page(jilin)) == ["长春（虚构）"]
    assert shown(page(make.clerk(judged["short"]))) == ["天晴汽车（虚构）"]
    assert page(make.user("310000", duties=[])).get("/warnings/").status_code == 403


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?level=red", 1),
        ("?level=grey", 1),
        ("?grey=1", 1),
        ("?grey=0", 2),
        ("?division=310000", 2),
        ("?division=310115", 1),
        ("?division=000000", 3),
        ("?chain=food", 1),
        ("?material=ecu-12v", 3),
        ("?material=none", 0),
        ("?new=1", 3),
        ("?new=0", 0),
        ("?acknowledged=0", 3),
        ("?acknowledged=1", 0),
        ("?q=长春", 1),
        ("?enterprise=91310115MA1X90001X", 1),
        ("?level=red&new=1&division=310000", 1),
    ],
)
def test_each_filter_leaves_its_rows(judged, page, ministry, query, expected):
    assert len(shown(page(ministry), query)) == expected


def test_every_number_of_the_strip_opens_exactly_its_rows(judged, page, ministry):
    client = page(ministry)
    cells = client.get("/warnings/?division=310000").context["cells"]
    assert [cell["value"] for cell in cells] == [1, 1, 1, 0, 0, 1]
    for cell in cells:
        assert len(shown(client, cell["href"])) == cell["value"], cell["label"]


def test_a_filter_that_cannot_be_read_says_so(judged, page, ministry):
    answer = page(ministry).get("/warnings/?division=abc")
    assert names(answer) == []
    assert "six digits" in answer.content.decode()
    assert page(ministry).get("/warnings/?day=yesterday").status_code == 400


@pytest.mark.parametrize("language", LANGUAGES)
def test_states_without_rows_say_why(db, make, page, ministry, day, language):
    client = page(ministry)
    client.cookies["language"] = language
    assert client.get("/warnings/").context["run"] is None
    assert client.get(f"/warnings/?day={day}").status_code == 200
    run(day)
    assert client.get("/warnings/").context["strip"].warned == 0
    assert client.get("/warnings/?level=red").status_code == 200


def test_a_day_without_a_run_is_not_an_empty_day(judged, page, ministry, day):
    answer = page(ministry).get(f"/warnings/?day={day - timedelta(days=3)}")
    assert "has not been made" in answer.content.decode()


def test_figures_older_than_26_hours_are_said_to_be(judged, page, ministry):
    assert not page(ministry).get("/warnings/").context["is_stale"]
    WarningRun.objects.update(finished_at=timezone.now() - timedelta(hours=27))
    assert "older than 26 hours" in page(ministry).get("/warnings/").content.decode()


def test_as_many_queries_for_forty_rows_as_for_two(
    judged, make, part, page, ministry, day, django_assert_max_num_queries
):
    client = page(ministry)
    client.get("/warnings/")  # the session keeps its CSRF secret once
    with django_assert_max_num_queries(8 + 2) as few:  # two are the test's own savepoint around the request
        client.get("/warnings/")
    firms = [make.enterprise() for _ in range(40)]
    editor = make.user("310000")
    for firm in firms:
        make.report(firm, day, stock=[(part, 100, 100)], by=editor)
        ReportDue.objects.create(enterprise=firm, day=day, due_at=due_at(day))
    run(day)
    with django_assert_max_num_queries(8 + 2) as many:
        assert len(client.get("/warnings/").context["object_list"]) == 43
    assert len(few) == len(many)


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_the_export_holds_what_the_filter_shows(judged, page, shanghai, form):
    answer = page(shanghai).get(f"/warnings/?level=red&export={form}")
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if form == "csv":
        lines = content.decode("utf-8-sig").strip().splitlines()
        assert len(lines) == 2
        assert "91310115MA1X90001X" in lines[1]
    else:
        book = openpyxl.load_workbook(io.BytesIO(content))
        assert book.worksheets[1].max_row == 2
        assert "24:00" in "".join(str(row[1].value) for row in book.worksheets[0].iter_rows())


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_episode_tells_why_what_ends_it_and_who_else_has_it(judged, make, part, page, ministry, language):
    buyer = make.enterprise("110105", name="买方（虚构）")
    make.supply_link(supplier=judged["short"], buyer=buyer, material=make.material())
    warning = Warning.objects.get(enterprise=judged["short"])
    client = page(ministry)
    client.cookies["language"] = language
    answer = client.get(warning.get_absolute_url())
    assert answer.status_code == 200
    text = answer.content.decode()
    assert answer.context["remedy"].quantity == 10
    assert buyer.name in text
    assert [firm.name for firm in answer.context["alternates"]["rows"]] == ["长春（虚构）"]


def test_names_beyond_the_scope_are_not_shown(judged, page, shanghai):
    answer = page(shanghai).get(Warning.objects.get(enterprise=judged["short"]).get_absolute_url())
    assert answer.context["alternates"]["total"] == 0
    foreign = Warning.objects.get(enterprise=judged["calm"])
    assert page(shanghai).get(foreign.get_absolute_url()).status_code == 404


def test_every_state_of_an_episode_draws(judged, make, part, page, ministry, day):
    for warning in Warning.objects.all():
        assert page(ministry).get(warning.get_absolute_url()).status_code == 200


def test_acknowledging_once_stops_the_ladder_and_stands_in_the_history(judged, page, shanghai):
    warning = Warning.objects.get(enterprise=judged["short"])
    address = f"{warning.get_absolute_url()}acknowledge/"
    answer = page(shanghai).post(address, {"note": "we call the maker"}, follow=True)
    assert "You answer for this warning now" in answer.content.decode()
    assert "we call the maker" in answer.content.decode()
    warning.refresh_from_db()
    assert warning.acknowledged_by == shanghai
    assert AuditEntry.objects.about(warning).get().note == "we call the maker"
    again = page(shanghai).post(address, follow=True)
    assert "acknowledged before" in again.content.decode()


def test_who_may_not_acknowledge(judged, make, page, jilin):
    warning = Warning.objects.get(enterprise=judged["short"])
    address = f"{warning.get_absolute_url()}acknowledge/"
    assert page(jilin).post(address).status_code == 404
    assert page(make.user("310000", duties=[Duty.VIEW])).post(address).status_code == 403


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_limits_say_whose_they_are(page, shanghai, language):
    client = page(shanghai)
    client.cookies["language"] = language
    answer = client.get("/rules/")
    assert [rule.standing for rule in answer.context["rules"]] == ["now", "now"]
    if language == "en":
        assert "Published by the ministry" in answer.content.decode()
