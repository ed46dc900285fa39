"""Two clerks import overlapping files at once, in opposite order: neither waits for ever, and nothing is lost."""

import threading
from collections import Counter

import pytest
from django.db import connection

from enterprises.models import Enterprise
from enterprises.register.services import change_enterprise
from tests.sheets.workbooks import firm, read, work, xlsx
from whitelist.audit.models import AuditEntry
from whitelist.core.errors import DomainError
from whitelist.delivery.models import OutboxEvent
from whitelist.sheets import services
from whitelist.sheets.models import SheetImport
from whitelist.sheets.tables.upsert import ModelSheet
from whitelist.sheets.undo import services as undoing

ROUNDS, ROWS, NEW = 20, 30, 10
HEAD = ["统一社会信用代码", "企业名称", "行政区划", "职工人数"]


def at_once(*calls):
    start, faults = threading.Barrier(len(calls)), []

    def run(call):
        try:
            start.wait(10)
            call()
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads), "they wait for each other"
    return faults


def sheet(rows, staff):
    return xlsx([HEAD, *([code, name, "310115", staff] for code, name in rows)])


def confirmed(*files):
    """Imports that were read one after the other, and now wait together to be written: (rows, by) each."""
    seen = [read(content, by) for content, by in files]
    return [services.confirm(each, by=each.uploaded_by) for each in seen]


def overwritten():
    """Rows of which two writers started from the same version: the work of one of them is lost."""
    wrote = AuditEntry.objects.filter(verb__in=("imported", "changed", "undone"), subject="enterprises.enterprise")
    started = Counter((entry.subject_id, entry.before["version"]) for entry in wrote if entry.before)
    return {row for (row, _version), times in started.items() if times > 1}


def untold():
    """Rows that do not stand as their last entry says."""
    stands = {str(row.pk): (row.version, row.staff_total) for row in Enterprise.objects.all()}
    told = {}
    for entry in AuditEntry.objects.filter(verb="imported").order_by("pk"):
        told[entry.subject_id] = (entry.after["version"], entry.after["staff_total"])
    return {row for row, said in told.items() if stands[row] != said}


@pytest.fixture
def make(committed):
    return committed


@pytest.fixture
def clerks(make):
    office = make.office("310000")
    return make.user(office=office), make.user(office=office)


def test_two_overlapping_imports_in_opposite_order_twenty_times(make, clerks):
    stored = [(row.code, row.name) for row in (make.enterprise("310115") for _n in range(ROWS))]
    for turn in range(ROUNDS):
        new = [firm(turn * NEW + n)[:2] for n in range(1, NEW + 1)]
        first, second = confirmed(
            (sheet([*stored[: ROWS * 2 // 3], *new[:7]], 2 * turn + 100), clerks[0]),
            (sheet([*new[3:], *stored[ROWS // 3 :]][::-1], 2 * turn + 101), clerks[1]),
        )
        assert at_once(work, work) == []
        work()
        states = sorted(SheetImport.objects.filter(pk__in=[first.pk, second.pk]).values_list("state", flat=True))
        assert states == ["done", "preview"], "one is written; the other sees it, and asks again"
        left = SheetImport.objects.get(state="preview")
        services.confirm(left, by=left.uploaded_by)
        work()
        assert SheetImport.objects.exclude(state="done").count() == 0
        assert Enterprise.objects.count() == ROWS + NEW * (turn + 1)
        assert (overwritten(), untold()) == (set(), set())
    assert not OutboxEvent.objects.exclude(error="").exists(), "no try failed, so there was no deadlock"


def test_without_the_lock_one_overwrites_the_other(make, clerks, monkeypatch):
    """The negative control: both see that nothing has changed, both write, and the check above finds it."""
    stored, meeting = make.enterprise("310115"), threading.Barrier(2)
    look = ModelSheet.changed_meanwhile

    def looks_and_meets(self, sheet_import):
        found = look(self, sheet_import)
        meeting.wait(10)
        return found

    made = confirmed(*((sheet([(stored.code, stored.name)], 100 + n), by) for n, by in enumerate(clerks)))
    monkeypatch.setattr(ModelSheet, "lock", lambda self, sheet_import: None)
    monkeypatch.setattr(ModelSheet, "changed_meanwhile", looks_and_meets)
    OutboxEvent.objects.all().delete()
    assert at_once(*(lambda pk=each.pk: services.write(pk) for each in made)) == []
    assert overwritten() == {str(stored.pk)}


def test_an_undo_and_an_edit_at_once_lose_nothing(make, clerks):
    stored = make.enterprise("310115", staff_total=10)
    for turn in range(5):
        (made,) = confirmed((sheet([(stored.code, stored.name)], 100 + turn), clerks[0]))
        work()
        made.refresh_from_db()
        version = Enterprise.objects.get(pk=stored.pk).version
        undoing.undo(made, by=clerks[0])

        def edit(version=version, link=f"环节{turn}"):
            change_enterprise(stored, version=version, by=clerks[1], link=link)

        faults = at_once(work, edit)
        assert all(isinstance(fault, DomainError) for fault in faults)
        made.refresh_from_db()
        assert made.state == "undone" and overwritten() == set()
