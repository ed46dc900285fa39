"""The board: every number is right, opens exactly its rows, and costs the same however many there are."""

import io
import re
from datetime import timedelta
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pytest
from django.utils import timezone

from alerts.board import cells
from alerts.board.places import PLACES
from alerts.models import WarningRun
from enterprises.resumption import metrics
from whitelist.accounts.models import Division, Duty, User, prefix_of
from whitelist.core.days import today

LANGUAGES = ("en", "zh-hans")
ROWS = ("/reports/", "/warnings/", "/batches/", "/supply-links/")


class Links(HTMLParser):
    """Every link of a page into rows, with its own words; those read aloud only are left out."""

    def __init__(self):
        super().__init__()
        self.found, self.open, self.hidden = [], None, 0

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "a" and urlsplit(attrs.get("href", "")).path in ROWS and urlsplit(attrs["href"]).query:
            self.open = [attrs["href"], ""]
        elif self.open and tag == "span":
            self.hidden += self.hidden > 0 or attrs.get("class") in ("visually-hidden", "sign")

    def handle_endtag(self, tag):
        if tag == "span" and self.hidden:
            self.hidden -= 1
        elif tag == "a" and self.open:
            self.found.append(tuple(self.open))
            self.open = None

    def handle_data(self, text):
        if self.open and not self.hidden:
            self.open[1] += text


def links_of(answer):
    reader = Links()
    reader.feed(answer.content.decode())
    return [(href, text.strip()) for href, text in reader.found]


def rows_at(client, href):
    answer = client.get(href)
    assert answer.status_code == 200, href
    return answer.context["page_obj"].paginator.count


def whole(text):
    """The whole number that a link's words say, None for a rate, a dash, or a name with its coverage."""
    if ":" in text:
        return None
    said = re.search(r"(?<![\d.,])\d[\d,]*(?![\d.,])", text)
    return int(said[0].replace(",", "")) if said and "." not in text else None


@pytest.fixture
def office(make, request):
    return make.user(request.param, username=f"office-{request.param}")


def behind(office, asked):
    """How many rows the registry of figures finds behind a rate."""
    due = metrics.due_on(office, asked["day"])
    if "division" in asked:
        due = due.filter(enterprise__division__code__startswith=prefix_of(asked["division"]))
    if "chain" in asked:
        due = due.filter(enterprise__chain=asked["chain"])
    return metrics.rows_behind(due, asked["metric"], asked["part"]).count()


@pytest.mark.parametrize("office", ["000000", "310000", "220100"], indirect=True)
def test_every_number_opens_exactly_its_rows(situation, page, office):
    client = page(office)
    links = {link for query in ("", "?figure=red", "?figure=on_duty") for link in links_of(client.get(f"/{query}"))}
    walked = 0
    for href, text in sorted(links):
        asked = {name: values[0] for name, values in parse_qs(urlsplit(href).query).items()}
        expected = whole(text) if whole(text) is not None else behind(office, asked) if "metric" in asked else None
        if expected is not None:
            assert rows_at(client, href) == expected, f"{text!r}: {href}"
            walked += 1
    assert walked > 15


@pytest.mark.parametrize("office", ["000000", "310000", "220100"], indirect=True)
@pytest.mark.parametrize("language", LANGUAGES)
def test_it_draws_for_every_office_figure_and_language(situation, page, office, language):
    client = page(office)
    client.cookies["language"] = language
    for figure in cells.SHOWN:
        answer = client.get(f"/?figure={figure}&compare=7")
        assert answer.status_code == 200
        assert len(answer.content) < 150_000


def test_the_figures_of_the_day(situation, page, ministry, day):
    context = page(ministry).get("/").context
    assert context["day"] == day
    assert context["reported"] == {"count": 13, "due": 16, "share": metrics.percent(13, 16)}
    listed, resumed, _duty, _capacity, red, silent = context["strip"]
    assert listed["value"] == 16
    assert [sub["text"] for sub in resumed["subs"]][1:] == ["10", "1 carried forward"]
    assert resumed["subs"][1]["of"]["text"] == "of 14"
    assert (red["value"], red["subs"][0]["text"], red["subs"][1]["text"]) == (5, "1 new today", "5 unacknowledged")
    assert silent["value"] == 3


def test_the_grid_hatches_where_under_half_reported(situation, page, ministry):
    tiles = {tile["short"]: tile for tile in page(ministry).get("/").context["tiles"]}
    assert len(tiles) == len(PLACES) == 32
    assert (tiles["吉"]["value"], tiles["吉"]["bucket"]) == ("100.0", 10)
    assert (tiles["藏"]["value"], tiles["藏"]["bucket"]) == (None, None)
    shown = page(ministry).get("/?figure=reporting").context["tiles"]
    assert next(tile for tile in shown if tile["short"] == "藏")["value"] == "0.0"


def test_the_places_are_the_reporting_provinces(db):
    provinces = {division.code for division in Division.objects.provinces()}
    assert {place.code for place in PLACES} <= provinces
    assert len({(place.col, place.row) for place in PLACES}) == 32


def test_a_city_under_separate_planning_counts_once_in_its_province(situation, make, page, ministry, day):
    firm = make.enterprise("210202")
    make.listing(firm, since=day - timedelta(days=1))
    total = page(ministry).get("/").context["situation"].total.sums["due"]
    by_division = page(ministry).get("/").context["situation"].by_division
    assert sum(figures.sums["due"] for figures in by_division.values()) == total


