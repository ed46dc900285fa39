"""Warnings, limits, runs and numbers as other systems read them."""

import uuid
from datetime import timedelta

import pytest

from alerts.models import Assessment, Warning, WarningRun
from alerts.tasks import run_missing
from alerts.warnings import services
from enterprises.models import ReportDue, StockReading
from whitelist.accounts.models import Duty
from whitelist.core.days import due_at
from whitelist.delivery.services import run_next

WARNINGS = "/api/v1/warnings/"
RUNS = "/api/v1/warning-runs/"
NUMBERS = "/api/v1/statistics/warnings/"


def listed(client, query=""):
    answer = client.get(f"{WARNINGS}{query}")
    assert answer.status_code == 200, answer.data
    return answer.data["results"]


def test_the_shape_is_the_contract(judged, api, shanghai, day):
    answer = api(shanghai).get(f"{WARNINGS}?level=red").json()
    (warning,) = answer["results"]
    assert warning == {
        "id": Warning.objects.get(enterprise=judged["short"]).pk,
        "day": str(day),
        "enterprise": {"uscc": "91310115MA1X90001X", "name": "天晴汽车（虚构）"},
        "material": {"code": "ecu-12v", "name": "控制器", "unit": "pieces"},
        "level": "red",
        "grey": False,
        "projected": False,
        "cover": "2.90",
        "limits": {"red": "3", "yellow": "7", "blue": "14"},
        "since": str(day),
        "changed_on": str(day),
        "cleared_on": None,
        "acknowledged_at": None,
        "problem": None,
    }
    assert (answer["count"], answer["as_of"]) == (1, str(day))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", 3),
        ("?level=blue", 1),
        ("?grey=true", 1),
        ("?acknowledged=false", 3),
        ("?division=310000", 2),
        ("?chain=food", 1),
        ("?material=ecu-12v", 3),
        ("?enterprise=91310115MA1X90001X", 1),
        ("?enterprise=nobody", 0),
        ("?limit=1", 1),
    ],
)
def test_filters(judged, api, ministry, query, expected):
    assert len(listed(api(ministry), query)) == expected


@pytest.mark.parametrize("query", ["?colour=red", "?level=green", "?division=31", "?as_of=9 May", "?grey=perhaps"])
def test_what_cannot_be_read_is_refused_by_name(judged, api, ministry, query):
    answer = api(ministry).get(f"{WARNINGS}{query}")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/" + query[1:].partition("=")[0]


def test_the_worst_come_first_page_by_page(judged, api, ministry):
    client, seen, address = api(ministry), [], f"{WARNINGS}?limit=1"
    while address:
        body = client.get(address).json()
        seen += [row["level"] for row in body["results"]]
        address = body["next"]
    assert seen == ["red", "blue", "grey"]


def test_a_past_day_answers_as_it_stood(judged, make, part, api, ministry, day):
    ReportDue.objects.bulk_create(
        ReportDue(enterprise=firm, day=day - timedelta(days=1), due_at=due_at(day)) for firm in judged.values()
    )
    services.run(day - timedelta(days=1))
    before = listed(api(ministry), f"?as_of={day - timedelta(days=1)}")
    assert {row["level"] for row in before} == {"grey"}
    assert len(listed(api(ministry), f"?as_of={day}")) == 3
    assert api(ministry).get(f"{WARNINGS}?as_of=2020-01-01").json()["as_of"] is None


def test_nothing_foreign_is_told(judged, api, jilin, make):
    foreign = Warning.objects.get(enterprise=judged["short"])
    client = api(jilin)
    assert [row["enterprise"]["name"] for row in listed(client)] == ["长春（虚构）"]
    for verb in ("", "why/", "downstream/", "alternates/"):
        assert client.get(f"{WARNINGS}{foreign.pk}/{verb}").status_code == 404
    assert client.post(f"{WARNINGS}{foreign.pk}/acknowledge/", {}).status_code == 404
    assert api(make.user("310000", duties=[])).get(WARNINGS).status_code == 403
    assert api().get(WARNINGS).status_code == 401


