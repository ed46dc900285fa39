"""Who I am, the divisions of the standard, and the offices of my scope."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from whitelist.accounts.models import Division


def test_me_tells_office_duties_and_scope(shanghai, api):
    told = api(shanghai).get("/api/v1/me/").data
    assert told["office"]["division"] == "310000"
    assert told["scope"] == {"division": "310000", "enterprise": None}
    assert told["duties"] == shanghai.duties


def test_an_enterprise_sees_its_own_scope(make, api):
    clerk = make.clerk()
    told = api(clerk).get("/api/v1/me/").data
    assert told["office"] is None
    assert told["scope"] == {"division": None, "enterprise": clerk.clerk.enterprise.code}


def test_a_checkpoint_has_no_scope_of_rows(make, api):
    told = api(make.user(office=make.office("310000", "checkpoint"))).get("/api/v1/me/").data
    assert told["scope"] == {"division": None, "enterprise": None}


def test_divisions_are_the_same_for_everybody_who_has_signed_in(make, api, shanghai):
    everything = Division.objects.count()
    for user in (shanghai, make.clerk()):
        assert api(user).get("/api/v1/divisions/").data["count"] == everything
    assert api().get("/api/v1/divisions/").status_code == 401


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("level=nation", ["000000"]),
        ("parent=310100&q=Jiading", ["310114"]),
        ("q=嘉定", ["310114"]),
        ("q=310115", ["310115"]),
        ("reporting_unit=true&level=prefecture", ["210200", "330200", "350200", "370200", "440300"]),
        ("parent=nowhere", []),
    ],
)
def test_divisions_are_filtered(shanghai, api, query, codes):
    found = api(shanghai).get(f"/api/v1/divisions/?{query}").data["results"]
    assert [row["code"] for row in found] == codes


def test_37_units_report_for_themselves(shanghai, api):
    assert api(shanghai).get("/api/v1/divisions/?reporting_unit=true").data["count"] == 37


@pytest.mark.parametrize("query", ["level=village", "levle=province", "reporting_unit=perhaps&x=1"])
def test_a_filter_that_means_nothing_is_400(shanghai, api, query):
    assert api(shanghai).get(f"/api/v1/divisions/?{query}").status_code == 400


def test_one_division_by_its_code(shanghai, api):
    told = api(shanghai).get("/api/v1/divisions/310115/")
    assert (told.data["parent"], told.data["level"]) == ("310100", "county")
    assert told["ETag"]
    assert api(shanghai).get("/api/v1/divisions/999999/").status_code == 404


def test_offices_are_those_of_the_scope(jilin, changchun, make, api):
    codes = {row["division"] for row in api(jilin).get("/api/v1/offices/").data["results"]}
    assert codes == {"220000", "220100"}
    assert api(changchun).get(f"/api/v1/offices/{jilin.office_id}/").status_code == 404
    assert api(make.clerk()).get("/api/v1/offices/").data["count"] == 0


def test_offices_are_filtered_by_division_and_kind(ministry, changchun, make, api):
    make.office("220000", "transport")
    client = api(ministry)
    assert client.get("/api/v1/offices/?division=220000").data["count"] == 3
    assert client.get("/api/v1/offices/?division=220000&kind=transport").data["count"] == 1


def test_lists_ask_as_often_for_40_rows_as_for_2(ministry, api):
    client = api(ministry)
    client.get("/api/v1/me/")
    for address in ("divisions", "offices"):
        counts = []
        for limit in (2, 40):
            with CaptureQueriesContext(connection) as asked:
                assert len(client.get(f"/api/v1/{address}/?limit={limit}").data["results"]) >= 2
            counts.append(sum(query["sql"].startswith("SELECT") for query in asked))
        assert counts[0] == counts[1] <= 8
