"""The daily run: levels, episodes, hysteresis, repetition, replay."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from alerts.models import Assessment, Warning, WarningRun
from alerts.warnings import services
from enterprises.models import DailyReport, KeyMaterial, ReportDue, StockReading

DAY = date(2022, 5, 9)
ONE = timedelta(days=1)


def told(enterprise, material, day, on_hand, use=100, arrivals=(), **fields):
    """A stock reading, as a report of that day would have left it."""
    ReportDue.objects.get_or_create(enterprise=enterprise, day=day, defaults={"due_at": f"{day + ONE}T12:00+08:00"})
    KeyMaterial.objects.get_or_create(enterprise=enterprise, material=material, defaults={"since_on": day})
    report, _ = DailyReport.objects.get_or_create(
        enterprise=enterprise, day=day, defaults={"state": "normal", "receipt": f"{enterprise.pk}-{day}"}
    )
    StockReading.objects.create(
        report=report,
        enterprise=enterprise,
        material=material,
        day=day,
        on_hand=on_hand,
        daily_use=use,
        arrivals=list(arrivals),
        **fields,
    )


def due(enterprise, day):
    ReportDue.objects.get_or_create(enterprise=enterprise, day=day, defaults={"due_at": f"{day + ONE}T12:00+08:00"})


def level(enterprise, day):
    found = Assessment.objects.filter(enterprise=enterprise, day=day).first()
    return found.level if found else "normal"


@pytest.mark.parametrize(
    ("on_hand", "expected"),
    [(299, "red"), (300, "yellow"), (699, "yellow"), (700, "blue"), (1399, "blue"), (1400, "normal"), (0, "red")],
)
def test_limits_are_strict(make, on_hand, expected):
    firm, part = make.enterprise(), make.material()
    told(firm, part, DAY, on_hand)
    services.run(DAY)
    assert level(firm, DAY) == expected


def test_confirmed_arrivals_count_once_they_are_due(make):
    firm, part = make.enterprise(), make.material()
    told(firm, part, DAY, 200, arrivals=[{"on": str(DAY + ONE), "quantity": "600"}])
    services.run(DAY)
    assert Assessment.objects.get(day=DAY).cover == Decimal("2.00")
    due(firm, DAY + ONE)
    services.run(DAY + ONE)
    assert Assessment.objects.get(day=DAY + ONE).cover == Decimal("7.00")


def test_an_old_reading_is_projected_and_then_grey(make):
    firm, part = make.enterprise(), make.material()
    told(firm, part, DAY, 1000)
    for n in range(1, 9):
        due(firm, DAY + n * ONE)
        services.run(DAY + n * ONE)
    by_day = {a.day: a for a in Assessment.objects.all()}
    assert not by_day[DAY + 3 * ONE].is_projected
    assert by_day[DAY + 4 * ONE].is_projected
    assert by_day[DAY + 8 * ONE].is_grey
    assert by_day[DAY + 8 * ONE].level == "yellow" or by_day[DAY + 8 * ONE].level == "red"


def test_no_reading_at_all_is_grey(make):
    firm = make.enterprise()
    make.key_material(firm, since=DAY)
    due(firm, DAY)
    services.run(DAY)
    assert level(firm, DAY) == "grey"


def test_no_use_is_no_warning_unless_the_plant_stands_for_want_of_it(make):
    idle, starved, part = make.enterprise(), make.enterprise(), make.material()
    told(idle, part, DAY, 0, use=0)
    told(starved, part, DAY, 0, use=0, stopped_for_want=True)
    services.run(DAY)
    assert (level(idle, DAY), level(starved, DAY)) == ("normal", "red")


def test_it_worsens_at_once_and_improves_after_two_good_days(make):
    firm, part = make.enterprise(), make.material()
    for n, on_hand in enumerate([2000, 200, 2000, 2000, 2000]):
        told(firm, part, DAY + n * ONE, on_hand)
        services.run(DAY + n * ONE)
    assert [level(firm, DAY + n * ONE) for n in range(5)] == ["normal", "red", "red", "normal", "normal"]
    episode = Warning.objects.get()
    assert (episode.opened_on, episode.cleared_on) == (DAY + ONE, DAY + 3 * ONE)


def test_running_twice_changes_nothing(make):
    firm, part = make.enterprise(), make.material()
    told(firm, part, DAY, 100)
    first = services.run(DAY)
    before = list(Assessment.objects.values()), list(Warning.objects.values())
    second = services.run(DAY)
    assert (first.generation, second.generation) == (1, 1)
    assert (list(Assessment.objects.values()), list(Warning.objects.values())) == before


def test_a_past_day_run_again_replays_forward_and_keeps_acknowledgements(make, shanghai):
    firm, part = make.enterprise(), make.material()
    for n, on_hand in enumerate([200, 2000, 2000, 500]):
        told(firm, part, DAY + n * ONE, on_hand)
        services.run(DAY + n * ONE)
    services.acknowledge(Warning.objects.open().get(), by=shanghai)
    straight = [level(firm, DAY + n * ONE) for n in range(4)]
    assert straight == ["red", "red", "normal", "yellow"]
    StockReading.objects.filter(day=DAY).update(on_hand=600)
    services.run(DAY)
    assert [level(firm, DAY + n * ONE) for n in range(4)] == ["yellow", "yellow", "normal", "yellow"]
    assert Warning.objects.open().get().acknowledged_by == shanghai
    assert WarningRun.objects.get(day=DAY).generation == 2
    StockReading.objects.filter(day=DAY).update(on_hand=200)
    services.run(DAY)
    assert [level(firm, DAY + n * ONE) for n in range(4)] == straight


def test_missed_days_are_made_good(make):
    firm, part = make.enterprise(), make.material()
    told(firm, part, DAY, 100)
    services.run(DAY)
    for n in (1, 2):
        told(firm, part, DAY + n * ONE, 100)
    services.run(DAY + 2 * ONE)
    assert WarningRun.objects.filter(state="done").count() == 3
