"""Many hands on one report: one row, one chain of revisions, no server error; without the lock it would not be so."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection

from enterprises.models import DailyReport, Reminder, ReportDue, ReportRevision
from enterprises.resumption import services
from enterprises.resumption.filing import services as filing
from enterprises.resumption.reminders import services as reminders
from whitelist.core.days import yesterday

pytestmark = [pytest.mark.usefixtures("committed"), pytest.mark.urls("tests.enterprises.resumption.addresses")]
HANDS = 16


def at_once(work, hands=HANDS):
    """Run `work(n)` in so many threads that start together; what each returned or raised."""
    gate, results = threading.Barrier(hands), [None] * hands

    def one(n):
        try:
            gate.wait(30)
            results[n] = work(n)
        except Exception as fault:
            results[n] = fault
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(n,)) for n in range(hands)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


@pytest.fixture
def firm(make):
    return make.enterprise()


def test_the_same_report_from_sixteen_hands_is_one_report(make, api, firm):
    body = {"state": "partial", "staff_due": 400, "staff_on_duty": 349}
    clients = [api(make.clerk(of=firm)) for _ in range(HANDS)]
    address = f"/api/v1/daily-reports/{firm.code}/{yesterday()}/"
    answers = at_once(lambda n: clients[n].put(address, body))
    assert sorted(answer.status_code for answer in answers) == [200] * (HANDS - 1) + [201]
    assert {answer.json()["receipt"] for answer in answers} == {DailyReport.objects.get().receipt}
    assert not ReportRevision.objects.exists()


def test_sixteen_different_reports_are_one_row_with_one_chain_of_revisions(make, api, firm):
    clients = [api(make.clerk(of=firm)) for _ in range(HANDS)]
    address = f"/api/v1/daily-reports/{firm.code}/{yesterday()}/"
    answers = at_once(lambda n: clients[n].put(address, {"state": "normal", "staff_on_duty": n, "reason": "counting"}))
    assert {answer.status_code for answer in answers} == {200, 201}
    report = DailyReport.objects.get()
    chain = list(ReportRevision.objects.order_by("revision").values_list("revision", "values__staff_on_duty"))
    assert [revision for revision, _value in chain] == list(range(1, HANDS))
    assert {value for _revision, value in chain} | {report.staff_on_duty} == set(range(HANDS))
    assert (
        sorted(answer.json()["revision"] for answer in answers) == list(range(1, HANDS + 1))
        and report.revision == HANDS
    )


def test_without_the_lock_the_database_would_refuse_all_but_one(monkeypatch, make, firm):
    by, meeting = make.clerk(of=firm), threading.Barrier(2)

    def receipt(day):
        meeting.wait(10)
        return f"R-{threading.get_ident()}"[:24]

    monkeypatch.setattr(filing, "hold", lambda filings: None)
    monkeypatch.setattr(filing, "receipt", receipt)
    values = {"state": "normal"}
    results = at_once(lambda n: services.file_report(firm, yesterday(), values=values, stock=[], by=by), hands=2)
    assert sorted(isinstance(result, IntegrityError) for result in results) == [False, True]


def file_while_freezing(monkeypatch, make, firm):
    """File a report; when it is written but not committed, another thread freezes the day. The row of that day."""
    day, by = yesterday(), make.clerk(of=firm)
    make.batch("published", enterprises=[firm], effective_on=day - timedelta(days=3))
    written, freezing, link = threading.Event(), threading.Event(), filing.link_due

    def link_and_linger(*args):
        link(*args)
        written.set()
        freezing.wait(1)

    monkeypatch.setattr(filing, "link_due", link_and_linger)

    def work(n):
        if n == 0:
            return services.file_report(firm, day, values={"state": "normal"}, stock=[], by=by)
        written.wait(10)
        frozen = services.freeze_due(day)
        freezing.set()
        return frozen

    results = at_once(work, hands=2)
    assert results[1] == 1, results
    return ReportDue.objects.get(day=day)


def test_a_report_filed_while_its_day_is_frozen_is_not_taken_for_silence(monkeypatch, make, firm):
    assert file_while_freezing(monkeypatch, make, firm).report is not None


def test_without_holding_off_the_freeze_it_would_be(monkeypatch, make, firm):
    monkeypatch.setattr(filing, "hold", lambda filings: None)
    assert file_while_freezing(monkeypatch, make, firm).report is None


def test_two_officials_remind_one_firm_once(make, firm):
    day, officials = yesterday(), [make.user("310000") for _ in range(8)]
    make.batch("published", enterprises=[firm], effective_on=day - timedelta(days=3))
    clerk = make.clerk(of=firm)
    services.freeze_due(day)
    results = at_once(lambda n: reminders.remind(ReportDue.objects.all(), day=day, by=officials[n]), hands=8)
    assert sorted(len(result.new) for result in results) == [0] * 7 + [1]
    assert Reminder.objects.count() == 1 and clerk.notifications.count() == 1
