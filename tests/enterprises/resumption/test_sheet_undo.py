"""Taking an import of reports or of stock back: days are as they were, and whatever was corrected since is kept."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from enterprises.models import DailyReport, KeyMaterial, Material, ReportDue, ReportRevision, StockReading
from enterprises.resumption.services import StockLine, file_report, freeze_due
from tests.enterprises.resumption.conftest import DAY
from tests.enterprises.resumption.sheets import HEAD, STOCK, confirmed, imported, read, report, stock
from whitelist.audit.models import AuditEntry
from whitelist.core.days import ONE
from whitelist.sheets.kinds import Stale
from whitelist.sheets.undo import services as undoing

pytestmark = pytest.mark.usefixtures("clock")
HERE = "/api/v1/imports/"
MOVES = {"revision", "reason"}


@pytest.fixture
def firms(make, clock):
    return [make.enterprise(name=f"企业{n}（虚构）", normal_output=100) for n in range(4)]


@pytest.fixture
def parts(make, clock):
    return [make.material("ecu-12v", name="控制器", unit="件"), make.material("hose", name="软管", unit="米")]


def told(client):
    """Reports and stock as the API tells them, without what counts the corrections."""
    reports = client.get("/api/v1/daily-reports/?limit=200").json()["results"]
    readings = client.get("/api/v1/stock/?limit=200").json()["results"]
    return [{name: value for name, value in row.items() if name not in MOVES} for row in reports], readings


def undone(made, by):
    """What the worker does; the clock of these tests stands in 2022, so no outbox is asked."""
    undoing.undo(made, by=by)
    undoing.revert(made.pk)
    made.refresh_from_db()
    return made


def test_undoing_gives_the_days_back_as_the_api_told_them_before(firms, parts, shanghai, make, api):
    client = api(shanghai)
    coming = [{"on": "2022-05-12", "quantity": "50"}]
    lines = [StockLine(parts[0], Decimal(290), Decimal(100), coming, True)]
    make.report(firms[0], DAY, by=shanghai, output=None, electricity=Decimal("12.50"), inbound_open=True, stock=lines)
    make.report(firms[1], DAY, by=shanghai)
    before = told(client)
    rows = [report(firms[0], state="停产", output=7, inbound="不通", cases=3), report(firms[1]), report(firms[2])]
    made = imported([HEAD, *rows], shanghai)
    assert made.counts == {"created": 1, "updated": 2, "unchanged": 0, "rejected": 0} and told(client) != before
    does = {"restored": 2, "removed": 1, "kept": 0}
    assert client.get(f"{HERE}{made.pk}/undo/").json() == {**does, "rows": []}
    made = undone(made, shanghai)
    assert (made.state, made.undone, made.refusal) == ("undone", does, "")
    assert told(client) == before
    again = imported([HEAD, *rows], shanghai, name="again.xlsx")
    assert again.counts == {"created": 1, "updated": 2, "unchanged": 0, "rejected": 0}


def test_a_report_keeps_its_history_and_the_trail_what_was_withdrawn(firms, shanghai, make):
    make.report(firms[0], DAY, by=shanghai, reason="rain")
    made = undone(imported([HEAD, report(firms[0], state="停产"), report(firms[1], output=70)], shanghai), shanghai)
    kept = ReportRevision.objects.order_by("revision")
    assert [each.values["state"] for each in kept] == ["normal", "stopped"]
    assert (DailyReport.objects.get().revision, DailyReport.objects.get().reason) == (3, "rain")
    assert "日报.xlsx" in kept[1].reason and kept[1].replaced_by == shanghai
    entries = AuditEntry.objects.filter(subject="enterprises.dailyreport", verb="undone").order_by("-label")
    assert [(each.label, each.place, each.actor) for each in entries] == [
        (f"{firm.name} 2022-05-09", "310115", shanghai) for firm in (firms[1], firms[0])
    ]
    assert entries[0].note == "日报.xlsx, 3" and entries[0].before["state"] == "normal"
    assert (entries[0].before["output"], entries[0].before["revision"], entries[0].after) == (70, 1, {})
    assert made.undone == {"restored": 1, "removed": 1, "kept": 0}


def test_days_are_unanswered_again_and_older_reports_stand_in_for_them(make, clock, shanghai):
    firm = make.enterprise()
    make.listing(firm)
    old = make.report(firm, DAY - 2 * ONE, by=shanghai)
    freeze_due(DAY - ONE)
    freeze_due(DAY)
    dues = ReportDue.objects.order_by("day").values_list("day", "report", "carried_from")
    before = list(dues)
    assert {carried for _day, _report, carried in before} == {old.pk}
    made = imported([HEAD, report(firm, "2022-05-08"), report(firm, "2022-05-09")], shanghai)
    assert list(dues.all()) != before
    assert undone(made, shanghai).undone == {"restored": 0, "removed": 2, "kept": 0}
    assert list(dues.all()) == before


def test_what_somebody_corrected_since_is_kept_and_told(firms, shanghai, make, api, page):
    other = make.user("310000", username="pudong")
    make.report(firms[0], DAY, by=shanghai)
    made = imported([HEAD, *(report(firm, on_duty=50) for firm in firms)], shanghai)
    values = {"state": "partial", "staff_due": 100, "staff_on_duty": 60, "output": Decimal(80)}
    for firm in firms[:2]:
        file_report(firm, DAY, values=values, stock=[], by=other)
    answer = api(shanghai).get(f"{HERE}{made.pk}/undo/").json()
    assert (answer["restored"], answer["removed"], answer["kept"]) == (0, 2, 2)
    assert [(row["row"], row["reason"], row["by"]) for row in answer["rows"]] == [
        (2, "changed", "pudong"),
        (3, "changed", "pudong"),
    ]
    shown = page(shanghai).get(f"/imports/{made.pk}/undo/").content.decode()
    assert "pudong" in shown and firms[0].name in shown and "50" in shown and "60" in shown
    assert undone(made, shanghai).undone == {"restored": 0, "removed": 2, "kept": 2}
    assert set(DailyReport.objects.values_list("enterprise", "state")) == {(f.pk, "partial") for f in firms[:2]}


def test_a_material_that_is_told_of_no_more_is_called_by_its_name(firms, parts, shanghai, make, page):
    make.report(firms[0], DAY, by=shanghai, stock=[(parts[0], 290, 100)])
    made = imported([HEAD, report(firms[0], on_duty=50)], shanghai)
    make.report(firms[0], DAY, by=shanghai)
    shown = page(shanghai).get(f"/imports/{made.pk}/undo/").content.decode()
    assert "Part ecu-12v: on hand" in shown and ">ecu-12v" not in shown


def test_stock_is_taken_back_with_the_materials_that_it_made_key(firms, parts, shanghai, make, api):
    client = api(shanghai)
    make.report(firms[0], DAY, by=shanghai, stock=[(parts[0], 290, 100)])
    make.report(firms[1], DAY - ONE, by=shanghai, stock=[(parts[1], 8, 1)])
    make.report(firms[1], DAY, by=shanghai)
    before = told(client)
    rows = [stock(firms[0], "ecu-12v", 5, 100), stock(firms[0], "hose", 6, 2), stock(firms[1], "hose", 7, 2)]
    made = imported([STOCK, *rows], shanghai, kind="stock-lines")
    assert made.counts == {"created": 2, "updated": 1, "unchanged": 0, "rejected": 0}
    assert KeyMaterial.objects.count() == 3
    assert undone(made, shanghai).undone == {"restored": 3, "removed": 0, "kept": 0}
    assert told(client) == before
    keys = set(KeyMaterial.objects.values_list("enterprise", "material__code"))
    assert keys == {(firms[0].pk, "ecu-12v"), (firms[1].pk, "hose")}


def test_a_material_that_went_meanwhile_stops_the_undo_and_is_named(firms, parts, shanghai, make):
    make.report(firms[0], DAY, by=shanghai, stock=[(parts[0], 290, 100)])
    made = imported([HEAD, report(firms[0], state="停产")], shanghai)
    StockReading.objects.all().delete()
    KeyMaterial.objects.all().delete()
    Material.objects.filter(pk=parts[0].pk).delete()
    made = undone(made, shanghai)
    assert made.state == "done" and "ecu-12v" in made.refusal
    assert DailyReport.objects.get().state == "stopped"


def test_as_many_statements_for_forty_reports_as_for_two(make, clock, shanghai):
    def statements(number, day):
        firms = [make.enterprise() for _ in range(number)]
        for firm in firms[::2]:
            make.report(firm, day, by=shanghai)
        dated = f"{day:%Y-%m-%d}"
        made = imported([HEAD, *(report(firm, dated, state="停产") for firm in firms)], shanghai)
        undoing.undo(made, by=shanghai)
        with CaptureQueriesContext(
            connection,
        ) as caught:
            undoing.revert(made.pk)
        return len(caught)

    assert statements(2, DAY) == statements(40, DAY - ONE)


def test_many_lines_of_one_report_are_taken_back_together(firms, shanghai, make):
    materials = [make.material(f"m-{n}", name=f"物料{n}") for n in range(140)]
    make.report(firms[0], DAY, by=shanghai)
    rows = [stock(firms[0], material.code) for material in materials]
    made = imported([STOCK, *rows], shanghai, kind="stock-lines", name="很长的文件名" * 25 + ".xlsx")
    assert undone(made, shanghai).undone == {"restored": 140, "removed": 0, "kept": 0}
    assert not StockReading.objects.exists() and not KeyMaterial.objects.exists()


def test_materials_that_were_key_before_stay_key(firms, parts, shanghai, make):
    """Also one of which the report had told before, and tells no more."""
    make.report(firms[0], DAY, by=shanghai, stock=[(parts[1], 8, 1)])
    make.report(firms[0], DAY, by=shanghai)
    undone(imported([HEAD, report(firms[0], state="停产")], shanghai), shanghai)
    assert KeyMaterial.objects.get().material == parts[1]
    undone(
        imported([STOCK, stock(firms[0], "hose"), stock(firms[0], "ecu-12v")], shanghai, kind="stock-lines"), shanghai
    )
    assert KeyMaterial.objects.get().material == parts[1]


def test_a_report_filed_anew_after_an_undo_is_another_one(firms, shanghai, make):
    """It has the revision that a preview rested on, and is not what the preview showed."""
    first = imported([HEAD, report(firms[0])], shanghai)
    waiting = read([HEAD, report(firms[0], on_duty=60)], shanghai, name="second.xlsx")
    undone(first, shanghai)
    make.report(firms[0], DAY, by=shanghai, state="stopped", staff_on_duty=5)
    with pytest.raises(Stale):
        confirmed(waiting, shanghai)
    assert DailyReport.objects.get().staff_on_duty == 5


def test_no_day_is_frozen_while_reports_are_withdrawn(firms, shanghai, make):
    """A report that goes would stand in for a silent day that is being frozen; its own day may be frozen already."""
    make.listing(firms[0])
    freeze_due(DAY)
    made = imported([HEAD, report(firms[0])], shanghai)
    undoing.undo(made, by=shanghai)
    with CaptureQueriesContext(connection) as caught:
        undoing.revert(made.pk)
    asked = [each["sql"] for each in caught]
    freezing = next(place for place, sql in enumerate(asked) if "freeze_due" in sql)
    assert freezing < next(place for place, sql in enumerate(asked) if "FOR NO KEY UPDATE" in sql)
