"""The pages of lists: content on any day, differences, exports, and what everybody may see of them."""

import io
from datetime import date

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from enterprises.models import WhiteList
from whitelist.core.days import today
from whitelist.core.templatetags.face import day

DAY = date(2022, 5, 1)


def text(response):
    return response.content.decode()


def test_each_office_sees_the_lists_from_itself_down(make, page, shanghai, ministry):
    here, there = make.white_list("310000", title="Here"), make.white_list("220000", title="There")
    mine = text(page(shanghai).get("/lists/"))
    assert "Here" in mine and "There" not in mine
    assert page(shanghai).get(f"/lists/{there.pk}/").status_code == 404
    assert page(ministry).get(f"/lists/{there.pk}/").status_code == 200
    assert page(ministry).get(f"/lists/{here.pk}/diff/").status_code == 200


def test_nobody_reads_lists_without_a_sign_in_or_the_duty(make, page, client):
    white_list = make.white_list()
    for address in ("/lists/", f"/lists/{white_list.pk}/", f"/lists/{white_list.pk}/diff/", "/batches/", "/listing/"):
        assert client.get(address).status_code == 302
    checkpoint = make.user("310000", office=make.office("310000", "checkpoint"), duties=["view", "verify"])
    assert page(checkpoint).get("/lists/").status_code == 403


def test_a_list_is_opened_by_an_approver(make, page, shanghai):
    typed = {"title": "Key firms", "kind": "key_industry", "opened_on": "2022-03-01", "ends_on": "2023-03-01"}
    answer = page(shanghai).post("/lists/add/", typed)
    made = WhiteList.objects.get()
    assert (answer.status_code, answer.url) == (302, f"/lists/{made.pk}/")
    assert made.office == shanghai.office
    assert page(make.user("310000", duties=["view", "edit"])).get("/lists/add/").status_code == 403


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"title": ""}, "This field is required."),
        ({"ends_on": "2022-02-01"}, "A list ends after the day it is opened."),
        ({"title": "Taken"}, "This office has a list of that title already."),
        ({"kind": "secret"}, "Select a valid choice."),
    ],
)
def test_what_is_wrong_with_a_new_list_stands_at_its_field(make, page, shanghai, changed, sentence):
    make.white_list("310000", title="Taken")
    typed = {"title": "Key firms", "kind": "key_industry", "opened_on": "2022-03-01", "ends_on": "2023-03-01"}
    answer = page(shanghai).post("/lists/add/", typed | changed)
    assert answer.status_code == 400
    assert sentence in text(answer)
    assert 'value="2022-03-01"' in text(answer), "nothing typed is lost"


def test_the_content_of_any_day(make, page, shanghai):
    listing = make.listing(since=DAY)
    address = f"/lists/{listing.white_list_id}/"
    assert listing.enterprise.name in text(page(shanghai).get(f"{address}?as_of=2022-05-01"))
    before = text(page(shanghai).get(f"{address}?as_of=2022-04-30"))
    assert listing.enterprise.name not in before and "Nobody is listed on that day" in before
    assert "The list was not open yet" in text(page(shanghai).get(f"{address}?as_of=2021-04-30"))
    assert page(shanghai).get(f"{address}?as_of=someday").status_code == 400


def test_the_content_is_filtered_sorted_and_exported_as_shown(make, page, shanghai):
    white_list = make.white_list()
    firms = [
        make.enterprise(name=f"{letter} firm", chain=chain) for letter, chain in (("A", "food"), ("B", "medicine"))
    ]
    make.batch("published", on=white_list, enterprises=firms, effective_on=DAY)
    client, address = page(shanghai), f"/lists/{white_list.pk}/"
    assert "B firm" not in text(client.get(f"{address}?chain=food"))
    assert "A firm" in text(client.get(f"{address}?q={firms[0].uscc[4:]}"))
    turned = text(client.get(f"{address}?sort=-name"))
    assert turned.index("B firm") < turned.index("A firm")
    assert "No enterprise fits" in text(client.get(f"{address}?q=nobody"))
    csv = b"".join(client.get(f"{address}?chain=food&export=csv").streaming_content).decode()
    assert "A firm" in csv and "B firm" not in csv
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{address}?sort=-name&export=xlsx").getvalue()))
    assert [row[1].value for row in book["Table"].iter_rows(min_row=2)] == ["B firm", "A firm"]


