"""Rates over REST: numerator, denominator and coverage with every number; the rows behind them; reminders."""

import pytest

from enterprises.models import Reminder
from enterprises.resumption import metrics
from tests.enterprises.resumption.conftest import DAY
from whitelist.core.days import ONE

ROOT = "/api/v1/"


@pytest.fixture
def firms(make, clock):
    """Four firms of Shanghai: normal, stopped, silent but carried, silent and unknown; and one of Jilin, normal."""
    firms = [make.enterprise(normal_output=100, output_value=10, tags=["leading", "key_link"]) for _ in range(4)]
    north = make.enterprise("220102", normal_output=100, output_value=10, chain="food")
    make.batch("published", enterprises=firms, effective_on=DAY - 20 * ONE)
    make.batch("published", on=make.white_list("220000"), enterprises=[north], effective_on=DAY - 20 * ONE)
    make.report(firms[0], DAY, state="normal", output=90)
    make.report(firms[1], DAY, state="stopped", output=0, staff_on_duty=0)
    make.report(firms[2], DAY - ONE, state="partial", output=40)
    make.report(north, DAY, state="normal", output=50)
    return [*firms, north]


def test_a_rate_never_stands_alone(api, ministry, firms):
    told = api(ministry).get(f"{ROOT}statistics/resumption/").json()
    assert (told["metric"], told["day"], told["by"]) == ("resumed", "2022-05-09", "division")
    assert told["as_of"] == "2022-05-10T09:46:00+08:00" and "normal or partial" in told["definition"]
    assert [(row["key"], row["numerator"], row["denominator"], row["rate"]) for row in told["rows"]] == [
        ("220000", 1, 1, "100.0"),
        ("310000", 2, 4, "50.0"),
    ]
    shanghai = told["rows"][1]
    assert shanghai["coverage"] == {"due": 4, "on_time": 2, "late": 0, "empty": 0, "none": 2}
    assert (shanghai["carried"], shanghai["unknown"], shanghai["name"]) == (1, 1, "Shanghai")
    assert (told["total"]["numerator"], told["total"]["denominator"], told["total"]["rate"]) == (3, 5, "60.0")


@pytest.mark.parametrize("metric", list(metrics.METRICS))
@pytest.mark.parametrize("by", list(metrics.groups()))
def test_every_metric_by_everything(api, ministry, firms, metric, by):
    answer = api(ministry).get(f"{ROOT}statistics/resumption/?metric={metric}&by={by}&day={DAY}")
    assert answer.status_code == 200
    rows = answer.json()["rows"]
    assert rows or by == "size" or by == "region"
    assert all(row["name"] and isinstance(row["rate"], str | None) for row in rows)


def test_the_breakdown_goes_one_level_below_what_is_asked_for(api, shanghai, ministry, firms):
    def keys(user, query=""):
        return [row["key"] for row in api(user).get(f"{ROOT}statistics/resumption/?{query}").json()["rows"]]

    assert keys(shanghai) == keys(ministry, "division=310000") == ["310115"]  # a municipality's districts
    assert keys(ministry, "division=310100") == ["310115"]
    assert keys(ministry, "division=220000") == ["220100"]
    assert keys(shanghai, "division=220000") == []
    assert keys(ministry, "by=chain&division=220000") == ["food"]
    assert set(keys(ministry, "by=tag")) == {"leading", "key_link"}


def test_an_enterprise_on_two_lists_counts_in_each(api, make, shanghai, ministry, firms):
    second = make.white_list("310100")
    make.batch("published", on=second, enterprises=firms[:2], effective_on=DAY - ONE)
    told = api(shanghai).get(f"{ROOT}statistics/resumption/?by=list").json()
    assert {row["key"]: row["denominator"] for row in told["rows"]}[str(second.pk)] == 2
    assert sum(row["denominator"] for row in told["rows"]) == 6 and told["total"]["denominator"] == 4
    behind = api(shanghai).get(f"{ROOT}daily-reports/due/?list={second.pk}&metric=resumed&part=denominator").json()
    assert behind["count"] == 2


def test_a_series_has_every_day(api, shanghai, firms):
    told = api(shanghai).get(f"{ROOT}statistics/resumption/?from={DAY - 2 * ONE}&to={DAY}").json()
    assert [(row["day"], row["rate"]) for row in told["rows"]] == [
        ("2022-05-07", None),
        ("2022-05-08", None),
        ("2022-05-09", "50.0"),
    ]
    assert told["rows"][0]["coverage"]["due"] == 0


def test_coverage_is_four_shares_that_sum_to_a_hundred(api, shanghai, firms):
    told = api(shanghai).get(f"{ROOT}statistics/reporting/?by=chain").json()
    assert (told["metric"], told["total"]["rate"], told["total"]["numerator"], told["total"]["denominator"]) == (
        "reporting",
        "50.0",
        2,
        4,
    )
    assert told["total"]["shares"] == {"on_time": "50.0", "late": "0.0", "empty": "0.0", "none": "50.0"}
    thirds = metrics.Figures(
        None, {"due": 3, "answer_on_time": 1, "answer_late": 1, "answer_empty": 1, "answer_none": 0}
    ).shares()
    assert sum(thirds.values()) == 100


