"""What the worker has in hand can be cancelled, left and found again, and always comes to an end."""

import pytest
from django.db import OperationalError
from django.utils import timezone
from psycopg.errors import DeadlockDetected

from enterprises.models import Enterprise
from enterprises.register.sheet import EnterpriseSheet
from tests.sheets.workbooks import firm, imported, read, table, upload, work
from whitelist.audit.models import AuditEntry
from whitelist.delivery.models import MOST_TRIES, Notification, OutboxEvent
from whitelist.sheets import attempts, services
from whitelist.sheets.models import Channel, SheetImport
from whitelist.sheets.undo import services as undoing

pytestmark = pytest.mark.django_db
HERE = "/api/v1/imports/"


def again():
    """Let the worker try what waits for its next try."""
    OutboxEvent.objects.waiting().update(next_at=timezone.now())
    work()


@pytest.fixture
def confirming(shanghai):
    return services.confirm(read(table(firm(1), firm(2)), shanghai), by=shanghai)


def test_a_confirmation_is_cancelled_before_it_is_written(api, page, shanghai, confirming):
    client = api(shanghai)
    assert "Cancel the import" in page(shanghai).get(f"/imports/{confirming.pk}/").content.decode()
    told = client.post(f"{HERE}{confirming.pk}/cancel/").json()
    assert (told["state"], told["confirmed_by"]) == ("preview", None)
    work()
    assert not Enterprise.objects.exists()
    assert client.post(f"{HERE}{confirming.pk}/cancel/").status_code == 409
    assert client.post(f"{HERE}{confirming.pk}/confirm/").json()["state"] == "confirming"
    work()
    assert Enterprise.objects.count() == 2


def test_what_is_cancelled_while_it_is_written_is_rolled_back_whole(shanghai, confirming, monkeypatch):
    real = EnterpriseSheet.record

    def cancelled_meanwhile(self, sheet_import, **kwargs):
        real(self, sheet_import, **kwargs)
        assert Enterprise.objects.count() == 2
        services.cancel(SheetImport.objects.get(pk=sheet_import.pk), by=shanghai)

    monkeypatch.setattr(EnterpriseSheet, "record", cancelled_meanwhile)
    work()
    assert not Enterprise.objects.exists() and not AuditEntry.objects.filter(verb="imported").exists()
    assert not SheetImport.objects.get(pk=confirming.pk).refusal


def test_a_second_confirmation_is_not_finished_by_the_first_ones_work(shanghai, confirming, monkeypatch):
    """Between them cells may have been corrected: what the first worker wrote is not what was confirmed."""
    real = EnterpriseSheet.record

    def confirmed_again(self, sheet_import, **kwargs):
        real(self, sheet_import, **kwargs)
        SheetImport.objects.filter(pk=sheet_import.pk).update(confirmed_at=timezone.now())

    monkeypatch.setattr(EnterpriseSheet, "record", confirmed_again)
    work()
    assert not Enterprise.objects.exists()


def test_cancelling_is_for_those_who_may_finish(api, page, shanghai, ministry, jilin, confirming):
    assert api(ministry).post(f"{HERE}{confirming.pk}/cancel/").status_code == 403
    assert api(jilin).post(f"{HERE}{confirming.pk}/cancel/").status_code == 404
    assert page(shanghai).post(f"/imports/{confirming.pk}/cancel/").status_code == 302


def test_the_time_left_follows_from_the_pace(api, page, shanghai, confirming, monkeypatch):
    from whitelist.sheets import models

    now = [1000.0]
    monkeypatch.setattr(models.time, "time", lambda: now[0])
    confirming.report_progress(0)
    assert confirming.seconds_left is None
    now[0] += 30
    confirming.report_progress(0.25)
    assert (confirming.progress, confirming.seconds_left, confirming.minutes_left) == (0.25, 90, 2)
    assert "about 2 minutes left" in page(shanghai).get(f"/imports/{confirming.pk}/").content.decode()
    assert api(shanghai).get(f"{HERE}{confirming.pk}/").json()["seconds_left"] == 90
    confirming.report_progress(0.75)
    assert "about 10 seconds left" in page(shanghai).get(f"/imports/{confirming.pk}/").content.decode()


