"""What every endpoint shares: refusals as problem+json, strict parameters, pages that lose and repeat nothing."""

import json
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import RequestFactory
from django.utils import timezone
from rest_framework import exceptions, serializers
from rest_framework.test import APIClient

from whitelist.accounts.models import Division, Office, User
from whitelist.core import paging
from whitelist.core.api import Shape, faults_of, handle, tag_of
from whitelist.core.errors import Conflict, DomainError, Fault, KeyReused, NotAllowed, Stale, TagRequired, WrongState
from whitelist.delivery.models import Notification
from whitelist.sheets.models import SheetRow

PROBLEM = {"type", "title", "status", "detail", "code", "request_id", "errors"}


def walk(client, address, *, by="next"):
    """All rows of a list, page by page."""
    while address:
        told = client.get(address).data
        yield told["results"]
        address = told[by]


def is_problem(answer, status, code):
    body = json.loads(answer.content)
    assert answer["Content-Type"] == "application/problem+json"
    assert set(body) >= PROBLEM - {"request_id"} and body["status"] == answer.status_code == status
    assert body["code"] == code and body["title"] and body["detail"]
    return body


# Refusals


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (DomainError, 400),
        (NotAllowed, 403),
        (WrongState, 409),
        (Conflict, 409),
        (Stale, 412),
        (TagRequired, 428),
        (KeyReused, 422),
    ],
)
def test_a_refusal_of_the_domain_has_its_status_and_code(error, status):
    answer = handle(
        error("No: %(n)s", errors=[Fault("name", "bad", "Bad."), Fault("/lines/3", "bad", "Bad.")], n=1), {}
    )
    assert (answer.status_code, answer.data["code"], answer.data["detail"]) == (status, error.code, "No: 1")
    assert [fault["pointer"] for fault in answer.data["errors"]] == ["/name", "/lines/3"]


def test_a_refusal_carries_the_id_of_its_request(shanghai, api):
    answer = api(shanghai).get("/api/v1/divisions/999999/", headers={"X-Request-ID": "my-request-1"})
    assert is_problem(answer, 404, "not_found")["request_id"] == "my-request-1" == answer["X-Request-ID"]


@pytest.mark.parametrize("sent", ["short", "x" * 65, "with space in", "line\nbreak", "<script>alert"])
def test_an_id_that_could_do_harm_is_replaced(shanghai, api, sent):
    answer = api(shanghai).get("/api/v1/me/", headers={"X-Request-ID": sent})
    assert answer["X-Request-ID"] != sent and len(answer["X-Request-ID"]) == 32


def test_missing_and_out_of_scope_are_told_alike(shanghai, jilin, api):
    missing = is_problem(api(shanghai).get("/api/v1/offices/999999/"), 404, "not_found")
    foreign = is_problem(api(shanghai).get(f"/api/v1/offices/{jilin.office_id}/"), 404, "not_found")
    for body in (missing, foreign):
        body.pop("request_id")
    assert missing == foreign


def test_an_address_of_nothing_is_a_problem_too(shanghai, api):
    is_problem(api(shanghai).get("/api/v1/nothing/"), 404, "not_found")


def test_a_verb_that_is_not_taken_is_405(shanghai, api):
    is_problem(api(shanghai).delete("/api/v1/divisions/"), 405, "method_not_allowed")


@pytest.mark.parametrize("body", ["{", '{"a": NaN}', "\xff", '"text"', "[1]", "null", "1e999"])
def test_a_body_that_cannot_be_read_is_400(shanghai, api, body):
    answer = api(shanghai).post("/api/v1/notifications/read/", body, content_type="application/json")
    assert answer.status_code == 400 and answer["Content-Type"] == "application/problem+json"


def test_another_kind_of_content_is_415(shanghai, api):
    answer = api(shanghai).post("/api/v1/notifications/read/", "<a/>", content_type="application/xml")
    is_problem(answer, 415, "unsupported_media_type")


def test_nul_in_an_address_never_gets_in(shanghai, api):
    assert api(shanghai).get("/api/v1/divisions/?q=%00").status_code == 400
    assert api(shanghai).get("/api/v1/divisions/%00/").status_code == 400