@pytest.mark.parametrize(
    "query",
    [
        "day=2022-02-30", "day=soon", "day=2022-05-09&as_of=2022-05-08", "by=colour", "metric=beauty", "colour=red",
        "from=2022-05-01", "to=2022-05-01", "from=2022-05-09&to=2022-05-01", "from=1900-01-01&to=2022-05-01",
        "division=31", "list=0", "list=99999999999999999999",
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused(api, shanghai, firms, query):
    for path in ("resumption", "reporting"):
        answer = api(shanghai).get(f"{ROOT}statistics/{path}/?{query}")
        assert answer.status_code == 400 or (path == "reporting" and "beauty" in query), answer.content


def test_any_day_can_be_asked_for_without_harm(api, shanghai, firms):
    for day in ("0001-01-01", "2022-05-10", "9999-12-31"):
        answer = api(shanghai).get(f"{ROOT}statistics/resumption/?day={day}")
        assert answer.status_code == 200 and answer.json()["total"]["rate"] is None
    assert api(shanghai).get(f"{ROOT}statistics/resumption/?as_of={DAY}").json()["day"] == str(DAY)


def test_the_rows_behind_a_figure_are_as_many_as_it_says(api, shanghai, firms):
    client = api(shanghai)
    for metric in metrics.METRICS:
        told = client.get(f"{ROOT}statistics/resumption/?metric={metric}&by=chain").json()["total"]
        if metrics.METRICS[metric].sums is None:
            for part in ("numerator", "denominator"):
                rows = client.get(f"{ROOT}daily-reports/due/?metric={metric}&part={part}").json()
                assert rows["count"] == told[part]
    silent = client.get(f"{ROOT}daily-reports/due/?answer=none").json()["results"]
    assert [(row["state"], row["carried"], row["receipt"]) for row in silent] == [
        ("partial", True, None),
        (None, False, None),
    ]
    assert client.get(f"{ROOT}daily-reports/due/?answer=perhaps").status_code == 400


def test_scope_and_duty(api, make, jilin, shanghai, firms):
    assert api(jilin).get(f"{ROOT}statistics/resumption/").json()["total"]["denominator"] == 1
    assert api(make.clerk(of=firms[1])).get(f"{ROOT}statistics/resumption/").json()["total"]["denominator"] == 1
    blind = make.user("310000", duties=["edit"])
    for path in ("statistics/resumption/", "statistics/reporting/", "daily-reports/due/", "stock/", "reminders/"):
        assert api(blind).get(f"{ROOT}{path}").status_code == 403
        assert api().get(f"{ROOT}{path}").status_code == 401


def test_the_silent_are_reminded_by_name_or_by_division(api, make, shanghai, jilin, firms):
    clerk = make.clerk(of=firms[2])
    body = {"day": str(DAY), "enterprises": [firms[2].uscc, firms[0].uscc]}
    answer = api(shanghai).post(f"{ROOT}reminders/", body)
    assert answer.status_code == 201
    told = answer.json()
    assert [one["uscc"] for one in told["reminded"]] == [firms[2].uscc]
    assert [one["uscc"] for one in told["answered"]] == [firms[0].uscc]
    assert told["unreachable"] == [] and clerk.notifications.count() == 1
    rest = api(shanghai).post(f"{ROOT}reminders/", {"division": "310000"}).json()
    assert [one["uscc"] for one in rest["reminded"]] == [firms[3].uscc]
    assert [one["uscc"] for one in rest["reminded_before"]] == [firms[2].uscc]
    assert [one["uscc"] for one in rest["unreachable"]] == [firms[3].uscc]
    assert clerk.notifications.count() == 1
    listed = api(shanghai).get(f"{ROOT}reminders/?day={DAY}").json()["results"]
    assert {row["enterprise"]["uscc"] for row in listed} == {firms[2].uscc, firms[3].uscc}
    assert api(jilin).get(f"{ROOT}reminders/").json()["count"] == 0


def test_a_repeated_request_reminds_once(api, shanghai, firms):
    client = api(shanghai)
    answers = [
        client.post(f"{ROOT}reminders/", {"division": "310000"}, headers={"Idempotency-Key": "a-key-of-mine"})
        for _ in range(2)
    ]
    assert answers[0].json() == answers[1].json() and Reminder.objects.count() == 2


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, ""),
        ({"enterprises": [], "division": "310000"}, ""),
        ({"division": "31"}, "/division"),
        ({"division": "310000", "day": "2022-05-11"}, "/day"),
        ({"division": "310000", "day": "soon"}, "/day"),
        ({"enterprises": ["91310115MA1X99999X"]}, "/enterprises/0"),
        ({"division": "310000", "colour": 1}, "/colour"),
    ],
)
def test_reminders_that_cannot_be(api, shanghai, firms, body, pointer):
    answer = api(shanghai).post(f"{ROOT}reminders/", body)
    assert answer.status_code == 400
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]


def test_reminding_is_for_those_who_chase(api, make, jilin, firms):
    viewer, clerk = make.user("310000", duties=["view"]), make.clerk(of=firms[2])
    for user in (viewer, clerk):
        assert api(user).post(f"{ROOT}reminders/", {"division": "310000"}).status_code == 403
    assert (
        api(make.user("310000", duties=["view", "coordinate"]))
        .post(f"{ROOT}reminders/", {"division": "310000"})
        .status_code
        == 201
    )
    body = {"day": str(DAY), "enterprises": [firms[2].uscc]}
    assert api(jilin).post(f"{ROOT}reminders/", body).status_code == 400
