"""Many reports at once: the same rules as one by one, by the same few statements however many there are."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from enterprises.models import DailyReport, ReportDue, ReportRevision, StockReading
from enterprises.resumption.services import Filing, StockLine, file_report, file_reports, freeze_due
from enterprises.resumption.words import Channel
from tests.enterprises.resumption.conftest import DAY
from whitelist.audit.models import AuditEntry
from whitelist.core.days import ONE

pytestmark = pytest.mark.usefixtures("clock")


def values(**said):
    return {"state": "normal", "staff_due": 100, "staff_on_duty": 90, "output": Decimal(80)} | said


def file(filings, by, **kwargs):
    return file_reports(filings, by=by, channel=Channel.API, **kwargs)


def bodies(firms, part, **said):
    stock = [{"material": part.code, "on_hand": "10", "daily_use": "1"}]
    told = {"state": "normal", "staff_due": 100, "staff_on_duty": 90, "stock": stock} | said
    return [told | {"enterprise": firm.code, "day": str(DAY)} for firm in firms]


def test_as_many_statements_for_four_hundred_reports_as_for_twenty(make, shanghai):
    part, counts = make.material(), []
    for size in (20, 400):
        firms = [make.enterprise() for _ in range(size)]
        make.report(firms[0], DAY - ONE, by=shanghai)
        for on_duty in (90, 91):
            filings = [Filing(f, DAY, values(staff_on_duty=on_duty), [StockLine(part, 9, 1)]) for f in firms]
            with CaptureQueriesContext(
                connection,
            ) as seen:
                file(filings, shanghai, asking=True)
            counts.append(len(seen))
            assert {filing.made for filing in filings} == {on_duty == 90}
    assert counts[0] == counts[2] and counts[1] == counts[3] and max(counts) <= 30, counts
    assert ReportRevision.objects.count() == 420 and StockReading.objects.filter(day=DAY).count() == 420
    assert AuditEntry.objects.filter(verb="corrected").count() == 420


def test_the_api_s_bulk_takes_as_many_statements_for_four_hundred_as_for_twenty(api, make, shanghai):
    part, client, counts = make.material(), api(shanghai), []
    client.post("/api/v1/daily-reports/bulk/", bodies([make.enterprise()], part))
    for size in (20, 400):
        with CaptureQueriesContext(connection) as seen:
            sent = bodies([make.enterprise() for _ in range(size)], part)
            made = len(seen)
            answer = client.post("/api/v1/daily-reports/bulk/", sent)
        assert answer.status_code == 201 and answer.json()["results"][-1]["result"]["stock"][0]["level"] == "blue"
        counts.append(len(seen) - made)
    assert counts[0] == counts[1] <= 40, counts


def test_one_by_one_and_together_say_and_write_the_same(make, shanghai):
    one, other, part = make.enterprise(), make.enterprise(), make.material()
    stock = [StockLine(part, Decimal(5), Decimal(1), [{"on": DAY + ONE, "quantity": Decimal(3)}])]
    file_report(one, DAY, values=values(), stock=stock, by=shanghai)
    file_report(one, DAY, values=values(staff_on_duty=80, reason="rain"), stock=[], by=shanghai)
    file(
        [Filing(other, DAY, values(), stock), Filing(other, DAY, values(staff_on_duty=80, reason="rain"), [])], shanghai
    )
    first, second = (DailyReport.objects.get(enterprise=firm) for firm in (one, other))
    left_out = ("id", "enterprise_id", "receipt", "channel")
    shown = [{k: v for k, v in vars(row).items() if k not in left_out and k[0] != "_"} for row in (first, second)]
    assert shown[0] == shown[1] and second.revision == 2
    kept = list(ReportRevision.objects.order_by("pk").values_list("revision", "values", "reason"))
    assert kept[0] == kept[1] and kept[0][1]["stock"][0]["material"] == part.code
    entries = AuditEntry.objects.filter(subject="enterprises.dailyreport").values_list("verb", "note", "place")
    assert sorted(entries) == [("corrected", "rain", "310115")] * 2 + [("filed", "", "310115")] * 2


def test_what_is_refused_says_why_and_holds_up_nothing_else(make, shanghai, jilin):
    mine, far = make.enterprise(), make.enterprise("220102")
    good, above, stranger = file(
        [
            Filing(mine, DAY, values(), []),
            Filing(mine, DAY - ONE, values(staff_on_duty=101), []),
            Filing(far, DAY, values(), []),
        ],
        shanghai,
    )
    assert good.made and good.refusal is None
    assert {fault.code for fault in above.refusal.errors} == {"above_due", "below_on_duty"}
    assert stranger.refusal.status == 403
    assert DailyReport.objects.get().pk == good.report.pk


def test_a_report_is_compared_with_those_of_the_same_request(make, shanghai):
    firm = make.enterprise()
    days = [DAY - 2 * ONE, DAY - ONE, DAY]
    said = [Filing(firm, day, values(output=Decimal(n)), []) for day, n in zip(days, (80, 80, 500), strict=True)]
    file(said[::-1], shanghai, asking=True)
    assert [[(q.pointer, q.code) for q in each.questions] for each in said] == [[], [], [("output", "unusual")]]


def test_days_before_and_after_are_linked_to_what_was_filed(make, shanghai):
    firm = make.enterprise()
    make.listing(firm, since=DAY - timedelta(days=20))
    for days in range(5, 0, -1):
        freeze_due(DAY - days * ONE)
    file([Filing(firm, DAY - days * ONE, values(), []) for days in (3, 5)], shanghai)
    linked = ReportDue.objects.filter(enterprise=firm).order_by("day").values_list("report__day", "carried_from__day")
    five, three = DAY - 5 * ONE, DAY - 3 * ONE
    assert list(linked) == [(five, None), (None, five), (three, five), (None, three), (None, three)]


def test_names_that_are_none_are_refused_at_their_place(api, make, shanghai):
    firm = make.enterprise()
    wrong = [
        {"enterprise": "\0"},
        {"enterprise": [firm.code]},
        {"stock": [{"material": ["x"], "on_hand": 1, "daily_use": 1}]},
    ]
    wrong += [{"stock": [{"material": "\0x", "on_hand": 1, "daily_use": 1}]}, {"stock": "x"}]
    sent = [{"state": "normal", "enterprise": firm.code, "day": str(DAY)} | each for each in wrong]
    answer = api(shanghai).post("/api/v1/daily-reports/bulk/?mode=each", [*sent, None, "x"])
    assert answer.status_code == 207
    assert {each["status"] for each in answer.json()["results"]} == {400}
