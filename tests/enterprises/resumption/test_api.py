"""Daily reports over REST: filed, corrected, in bulk, prefilled, read."""

import pytest

from enterprises.models import DailyReport, ReportRevision, StockReading
from tests.enterprises.resumption.conftest import DAY
from whitelist.core.days import ONE

pytestmark = pytest.mark.urls("tests.enterprises.resumption.addresses")
ROOT = "/api/v1/"


@pytest.fixture
def firm(make, clock):
    return make.enterprise(name="华东汽车（虚构）", normal_output=980)


@pytest.fixture
def part(make):
    return make.material("ecu-12v")


@pytest.fixture
def clerk(make, firm):
    return make.clerk(of=firm)


def address(firm, day=DAY):
    return f"{ROOT}daily-reports/{firm.code}/{day}/"


def body(**changes):
    line = {
        "material": "ecu-12v",
        "on_hand": "290",
        "daily_use": "100",
        "arrivals": [{"on": "2022-05-12", "quantity": "50"}],
    }
    told = {
        "state": "partial",
        "staff_due": 400,
        "staff_on_duty": 349,
        "staff_in_loop": 120,
        "output": "812.50",
        "electricity": "13400",
        "inbound_open": True,
        "outbound_open": False,
        "epidemic_cases": 0,
        "reason": "",
        "stock": [line],
    }
    return {name: value for name, value in (told | changes).items() if value is not ...}


def faults(answer):
    return {fault["pointer"]: fault["detail"] for fault in answer.json()["errors"]}


def test_a_report_is_filed_once_and_the_same_again_changes_nothing(api, clerk, firm, part):
    client = api(clerk)
    answer = client.put(address(firm), body())
    assert answer.status_code == 201
    told = answer.json()
    assert told["receipt"].startswith("R220509-") and told["revision"] == 1 and told["on_time"] is True
    assert told["questions"] == []
    assert told["stock"] == [
        {
            "material": "ecu-12v",
            "on_hand": "290.00",
            "daily_use": "100.00",
            "arrivals": [{"on": "2022-05-12", "quantity": "50.00"}],
        }
    ]
    again = client.put(address(firm), body())
    assert again.status_code == 200 and again.json()["receipt"] == told["receipt"] and again.json()["revision"] == 1
    report = DailyReport.objects.get()
    assert (report.channel, report.filed_by, str(report.output)) == ("api", clerk, "812.50")


def test_a_correction_keeps_what_was_said(api, clerk, firm, part):
    client = api(clerk)
    client.put(address(firm), body())
    answer = client.put(address(firm), body(staff_on_duty=300, stock=[], reason="miscounted"))
    assert answer.status_code == 200 and answer.json()["revision"] == 2
    kept = ReportRevision.objects.get()
    assert kept.values["staff_on_duty"] == 349 and kept.values["stock"][0]["material"] == "ecu-12v"
    assert not StockReading.objects.exists()


def test_a_late_report_is_accepted_and_marked(api, clerk, firm, part, clock):
    clock.set(10, 13)
    client = api(clerk)
    assert client.put(address(firm), body()).json()["on_time"] is False
    asked = client.put(address(firm), body(staff_on_duty=300))
    assert asked.status_code == 200
    assert [q["pointer"] for q in asked.json()["questions"]] == ["/reason"]


def test_a_value_far_from_the_week_is_accepted_and_asked_about(api, make, clerk, firm, part):
    make.report(firm, DAY - ONE, by=clerk, output=100)
    answer = api(clerk).put(address(firm), body())
    assert answer.status_code == 201
    assert [(q["pointer"], q["code"]) for q in answer.json()["questions"]] == [
        ("/output", "unusual"),
        ("/staff_on_duty", "unusual"),
    ]
    assert api(clerk).put(address(firm, DAY - 2 * ONE), body(reason="new line")).json()["questions"] == []


LINE = {"material": "ecu-12v", "on_hand": "1", "daily_use": "1"}


