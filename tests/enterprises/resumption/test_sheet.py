"""Daily reports from workbooks: the same rules as on the page, by row and column, and a repeat changes nothing."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from enterprises.models import DailyReport, ReportDue, ReportRevision
from enterprises.resumption import metrics
from enterprises.resumption.services import file_report, freeze_due
from tests.enterprises.resumption.conftest import DAY
from tests.enterprises.resumption.sheets import HEAD, confirmed, faults, imported, read, report, sentences, settled
from tests.sheets.workbooks import upload, xlsx
from whitelist.audit.models import AuditEntry
from whitelist.core.days import ONE
from whitelist.sheets import kinds, services
from whitelist.sheets.files import workbooks
from whitelist.sheets.previews.correcting import correct_row

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def firms(make, clock):
    return [make.enterprise(name=f"企业{n}（虚构）", normal_output=100) for n in range(4)]


def test_reports_are_filed_as_the_sheet_says(firms, shanghai):
    rows = [
        report(firms[0]),
        ("", firms[1].name, 44690, "部分复工", "１００", "", "", "不通", "", "rain"),
        report(firms[2], "2022年5月8日", "停产", output=""),
        report(firms[3], "2022/5/7"),
    ]
    made = imported([("上海市企业日报（虚构）",), HEAD, *rows], shanghai)
    assert (made.state, made.counts) == ("done", {"created": 4, "updated": 0, "unchanged": 0, "rejected": 0})
    first, second, third, fourth = (DailyReport.objects.get(enterprise=firm) for firm in firms)
    assert (first.state, first.staff_due, first.staff_on_duty, first.output) == ("normal", 100, 90, Decimal(80))
    assert (first.inbound_open, first.outbound_open, first.epidemic_cases) == (True, None, 0)
    assert (second.day, second.state, second.staff_due, second.staff_on_duty) == (DAY, "partial", 100, None)
    assert (second.inbound_open, second.epidemic_cases, second.reason) == (False, None, "rain")
    assert (third.day, third.state, fourth.day) == (DAY - ONE, "stopped", DAY - 2 * ONE)
    assert {first.channel, second.channel} == {"sheet"} and first.filed_by == shanghai
    assert (first.is_on_time, third.is_on_time) == (True, False)
    entry = AuditEntry.objects.get(subject_id=str(first.pk), verb="filed")
    assert (entry.note, entry.place, entry.actor) == ("日报.xlsx, 3", "310115", shanghai)
    assert AuditEntry.objects.filter(subject="enterprises.dailyreport").count() == 4


def test_the_same_file_twice_changes_nothing(firms, shanghai):
    rows = [HEAD, *[report(firm) for firm in firms]]
    imported(rows, shanghai)
    before = list(DailyReport.objects.order_by("pk").values())
    again = imported(rows, shanghai)
    assert again.counts == {"created": 0, "updated": 0, "unchanged": 4, "rejected": 0} and not faults(again)
    assert list(DailyReport.objects.order_by("pk").values()) == before
    assert AuditEntry.objects.filter(subject="enterprises.dailyreport").count() == 4


def test_each_fault_stands_at_its_row_and_column_and_nothing_of_its_row_is_written(make, firms, shanghai):
    far = make.enterprise("220102", name="吉林（虚构）")
    twin = make.enterprise(name=firms[3].name)
    one = firms[0]
    rows = [
        report(one, "2022-05-11"),
        report(one, "2022-04-01"),
        report(one, "9/5/2022"),
        report(one, "2022-02-30"),
        report(one, "2022-05-07 08:30"),
        report(one, ""),
        report(far),
        ("", far.name, *report(far)[2:]),
        ("91310115MA1X99999X", "", *report(one)[2:]),
        ("", "没有的企业（虚构）", *report(one)[2:]),
        ("", twin.name, *report(one)[2:]),
        ("", "", *report(one)[2:]),
        report(one, "2022-05-01", on_duty=101),
        report(one, "2022-05-02", output=301),
        report(one, "2022-05-03", state="", due=""),
        report(one, "2022-05-04", state="忙"),
        report(one, "2022-05-05", on_duty=-1),
        report(one, "2022-05-06", cases="无"),
    ]
    made = read([HEAD, *rows], shanghai)
    assert made.counts == {"created": 0, "updated": 0, "unchanged": 0, "rejected": 18}
    assert faults(made) == {
        (2, "day", "in_the_future"),
        (3, "day", "too_old"),
        (4, "day", "ambiguous_date"),
        (5, "day", "impossible_date"),
        (6, "day", "has_time"),
        (7, "day", "day_required"),
        (8, "code", "unknown_enterprise"),
        (9, "name", "unknown_enterprise"),
        (10, "code", "unknown_enterprise"),
        (11, "name", "unknown_enterprise"),
        (12, "name", "ambiguous_enterprise"),
        (13, "code", "enterprise_required"),
        (14, "staff_on_duty", "above_due"),
        (14, "staff_due", "below_on_duty"),
        (15, "output", "far_above_normal"),
        (16, "state", "state_required"),
        (17, "state", "unknown_choice"),
        (18, "staff_on_duty", "negative"),
        (19, "epidemic_cases", "not_a_number"),
    }
    assert far.name not in sentences(made).replace(f"“{far.name}”", "")
    confirmed(made, shanghai)
    assert not DailyReport.objects.exists()


def test_a_viewer_an_enterprise_and_other_offices(make, firms, shanghai, jilin, page, api):
    kind = kinds.get("daily-reports")
    assert kind.may_import(shanghai) and kind.may_import(make.user("310100"))
    assert not kind.may_import(make.user("310000", duties=["view"])) and not kind.may_import(make.clerk(of=firms[0]))
    made = read([HEAD, report(firms[0])], jilin)
    assert faults(made) == {(2, "code", "unknown_enterprise")}
    assert page(shanghai).get(f"/imports/{made.pk}/").status_code == 404
    sent = {"file": upload(b"x", "x.csv"), "kind": "daily-reports"}
    assert (
        api(make.user("310000", duties=["view"])).post("/api/v1/imports/", sent, format="multipart").status_code == 403
    )


def test_without_a_column_for_the_day_it_is_the_day_due_now_and_that_is_said(firms, shanghai, page):
    head = [name for name in HEAD if name != "日期"]
    rows = [[cell for place, cell in enumerate(report(firm)) if place != 2] for firm in firms]
    made = read([head, *rows], shanghai)
    assert made.notes["yesterday_taken"] == {"day": 4}
    text = page(shanghai).get(f"/imports/{made.pk}/").content.decode()
    assert "4 rows name no day" in text and f"{firms[0].code} 2022-05-09" in text
    correct_row(made, 2, {"day": "2022-05-08"}, by=shanghai)
    confirmed(settled(services.read_again(made, by=shanghai)), shanghai)
    days = [DailyReport.objects.get(enterprise=firm).day for firm in firms]
    assert days == [DAY - ONE, DAY, DAY, DAY]


def test_what_is_changed_later_is_a_revision_and_blank_cells_change_nothing(firms, shanghai, clock):
    imported([HEAD, *[report(firm) for firm in firms]], shanghai)
    clock.set(10, 15)
    rows = [
        report(firms[0], on_duty=95, inbound="", reason="recount"),
        report(firms[1], on_duty=80),
        (firms[2].code, "", "2022-05-09"),
    ]
    made = read([HEAD, *rows], shanghai)
    assert made.counts == {"created": 0, "updated": 2, "unchanged": 1, "rejected": 0}
    assert faults(made) == {(3, "reason", "late_correction"), (4, "code", "says_nothing")}
    assert made.lines.get(number=2).changes == {"staff_on_duty": [90, 95], "reason": ["", "recount"]}
    confirmed(made, shanghai)
    first, second = (DailyReport.objects.get(enterprise=firm) for firm in firms[:2])
    assert (first.revision, first.staff_on_duty, first.inbound_open, first.output) == (2, 95, True, Decimal(80))
    assert second.revision == 2
    kept = ReportRevision.objects.get(report=first)
    assert (kept.values["staff_on_duty"], kept.reason, kept.replaced_by) == (90, "recount", shanghai)
    assert AuditEntry.objects.get(subject_id=str(first.pk), verb="corrected").note == "recount · 日报.xlsx, 2"


def test_stock_told_before_stays_when_a_sheet_of_reports_corrects_the_day(make, firms, shanghai):
    make.report(firms[0], DAY, by=shanghai, stock=[(make.material(), 5, 1)])
    imported([HEAD, report(firms[0], on_duty=70)], shanghai)
    assert DailyReport.objects.get().stock.get().on_hand == 5


def test_unusual_values_are_remarked_and_accepted(make, firms, shanghai):
    for days in (1, 2, 3):
        make.report(firms[0], DAY - days * ONE, by=shanghai)
    made = imported([HEAD, report(firms[0], output=20), report(firms[1], output=20)], shanghai)
    assert faults(made) == {(2, "output", "unusual")}
    assert DailyReport.objects.filter(day=DAY).count() == 2
    with_reason = read([HEAD, report(firms[0], output=10, reason="flood")], shanghai)
    assert not faults(with_reason)


def test_days_of_one_file_are_compared_with_each_other(firms, shanghai):
    rows = [report(firms[0], f"2022-05-0{day}", output=output) for day, output in ((9, 20), (8, 80), (7, 80))]
    assert faults(read([HEAD, *rows], shanghai)) == {(2, "output", "unusual")}


def test_two_rows_of_one_report_are_one_if_they_agree(firms, shanghai):
    rows = [report(firms[0]), report(firms[0]), report(firms[1]), report(firms[1], state="停产")]
    made = imported([HEAD, *rows], shanghai)
    assert made.counts == {"created": 1, "updated": 0, "unchanged": 1, "rejected": 2}
    assert {code for _row, _column, code in faults(made)} == {"duplicate_row", "contradicts_row"}


def test_a_report_filed_since_the_preview_sends_back_to_it(firms, make, shanghai):
    made = read([HEAD, report(firms[0]), report(firms[1])], shanghai)
    make.report(firms[0], DAY, by=shanghai, staff_on_duty=70)
    with pytest.raises(kinds.Stale) as stale:
        services.confirm(made, by=shanghai)
    assert stale.value.numbers == [2]
    again = settled(services.read_again(made, by=shanghai))
    assert again.counts == {"created": 1, "updated": 1, "unchanged": 0, "rejected": 0}
    again = services.confirm(again, by=shanghai)
    file_report(firms[1], DAY, values={"state": "stopped"}, stock=[], by=shanghai)
    settled(again)
    settled(again)
    assert (again.state, DailyReport.objects.get(enterprise=firms[1]).state) == ("preview", "stopped")
    assert DailyReport.objects.get(enterprise=firms[0]).revision == 1


def test_the_day_s_figures_and_who_is_silent_follow(make, firms, shanghai):
    for firm in firms:
        make.listing(firm, since=DAY - timedelta(days=9))
    for days in (1, 0):
        freeze_due(DAY - days * ONE)
    imported([HEAD, report(firms[0]), report(firms[1], "2022-05-08", state="停产", output="")], shanghai)
    figures = metrics.total(metrics.due_on(shanghai, DAY))
    assert (figures.part("resumed"), figures.sums["answer_none"], figures.sums["carried"]) == ((1, 4), 3, 1)
    due = ReportDue.objects.get(enterprise=firms[1], day=DAY)
    assert due.report is None and due.carried_from.day == DAY - ONE


def test_as_many_statements_for_four_hundred_rows_as_for_twenty(make, shanghai):
    counts = []
    for size in (2, 20, 400):
        firms = [make.enterprise() for _ in range(size)]
        for on_duty in (90, 91):
            made = services.upload(upload(workbook(firms, on_duty)), kind="daily-reports", by=shanghai)
            with CaptureQueriesContext(connection) as seen:
                settled(made)
            made = services.confirm(made, by=shanghai)
            with CaptureQueriesContext(connection) as written:
                settled(made)
            counts.append((len(seen), len(written)))
    assert DailyReport.objects.filter(revision=2).count() == 422
    assert counts[2:4] == counts[4:], counts


def workbook(firms, on_duty):
    return xlsx([HEAD, *[report(firm, on_duty=on_duty) for firm in firms]])


def test_the_template_comes_back_as_it_went_out(page, shanghai, firms):
    for kind in ("daily-reports", "stock-lines"):
        answer = page(shanghai).get(f"/imports/template/?kind={kind}")
        assert answer.status_code == 200
        assert workbooks.template(kinds.get(kind))[:2] == b"PK"
