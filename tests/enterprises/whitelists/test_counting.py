"""Each enterprise is counted once in its province and in the nation, on however many lists it stands."""

import pytest
from django.core.cache import cache

from enterprises.models import WhiteList
from enterprises.resumption.services import freeze_due
from enterprises.whitelists.published.figures import public_figures
from tests.enterprises.whitelists.asking import ROOT
from whitelist.core.days import ONE, today, yesterday


@pytest.fixture(autouse=True)
def nothing_kept():
    cache.clear()


@pytest.fixture
def firms(make):
    """A firm of Dalian on the ministry's, the province's and the city's list; a Corps firm on the Corps' and the
    ministry's; one of Shenyang on its province's alone."""
    dalian, corps, shenyang = (make.enterprise(code) for code in ("210202", "660000", "210102"))
    since = today() - 3 * ONE
    for division, listed in (
        ("000000", [dalian, corps]),
        ("210000", [dalian, shenyang]),
        ("210200", [dalian]),
        ("660000", [corps]),
    ):
        make.batch("published", on=make.white_list(division), enterprises=listed, effective_on=since)
    freeze_due(yesterday())
    return {"dalian": dalian, "corps": corps, "shenyang": shenyang}


@pytest.fixture
def liaoning(make):
    return make.user("210000", username="liaoning")


def figures(client, by, day=None):
    told = client.get(f"{ROOT}statistics/resumption/?day={day or yesterday()}&by={by}").json()
    return told["total"]["coverage"]["due"], {row["key"]: row["coverage"]["due"] for row in told["rows"]}


def test_the_statistics_count_each_once(api, firms, ministry, liaoning, make):
    nation, provinces = figures(api(ministry), "division")
    assert nation == 3 and provinces == {"210000": 2, "660000": 1}
    province, cities = figures(api(liaoning), "division")
    assert province == 2 and cities == {"210100": 1, "210200": 1}
    city, _counties = figures(api(make.user("210200")), "division")
    assert city == 1
    corps, _below = figures(api(make.user("660000")), "division")
    assert corps == 1


@pytest.mark.parametrize("by", ["chain", "field", "division"])
def test_no_breakdown_adds_up_to_more_than_there_are(api, firms, ministry, by):
    total, rows = figures(api(ministry), by)
    assert sum(rows.values()) == total == 3


def test_lists_say_their_own_numbers_which_are_not_added(api, firms, ministry):
    client = api(ministry)
    total, rows = figures(client, "list")
    assert sorted(rows.values()) == [1, 1, 2, 2] and total == 3, "six listings, three enterprises"
    listed = [row["listed"] for row in client.get(f"{ROOT}white-lists/").json()["results"]]
    assert sorted(listed) == [1, 1, 2, 2]


def test_the_register_finds_each_listed_one_once(api, firms, ministry, liaoning):
    assert api(ministry).get(f"{ROOT}enterprises/?listed=true").json()["count"] == 3
    assert api(liaoning).get(f"{ROOT}enterprises/?listed=true").json()["count"] == 2


def test_the_board_counts_each_once(page, firms, ministry, liaoning):
    for user, expected in ((ministry, 3), (liaoning, 2)):
        context = page(user).get(f"/?day={yesterday()}").context
        assert due_on_board(context) == expected


def due_on_board(context):
    return context["situation"].total.coverage["due"]


def test_the_public_page_counts_each_once(firms):
    found = public_figures(today())
    assert found["enterprises"] == 3
    assert {row["key"]: row["enterprises"] for row in found["provinces"]} == {"21": 2, "66": 1}
    assert sum(row["enterprises"] for row in found["lists"]) == 6


def test_the_ministrys_list_does_not_grow_by_the_provinces(firms, ministry):
    assert WhiteList.objects.for_table().get(office=ministry.office).listed == 2
