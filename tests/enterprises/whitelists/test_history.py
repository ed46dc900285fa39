"""An enterprise's own history: when on which list, by which batch, and why it came and went."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from enterprises.whitelists import services
from enterprises.whitelists.closing.services import confirm_closing, propose_closing
from tests.enterprises.whitelists.asking import ROOT
from tests.enterprises.whitelists.showing import text
from whitelist.core.days import ONE, today

DAY = date(2022, 5, 1)


@pytest.fixture
def firm(make):
    """On a list from 1 May, amended on the 10th, gone on 1 June; on another that was closed today."""
    firm, white_list = make.enterprise(name="Alpha"), make.white_list(title="First")
    make.batch("published", on=white_list, enterprises=[firm], effective_on=DAY)
    make.batch("published", on=white_list, enterprises=[firm], action="amend", effective_on=date(2022, 5, 10))
    make.batch("published", on=white_list, enterprises=[firm], action="remove", effective_on=date(2022, 6, 1))
    other = make.white_list(title="Second")
    make.batch("published", on=other, enterprises=[firm], effective_on=today() - 3 * ONE)
    confirm_closing(propose_closing(other, ends_on=today(), by=make.user("310000")), by=make.user("310000"))
    return firm


def test_over_the_api(api, firm, shanghai):
    rows = api(shanghai).get(f"{ROOT}enterprises/{firm.code}/listings/").json()["results"]
    assert [(row["title"], row["from"], row["until"]) for row in rows] == [
        ("Second", str(today() - 3 * ONE), str(today() - ONE)),
        ("First", "2022-05-10", "2022-05-31"),
        ("First", "2022-05-01", "2022-05-09"),
    ]
    assert [row["ended_by"] is None for row in rows] == [True, False, False]
    assert {row["reason"] for row in rows} == {"key_link"}


def test_who_may_read_it(make, api, firm, shanghai, jilin):
    address = f"{ROOT}enterprises/{firm.code}/listings/"
    assert api(make.clerk(firm)).get(address).status_code == 200
    assert api(make.clerk()).get(address).status_code == 404
    assert api(jilin).get(address).status_code == 404
    assert api(shanghai).get(f"{ROOT}enterprises/91310000000000000X/listings/").status_code == 404
    assert api(shanghai).get(f"{address}?colour=red").status_code == 400


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_on_both_pages_of_the_enterprise(make, page, firm, shanghai, language):
    for user, address in ((shanghai, firm.get_absolute_url()), (make.clerk(firm), "/listing/")):
        client = page(user)
        client.cookies["language"] = language
        shown = text(client.get(address))
        assert "First" in shown and "Second" in shown
        if language == "en":
            assert "amended: key link" in shown and "he list ended" in shown and "Batch 1" in shown


def test_a_list_on_any_day_and_the_difference_of_two(api, firm, shanghai):
    client = api(shanghai)
    first = client.get(f"{ROOT}white-lists/").json()["results"]
    pk = next(row["id"] for row in first if row["title"] == "First")
    for day, names in (("2022-04-30", []), ("2022-05-10", ["Alpha"]), ("2022-06-01", [])):
        rows = client.get(f"{ROOT}white-lists/{pk}/listings/?as_of={day}").json()["results"]
        assert [row["enterprise"]["name"] for row in rows] == names
    counts = client.get(f"{ROOT}white-lists/{pk}/diff/?from=2022-04-30&to=2022-05-02").json()["counts"]
    assert counts == {"added": 1, "removed": 0, "amended": 0}


def test_what_ended_by_the_clock_is_a_removal_in_the_difference(make):
    listing = make.listing(on=make.white_list(ends_on=today() + ONE), since=today())
    _added, removed, _amended = services.changes_between(listing.white_list.listings.all(), today(), today() + ONE)
    assert list(removed) == [listing]


def test_a_long_history_costs_as_many_queries_as_a_short_one(make, api, shanghai):
    counts = []
    for size in (2, 12):
        firm = make.enterprise()
        for _ in range(size):
            make.batch("published", enterprises=[firm])
        client, address = api(shanghai), f"{ROOT}enterprises/{firm.code}/listings/"
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counts.append(sum("SAVEPOINT" not in query["sql"] for query in queries))
    assert counts[0] == counts[1] <= 8
