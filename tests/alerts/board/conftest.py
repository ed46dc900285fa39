"""Three days of three provinces: Shanghai and Changchun at work, and a silent corner of Tibet."""

from datetime import timedelta

import pytest

from alerts.warnings.services import run
from enterprises.models import DailyReport, KeyMaterial, StockReading
from enterprises.resumption.services import freeze_due
from whitelist.core.days import yesterday

CHAINS = ("automobiles", "integrated_circuits", "food")
STATES = ("normal", "partial", "stopped", "planned_stop")
MANY = {"normal_output": 100, "output_value": 10}


@pytest.fixture
def day():
    return yesterday()


def told(on, firm, part, *, on_hand, **values):
    """A report and its stock line, as filed in time."""
    report = DailyReport(
        enterprise=firm,
        day=on,
        receipt=f"{firm.pk}-{on}",
        staff_due=100,
        **{"staff_on_duty": 60, "output": 80} | values,
    )
    return report, StockReading(report=report, enterprise=firm, material=part, day=on, on_hand=on_hand, daily_use=100)


def days_told(day, shanghai, changchun, part):
    for back in (2, 1, 0):
        on = day - timedelta(days=back)
        for n, firm in enumerate(shanghai):
            if n < 9 or back:  # the last one is silent on the day and carried forward
                on_hand = 290 if n == 0 and not back else 500 + 150 * n
                output, on_duty = 90 - 5 * n, 60 + n + 2 * (2 - back)
                yield told(on, firm, part, on_hand=on_hand, state=STATES[n % 4], output=output, staff_on_duty=on_duty)
        for firm in changchun:
            yield told(on, firm, part, on_hand=100, state="normal")


@pytest.fixture
def situation(make, day):
    """Ten firms of Shanghai, four of Changchun, two silent ones of Lhasa; three days of reports, each day run."""
    shanghai = [
        make.enterprise("310115" if n < 6 else "310114", name=f"沪{n:02}（虚构）", chain=CHAINS[n % 3], **MANY)
        for n in range(10)
    ]
    changchun = [make.enterprise("220102", name=f"春{n:02}（虚构）", **MANY) for n in range(4)]
    silent = [make.enterprise("540102", name=f"藏{n:02}（虚构）", chain="") for n in range(2)]
    part, since = make.material("ecu-12v", unit="pieces"), day - timedelta(days=9)
    for province, firms in (("310000", shanghai), ("220000", changchun), ("540000", silent)):
        make.batch("published", on=make.white_list(province), enterprises=firms, effective_on=since)
    make.supply_link(supplier=shanghai[0], buyer=changchun[0], material=make.material())
    KeyMaterial.objects.bulk_create(
        KeyMaterial(enterprise=firm, material=part, since_on=since) for firm in [*shanghai, *changchun]
    )
    reports, stock = zip(*days_told(day, shanghai, changchun, part), strict=True)
    DailyReport.objects.bulk_create(reports)
    StockReading.objects.bulk_create(stock)
    for back in (2, 1, 0):
        freeze_due(day - timedelta(days=back))
        run(day - timedelta(days=back))
    return {"shanghai": shanghai, "changchun": changchun, "silent": silent}
