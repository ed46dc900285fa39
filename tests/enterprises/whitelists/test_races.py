"""Two requests at the same instant: one of them has its effect, the other is told so, and nobody sees a fault."""

import threading
from datetime import date

import pytest
from django.db import IntegrityError, connection
from rest_framework.test import APIClient

from enterprises.models import Batch, Listing, WhiteList
from enterprises.whitelists import services
from tests import builders
from whitelist.audit.models import AuditEntry

ROOT = "/api/v1/batches/"
DAY = date(2022, 5, 1)


def at_once(*calls):
    """Run all calls in threads that start together; return what each returned or raised."""
    start, results = threading.Barrier(len(calls)), [None] * len(calls)

    def run(place, call):
        try:
            start.wait(5)
            results[place] = call()
        except Exception as fault:
            results[place] = fault
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return results


def caller(user):
    client = APIClient(raise_request_exception=False)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {builders.token(user)}")
    return client


def sender(user, batch, name, body=None, method="post"):
    """A request ready to be sent, with the tag that its sender has just read."""
    client = caller(user)
    tag = client.get(f"{ROOT}{batch.pk}/")["ETag"]
    address = f"{ROOT}{batch.pk}/{name}"
    return lambda: getattr(client, method)(address, body or {}, headers={"If-Match": tag}).status_code


@pytest.fixture
def make(committed):
    return committed


@pytest.fixture
def editor(make):
    return make.user("310000")


@pytest.fixture
def approvers(make):
    return [make.user("310000") for _ in range(2)]


@pytest.fixture
def decided(make, editor, approvers):
    batch = make.batch("submitted", editor=editor)
    services.decide_lines(batch, None, decision="accepted", by=approvers[0])
    return batch


def test_two_approvals_at_once_are_one(decided, approvers):
    answers = at_once(*(sender(user, decided, "approve/") for user in approvers))
    assert sorted(answers) in ([200, 409], [200, 412])
    assert AuditEntry.objects.about(decided).filter(verb="approve").count() == 1
    assert Batch.objects.get(pk=decided.pk).status == "approved"


def test_a_changed_decision_and_an_approval_at_once_do_not_mix(decided, approvers):
    line = decided.lines.get().pk
    body = {"lines": [line], "decision": "reject", "reason": "other"}
    answers = at_once(sender(approvers[0], decided, "approve/"), sender(approvers[1], decided, "decide/", body))
    now = Batch.objects.get(pk=decided.pk)
    assert sorted(answers) in ([200, 409], [200, 412])
    assert (now.status, decided.lines.get().decision) in (("approved", "accepted"), ("submitted", "rejected"))


def test_an_edit_and_a_submission_at_once_do_not_mix(make, editor):
    batch, firm = make.batch("draft", editor=editor), make.enterprise()
    body = {"action": "add", "enterprise": firm.uscc, "reason": "key_link"}
    answers = at_once(sender(editor, batch, "submit/"), sender(editor, batch, "lines/", body))
    now = Batch.objects.get(pk=batch.pk)
    assert sorted(answers) in ([200, 409], [200, 412], [201, 412])
    assert now.lines.count() == (1 if now.status == "submitted" else 2)
    if now.status == "submitted":
        assert now.content_hash == services.hash_of(now)


def test_an_edit_that_slips_past_the_services_meets_the_database(make, editor):
    """The negative control: where nothing locks the batch, the guard of its lines still keeps what was submitted."""
    batch = make.batch("draft", editor=editor)
    slip, submitted = at_once(lambda: batch.lines.update(note="slipped in"), sender(editor, batch, "submit/"))
    now = Batch.objects.get(pk=batch.pk)
    if submitted == 200:
        assert now.content_hash == services.hash_of(now) or slip == 1
    with pytest.raises(IntegrityError):
        now.lines.update(note="slipped in later")


def test_two_publications_of_one_batch_at_once_are_one(make, editor, approvers):
    batch = make.batch("approved", editor=editor, approver=approvers[0])
    body = {"document_number": "No. 7", "effective_on": str(DAY)}
    answers = at_once(*(sender(user, batch, "publish/", body) for user in approvers))
    assert sorted(answers) in ([200, 409], [200, 412])
    assert Listing.objects.count() == 1
    assert Batch.objects.get(pk=batch.pk).number == 1


def test_two_batches_of_one_list_published_at_once_get_two_numbers(make, editor, approvers):
    white_list = make.white_list()
    batches = [make.batch("approved", on=white_list, editor=editor, approver=approvers[0]) for _ in range(2)]
    body = {"document_number": "No. 7", "effective_on": str(DAY)}
    answers = at_once(*(sender(user, batch, "publish/", body) for user, batch in zip(approvers, batches, strict=True)))
    assert answers == [200, 200]
    assert sorted(Batch.objects.values_list("number", flat=True)) == [1, 2]


def test_the_same_enterprise_in_two_batches_published_at_once_is_listed_once(make, editor, approvers):
    white_list, firm = make.white_list(), make.enterprise()
    batches = [
        make.batch("approved", on=white_list, enterprises=[firm], editor=editor, approver=approvers[0])
        for _ in range(2)
    ]
    body = {"document_number": "No. 7", "effective_on": str(DAY)}
    answers = at_once(*(sender(user, batch, "publish/", body) for user, batch in zip(approvers, batches, strict=True)))
    assert sorted(answers) == [200, 409]
    assert Listing.objects.count() == 1


def test_without_a_lock_these_threads_do_lose_an_update(make):
    """The negative control of the harness: read, meet, write; one of the two increments is gone."""
    white_list, meeting = make.white_list(), threading.Barrier(2)

    def increment():
        version = WhiteList.objects.get(pk=white_list.pk).version
        meeting.wait(5)
        return WhiteList.objects.filter(pk=white_list.pk).update(version=version + 1)

    assert at_once(increment, increment) == [1, 1]
    assert WhiteList.objects.get(pk=white_list.pk).version == white_list.version + 1