def test_one_warning_says_why_and_what_ends_it(judged, api, shanghai, day):
    address = f"{WARNINGS}{Warning.objects.get(enterprise=judged['short']).pk}/"
    answer = api(shanghai).get(address)
    assert answer.json()["cover"] == "2.90"
    assert answer["ETag"]
    body = api(shanghai).get(f"{address}why/").json()
    assert "red below 3 days (published by the ministry)" in body["sentence"]
    assert body["to_leave_red"]["quantity"] == "10.00"
    assert body["to_leave_red"]["latest_on"] == str(day + timedelta(days=2))
    assert api(shanghai).get(f"{address}?x=1").status_code == 400


def test_neighbours_of_a_warning_by_name(judged, make, api, ministry):
    link = make.supply_link(supplier=judged["short"])
    address = f"{WARNINGS}{Warning.objects.get(enterprise=judged['short']).pk}/"
    (hit,) = api(ministry).get(f"{address}downstream/").json()["results"]
    assert hit["enterprise"]["name"] == link.buyer.name
    (other,) = api(ministry).get(f"{address}alternates/").json()["results"]
    assert other["enterprise"]["name"] == "长春（虚构）"


def test_acknowledging(judged, make, api, shanghai):
    address = f"{WARNINGS}{Warning.objects.get(enterprise=judged['short']).pk}/acknowledge/"
    assert api(make.user("310000", duties=[Duty.VIEW])).post(address, {}).status_code == 403
    client, key = api(shanghai), {"HTTP_IDEMPOTENCY_KEY": uuid.uuid4().hex}
    first = client.post(address, {"note": "seen"}, **key)
    assert first.status_code == 200
    assert first.json()["acknowledged_at"]
    assert client.post(address, {"note": "seen"}, **key)["Idempotency-Replayed"] == "true"
    assert client.post(address, {}).json()["code"] == "wrong_state"
    assert client.post(address, {"sentence": "x"}).status_code == 400
    assert len(listed(client, "?acknowledged=true")) == 1


def test_the_limits_are_open_to_everybody(make, api):
    rules = api(make.clerk()).get("/api/v1/warning-rules/").json()["results"]
    assert [(rule["chain"], rule["red"], rule["red_source"]) for rule in rules] == [
        ("", "3.00", "default"),
        ("automobiles", "3.00", "ministry"),
    ]


def test_a_run_is_asked_for_and_done_by_the_worker(judged, part, api, ministry, day):
    client = api(ministry)
    before = client.get(f"{RUNS}{day}/").json()
    assert before["counts"] == {"red": 1, "yellow": 0, "blue": 1, "grey": 1, "normal": 0}
    StockReading.objects.filter(enterprise=judged["short"]).update(on_hand=500)
    asked = client.post(RUNS, {"day": str(day)})
    assert asked.status_code == 202
    while run_next():
        continue
    after = client.get(f"{RUNS}{day}/").json()
    assert (after["generation"], after["state"]) == (before["generation"] + 1, "done")
    assert after["counts"]["red"] == 0
    assert after["input_hash"] != before["input_hash"]
    assert [row["level"] for row in listed(client, "?enterprise=91310115MA1X90001X")] == ["yellow"]


def test_who_may_ask_for_a_run_and_of_which_day(judged, make, api, ministry, shanghai, day):
    assert api(shanghai).post(RUNS, {"day": str(day)}).status_code == 403
    assert api(make.clerk(judged["short"])).get(RUNS).status_code == 403
    today = api(ministry).post(RUNS, {"day": str(day + timedelta(days=1))})
    assert (today.status_code, today.json()["errors"][0]["code"]) == (400, "not_over")
    assert api(ministry).post(RUNS, {}).json()["errors"][0]["pointer"] == "/day"
    assert api(ministry).get(f"{RUNS}2020-01-01/").status_code == 404
    assert api(shanghai).get(RUNS).json()["count"] == 1


