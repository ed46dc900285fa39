"""Whatever batches, reverts and closings come in whatever order: any day's list is what a slow reference says."""

from collections import Counter
from itertools import combinations

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from enterprises.models import Batch, Enterprise, Listing
from enterprises.whitelists import services
from enterprises.whitelists.closing.services import confirm_closing, propose_closing
from tests.enterprises.whitelists.reference import Reference
from whitelist.core.days import ONE, days_between, today
from whitelist.core.errors import DomainError

FIRMS, CHAINS = 4, ["automobiles", "food", "medicine"]
OPENED, END = today() - 5 * ONE, today() + 6 * ONE  # a list is closed on today at the earliest
DAYS = days_between(OPENED - ONE, END + ONE)
bounded = settings(
    max_examples=35,
    deadline=None,
    database=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

days = st.sampled_from(DAYS)
# What fits depends on how the list stands: an enterprise on it leaves or is amended as drawn, another is added.
# A wish drawn as askew asks for the opposite, which is not possible.
ASKEW = {"add": "remove", "remove": "add", "amend": "add"}
kinds = st.sampled_from(["amend", "remove"] * 6 + ["askew"])
accepted = st.sampled_from([True, True, True, False])
wishes = st.dictionaries(st.integers(0, FIRMS - 1), st.tuples(kinds, st.sampled_from(CHAINS), accepted), min_size=1)
steps = st.sampled_from([1, 1, 2, 0, -1])  # days after the last batch
batches = st.tuples(st.just("batch"), wishes, steps, st.sampled_from([True, True, False]))
reverts = st.tuples(st.just("revert"), st.integers(0, 9), steps)
late = st.tuples(st.just("late"), st.integers(0, 9), steps)
changes = st.one_of(batches, batches, reverts, late)
closings = st.lists(st.tuples(st.just("close"), st.integers(0, 6)), max_size=2)
stories = st.tuples(st.lists(changes, min_size=7, max_size=10), closings, st.lists(changes, max_size=1)).map(
    lambda parts: [step for part in parts for step in part]
)


class Told:
    """The product and the reference, told the same story; each step they agree whether it is possible."""

    def __init__(self, make):
        self.author, self.other = make.user("310000"), make.user("310000")
        self.firms = [make.enterprise() for _ in range(FIRMS)]
        self.list = make.white_list("310000", opened_on=OPENED, ends_on=END)
        self.reference, self.waiting, self.seen = Reference(OPENED, END), [], Counter()
        self.place = {firm.pk: place for place, firm in enumerate(self.firms)}

    def day_after(self, step):
        return max([OPENED, *(day for day, _changes in self.reference.batches)]) + step * ONE

    def attempt(self, name, possible, work):
        try:
            with transaction.atomic():
                work()
        except DomainError as fault:
            assert not possible, f"{name} was refused: {fault} {fault.errors}"
        else:
            assert possible, f"{name} was let through"
        self.seen[name, possible] += 1
        return possible

    def batch(self, drawn, step, at_once):
        standing, meant = self.reference.after(len(self.reference.batches)), {}
        for firm, (kind, chain, accepted) in drawn.items():
            wanted = "add" if firm not in standing else "amend" if kind == "askew" else kind
            meant[firm] = (ASKEW[wanted] if kind == "askew" else wanted, chain, accepted)
        if at_once:
            self.publish("batch", meant, self.day_after(step), lambda: self.drafted(meant))
        else:
            self.keep_back(meant)

    def drafted(self, meant):
        draft = services.draft_batch(self.list, title="Drawn", by=self.author)
        lines = [
            {"enterprise": self.firms[firm], "action": action, "chain": chain, "field": "strategic", "reason": "chain"}
            for firm, (action, chain, _accepted) in meant.items()
        ]
        services.put_lines(draft, lines, by=self.author)
        return draft

    def approved(self, draft, meant):
        batch = services.submit_batch(draft, by=self.author)
        ids = {line.enterprise_id: line.pk for line in batch.lines.all()}
        no = [ids[self.firms[firm].pk] for firm, wish in meant.items() if not wish[2]]
        if no:
            services.decide_lines(batch, no, decision="rejected", reason="not_key", by=self.other)
        services.decide_lines(batch, None, decision="accepted", by=self.other)
        return services.approve_batch(batch, by=self.other)

    def publish(self, name, meant, day, make_draft):
        def work():
            batch = self.approved(make_draft(), meant)
            services.publish_batch(batch, document_number="D", effective_on=day, by=self.other)

        if self.attempt(name, self.reference.takes(meant, day), work):
            self.reference.publish(meant, day)

    def keep_back(self, meant):
        """Approve and leave it; others may be published before it."""
        try:
            with transaction.atomic():
                self.waiting.append((self.approved(self.drafted(meant), meant), meant))
        except DomainError:
            self.seen["kept back", False] += 1

    def late(self, which, step):
        """Publish a batch that was approved when the list was perhaps another."""
        if not self.waiting:
            return
        batch, meant = self.waiting.pop(which % len(self.waiting))
        taken = {firm: wish for firm, wish in meant.items() if wish[2]}  # the rejected need not fit any more
        day = self.day_after(step)

        def work():
            services.publish_batch(batch, document_number="L", effective_on=day, by=self.other)

        if self.attempt("late", self.reference.takes(taken, day), work):
            self.reference.publish(taken, day)

    def revert(self, which, step):
        published = len(self.reference.batches)
        if not published:
            return
        number = which % published + 1
        undone = Batch.objects.get(white_list=self.list, number=number)
        meant = dict(self.reference.undoing(number))
        self.publish("revert", meant, self.day_after(step), lambda: services.revert_batch(undone, by=self.author))

    def close(self, after):
        end = today() + after * ONE
        possible = self.reference.ends_on(end, no_earlier=today())

        def work():
            confirm_closing(propose_closing(self.list, ends_on=end, by=self.author), by=self.other)

        if self.attempt("close", possible, work):
            self.reference.close(end)

    def contents(self, listings):
        rows = list(listings.values_list("enterprise", "chain"))
        assert len(rows) == len(dict(rows)), "an enterprise stands on the list twice"
        return {self.place[pk]: chain for pk, chain in rows}

    def check(self):
        self.list.refresh_from_db()
        listings = self.list.listings
        for day in DAYS:
            assert self.contents(listings.in_force(day)) == self.reference.on(day), day
        for number in range(1, len(self.reference.batches) + 1):
            assert self.contents(listings.in_force_after(number)) == self.reference.after(number), number
        numbers = Batch.objects.published().filter(white_list=self.list).order_by("number")
        assert list(numbers.values_list("number", flat=True)) == list(range(1, len(self.reference.batches) + 1))
        spans = listings.order_by("pk").values_list("enterprise", "days")
        for (one, first), (two, second) in combinations(spans, 2):
            assert one != two or not overlap(first, second)

    def check_difference(self, first, second):
        then, now = self.reference.on(first), self.reference.on(second)
        added, removed, amended = services.changes_between(self.list.listings.all(), first, second)
        assert {self.place[each.enterprise_id] for each in added} == now.keys() - then.keys()
        assert {self.place[each.enterprise_id] for each in removed} == then.keys() - now.keys()
        changed = {firm: (then[firm], now[firm]) for firm in then.keys() & now.keys() if then[firm] != now[firm]}
        assert {self.place[each.enterprise_id]: (each.was_chain, each.chain) for each in amended} == changed


def overlap(first, second):
    return (second.upper is None or first.lower < second.upper) and (first.upper is None or second.lower < first.upper)


def test_on_any_day_the_list_is_what_the_reference_says(make):
    seen = Counter()

    @bounded
    @given(story=stories, first=days, second=days)
    def holds(story, first, second):
        with transaction.atomic():
            told = Told(make)
            for name, *drawn in story:
                getattr(told, name)(*drawn)
            told.check()
            told.check_difference(first, second)
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            transaction.set_rollback(True)
        seen.update(told.seen)

    holds()
    possible = [(name, True) for name in ("batch", "revert", "late", "close")]
    assert all(seen[each] for each in (*possible, ("batch", False))), f"too little was drawn: {seen}"


spans = st.tuples(st.integers(0, 8), st.integers(1, 9)).map(
    lambda drawn: DateRange(OPENED + drawn[0] * ONE, None if drawn[1] == 9 else OPENED + sum(drawn) * ONE)
)


def test_the_database_refuses_an_enterprise_twice_in_the_same_period(make):
    batch, firm = make.batch("published"), make.enterprise()
    kept = {"white_list": batch.white_list, "opened_by": batch, "field": "strategic", "chain": "food"}

    @bounded
    @given(drawn=st.lists(spans, min_size=2, max_size=6))
    def holds(drawn):
        with transaction.atomic():
            stored = []
            for span in drawn:
                try:
                    with transaction.atomic():
                        Listing.objects.create(enterprise=firm, days=span, **kept)
                except IntegrityError as fault:
                    assert fault.__cause__.diag.constraint_name == "listing_once_at_a_time"
                    assert any(overlap(span, other) for other in stored)
                else:
                    assert not any(overlap(span, other) for other in stored)
                    stored.append(span)
            transaction.set_rollback(True)

    holds()


def test_the_reference_finds_a_list_that_is_wrong(make):
    """The negative control: one listing a day too long, one chain another, one missing."""
    told = Told(make)
    told.batch({0: ("amend", "food", True), 1: ("amend", "food", True)}, 0, at_once=True)
    told.batch({0: ("remove", "food", True)}, 1, at_once=True)
    told.check()
    gone = Listing.objects.get(enterprise=told.firms[0])
    wrong = [
        (gone, {"days": DateRange(gone.days.lower, gone.days.upper + ONE)}),
        (Listing.objects.get(enterprise=told.firms[1]), {"chain": "medicine"}),
        (Listing.objects.get(enterprise=told.firms[1]), {"enterprise": Enterprise.objects.get(pk=told.firms[2].pk)}),
    ]
    for row, changes in wrong:
        with transaction.atomic():
            Listing.objects.filter(pk=row.pk).update(**changes)
            with pytest.raises(AssertionError):
                told.check()
            transaction.set_rollback(True)
