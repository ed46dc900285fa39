"""A day is a Shanghai day, whatever the clock of the machine is set to."""

import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta

import pytest

from whitelist.core import days
from whitelist.core.errors import DomainError

# Instant in UTC, day in Shanghai
TABLE = [
    ("2022-05-09T15:59:59.999999", "2022-05-09"),
    ("2022-05-09T15:59:59.999", "2022-05-09"),
    ("2022-05-09T15:59:59", "2022-05-09"),
    ("2022-05-09T16:00:00", "2022-05-10"),
    ("2022-05-09T16:00:00.000001", "2022-05-10"),
    ("2022-05-09T00:00:00", "2022-05-09"),
    ("2022-05-09T23:59:59.999999", "2022-05-10"),
    ("2022-05-10T04:00:00", "2022-05-10"),
    ("2024-02-28T15:59:59.999", "2024-02-28"),
    ("2024-02-28T16:00:00", "2024-02-29"),
    ("2024-02-29T15:59:59.999", "2024-02-29"),
    ("2024-02-29T16:00:00", "2024-03-01"),
    ("2023-02-28T15:59:59.999", "2023-02-28"),
    ("2023-02-28T16:00:00", "2023-03-01"),
    ("2021-12-31T15:59:59.999", "2021-12-31"),
    ("2021-12-31T16:00:00", "2022-01-01"),
    ("2022-12-31T16:00:00", "2023-01-01"),
    ("2000-02-28T16:00:00", "2000-02-29"),
    ("2022-03-13T16:00:00", "2022-03-14"),
    ("2022-11-06T05:59:59", "2022-11-06"),
    ("2022-11-06T15:59:59.999", "2022-11-06"),
    ("1990-07-01T14:59:59", "1990-07-01"),
    ("1990-07-01T15:00:00", "1990-07-02"),
    ("2099-12-31T16:00:00", "2100-01-01"),
]


@pytest.mark.parametrize(("instant", "day"), TABLE)
def test_an_instant_falls_in_a_shanghai_day(instant, day):
    """The summers of 1986 to 1991 had daylight saving time, so there a day began at 15:00 UTC."""
    assert str(days.business_day(datetime.fromisoformat(instant).replace(tzinfo=UTC))) == day


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Pacific/Kiritimati"])
def test_the_machine_s_own_zone_makes_no_difference(zone):
    code = (
        "import django.conf, sys; django.conf.settings.configure(USE_TZ=True);"
        "from datetime import datetime, UTC; from whitelist.core import days; from tests.core.test_days import TABLE;"
        "wrong = [row for row in TABLE if str(days.business_day("
        "datetime.fromisoformat(row[0]).replace(tzinfo=UTC).astimezone())) != row[1]];"
        "sys.exit(repr(wrong) if wrong else 0)"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], env={"TZ": zone, "PYTHONPATH": "."}, capture_output=True, text=True
    )
    assert (told.returncode, told.stderr) == (0, "")


def test_today_turns_at_four_in_the_afternoon_of_utc(monkeypatch):
    def clock(text):
        monkeypatch.setattr(days.timezone, "now", lambda: datetime.fromisoformat(text).replace(tzinfo=UTC))

    clock("2022-05-09T15:59:59.999")
    assert (days.today(), days.yesterday()) == (date(2022, 5, 9), date(2022, 5, 8))
    clock("2022-05-09T16:00:00")
    assert (days.today(), days.yesterday()) == (date(2022, 5, 10), date(2022, 5, 9))


def test_a_report_is_due_at_noon_of_the_next_day_in_shanghai():
    assert days.due_at(date(2022, 5, 9)).astimezone(UTC) == datetime(2022, 5, 10, 4, tzinfo=UTC)
    assert days.due_at(date(2024, 2, 28), time(9, 30)).astimezone(UTC) == datetime(2024, 2, 29, 1, 30, tzinfo=UTC)


def test_a_day_begins_and_ends_where_its_neighbours_do():
    for day in (date(2022, 5, 9), date(2024, 2, 29), date(2021, 12, 31)):
        assert days.at_start(day) - days.at_end(day - days.ONE) == timedelta(microseconds=1)
        assert days.business_day(days.at_start(day)) == days.business_day(days.at_end(day)) == day


def test_days_between_holds_both_ends():
    assert days.days_between(date(2024, 2, 28), date(2024, 3, 1)) == [
        date(2024, 2, 28),
        date(2024, 2, 29),
        date(2024, 3, 1),
    ]
    assert days.days_between(date(2022, 5, 9), date(2022, 5, 8)) == []


@pytest.mark.parametrize("text", ["2022-05-09", "2024-02-29", "0001-01-01", "9999-12-31"])
def test_a_day_is_written_year_month_day(text):
    assert str(days.parse_day(text)) == text


@pytest.mark.parametrize(
    "text",
    ["2022-5-9", "20220509", "2022-02-30", "2023-02-29", "09-05-2022", "2022-05-09T00:00", "2022-W19-1",
     "２０２２-05-09", "2022-05-9\u0669", "", " 2022-05-09", None, 20220509, ["2022-05-09"], "tomorrow", "2022-13-01",
     "x" * 10_000],
)  # fmt: skip
def test_anything_else_is_refused_naming_the_field(text):
    with pytest.raises(DomainError) as refusal:
        days.parse_day(text, field="as_of")
    (fault,) = refusal.value.errors
    assert (fault.pointer, fault.code) == ("as_of", "not_a_day")
    assert len(str(fault.detail)) < 120