def test_who_left_is_told_and_who_looks_is_not(page, shanghai):
    made = services.upload(upload(table(firm(1))), kind="enterprises", by=shanghai)
    work()
    told = Notification.objects.get(user=shanghai)
    assert "名单.xlsx was read" in told.text and told.address == f"/imports/{made.pk}/"
    made = services.confirm(SheetImport.objects.get(pk=made.pk), by=shanghai)
    page(shanghai).get(f"/imports/{made.pk}/")
    work()
    assert Notification.objects.count() == 1


def test_both_who_uploaded_and_who_confirmed_are_told(make, shanghai):
    colleague = make.user(office=shanghai.office)
    made = services.confirm(read(table(firm(1)), shanghai), by=colleague)
    work()
    told = Notification.objects.filter(sentence__contains="was imported")
    assert {notice.user for notice in told} == {shanghai, colleague} and "1 rows written" in told[0].text
    undoing.undo(SheetImport.objects.get(pk=made.pk), by=colleague)
    work()
    assert Notification.objects.filter(sentence__contains="was undone").count() == 2


def test_a_program_asks_for_itself(shanghai):
    imported(table(firm(1)), shanghai, channel=Channel.API)
    assert not Notification.objects.exists()


@pytest.mark.parametrize("state", ["parsing", "confirming", "undoing"])
def test_a_job_given_up_ends_the_import_with_a_sentence(shanghai, monkeypatch, state):
    content = table(firm(1))
    if state == "parsing":
        made = services.upload(upload(content), kind="enterprises", by=shanghai)
    elif state == "confirming":
        made = services.confirm(read(content, shanghai), by=shanghai)
    else:
        made = undoing.undo(imported(content, shanghai), by=shanghai)

    def unreachable(*args, **kwargs):
        raise OperationalError("away")

    for name in ("look_up", "apply", "undo"):
        monkeypatch.setattr(EnterpriseSheet, name, unreachable)
    for _try in range(MOST_TRIES):
        made.refresh_from_db()
        assert made.is_moving
        again()
    again()
    made.refresh_from_db()
    assert made.state == ("done" if state == "undoing" else "failed")
    assert "tried several times" in made.refusal and not OutboxEvent.objects.waiting().exists()
    assert "The reason stands on its page" in Notification.objects.order_by("-pk").first().text


def test_a_job_that_kills_its_worker_each_time_ends_the_import_too(shanghai):
    made = services.confirm(read(table(firm(1)), shanghai), by=shanghai)
    OutboxEvent.objects.waiting().update(tries=MOST_TRIES)
    again()
    made.refresh_from_db()
    assert made.state == "failed" and not Enterprise.objects.exists()


def deadlock():
    fault = OperationalError("deadlock detected")
    fault.__cause__ = DeadlockDetected()
    return fault


@pytest.mark.parametrize(("deadlocks", "tries", "state"), [(1, 2, "done"), (3, 4, "done"), (4, 4, "confirming")])
def test_a_deadlock_is_tried_again_up_to_three_times(shanghai, confirming, monkeypatch, deadlocks, tries, state):
    real, made = EnterpriseSheet.record, []

    def record(self, sheet_import, **kwargs):
        real(self, sheet_import, **kwargs)
        made.append(Enterprise.objects.count())
        if len(made) <= deadlocks:
            raise deadlock()

    monkeypatch.setattr(attempts, "PAUSE", 0)
    monkeypatch.setattr(EnterpriseSheet, "record", record)
    work()
    confirming.refresh_from_db()
    assert (confirming.state, made) == (state, [2] * tries)
    assert Enterprise.objects.count() == (2 if state == "done" else 0)
