"""The number beside an agreement is that of the rows that it is made for."""

from datetime import timedelta

import pytest

from enterprises.models import Recognition
from enterprises.recognition import services
from enterprises.recognition.covered import covered_by
from enterprises.recognition.models import enterprises_by_key
from whitelist.core.days import today

TODAY = today()


def counted(agreements, day):
    """The same, row by row in the database."""
    rows = Recognition.objects.filter(pk__in=[each.pk for each in agreements]).with_their_listings(day)
    return {each.pk: 0 for each in agreements} | enterprises_by_key(rows)


@pytest.fixture
def agreements(make):
    """Four lists with every chain and field, two of them near their end, and agreements of every breadth."""
    made = []
    for ends in (None, None, TODAY + timedelta(days=3), TODAY + timedelta(days=9)):
        white_list = make.white_list("310000", **({"ends_on": ends} if ends else {}))
        for number, chain in enumerate(("automobiles", "medicine", "food", "")):
            for field in ("strategic", "necessities")[: number + 1]:
                make.listing(of=make.enterprise(chain=chain, field=field), on=white_list)
        terms = {}, {"chains": ["food"]}, {"fields": ["strategic"]}, {"chains": ["food"], "fields": ["necessities"]}
        for by, said in zip(("220000", "320000", "330000", "340000"), terms, strict=True):
            made.append(make.recognition(white_list, by=by, **said))
    return made


def test_it_counts_what_was_agreed_for(agreements):
    for day in (TODAY, TODAY + timedelta(days=5), TODAY + timedelta(days=30)):
        assert covered_by(agreements, day) == counted(agreements, day)
    assert len(set(covered_by(agreements, TODAY).values())) > 2


def test_exceptions_are_taken_off_where_they_concern_it(make, agreements):
    before = covered_by(agreements, TODAY)
    for agreement in agreements[:4]:
        by = make.user(agreement.recogniser.division_id)
        for listing in list(agreement.white_list.listings.order_by("pk"))[1:6:2]:
            services.except_enterprise(agreement, enterprise=listing.enterprise, reason="no such plant", by=by)
    after = covered_by(agreements, TODAY)
    assert after == counted(agreements, TODAY)
    assert after[agreements[0].pk] == before[agreements[0].pk] - 3
    assert {key: n for key, n in after.items() if n != before[key]}.keys() <= {each.pk for each in agreements[:4]}


def test_nothing_to_count():
    assert covered_by([], TODAY) == {}
