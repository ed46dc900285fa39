"""A day judged: a short firm, a blind one, and one that has enough."""

from datetime import timedelta

import pytest

from alerts.warnings.services import run
from enterprises.resumption.services import StockLine, freeze_due
from whitelist.core.days import yesterday


@pytest.fixture
def day():
    return yesterday()


@pytest.fixture
def part(make):
    return make.material("ecu-12v", name="控制器", name_en="ECU 12 V", unit="pieces", chain="automobiles")


@pytest.fixture
def judged(make, day, part):
    """Two firms of Shanghai and one of Changchun, judged yesterday: red (2.9 days), no data, blue (10 days)."""
    short = make.enterprise("310115", name="天晴汽车（虚构）", uscc="91310115MA1X90001X")
    blind, calm = (
        make.enterprise("310114", name="静默（虚构）"),
        make.enterprise("220102", name="长春（虚构）", chain="food"),
    )
    make.batch("published", enterprises=[short, blind], effective_on=day - timedelta(days=9))
    make.batch("published", on=make.white_list("220000"), enterprises=[calm], effective_on=day - timedelta(days=9))
    make.key_material(blind, part)
    make.report(short, day, stock=[(part, 290, 100)])
    coming = [{"on": str(day + timedelta(days=3)), "quantity": "50"}]
    make.report(calm, day, stock=[StockLine(part, 1000, 100, coming)])
    freeze_due(day)
    run(day)
    return {"short": short, "blind": blind, "calm": calm}
