"""32 hands on a batch at the same instant, fifty times: it is approved once, as it was submitted, and goes one way."""

from collections import Counter
from contextlib import contextmanager
from datetime import date
from threading import Barrier

import pgtrigger
import pytest
from django.db import IntegrityError

from enterprises.models import Batch, Listing
from enterprises.whitelists import services
from tests.enterprises.whitelists.hands import contradictions, hands, refused, without_locks
from whitelist.accounts.models import User
from whitelist.audit.models import AuditEntry
from whitelist.core.errors import WrongState

HANDS, ROUNDS = 32, 50
DAY = date(2022, 5, 1)


@pytest.fixture
def make(committed):
    return committed


@pytest.fixture
def people(make):
    """Who writes, and two who decide."""
    made = [make.user("310000").pk for _ in range(3)]
    return [User.objects.for_request().get(pk=pk) for pk in made]


@pytest.fixture
def firms(make):
    return [make.enterprise() for _ in range(3)]


@pytest.fixture
def decided(make, people, firms):
    """Makes submitted batches whose lines are all accepted, on one list or another."""
    white_list = make.white_list()

    def make_one(on=white_list, of=firms[:2]):
        batch = make.batch("submitted", on=on, enterprises=of, editor=people[0])
        services.decide_lines(batch, None, decision="accepted", by=people[1])
        return batch

    return make_one


def approving(batch, by):
    return lambda: services.approve_batch(batch, by=by)


def publishing(batch, by):
    return lambda: services.publish_batch(batch, document_number="D", effective_on=DAY, by=by)


def returning(batch, by):
    return lambda: services.return_batch(batch, reason="other", by=by)


def withdrawing(batch, by):
    return lambda: services.withdraw_batch(batch, by=by)


def deciding(batch, by, decision, lines=None):
    lines = lines or list(batch.lines.order_by("pk").values_list("pk", flat=True))[:1]
    reason = "other" if decision == "rejected" else ""
    return lambda: services.decide_lines(batch, lines, decision=decision, reason=reason, by=by)


def putting(batch, by, firm):
    return lambda: services.put_lines(batch, [{"enterprise": firm, "action": "add", "reason": "other"}], by=by)


def slipping_in(batch):
    """An edit past the services: only the database stands in its way."""
    return lambda: batch.lines.update(note="slipped in")


def taking_back(batch, author, other, then):
    """Return it, take it up again, and go on."""

    def work():
        services.return_batch(batch, reason="incomplete", by=other)
        services.redraft_batch(batch, by=author)
        return then()

    return work


def test_approve_against_approve(people, decided):
    approvers, won = people[1:], Counter()
    with hands(HANDS) as at_once:
        for _ in range(ROUNDS):
            batch = decided()
            results = at_once([approving(batch, approvers[n % 2]) for n in range(HANDS)])
            assert [type(each) for each in refused(results)] == [WrongState] * (HANDS - 1)
            assert list(contradictions(batch)) == []
            batch.refresh_from_db()
            assert batch.status == "approved"
            won[batch.approved_by_id] += 1
    assert won.total() == ROUNDS


def test_approve_against_edit(people, firms, decided):
    author, *approvers = people
    done = Counter()
    with hands(HANDS) as at_once:
        for _ in range(ROUNDS):
            batch = decided()
            again = taking_back(batch, author, approvers[1], putting(batch, author, firms[2]))
            at_once(
                [approving(batch, approvers[n % 2]) for n in range(12)]
                + [deciding(batch, approvers[n % 2], ("rejected", "accepted")[n % 2]) for n in range(8)]
                + [putting(batch, author, firms[2])] * 6
                + [again] * 4
                + [lambda batch=batch: services.submit_batch(batch, by=author)] * 2
            )
            assert list(contradictions(batch)) == []
            verbs = {entry.verb for entry in AuditEntry.objects.about(batch)}
            done.update(verbs & {"approve", "redraft"})
    assert done["approve"] and done["redraft"], f"one side always won: {done}"