@pytest.mark.parametrize(
    ("changes", "pointers"),
    [
        ({"staff_on_duty": 401}, {"/staff_on_duty", "/staff_due"}),
        ({"staff_in_loop": 350}, {"/staff_in_loop", "/staff_on_duty"}),
        ({"output": "2940.01"}, {"/output"}),
        ({"output": "-0.01"}, {"/output"}),
        ({"output": "NaN"}, {"/output"}),
        ({"output": "1e40"}, {"/output"}),
        ({"output": "1.234"}, {"/output"}),
        ({"staff_due": 2**31}, {"/staff_due"}),
        ({"staff_due": 1.5}, {"/staff_due"}),
        ({"epidemic_cases": -1}, {"/epidemic_cases"}),
        ({"state": ...}, {"/state"}),
        ({"state": "asleep"}, {"/state"}),
        ({"reason": "\x00"}, {"/reason"}),
        ({"reason": "x" * 501}, {"/reason"}),
        ({"inbound_open": "perhaps"}, {"/inbound_open"}),
        ({"colour": "red"}, {"/colour"}),
        ({"stock": {}}, {"/stock"}),
        ({"stock": [LINE | {"material": "unheard-of"}]}, {"/stock/0/material"}),
        ({"stock": [LINE | {"material": ["ecu-12v"]}]}, {"/stock/0/material"}),
        ({"stock": [LINE | {"material": "ecu\x00"}]}, {"/stock/0/material"}),
        ({"stock": [LINE | {"on_hand": "-1"}]}, {"/stock/0/on_hand"}),
        ({"stock": [LINE | {"on_hand": None}]}, {"/stock/0/on_hand"}),
        ({"stock": [LINE | {"colour": 1}]}, {"/stock/0/colour"}),
        ({"stock": [LINE, LINE]}, {"/stock/1"}),
        ({"stock": [LINE | {"arrivals": [{"on": "2022-05-09", "quantity": "1"}]}]}, {"/stock/0/arrivals/0/on"}),
        ({"stock": [LINE | {"arrivals": [{"on": "2022-02-30", "quantity": "1"}]}]}, {"/stock/0/arrivals/0/on"}),
        ({"stock": [LINE | {"arrivals": [{"on": "9999-12-31", "quantity": "1"}]}]}, {"/stock/0/arrivals/0/on"}),
        ({"stock": [LINE | {"arrivals": [{"on": "2022-05-12", "quantity": "0"}]}]}, {"/stock/0/arrivals/0/quantity"}),
        ({"stock": [LINE | {"arrivals": [{"on": "2022-05-12"}]}]}, {"/stock/0/arrivals/0/quantity"}),
    ],
)
def test_what_cannot_be_is_refused_naming_every_field_concerned(api, clerk, firm, part, changes, pointers):
    answer = api(clerk).put(address(firm), body(**changes))
    assert answer.status_code == 400, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert set(faults(answer)) == pointers, answer.json()
    assert all(faults(answer).values())
    assert not DailyReport.objects.exists()


@pytest.mark.parametrize("day", ["2022-05-11", "2022-02-30", "yesterday", "9999-12-31", "0001-01-01", "20220509"])
def test_a_wrong_day_is_named(api, clerk, firm, part, day):
    answer = api(clerk).put(address(firm, day), body())
    assert answer.status_code == 400 and set(faults(answer)) == {"/day"}
    for verb in ("get", "put"):
        assert getattr(api(clerk), verb)(address(firm, "2022-05-09x"), {}).status_code == 400


def test_scope_then_duty_then_shape(api, make, clerk, firm, jilin, shanghai, part):
    assert api(jilin).put(address(firm), {}).status_code == 404
    assert api(make.clerk()).put(address(firm), body()).status_code == 404
    assert api(clerk).put(f"{ROOT}daily-reports/91310115MA1X99999X/{DAY}/", body()).status_code == 404
    assert api(make.user("310000", duties=["view"])).put(address(firm), {}).status_code == 403
    assert api(make.clerk(of=firm, duties=["view"])).put(address(firm, "nonsense"), {}).status_code == 403
    assert api().put(address(firm), body()).status_code == 401
    assert api(shanghai).put(address(firm), []).status_code == 400
    assert api(shanghai).put(address(firm), body()).status_code == 201
    assert api(clerk).delete(address(firm)).status_code == 405


def test_one_report_and_the_list_of_reports(api, make, clerk, shanghai, jilin, firm, part):
    api(clerk).put(address(firm), body())
    other = make.enterprise(division="310112")
    make.report(other, DAY - ONE, by=shanghai, state="stopped")
    one = api(shanghai).get(address(firm))
    assert one.status_code == 200 and one["ETag"]
    told = one.json()
    assert told["enterprise"] == {"uscc": firm.uscc, "name": firm.name}
    assert (told["output"], told["staff_due"], told["on_time"], told["channel"]) == ("812.50", 400, True, "api")
    assert told["stock"][0]["material"] == "ecu-12v"
    assert api(shanghai).get(address(firm, DAY - ONE)).status_code == 404
    assert api(jilin).get(address(firm)).status_code == 404

    def found(query, user=shanghai):
        answer = api(user).get(f"{ROOT}daily-reports/?{query}")
        assert answer.status_code == 200, answer.content
        return {row["enterprise"]["uscc"] for row in answer.json()["results"]}

    both = {firm.uscc, other.uscc}
    assert found("") == both and found("", jilin) == set() and found("", clerk) == {firm.uscc}
    assert found(f"day={DAY}") == {firm.uscc}
    assert found(f"from={DAY - ONE}&to={DAY}") == both and found(f"to={DAY - ONE}") == {other.uscc}
    assert found("division=310112") == {other.uscc} and found("division=310000") == both
    assert found("state=stopped") == {other.uscc} and found("channel=api") == {firm.uscc}
    assert found(f"enterprise={firm.uscc}") == {firm.uscc} and found("enterprise=nobody") == set()
    for query in ("day=soon", "division=31", "state=asleep", "colour=red", "limit=0", "from=2022-02-30"):
        assert api(shanghai).get(f"{ROOT}daily-reports/?{query}").status_code == 400, query


