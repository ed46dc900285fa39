"""The register's list pages: everything is found by any part, filtered, sorted and exported as shown."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.builders import uscc


def names(response):
    return [row.name for row in response.context["object_list"]]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("华虹", "华虹集成（虚构）"),
        ("虹", "华虹集成（虚构）"),
        ("hh", "华虹集成（虚构）"),
        ("HHJC", "华虹集成（虚构）"),
        ("９１３１０１１５ＭＡ１Ｘ７", "华虹集成（虚构）"),
        ("ma1x7", "华虹集成（虚构）"),
        ("集成 华", "华虹集成（虚构）"),
        ("(虚构)  hongda", "Hongda Film（虚构）"),
        ("老名", "Hongda Film（虚构）"),
    ],
)
def test_any_part_of_name_pinyin_or_code_finds_it(make, page, shanghai, text, name):
    make.enterprise(name="华虹集成（虚构）", uscc=uscc("310115", 77777))
    make.enterprise(name="Hongda Film（虚构）", uscc=uscc("310115", 88888), former_names=["老名字（虚构）"])
    assert names(page(shanghai).get("/enterprises/", {"q": text})) == [name]


@pytest.mark.parametrize(
    "text", ["%", "_", "\\", "'", '"', "'; DROP TABLE x; --", "<script>", "\ud7ff\ue000", "x" * 10_000, "(", "*", "　"]
)
def test_hostile_searches_find_nothing_and_break_nothing(make, page, shanghai, text):
    make.enterprise(name="华虹集成")
    client = page(shanghai)
    for address in ("/enterprises/", "/materials/", "/supply-links/"):
        response = client.get(address, {"q": text})
        assert response.status_code == 200
        assert not names(response) or not text.strip()
    assert client.get("/enterprises/?q=%00").status_code == 400


def test_filters_narrow_and_say_so(make, page, shanghai):
    film = make.enterprise("310115", name="甲", chain="medicine", field="medical", size="large", tags=["key_link"])
    make.enterprise("310101", name="乙", size="small")
    make.enterprise("220101", name="丙")
    listed = make.listing(make.enterprise("310115", name="丁", chain="food")).enterprise
    client = page(shanghai)
    for query, found in {
        "division=310115": ["丁", "甲"], "chain=medicine": ["甲"], "field=medical": ["甲"], "size=small": ["乙"],
        "tag=key_link": ["甲"], "listed=true": ["丁"], "listed=false": ["乙", "甲"], "listed_on=2022-03-02": ["丁"],
        "listed_on=2022-02-01": [], "listed=false&listed_on=2022-02-01": ["丁", "乙", "甲"], "status=retired": [],
        "division=220000": [], "division=310000": ["丁", "乙", "甲"],
    }.items():  # fmt: skip
        assert sorted(names(client.get(f"/enterprises/?{query}"))) == sorted(found), query
    response = client.get("/enterprises/?division=310101&size=large")
    assert "No enterprise fits" in response.content.decode()
    assert listed.name in names(client.get("/enterprises/")) and film.name in names(client.get("/enterprises/"))


def test_sizes_sort_from_large_to_micro(make, page, shanghai):
    for size in ("small", "large", "micro", "medium"):
        make.enterprise(name=size, size=size)
    assert names(page(shanghai).get("/enterprises/?sort=size")) == ["large", "medium", "small", "micro"]
    assert names(page(shanghai).get("/enterprises/?sort=-size")) == ["micro", "small", "medium", "large"]


def test_a_filter_that_is_not_right_is_said_and_shows_nothing(make, page, shanghai):
    make.enterprise()
    response = page(shanghai).get("/enterprises/?chain=lace")
    assert response.status_code == 200 and not names(response)
    assert "error-summary" in response.content.decode()


def test_the_export_holds_exactly_the_rows_of_the_filter(make, page, shanghai):
    make.enterprise(name="甲", chain="medicine")
    make.enterprise(name="=乙", chain="food")
    text = b"".join(page(shanghai).get("/enterprises/?chain=food&export=csv").streaming_content).decode()
    assert "'=乙" in text and "甲" not in text
    book = page(shanghai).get("/enterprises/?chain=food&export=xlsx")
    assert book["Content-Disposition"] == 'attachment; filename="enterprises.xlsx"' and book.getvalue()


def lists(make):
    for _ in range(2):
        firm = make.enterprise(tags=["key_link"])
        make.supply_link(buyer=firm)
        make.listing(firm)


def asked(client, address):
    """The queries of one request, without the transaction's own words."""
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return [each["sql"] for each in queries if "SAVEPOINT" not in each["sql"]]


@pytest.mark.parametrize(
    "address", ["/enterprises/", "/materials/", "/supply-links/", "/enterprises/?q=%E4%BC%81&division=310000"]
)
def test_lists_ask_the_same_number_of_queries_however_long(make, page, shanghai, address):
    lists(make)
    client = page(shanghai)
    client.get(address)
    few = asked(client, address)
    for _ in range(20):
        make.supply_link(supplier=make.enterprise("220101"))
        make.enterprise(tags=["leading"])
    many = asked(client, address)
    assert len(many) == len(few) <= 8, many