def test_approve_against_an_edit_past_the_services(people, decided):
    with hands(HANDS) as at_once:
        for _ in range(10):
            batch = decided()
            results = at_once([approving(batch, people[1 + n % 2]) for n in range(16)] + [slipping_in(batch)] * 16)
            assert Counter(type(each) for each in refused(results)) == {WrongState: 15, IntegrityError: 16}
            assert list(contradictions(batch)) == []


def test_publish_against_withdraw(make, people, firms, decided):
    """An approved batch is withdrawn by its return; two of one list want the same enterprise."""
    author, *approvers = people
    states = Counter()
    with hands(HANDS) as at_once:
        for _ in range(ROUNDS):
            white_list = make.white_list()
            pair = [decided(white_list, [firms[0], own]) for own in firms[1:]]
            for batch in pair:
                services.approve_batch(batch, by=approvers[0])
            calls = []
            for batch in pair:
                withdraw = taking_back(batch, author, approvers[1], withdrawing(batch, author))
                calls += [publishing(batch, approvers[n % 2]) for n in range(8)]
                calls += [returning(batch, approvers[1])] * 4 + [withdraw] * 4
            at_once(calls)
            assert [told for batch in pair for told in contradictions(batch)] == []
            now = sorted(Batch.objects.filter(white_list=white_list).values_list("status", "number"))
            published = [number for status, number in now if status == "published"]
            assert published in ([], [1]), "both add the same enterprise: one of them at most"
            assert Listing.objects.filter(white_list=white_list).count() == 2 * len(published)
            states.update(status for status, _number in now)
    assert states["published"] and states["withdrawn"], f"one side always won: {states}"


# The negative controls: the same checks, with the lock gone, or the lock and the guard of the database.


@contextmanager
def unguarded(name):
    pgtrigger.disable(name)
    try:
        yield
    finally:
        pgtrigger.enable(name)


def met(monkeypatch, *calls):
    """Two calls without any lock, both past their checks before either writes."""
    without_locks(monkeypatch, Barrier(len(calls)))
    with hands(len(calls)) as at_once:
        return at_once(calls)


def test_without_the_lock_one_person_approves_twice(monkeypatch, people, decided):
    batch = decided()
    assert refused(met(monkeypatch, approving(batch, people[1]), approving(batch, people[1]))) == []
    assert "approve while approved" in list(contradictions(batch))


def test_without_the_lock_the_database_still_keeps_an_approval_to_its_name(monkeypatch, people, decided):
    batch = decided()
    results = met(monkeypatch, approving(batch, people[1]), approving(batch, people[2]))
    assert [type(each) for each in refused(results)] == [IntegrityError]
    assert list(contradictions(batch)) == []


def test_without_the_lock_a_decision_changes_under_an_approval(monkeypatch, people, decided):
    batch = decided()
    met(monkeypatch, approving(batch, people[1]), deciding(batch, people[2], "rejected"))
    assert any("one overwrote another" in told for told in contradictions(batch))


def test_without_the_lock_the_database_still_lets_a_published_batch_be(monkeypatch, people, decided):
    batch = services.approve_batch(decided(), by=people[1])
    results = met(monkeypatch, publishing(batch, people[1]), returning(batch, people[2]))
    assert [type(each) for each in refused(results)] == [IntegrityError]
    assert list(contradictions(batch)) == []


def test_without_the_lock_and_the_guard_a_returned_batch_is_on_the_list(monkeypatch, people, decided):
    batch = services.approve_batch(decided(), by=people[1])
    with unguarded("enterprises.Batch:guard"):
        met(monkeypatch, publishing(batch, people[1]), returning(batch, people[2]))
    assert any("has a number or is on the list" in told for told in contradictions(batch))


def test_without_the_guard_an_edit_slips_into_what_was_approved(people, decided):
    batch = services.approve_batch(decided(), by=people[1])
    with pytest.raises(IntegrityError):
        slipping_in(batch)()
    assert list(contradictions(batch)) == []
    with unguarded("enterprises.BatchLine:guard"):
        slipping_in(batch)()
    assert "the lines are not those submitted" in list(contradictions(batch))
