"""Many hands on a batch: threads that start together round after round, and what must hold whatever they did."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from random import sample
from threading import Barrier

from django.db import IntegrityError, connection
from django.db.models import QuerySet

from enterprises.models import Batch, Listing
from enterprises.whitelists import services
from enterprises.whitelists.flows import BATCH_FLOW
from enterprises.whitelists.words import BatchStatus as S
from whitelist.audit.models import AuditEntry
from whitelist.core import seal
from whitelist.core.errors import DomainError

STATE_OF = {"lines put": S.DRAFT, "lines decided": S.SUBMITTED}  # what may be done besides the steps, and when


@contextmanager
def hands(number):
    """A function that runs so many calls at the same instant: what each returned, or the refusal it met.

    The threads keep their connections from round to round. Anything but a refusal of the product or a rule of the
    database is a fault, a deadlock above all.
    """
    start = Barrier(number)

    def run(call):
        start.wait(30)
        try:
            return call()
        except (DomainError, IntegrityError) as refusal:
            return refusal

    with ThreadPoolExecutor(number) as pool:

        def at_once(calls):
            assert len(calls) == number
            calls = sample(calls, number)  # whoever comes last begins first
            return [each.result(60) for each in [pool.submit(run, call) for call in calls]]

        try:
            yield at_once
        finally:
            at_once([lambda: connection.close()] * number)  # each thread its own


def refused(results):
    return [each for each in results if isinstance(each, Exception)]


def contradictions(batch):
    """What a batch, its trail, its lines and its listings say against each other; nothing if all is well."""
    batch = Batch.objects.select_related("white_list__office").get(pk=batch.pk)
    trail = list(AuditEntry.objects.about(batch).exclude(verb="drafted").order_by("pk"))
    if batch.version != 1 + len(trail):
        yield f"{len(trail)} changes, but version {batch.version}: one overwrote another"
    state, wrote = S.DRAFT, {batch.drafted_by_id}
    for entry in trail:
        step = BATCH_FLOW.steps.get(entry.verb)
        if state not in (step.source if step else {STATE_OF[entry.verb]}):
            yield f"{entry.verb} while {state}"
        if entry.verb in ("submit", "lines put"):
            wrote.add(entry.actor_id)
        if entry.verb == "approve" and entry.actor_id in wrote:
            yield "approved by an author"
        state = step.target if step else state
    if batch.status != state:
        yield f"the trail ends in {state}, the batch is {batch.status}"
    if batch.status in (S.SUBMITTED, S.APPROVED, S.PUBLISHED) and services.hash_of(batch) != batch.content_hash:
        yield "the lines are not those submitted"
    yield from _unlike_its_effect(batch)


def _unlike_its_effect(batch):
    decided = Counter(batch.lines.values_list("decision", flat=True))
    opened = Counter(Listing.objects.filter(opened_by=batch).values_list("enterprise", flat=True))
    if batch.status in (S.APPROVED, S.PUBLISHED) and (decided["undecided"] or not decided["accepted"]):
        yield "approved with lines that nobody decided"
    if batch.status != S.PUBLISHED:
        if opened or batch.number:
            yield f"{batch.status}, and yet it has a number or is on the list"
        return
    if opened != Counter(batch.lines.accepted().values_list("enterprise", flat=True)):
        yield "what it opened is not what was accepted"
    if not seal.is_genuine(batch.file.encode(), batch.file_signature):
        yield "its file is not genuine"


def without_locks(monkeypatch, meeting):
    """Nobody locks rows any more, and both who change a batch have looked at it before either writes."""
    save = Batch.save

    def meets(self, *args, update_fields=(), **kwargs):
        if {"status", "version"} & set(update_fields):
            meeting.wait(10)
        return save(self, *args, update_fields=update_fields, **kwargs)

    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **how: self)
    monkeypatch.setattr(Batch, "save", meets)