def test_nested_faults_become_json_pointers():
    class Line(Shape):
        amount = serializers.DecimalField(max_digits=5, decimal_places=1)

    class Body(Shape):
        name = serializers.CharField()
        lines = Line(many=True)

    body = Body(data={"lines": [{"amount": "1"}, {"amount": "x"}, {"amount": "1", "note": ""}], "colour": "red"})
    with pytest.raises(exceptions.ValidationError) as refusal:
        body.is_valid(raise_exception=True)
    assert [fault.pointer for fault in faults_of(refusal.value.detail)] == ["/colour"]
    body = Body(data={"lines": [{"amount": "1"}, {"amount": "x"}, {"amount": "1", "note": ""}]})
    with pytest.raises(exceptions.ValidationError) as refusal:
        body.is_valid(raise_exception=True)
    told = {(fault.pointer, fault.code) for fault in faults_of(refusal.value.detail)}
    assert told == {("/name", "required"), ("/lines/1/amount", "invalid"), ("/lines/2/note", "unknown_field")}


def test_waiting_is_told_in_seconds():
    assert handle(exceptions.Throttled(wait=2.5), {})["Retry-After"] == "3"


# Parameters


@pytest.mark.parametrize("query", ["levle=province", "level=province&page=2", "sort=name", "Level=province"])
def test_an_unknown_parameter_is_400_and_the_known_ones_are_told(shanghai, api, query):
    body = is_problem(api(shanghai).get(f"/api/v1/divisions/?{query}"), 400, "unknown_parameter")
    assert "reporting_unit" in body["errors"][0]["detail"]


def test_a_single_object_takes_no_parameters(shanghai, api):
    assert api(shanghai).get("/api/v1/offices/?kind=industry").status_code == 200


@pytest.mark.parametrize("limit", ["1", "50", "200", "007"])
def test_a_limit_is_a_number_up_to_200(shanghai, api, limit):
    assert len(api(shanghai).get(f"/api/v1/divisions/?limit={limit}").data["results"]) == int(limit)


@pytest.mark.parametrize(
    "limit", ["0", "201", "-1", "1.5", "many", "", "５０", "1" * 5000, "0000001999999999", "1e2", "%2B5", "١"]
)
def test_any_other_limit_is_400(shanghai, api, limit):
    answer = api(shanghai).get(f"/api/v1/divisions/?limit={limit}")
    assert is_problem(answer, 400, "invalid")["errors"][0]["code"] == "out_of_range"


def test_the_count_may_be_left_out(shanghai, api, django_assert_num_queries):
    client = api(shanghai)
    assert client.get("/api/v1/divisions/?count=true").data["count"] == Division.objects.count()
    assert "count" not in client.get("/api/v1/divisions/?count=false").data
    assert client.get("/api/v1/divisions/?count=perhaps").status_code == 400


# Pages


def test_all_pages_together_hold_each_row_once(shanghai, api):
    client = api(shanghai)
    codes = [row["code"] for rows in walk(client, "/api/v1/divisions/?limit=200&count=false") for row in rows]
    assert codes == list(Division.objects.order_by("code").values_list("code", flat=True))


def test_one_can_walk_back(shanghai, api):
    client = api(shanghai)
    first = client.get("/api/v1/divisions/?limit=7&level=province").data
    second = client.get(first["next"]).data
    third = client.get(second["next"]).data
    assert first["previous"] is None
    assert client.get(third["previous"]).data["results"] == second["results"]
    assert client.get(second["previous"]).data["results"] == first["results"]
    assert client.get(second["previous"]).data["previous"] is None
    assert client.get(client.get(third["previous"]).data["next"]).data["results"] == third["results"]


def notices(user, count, *, at):
    Notification.objects.bulk_create(
        Notification(user=user, sentence="x", key=f"{at}-{n}", created_at=at) for n in range(count)
    )


def test_ties_longer_than_any_page_lose_nothing(shanghai, api):
    """2,100 notices of one instant: a cursor that holds only the instant would turn in a circle."""
    notices(shanghai, 2100, at=timezone.now())
    client = api(shanghai)
    ids = [row["id"] for rows in walk(client, "/api/v1/notifications/?limit=200&count=false") for row in rows]
    assert len(ids) == len(set(ids)) == 2100
    assert ids == sorted(ids, reverse=True)


