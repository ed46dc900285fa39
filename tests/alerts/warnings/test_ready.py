"""Whoever watches the product is told how old the warnings are that its readers see."""

from datetime import date, timedelta

from django.utils import timezone

from alerts.models import WarningRun


def test_readiness_tells_the_age_of_the_last_warning_run(db, client):
    now = timezone.now()
    for day, ago in ((date(2022, 5, 8), timedelta(hours=25)), (date(2022, 5, 9), timedelta(hours=1))):
        WarningRun.objects.create(day=day, state=WarningRun.RunState.DONE, finished_at=now - ago)
    WarningRun.objects.create(day=date(2022, 5, 10))
    told = client.get("/readyz").json()
    assert told["warning_run_day"] == "2022-05-09"
    assert 3600 <= told["warning_run_age_seconds"] < 3630
    assert told["warning_run_is_stale"] is False


def test_a_run_of_the_day_before_yesterday_is_called_stale(db, client):
    ended = timezone.now() - timedelta(hours=27)
    WarningRun.objects.create(day=date(2022, 5, 8), state=WarningRun.RunState.DONE, finished_at=ended)
    assert client.get("/readyz").json()["warning_run_is_stale"] is True


def test_before_the_first_run_readiness_says_so(db, client):
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert (answer.json()["warning_run_day"], answer.json()["warning_run_age_seconds"]) == (None, None)
