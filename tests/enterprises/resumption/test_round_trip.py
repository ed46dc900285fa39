"""Reports that go out of the list as a file, are edited there, and come back."""

import csv
import io
from datetime import timedelta
from decimal import Decimal

import pytest

from enterprises.models import DailyReport, ReportRevision
from tests.enterprises.resumption.conftest import DAY
from tests.enterprises.resumption.sheets import confirmed, faults, sentences, settled
from tests.sheets.workbooks import upload
from whitelist.sheets import services

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def firms(make, clock):
    firms = [make.enterprise(name=f"企业{n}（虚构）", normal_output=100) for n in range(4)]
    make.batch("published", enterprises=firms, effective_on=DAY - timedelta(days=9))
    return firms


@pytest.fixture
def filed(make, firms, shanghai):
    said = {"inbound_open": True, "outbound_open": False, "epidemic_cases": 0, "electricity": Decimal("12.50")}
    return [make.report(firm, DAY, by=shanghai, **said) for firm in firms[:3]]


def exported(client, form="csv", language="en"):
    answer = client.get(f"/reports/?export={form}", headers={"Accept-Language": language})
    return b"".join(answer) if answer.streaming else answer.content


def table(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def written(rows):
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    return buffer.getvalue().encode()


def brought_back(content, by, name="reports.csv"):
    return settled(services.upload(upload(content, name), kind="daily-reports", by=by))


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_comes_back_as_it_went_out_changes_nothing(page, shanghai, filed, form, language):
    made = brought_back(exported(page(shanghai), form, language), shanghai, f"reports.{form}")
    assert (made.state, made.counts) == ("preview", {"created": 0, "updated": 0, "unchanged": 4, "rejected": 0})
    assert faults(made) == {(5, "code", "says_nothing")}
    assert len(made.mapping) == 14, made.mapping.keys()


def test_exactly_what_was_edited_changes(page, shanghai, firms, filed):
    rows = table(exported(page(shanghai)))
    at = {name: place for place, name in enumerate(rows[0])}
    rows[1][at["On duty"]], rows[2][at["Goods can go out"]], rows[4][at["State of production"]] = "70", "yes", "stopped"
    made = confirmed(brought_back(written(rows), shanghai), shanghai)
    assert made.counts == {"created": 1, "updated": 2, "unchanged": 1, "rejected": 0}
    first, second, third, fourth = (DailyReport.objects.get(enterprise=firm) for firm in firms)
    assert (first.staff_on_duty, first.revision) == (70, 2) and (second.outbound_open, second.revision) == (True, 2)
    assert (third.revision, fourth.state, fourth.revision) == (1, "stopped", 1)
    assert {revision.values["staff_on_duty"] for revision in ReportRevision.objects.all()} == {90}


def test_a_report_that_somebody_changed_since_the_export_is_not_overwritten(page, make, shanghai, firms, filed):
    rows = table(exported(page(shanghai)))
    at = {name: place for place, name in enumerate(rows[0])}
    clerk = make.clerk(of=firms[0])
    make.report(firms[0], DAY, by=clerk, staff_on_duty=60, reason="recount")
    make.report(firms[3], DAY, by=make.clerk(of=firms[3]))
    for row in (1, 2, 4):
        rows[row][at["On duty"]] = "75"
    rows[4][at["State of production"]] = "stopped"
    made = brought_back(written(rows), shanghai)
    codes = {(row, code) for row, column, code in faults(made) if column == "version"}
    assert codes == {(2, "changed_since_export"), (5, "changed_since_export")}
    assert made.counts == {"created": 0, "updated": 1, "unchanged": 1, "rejected": 2}
    assert str(clerk) in sentences(made) and "Staff on duty: 90 → 60" in sentences(made)
    rows[1][at["Version"]] = ""
    confirmed(brought_back(written(rows), shanghai), shanghai)
    assert DailyReport.objects.get(enterprise=firms[0]).staff_on_duty == 75


def test_the_list_offers_the_import_to_those_who_may(page, make, shanghai, firms):
    assert "/imports/new/?kind=daily-reports" in page(shanghai).get("/reports/").content.decode()
    viewer = make.user("310000", duties=["view"])
    for other in (viewer, make.clerk(of=firms[0])):
        assert "/imports/new/" not in page(other).get("/reports/").content.decode().partition("<main")[2]