def test_a_municipality_is_shown_by_its_districts(situation, page, shanghai):
    rows = page(shanghai).get("/").context["divisions"]
    assert [(row["name"], row["due"]) for row in rows] == [("Jiading", 4), ("Pudong", 6)]


def test_newly_red_say_why_and_what_follows(situation, page, ministry, day):
    answer = page(ministry).get("/")
    (row,) = answer.context["newly_red"]
    assert row.enterprise == situation["shanghai"][0]
    text = answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")
    assert "lasts 2.9 days; red below 3 days (published by the ministry)" in text
    assert "1 buyer downstream" in text


def test_days_are_walked_one_by_one_and_none_is_in_the_future(situation, page, ministry, day):
    client = page(ministry)
    context = client.get("/").context
    assert context["following"] is None
    earlier = client.get(context["previous"]["href"]).context
    assert earlier["day"] == day - timedelta(days=1)
    assert client.get(earlier["following"]["href"]).context["day"] == day
    assert client.get(f"/?day={today()}").status_code == 400
    assert client.get("/?day=soon").status_code == 400


def test_changes_are_measured_since_the_day_before_or_the_week_before(situation, page, ministry, day):
    client = page(ministry)
    assert client.get("/").context["situation"].change("on_duty") is not None
    week = client.get("/?compare=7").context["situation"]
    assert (week.before, week.change("on_duty")) == (day - timedelta(days=7), None)


def test_a_day_without_a_run_shows_no_zero(situation, page, ministry, day):
    WarningRun.objects.filter(day=day).delete()
    answer = page(ministry).get(f"/?day={day}")
    assert answer.context["strip"][4]["value"] is None
    assert "The run of this day has not been made" in answer.content.decode()
    assert page(ministry).get("/").context["day"] == day - timedelta(days=1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_states_before_anything_is_there(make, page, ministry, language, day):
    client = page(ministry)
    client.cookies["language"] = language
    assert client.get("/").context["is_empty"]
    make.listing(make.enterprise(), since=day)
    assert client.get("/").status_code == 200


def test_nothing_in_scope(situation, make, page):
    assert page(make.user("650000")).get("/").context["is_empty"]


def test_a_run_older_than_26_hours_is_said(situation, page, ministry):
    WarningRun.objects.update(finished_at=timezone.now() - timedelta(hours=27))
    assert "older than 26 hours" in page(ministry).get("/").content.decode()


def test_enterprises_are_sent_to_their_report_and_others_are_told_why(situation, make, page):
    clerk = page(make.clerk(situation["shanghai"][0])).get("/")
    assert (clerk.status_code, clerk.url) == (302, "/today/")
    checkpoint = make.user(office=make.office("310000", "checkpoint"), duties=[Duty.VIEW, Duty.VERIFY])
    for nobody in (checkpoint, make.user("310000", duties=[])):
        answer = page(nobody).get("/")
        assert "Your user has no board" in answer.content.decode()
    assert page(User.objects.system()).get("/").status_code in (200, 302)


def test_signing_in_comes_first(client, db):
    assert client.get("/").url == "/sign-in/?next=/"


def test_as_many_queries_for_forty_firms_more(situation, make, page, ministry, day, django_assert_max_num_queries):
    client = page(ministry)
    client.get("/")
    with django_assert_max_num_queries(15 + 2) as few:  # two are the test's own savepoint around the request
        client.get("/")
    make.batch("published", enterprises=[make.enterprise() for _ in range(40)], effective_on=day)
    with django_assert_max_num_queries(15 + 2) as many:
        client.get("/")
    assert len(few) == len(many)


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_the_tables_are_taken_away_with_their_definitions(situation, page, ministry, form):
    answer = page(ministry).get(f"/?export={form}")
    if form == "csv":
        text = b"".join(answer.streaming_content).decode("utf-8-sig")
        assert text.splitlines()[1].startswith("Total,000000,Nation,16,")
        return
    book = openpyxl.load_workbook(io.BytesIO(answer.getvalue()))
    about = {row[0].value: row[1].value for row in book.worksheets[0].iter_rows()}
    assert "listed less planned stops" in about["Resumption rate"]
    rows = list(book.worksheets[1].iter_rows(values_only=True))
    assert {row[0] for row in rows[1:]} == {"Total", "Division", "Chain"}
    assert all(len(row) == len(rows[0]) for row in rows)


@pytest.mark.parametrize(("division", "below"), [("310000", {"310114", "310115"}), ("220000", {"220100"})])
def test_board_and_statistics_break_a_province_down_alike(situation, make, page, api, ministry, division, below):
    """A municipality has districts right below it, a province its prefectures."""
    user = make.user(division)
    shown = page(user).get("/").context["situation"]
    told = {"resumption": shown.by_division, "reporting": shown.by_division, "warnings": shown.warned_by_division}
    assert set(shown.by_division) == below and set(shown.warned_by_division) <= below
    for who, query in ((user, ""), (ministry, f"?division={division}")):
        for what, expected in told.items():
            rows = api(who).get(f"/api/v1/statistics/{what}/{query}").json()["rows"]
            assert {row["key"] for row in rows} == set(expected), what