def test_the_clock_makes_good_what_was_missed(judged, day):
    WarningRun.objects.all().delete()
    Assessment.objects.all().delete()
    Warning.objects.all().delete()
    run_missing()
    assert WarningRun.objects.filter(state="done").exists()


@pytest.mark.parametrize(
    ("by", "keys"),
    [
        ("division", ["220000", "310000"]),
        ("chain", ["automobiles", "food"]),
        ("field", ["strategic"]),
        ("material", ["ecu-12v"]),
        ("region", ["yangtze"]),
        ("size", []),
        ("tag", []),
    ],
)
def test_numbers_by_everything(judged, api, ministry, day, by, keys):
    body = api(ministry).get(f"{NUMBERS}?day={day}&by={by}").json()
    assert [row["key"] for row in body["rows"]] == keys
    assert body["total"] == {"red": 1, "yellow": 0, "blue": 1, "grey": 1, "unacknowledged": 1}
    assert body["by"] == by


def test_numbers_by_list_count_a_firm_on_each_of_its_lists(judged, api, ministry):
    for by in ("list", "batch"):
        rows = api(ministry).get(f"{NUMBERS}?by={by}").json()["rows"]
        assert sum(row["red"] for row in rows) == 1


def test_numbers_of_an_office_are_broken_down_below_it(judged, api, shanghai, ministry, day):
    rows = api(shanghai).get(NUMBERS).json()["rows"]
    assert [row["key"] for row in rows] == ["310114", "310115"]
    assert api(ministry).get(f"{NUMBERS}?division=310000").json()["rows"] == rows
    series = api(shanghai).get(f"{NUMBERS}?from={day - timedelta(days=3)}&to={day}").json()
    assert (series["by"], [(row["key"], row["red"]) for row in series["rows"]]) == ("day", [(str(day), 1)])
    assert api(shanghai).get(f"{NUMBERS}?from={day}").json()["errors"][0]["pointer"] == "/to"
    assert api(shanghai).get(f"{NUMBERS}?by=colour").status_code == 400
    assert api(shanghai).get(f"{NUMBERS}?day=2020-01-01").json()["total"] is None


def test_page_api_board_and_run_count_alike(judged, api, page, ministry, day):
    run = api(ministry).get(f"{RUNS}{day}/").json()["counts"]
    total = api(ministry).get(NUMBERS).json()["total"]
    strip = page(ministry).get("/warnings/").context["strip"]
    board = page(ministry).get("/").context["situation"].warned_total
    for level in ("red", "yellow", "blue", "grey"):
        rows = api(ministry).get(f"{WARNINGS}?level={level}").json()["count"]
        assert run[level] == total[level] == strip[level] == board[level] == rows


def test_a_receipt_says_how_long_the_stock_lasts(make, part, api, day):
    firm = make.enterprise()
    make.listing(firm, since=day - timedelta(days=3))
    body = {
        "state": "normal",
        "stock": [{"material": "ecu-12v", "on_hand": "290", "daily_use": "100", "arrivals": []}],
    }
    answer = api(make.clerk(firm)).put(f"/api/v1/daily-reports/{firm.code}/{day}/", body)
    assert answer.status_code == 201, answer.data
    (line,) = answer.json()["stock"]
    assert (line["material"], line["cover"], line["level"]) == ("ecu-12v", "2.90", "red")


def test_as_many_queries_for_forty_rows_as_for_two(
    judged, make, part, api, ministry, day, django_assert_max_num_queries
):
    client = api(ministry)
    client.get(WARNINGS)
    with django_assert_max_num_queries(8 + 2) as few:
        client.get(WARNINGS)
    editor = make.user("310000")
    for firm in [make.enterprise() for _ in range(40)]:
        make.report(firm, day, stock=[(part, 100, 100)], by=editor)
        ReportDue.objects.create(enterprise=firm, day=day, due_at=due_at(day))
    services.run(day)
    with django_assert_max_num_queries(8 + 2) as many:
        assert len(client.get(WARNINGS).json()["results"]) == 43
    assert len(few) == len(many)