def test_the_list_asks_as_many_queries_at_2_rows_as_at_40(
    api, make, shanghai, clock, part, django_assert_max_num_queries
):
    client, counts = api(shanghai), []
    for count in (2, 40):
        for _ in range(count):
            make.report(make.enterprise(), DAY, by=shanghai, stock=[(part, 10, 1)])
        seen_here = []
        for path in ("daily-reports/", "stock/"):
            client.get(f"{ROOT}{path}")
            with django_assert_max_num_queries(8) as seen:
                assert client.get(f"{ROOT}{path}").status_code == 200
            seen_here.append(len(seen))
        counts.append(seen_here)
    assert counts[0] == counts[1]


def test_many_reports_in_one_request_all_or_each(api, make, shanghai, firm, part):
    other = make.enterprise()
    good = [body(enterprise=one.uscc, day=str(DAY)) for one in (firm, other)]
    bad = body(enterprise="91310115MA1X99999X", day=str(DAY))
    answer = api(shanghai).post(f"{ROOT}daily-reports/bulk/", [*good, bad])
    assert answer.status_code == 400 and set(faults(answer)) == {"/2/enterprise"}
    assert not DailyReport.objects.exists()
    answer = api(shanghai).post(
        f"{ROOT}daily-reports/bulk/?mode=each", [*good, bad, body(enterprise=firm.uscc, day="2022-05-11")]
    )
    assert answer.status_code == 207
    assert [each["status"] for each in answer.json()["results"]] == [201, 201, 400, 400]
    assert api(shanghai).post(f"{ROOT}daily-reports/bulk/", good).status_code == 201
    assert DailyReport.objects.count() == 2 and not ReportRevision.objects.exists()
    viewer = make.user("310000", duties=["view"])
    refused = api(viewer).post(f"{ROOT}daily-reports/bulk/?mode=each", good).json()["results"]
    assert [each["status"] for each in refused] == [403, 403]


def test_prefill_is_what_the_page_starts_from(api, make, clerk, jilin, firm, part):
    key = make.key_material(firm).material
    make.report(firm, DAY - ONE, by=clerk, state="partial", stock=[(part, 290, 100)], reason="rain")
    answer = api(clerk).get(f"{ROOT}daily-reports/prefill/?uscc={firm.uscc}")
    told = answer.json()
    assert (told["day"], told["prefilled_from"], told["receipt"]) == (str(DAY), str(DAY - ONE), None)
    assert told["due_at"] == "2022-05-10T12:00:00+08:00"
    assert (told["report"]["state"], told["report"]["reason"]) == ("partial", "")
    lines = {line["material"]: line["on_hand"] for line in told["report"]["stock"]}
    assert lines == {"ecu-12v": "290.00", key.code: None}
    sent = told["report"] | {"stock": [line for line in told["report"]["stock"] if line["on_hand"]]}
    assert api(clerk).put(address(firm), sent).status_code == 201
    assert api(jilin).get(f"{ROOT}daily-reports/prefill/?uscc={firm.uscc}").status_code == 404
    for query in ("", f"uscc={firm.uscc}&day=2022-05-11", f"uscc={firm.uscc}&day=soon", f"uscc={firm.uscc}&colour=red"):
        assert api(clerk).get(f"{ROOT}daily-reports/prefill/?{query}").status_code == 400, query


def test_stock_is_the_last_reading_of_each_material_or_the_history(api, make, shanghai, jilin, clerk, firm, part):
    other = make.material("hose")
    make.report(firm, DAY - 2 * ONE, by=clerk, stock=[(part, 900, 100), (other, 5, 1)])
    make.report(firm, DAY - ONE, by=clerk, stock=[(part, 800, 100)])

    def told(query="", user=shanghai):
        results = api(user).get(f"{ROOT}stock/?{query}").json()["results"]
        return [(row["material"], row["day"], row["on_hand"]) for row in results]

    assert told() == [("ecu-12v", "2022-05-08", "800.00"), ("hose", "2022-05-07", "5.00")]
    assert len(told("history=true")) == 3 and len(told("history=true&limit=1")) == 1
    assert told("material=hose") == [("hose", "2022-05-07", "5.00")]
    assert told(f"enterprise={firm.uscc}&material=ecu-12v&history=true")[1][2] == "900.00"
    assert told("", jilin) == [] and told("enterprise=nobody") == []
    row = api(clerk).get(f"{ROOT}stock/").json()["results"][0]
    assert row["enterprise"] == {"uscc": firm.uscc, "name": firm.name} and row["daily_use"] == "100.00"
    for query in ("history=perhaps", "division=x", "colour=red"):
        assert api(shanghai).get(f"{ROOT}stock/?{query}").status_code == 400
