"""Stock from workbooks: a row is what a report says of one material, judged like the lines of the page."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from enterprises.models import DailyReport, KeyMaterial, ReportRevision, StockReading
from enterprises.resumption.services import StockLine
from tests.enterprises.resumption.conftest import DAY
from tests.enterprises.resumption.sheets import STOCK, confirmed, faults, imported, read, settled, stock
from tests.sheets.workbooks import upload, xlsx
from whitelist.audit.models import AuditEntry
from whitelist.core.days import ONE
from whitelist.sheets import kinds, services

pytestmark = pytest.mark.usefixtures("clock")
KIND = "stock-lines"


@pytest.fixture
def parts(make, clock):
    return [make.material("ecu-12v", name="控制器", unit="件"), make.material("hose", name="软管", unit="米")]


@pytest.fixture
def firm(make, clock, shanghai):
    firm = make.enterprise(name="华东汽车（虚构）")
    make.report(firm, DAY, by=shanghai)
    return firm


def test_lines_go_into_the_report_of_the_day(firm, parts, shanghai):
    rows = [stock(firm, "ecu-12v", 290, 100, 50, "2022/5/12"), stock(firm, "软管", 5, 1)]
    made = imported([STOCK, *rows], shanghai, kind=KIND)
    assert (made.state, made.counts) == ("done", {"created": 2, "updated": 0, "unchanged": 0, "rejected": 0})
    first, second = StockReading.objects.order_by("material__code")
    assert (first.on_hand, first.daily_use) == (290, 100) and first.coming == [(Decimal(50), DAY + 3 * ONE)]
    assert (second.material, second.arrivals, second.stopped_for_want) == (parts[1], [], False)
    report = DailyReport.objects.get()
    assert report.revision == 2 and ReportRevision.objects.get().values["stock"] == []
    assert KeyMaterial.objects.filter(enterprise=firm).count() == 2
    assert AuditEntry.objects.get(verb="corrected").note == "日报.xlsx, 2, 3"
    again = imported([STOCK, *rows], shanghai, kind=KIND)
    assert again.counts["unchanged"] == 2 and DailyReport.objects.get().revision == 2


def test_blank_cells_keep_what_stands_and_lines_that_are_not_named_stay(make, parts, shanghai):
    firm = make.enterprise()
    coming = [{"on": "2022-05-12", "quantity": "50"}]
    lines = [StockLine(parts[0], Decimal(290), Decimal(100), coming), StockLine(parts[1], Decimal(5), Decimal(1))]
    make.report(firm, DAY, by=shanghai, stock=lines)
    made = imported([STOCK, stock(firm, "控制器", 300, "")], shanghai, kind=KIND)
    assert made.lines.get().changes == {"on_hand": ["290.00", "300.00"]}
    first, second = StockReading.objects.order_by("material__code")
    assert (first.on_hand, first.daily_use, first.arrivals, second.on_hand) == (300, 100, coming, 5)


def test_all_arrivals_in_one_cell_replace_those_told_before(firm, parts, shanghai, page):
    head = ("企业名称", "日期", "物料", "库存", "日用量", "确认到货", "缺料停产")
    row = (firm.name, "2022-05-09", "ecu-12v", 9, 3, "500（2022-05-12）；2022年5月15日：300", "是")
    made = read([head, row], shanghai, kind=KIND)
    text = page(shanghai).get(f"/imports/{made.pk}/").content.decode()
    assert "500 (2022-05-12), 300 (2022-05-15)" in text and "yes" in text
    confirmed(made, shanghai)
    line = StockReading.objects.get()
    assert line.coming == [(500, DAY + 3 * ONE), (300, DAY + 6 * ONE)] and line.stopped_for_want
    imported([head, (*row[:5], "无", "")], shanghai, kind=KIND)
    assert StockReading.objects.get().arrivals == []


def test_each_fault_stands_at_its_row_and_column(make, firm, parts, shanghai):
    make.material("hose-2", name="软管")
    head = (*STOCK, "计量单位", "确认到货")
    rows = [
        (*stock(firm, "螺丝"), "", ""),
        (*stock(firm, ""), "", ""),
        (*stock(firm, "软管"), "", ""),
        (*stock(firm, "ecu-12v", day="2022-05-08"), "", ""),
        (*stock(firm, "ecu-12v"), "吨", ""),
        (*stock(firm, "ecu-12v", use=""), "", ""),
        (*stock(firm, "ecu-12v", arriving=5), "", ""),
        (*stock(firm, "ecu-12v", on="2022-05-12"), "", ""),
        (*stock(firm, "ecu-12v"), "", "500"),
        (*stock(firm, "ecu-12v", arriving=5, on="2022-05-12"), "", "500 (2022-05-12)"),
        (*stock(firm, "ecu-12v", on_hand=-1), "", ""),
    ]
    made = read([head, *rows], shanghai, kind=KIND)
    assert faults(made) == {
        (2, "material", "unknown_material"),
        (3, "material", "material_required"),
        (4, "material", "ambiguous_material"),
        (5, "day", "no_report"),
        (6, "unit", "other_unit"),
        (7, "daily_use", "both_needed"),
        (8, "arrives_on", "half_arrival"),
        (9, "arriving", "half_arrival"),
        (10, "arrivals", "arrival_day"),
        (11, "arrivals", "arrivals_twice"),
        (12, "on_hand", "negative"),
    }
    over = read(
        [STOCK, stock(firm, "ecu-12v", 1, 1, 5, "2022-05-09"), stock(firm, "hose", 1, 1, 5, "2024-05-09")],
        shanghai,
        kind=KIND,
    )
    assert faults(over) == {(2, "arrives_on", "not_to_come"), (3, "arrives_on", "too_far")}
    assert over.counts["rejected"] == 2


def test_a_report_corrected_since_the_preview_sends_back_to_it(make, firm, parts, shanghai):
    made = read([STOCK, stock(firm, "hose", 5, 1)], shanghai, kind=KIND)
    make.report(firm, DAY, by=shanghai, staff_on_duty=50)
    with pytest.raises(kinds.Stale):
        services.confirm(made, by=shanghai)


def test_after_the_deadline_a_reason_is_asked_for_and_kept(make, firm, parts, shanghai, clock):
    clock.set(10, 15)
    assert faults(read([STOCK, stock(firm, "hose", 5, 1)], shanghai, kind=KIND)) == {(2, "reason", "late_correction")}
    made = imported([(*STOCK, "原因"), (*stock(firm, "hose", 5, 1), "recount")], shanghai, kind=KIND)
    assert not faults(made) and ReportRevision.objects.get().reason == "recount"


def test_as_many_statements_for_four_hundred_rows_as_for_twenty(make, parts, shanghai):
    counts = []
    for size in (2, 20, 400):
        firms = [make.enterprise() for _ in range(size // 2)]
        for firm in firms:
            make.report(firm, DAY, by=shanghai)
        rows = [stock(firm, part.code) for firm in firms for part in parts]
        made = services.upload(upload(xlsx([STOCK, *rows])), kind=KIND, by=shanghai)
        with CaptureQueriesContext(connection) as seen:
            settled(made)
        made = services.confirm(made, by=shanghai)
        with CaptureQueriesContext(connection) as written:
            settled(made)
        counts.append((len(seen), len(written)))
    assert StockReading.objects.count() == 422
    assert counts[1] == counts[2], counts
