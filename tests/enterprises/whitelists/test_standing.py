"""How many stand on a list is counted once for each state of the list, and is never out of date."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from enterprises.models import WhiteList
from enterprises.whitelists import services
from enterprises.whitelists.closing import services as closing
from enterprises.whitelists.standing import standing_on, tell
from whitelist.core.days import ONE, today

pytestmark = pytest.mark.django_db
TODAY = today()
DAYS = [TODAY + timedelta(days=n) for n in (-2, 0, 1, 4, 20)]


def counted(white_list, day):
    """The same from the database, group by group."""
    groups = {}
    for listing in white_list.listings.in_force(day):
        key = (listing.chain, listing.field)
        groups[key] = groups.get(key, 0) + 1
    return groups


def agree(*lists):
    """Counted and kept are the same, on each day, the first time and from what was kept."""
    lists = list(WhiteList.objects.filter(pk__in=[each.pk for each in lists]).order_by("pk"))
    for day in DAYS:
        for _time in range(2):
            found = standing_on(lists, day)
            assert {each.pk: dict(found[each.pk]) for each in lists} == {each.pk: counted(each, day) for each in lists}


def told(white_list):
    row = WhiteList.objects.get(pk=white_list.pk)
    tell([row])
    return row.listed, row.last_pk, row.last_number, row.last_on


def over_rest(client):
    """The same of every list as another system reads it, from the list of lists and one by one."""
    lists = client.get("/api/v1/white-lists/").json()["results"]
    assert [client.get(f"/api/v1/white-lists/{each['id']}/").json() for each in lists] == lists
    last = {each["id"]: each["last_batch"] or dict.fromkeys(("id", "number", "effective_on")) for each in lists}
    return {each["id"]: (each["listed"], *last[each["id"]].values()) for each in lists}


def in_table(white_list):
    row = WhiteList.objects.for_table().get(pk=white_list.pk)
    return row.listed, row.last_pk, row.last_number, row.last_on


def statements_on_listings(ask):
    with CaptureQueriesContext(connection) as captured:
        ask()
    return sum("enterprises_listing" in each["sql"] for each in captured)


@pytest.fixture
def white_list(make):
    return make.white_list("310000", ends_on=TODAY + timedelta(days=15))


def test_every_published_batch_is_counted_at_once(make, white_list):
    other = make.white_list("220000")
    firms = [make.enterprise(chain=chain) for chain in ("food", "food", "medicine", "")]
    agree(white_list, other)
    make.batch("published", on=white_list, enterprises=firms[:3], effective_on=TODAY)
    agree(white_list, other)
    make.batch("published", on=other, enterprises=firms[:1])
    agree(white_list, other)
    make.batch("published", on=white_list, enterprises=firms[3:], effective_on=TODAY + timedelta(days=2))
    agree(white_list, other)
    make.batch(
        "published", on=white_list, enterprises=firms[:2], action="remove", effective_on=TODAY + timedelta(days=3)
    )
    agree(white_list, other)
    assert told(white_list) == in_table(white_list) and told(other) == in_table(other)
    assert sum(standing_on([white_list], TODAY + timedelta(days=4))[white_list.pk].values()) == 2


def test_closing_a_list_is_counted_at_once(make, white_list):
    make.batch("published", on=white_list, enterprises=[make.enterprise() for _firm in range(2)], effective_on=TODAY)
    agree(white_list)
    proposer, confirmer = make.user("310000"), make.user("310000")
    proposed = closing.propose_closing(white_list, ends_on=TODAY + timedelta(days=3), by=proposer)
    agree(white_list)
    closing.confirm_closing(proposed, by=confirmer)
    white_list.refresh_from_db()
    agree(white_list)
    assert not standing_on([white_list], TODAY + timedelta(days=4))[white_list.pk]
    assert told(white_list) == in_table(white_list)


def test_another_system_reads_what_the_database_counts(make, api, ministry, white_list):
    others = [make.white_list("310000", ends_on=TODAY + timedelta(days=days)) for days in (-1, 0, 1)]
    for each in (white_list, *others):
        make.batch(
            "published", on=each, enterprises=[make.enterprise() for _firm in range(2)], effective_on=TODAY - 3 * ONE
        )
    make.batch("published", on=white_list, enterprises=[make.enterprise()], effective_on=TODAY + timedelta(days=2))
    make.white_list("220000")
    rows = WhiteList.objects.for_table()
    wanted = {each.pk: (each.listed, each.last_pk, each.last_number, each.last_on) for each in rows}
    assert over_rest(api(ministry)) == {pk: (*told[:3], told[3] and told[3].isoformat()) for pk, told in wanted.items()}
    assert {told[0] for told in wanted.values()} == {0, 2}


def test_a_batch_that_undoes_another_is_counted_at_once(make, white_list):
    first = make.batch("published", on=white_list, enterprises=[make.enterprise()], effective_on=TODAY)
    agree(white_list)
    undo = services.revert_batch(first, by=make.user("310000"))
    agree(white_list)
    assert undo.status == "draft" and told(white_list)[0] == 1


def test_a_list_without_a_batch_has_nobody_and_costs_nothing(make, white_list):
    assert told(white_list) == in_table(white_list) == (0, None, None, None)
    assert statements_on_listings(lambda: standing_on([white_list], TODAY)) == 0
    assert standing_on([], TODAY) == {}


def test_what_was_counted_is_not_counted_again(make, white_list):
    make.batch("published", on=white_list, enterprises=[make.enterprise()], effective_on=TODAY)
    assert statements_on_listings(lambda: standing_on([white_list], TODAY)) == 1
    assert statements_on_listings(lambda: standing_on([white_list], TODAY)) == 0
    assert statements_on_listings(lambda: standing_on([white_list], TODAY + timedelta(days=1))) == 1


def test_page_and_table_sorted_by_it_say_the_same(make, page, ministry):
    for number in range(3):
        of = make.white_list("310000")
        make.batch("published", on=of, enterprises=[make.enterprise() for _firm in range(number + 1)])
    client = page(ministry)
    shown = {row.pk: (row.listed, row.last_pk) for row in client.get("/lists/").context["page_obj"]}
    for order in ("listed", "-listed", "last"):
        rows = list(client.get(f"/lists/?sort={order}").context["page_obj"])
        assert {row.pk: (row.listed, row.last_pk) for row in rows} == shown
    rows = [row.listed for row in client.get("/lists/?sort=-listed").context["page_obj"]]
    assert rows == sorted(rows, reverse=True)


def test_the_page_of_a_list_counts_its_rows_on_any_day(make, page, ministry, white_list):
    firms = [make.enterprise() for _firm in range(3)]
    make.batch("published", on=white_list, enterprises=firms, effective_on=TODAY)
    make.batch(
        "published", on=white_list, enterprises=firms[:1], action="remove", effective_on=TODAY + timedelta(days=1)
    )
    for day, number in ((TODAY, 3), (TODAY + timedelta(days=2), 2), (TODAY + timedelta(days=15), 0)):
        page_of = page(ministry).get(f"/lists/{white_list.pk}/?as_of={day}").context["page_obj"]
        assert (page_of.paginator.count, len(page_of.object_list)) == (number, number)


def test_a_clock_that_was_set_back_hides_no_batch(make, page, ministry, white_list, monkeypatch):
    """Batches are in order by their numbers, whatever the clock said when they were published."""
    with monkeypatch.context() as patched:
        ahead = timezone.now() + timedelta(hours=1)
        patched.setattr(timezone, "now", lambda: ahead)
        make.batch("published", on=white_list, enterprises=[make.enterprise()], effective_on=TODAY)
    client = page(ministry)
    assert client.get(f"/lists/{white_list.pk}/").context["page_obj"].paginator.count == 1
    make.batch("published", on=white_list, enterprises=[make.enterprise()], effective_on=TODAY)
    assert client.get(f"/lists/{white_list.pk}/").context["page_obj"].paginator.count == 2