def test_the_difference_in_three_sections(make, page, shanghai):
    first = make.listing(since=DAY)
    white_list, later = first.white_list, make.enterprise()
    make.batch("published", on=white_list, enterprises=[later], effective_on=date(2022, 5, 10))
    make.batch(
        "published", on=white_list, enterprises=[first.enterprise], action="remove", effective_on=date(2022, 5, 20)
    )
    client, address = page(shanghai), f"/lists/{white_list.pk}/diff/"
    shown = text(client.get(f"{address}?from=2022-05-01&to=2022-05-20"))
    assert later.name in shown and first.enterprise.name in shown
    assert "from batch 2 to batch 3" in text(client.get(address))
    csv = b"".join(client.get(f"{address}?from=2022-05-01&to=2022-05-20&export=csv").streaming_content).decode()
    assert [line.split(",")[0] for line in csv.splitlines()] == ["\ufeffChange", "Added", "Removed"]
    assert client.get(f"{address}?from=never").status_code == 400
    assert "from the empty list to batch 1" in text(client.get(f"{address}?to_batch={first.opened_by_id}"))


def test_a_list_without_batches_compares_days(make, page, shanghai):
    white_list = make.white_list()
    assert f"to {day(today())}" in text(page(shanghai).get(f"/lists/{white_list.pk}/diff/"))


def test_an_enterprise_reads_its_own_listing_with_its_history(make, page, shanghai):
    listing = make.listing(since=DAY)
    white_list, firm = listing.white_list, listing.enterprise
    own = text(page(make.clerk(firm)).get("/listing/"))
    assert white_list.title in own and day(DAY) in own and "Batch 1, document Test 1" in own and "Key link" in own
    make.batch("published", on=white_list, enterprises=[firm], action="remove", effective_on=date(2022, 6, 1))
    gone = text(page(make.clerk(firm)).get("/listing/"))
    assert "On no list today" in gone and day(date(2022, 5, 31)) in gone
    assert page(shanghai).get("/listing/").status_code == 403


def test_an_enterprise_does_not_open_the_lists(make, page):
    listing = make.listing()
    client = page(make.clerk(listing.enterprise))
    assert client.get("/lists/").status_code == 403
    assert client.get(f"/lists/{listing.white_list_id}/").status_code == 403
    assert client.get(f"/lists/{make.white_list().pk}/").status_code == 404
    assert client.get(f"/batches/{listing.opened_by_id}/").status_code == 404


@pytest.mark.parametrize("what", ["lists", "content", "batches", "difference"])
def test_tables_cost_a_constant_number_of_queries(make, page, shanghai, what):
    client, counts = page(shanghai), []
    for size in (2, 40):
        if what == "lists":
            for _ in range(size):
                make.white_list()
        elif what == "batches":
            for _ in range(size):
                make.batch("draft")
        else:
            batch = make.batch("published", enterprises=[make.enterprise() for _ in range(size)])
        address = {"lists": "/lists/", "batches": "/batches/"}.get(what) or f"/lists/{batch.white_list_id}/"
        address += f"diff/?to_batch={batch.pk}" if what == "difference" else ""
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        counts.append(sum("SAVEPOINT" not in query["sql"] for query in queries))
    assert counts[0] == counts[1]
    if what in ("lists", "batches"):
        assert counts[1] <= 8


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_is_drawn_in_both_languages(make, page, shanghai, language):
    listing = make.listing()
    client = page(shanghai)
    client.cookies["language"] = language
    white_list = listing.white_list
    for address in (
        "/lists/",
        "/lists/?kind=foreign_trade",
        "/lists/add/",
        f"/lists/{white_list.pk}/",
        f"/lists/{white_list.pk}/?as_of={today()}&chain=food",
        f"/lists/{white_list.pk}/diff/",
        f"/lists/{white_list.pk}/batches/add/",
    ):
        answer = client.get(address)
        assert answer.status_code == 200
        assert f'lang="{"zh-hans" if language != "en" else "en"}"' in text(answer)
