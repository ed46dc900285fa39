"""Each figure has one definition, a denominator, and exactly its rows."""

from datetime import timedelta
from decimal import Decimal

import pytest

from enterprises.resumption import metrics
from enterprises.resumption.services import freeze_due
from whitelist.core.days import yesterday

DAY = yesterday()


@pytest.mark.parametrize(("over", "under", "shown"), [(578, 666, "86.8"), (49, 50, "98.0"), (0, 0, None)])
def test_published_check_values(over, under, shown):
    assert metrics.percent(over, under) == (shown and Decimal(shown))


@pytest.fixture
def five(make):
    """Five firms of Shanghai: normal, partial, stopped, planned stop, silent (but it reported the day before)."""
    firms = [make.enterprise(normal_output=100, output_value=10) for _ in range(5)]
    make.batch("published", enterprises=firms, effective_on=DAY - timedelta(days=20))
    by = make.user("310000")
    make.report(firms[4], DAY - timedelta(days=1), by=by, state="partial")
    for firm, state, output in zip(
        firms, ["normal", "partial", "stopped", "planned_stop"], [90, 40, 0, 0], strict=False
    ):
        make.report(firm, DAY, by=by, state=state, output=Decimal(output), staff_due=100, staff_on_duty=50)
    freeze_due(DAY)
    return firms


def test_planned_stops_do_not_count_and_silence_is_carried_apart(five, shanghai):
    figures = metrics.total(metrics.due_on(shanghai, DAY))
    assert figures.part("resumed") == (3, 4)
    assert figures.rate("resumed") == Decimal("75.0")
    assert figures.sums["carried"] == 1
    assert figures.part("reached") == (2, 4), "the carried day counts with its state and its output"
    assert figures.rate("on_duty") == Decimal("50.0")
    assert sum(figures.coverage[a] for a in ("on_time", "late", "empty", "none")) == figures.coverage["due"] == 5


def test_every_figure_opens_exactly_its_rows(five, shanghai):
    rows = metrics.due_on(shanghai, DAY)
    figures = metrics.total(rows)
    for metric in metrics.METRICS.values():
        if metric.sums is None:
            over, under = figures.part(metric.id)
            assert metrics.rows_behind(rows, metric.id, "numerator").count() == over
            assert metrics.rows_behind(rows, metric.id, "denominator").count() == under
            assert metrics.rows_behind(rows, metric.id, "rest").count() == under - over


def test_adding_a_firm_today_does_not_change_yesterday(five, make, shanghai):
    make.listing(make.enterprise(), since=DAY)
    assert freeze_due(DAY) == 0
    assert metrics.total(metrics.due_on(shanghai, DAY)).coverage["due"] == 5


def test_tables_break_down_one_level_below(five, shanghai, ministry, jilin):
    assert [row.key for row in metrics.table(metrics.due_on(ministry, DAY), "division")] == ["310000"]
    assert [row.key for row in metrics.table(metrics.due_on(shanghai, DAY), "division", "31")] == ["310115"]
    assert metrics.table(metrics.due_on(jilin, DAY), "division", "22") == []
    for by in metrics.groups():
        metrics.table(metrics.due_on(ministry, DAY), by)


def test_a_late_report_still_stands_in_for_the_silent_day_after(five, make, shanghai):
    silent = five[4]
    make.report(silent, DAY, state="stopped", by=make.user("310000"))
    figures = metrics.total(metrics.due_on(shanghai, DAY))
    assert figures.part("resumed") == (2, 4)
    assert figures.sums["carried"] == 0