def test_rows_that_come_and_go_meanwhile_shift_nothing(shanghai, api):
    now = timezone.now()
    notices(shanghai, 30, at=now)
    client = api(shanghai)
    first = client.get("/api/v1/notifications/?limit=10").data
    notices(shanghai, 5, at=now + timedelta(minutes=1))
    Notification.objects.filter(pk__in=[row["id"] for row in first["results"][:7]]).delete()
    rest = [row["id"] for rows in walk(client, first["next"]) for row in rows]
    assert len(rest) == 20 and not set(rest) & {row["id"] for row in first["results"]}


def test_a_row_deleted_under_the_cursor_is_no_hindrance(shanghai, api):
    notices(shanghai, 12, at=timezone.now())
    client = api(shanghai)
    first = client.get("/api/v1/notifications/?limit=5").data
    Notification.objects.filter(pk=first["results"][-1]["id"]).delete()
    assert len(client.get(first["next"]).data["results"]) == 5
    Notification.objects.all().delete()
    assert client.get(first["next"]).data == {"next": None, "previous": None, "results": [], "count": 0}


def test_filters_stay_in_the_links(shanghai, api):
    told = api(shanghai).get("/api/v1/divisions/?limit=5&level=province&count=false").data
    assert "level=province" in told["next"] and "limit=5" in told["next"] and "count=false" in told["next"]


@pytest.mark.parametrize("cursor", ["x", "a:b:c", "%00", "cD0y", "x" * 3000, "é"])
def test_a_cursor_of_one_s_own_making_is_400(shanghai, api, cursor):
    answer = api(shanghai).get(f"/api/v1/divisions/?cursor={cursor}")
    assert answer.status_code == 400


def test_a_cursor_of_another_list_is_400(shanghai, api):
    client = api(shanghai)
    cursor = client.get("/api/v1/divisions/?limit=1").data["next"].partition("cursor=")[2].partition("&")[0]
    body = is_problem(client.get(f"/api/v1/offices/?cursor={cursor}"), 400, "invalid")
    assert body["errors"][0]["code"] == "bad_cursor"


ORDERS = [("last_login", "pk"), ("-last_login", "pk"), ("-office__division__code", "-last_login", "pk")]


def page_of(order, link):
    """One page of all users in this order, and its two links."""
    request, cursor = RequestFactory().get(link), paging.Cursor()
    request.query_params = request.GET
    rows = cursor.paginate_queryset(User.objects.all(), request, SimpleNamespace(ordering=order))
    return [user.pk for user in rows], cursor.get_next_link(), cursor.get_previous_link()


@pytest.mark.parametrize("order", ORDERS)
def test_empty_values_have_their_place_in_the_order(make, order):
    """As PostgreSQL puts them: last, and first where the order falls; forward and back."""
    now = timezone.now()
    for number in range(9):
        seen_at = None if number % 3 == 0 else now - timedelta(days=number % 4)
        make.user("310000" if number % 2 else "220000", last_login=seen_at)
    make.clerk()
    wanted = list(User.objects.order_by(*order).values_list("pk", flat=True))
    link, forward = "/?limit=2&count=false", []
    while link:
        rows, link, back = page_of(order, link)
        forward += rows
    while back:
        before, _next, back = page_of(order, back)
        rows = before + rows
    assert forward == wanted == rows


@pytest.mark.parametrize(
    ("model", "order", "wanted"),
    [
        (User, ("-last_login",), ("-last_login", "id")),
        (User, ("-last_login", "-pk"), ("-last_login", "-id")),
        (Division, ("code",), ("code",)),
        (SheetRow, ("key",), ("key", "sheet_import_id", "number")),
        (SheetRow, ("-number",), ("-number", "sheet_import_id")),
        (SheetRow, ("pk",), ("sheet_import_id", "number")),
    ],
)
def test_an_order_without_a_unique_end_gets_one(model, order, wanted):
    view = SimpleNamespace(ordering=order)
    assert paging.Cursor().get_ordering(None, model._base_manager.all(), view) == wanted


# Tags


def test_a_tag_is_the_version_where_there_is_one():
    office = Office(pk=7)
    office.version = 3
    assert tag_of(office) == '"office-7-3"'
    del office.version
    assert tag_of(office, {"a": 1}) == tag_of(office, {"a": 1}) != tag_of(office, {"a": 2})


def test_without_sign_in_every_endpoint_is_401(db):
    for address in ("me", "divisions", "offices", "audit", "notifications"):
        is_problem(APIClient().get(f"/api/v1/{address}/"), 401, "not_authenticated")
