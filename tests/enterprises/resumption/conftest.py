from datetime import date, datetime

import pytest
from django.utils import timezone

from whitelist.core.days import SHANGHAI

DAY = date(2022, 5, 9)


class Clock:
    """The wall clock in China, standing where a test puts it: at first on the morning after the day of the reports."""

    def __init__(self):
        self.set(10, 9, 46)

    def set(self, day, hour, minute=0):
        self.at = datetime(2022, 5, day, hour, minute, tzinfo=SHANGHAI)

    def now(self):
        return self.at


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(timezone, "now", clock.now)
    return clock
