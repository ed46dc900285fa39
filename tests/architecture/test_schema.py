"""The contract: built without a warning, complete, and true of how every operation meets nonsense."""

import json
import re
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import get_resolver, reverse
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema
from rest_framework.test import APIClient

from enterprises.models import WhiteList
from tests import builders
from tests.matrix.test_matrix import address, operations, world  # noqa: F401
from whitelist.core.api import Endpoint

ITSELF = {"schema", "schema-yaml", "api-docs"}
BAD = "\x00", "\ud800", "x" * 10_000, "'%../", "²", "9" * 30
FIXED = [
    ("limit", "0"), ("limit", "abc"), ("limit", "٣"), ("limit", "9" * 30), ("count", "maybe"), ("cursor", "zzz"),
    ("cursor", "W10:1:x"), ("day", "2022-02-30"), ("day", "0000-00-00"), ("as_of", "x"), ("as_of", "9999-12-31"),
    ("as_of", "0001-01-01"), ("from", "0001-01-01"), ("to", "9999-12-31"), ("division", "../"), ("division", "000000"),
]  # fmt: skip
WRONG = [
    None,
    True,
    -1,
    2**70,
    1.5,
    "",
    "\x00",
    "x" * 10_000,
    "9" * 30,
    "NaN",
    "1e400",
    "9999-12-31",
    [None],
    {"a": [1]},
]
BODIES = ["[]", "null", '"x"', '{"a": ' * 1000 + "1" + "}" * 1000, "[" * 10_000, '{"\\ud800": 1}', "[null]", "[{}]"]


@pytest.fixture(scope="module")
def schema():
    GENERATOR_STATS.reset()
    return SchemaGenerator().get_schema(public=True)


@pytest.fixture
def told(schema):
    """Every operation of the contract as (VERB, path, operation)."""
    return [(verb.upper(), path, one) for path, verbs in schema["paths"].items() for verb, one in verbs.items()]


def test_it_is_built_without_a_warning_and_in_time(schema):
    GENERATOR_STATS.reset()
    start = time.process_time()
    again = SchemaGenerator().get_schema(public=True)
    assert time.process_time() - start < 5
    assert not GENERATOR_STATS, [*GENERATOR_STATS._warn_cache, *GENERATOR_STATS._error_cache]
    assert again == schema
    validate_schema(schema)


def test_it_names_exactly_the_operations_of_the_api(told):
    def paths(patterns, before=""):
        for pattern in patterns:
            here = before + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(pattern.pattern))
            if hasattr(pattern, "url_patterns"):
                yield from paths(pattern.url_patterns, here)
            elif here.startswith("api/v1/") and pattern.name not in ITSELF:
                yield from ((verb.upper(), f"/{here}") for verb in pattern.callback.actions if verb != "head")

    have = {(verb, path.replace("{id}", "{pk}")) for verb, path, _one in told}
    assert have == set(paths(get_resolver().url_patterns))


def test_every_operation_is_named_once_and_told(told):
    names = [one["operationId"] for _verb, _path, one in told]
    assert len(names) == len(set(names))
    assert [path for _verb, path, one in told if not one.get("summary") or not one.get("tags")] == []


def test_every_operation_says_how_it_refuses_and_who_may_ask(told, schema):
    for verb, path, one in told:
        for code in ("400", "401", "403", "429", *(["404"] if "{" in path else [])):
            assert one["responses"][code] == {"$ref": f"#/components/responses/Problem{code}"}, f"{verb} {path}"
        assert {name for each in one["security"] for name in each} == {"token", "session"}
    for name, answer in schema["components"]["responses"].items():
        assert list(answer["content"]) == ["application/problem+json"], name


def test_every_parameter_an_endpoint_knows_is_told(told):
    endpoints = {f"/api/v1/{path}": view for path, view in views()}
    for verb, path, one in told:
        view = endpoints[path.replace("{id}", "{pk}")]
        if verb == "GET" and view.actions["get"] == "list":
            names = {each["name"] for each in one["parameters"] if each["in"] == "query"}
            filters = getattr(view.cls, "filterset_class", None)
            assert names == {*(filters.base_filters if filters else ()), *view.cls.page_parameters,
                             *view.cls.extra_parameters}, path  # fmt: skip
        if verb == "POST":
            assert "Idempotency-Key" in {each["name"] for each in one["parameters"]}, path


def views(patterns=None, before=""):
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        here = before + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(pattern.pattern))
        if hasattr(pattern, "url_patterns"):
            yield from views(pattern.url_patterns, here)
        elif issubclass(getattr(pattern.callback, "cls", type), Endpoint):
            yield here.removeprefix("api/v1/"), pattern.callback


def test_it_names_no_foreign_host(schema):
    assert not re.search(r"https?://|(?<!:)//[a-z]", json.dumps(schema))


@pytest.fixture
def ask(world):  # noqa: F811
    """`ask(actor, verb, where, …)` gives the answer and leaves the world as it was."""
    actors = world[0]
    tokens = {name: builders.token(actors[name]) for name in ("ministry", "province", "enterprise")}

    def send(actor, verb, where, **kwargs):
        client = APIClient(raise_request_exception=False, HTTP_AUTHORIZATION=f"Bearer {tokens[actor]}")
        point = transaction.savepoint()
        try:
            return client.generic(verb, where, headers={"If-Match": "*"}, **kwargs)
        finally:
            transaction.savepoint_rollback(point)

    return send


def api_operations():
    """(VERB, address name, converters) of the API; the views are asked before any of them answers."""
    every = [(verb, name, arguments) for verb, name, arguments in operations() if name.startswith("api-")]
    return [one for one in every if one[0] != "HEAD" and one[1] not in ITSELF]


def place(name, arguments, firm, ids):
    """The address of an object that there is; where the matrix has none, of one that there is not."""
    try:
        return address(name, arguments, firm, ids)
    except KeyError:
        return reverse(name, kwargs=dict.fromkeys(arguments, 1))


def encoded(value):
    return "".join(f"%{byte:02X}" for byte in value.encode("utf-8", "surrogatepass"))


@pytest.mark.slow
def test_no_query_is_met_with_an_error_of_ours(world, ask, told):  # noqa: F811
    _actors, firm, ids = world
    parameters = {path: {each["name"] for each in one.get("parameters", ()) if each["in"] == "query"}
                  for verb, path, one in told if verb == "GET"}  # fmt: skip
    wrong = []
    for verb, name, arguments in api_operations():
        where = place(name, arguments, firm, ids)
        if verb != "GET":
            continue
        template = next(path for path in parameters if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", path), where))
        known = sorted(parameters[template])
        pairs = [(one, value) for one in known for value in BAD] + [pair for pair in FIXED if pair[0] in known]
        pairs.append(("ordering", "password"))
        for one, value in pairs:
            status = ask("ministry", "GET", f"{where}?{one}={encoded(value)}").status_code
            if status >= 500 or (one not in {*parameters[template], "limit", "cursor", "count"} and status == 200):
                wrong.append(f"{where}?{one}={value[:40]!r}: {status}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.slow
def test_no_address_is_met_with_an_error_of_ours(world, ask):  # noqa: F811
    _actors, firm, ids = world
    wrong = []
    for verb, name, arguments in api_operations():
        where = place(name, arguments, firm, ids)
        if verb != "GET":
            continue
        for number in range(3, where.count("/")):
            parts = where.split("/")
            for value in ("9" * 18, "9" * 30, "\x00", "\ud800", "2022-02-30", "0000-00-00", "٣", "%", "x" * 300):
                parts[number] = encoded(value)
                status = ask("ministry", "GET", "/".join(parts)).status_code
                if status >= 500:
                    wrong.append(f"{'/'.join(parts)[:120]}: {status}")
    assert not wrong, "\n".join(wrong)


def plausible(name, rule, schemas, known):
    """Something the field might take, so that the field under test alone is at fault."""
    if "$ref" in rule:
        rule = schemas[rule["$ref"].rsplit("/", 1)[1]]
    for part in (*rule.get("allOf", ()), *rule.get("oneOf", ())):
        return plausible(name, part, schemas, known)
    if name in known:
        return known[name]
    if "enum" in rule:
        return rule["enum"][0]
    kind = rule.get("type")
    if kind == "object":
        return {key: plausible(key, each, schemas, known) for key, each in rule.get("properties", {}).items()}
    if kind == "array":
        return [plausible(name, rule["items"], schemas, known)]
    if kind == "string":
        return {"date": "2022-05-09", "decimal": "1.00"}.get(rule.get("format"), "x1")
    return {"integer": 1, "number": 1, "boolean": True}.get(kind)


@pytest.mark.slow
def test_no_body_is_met_with_an_error_of_ours(world, ask, told, schema):  # noqa: F811
    _actors, firm, ids = world
    schemas = schema["components"]["schemas"]
    known = {"division": "310115", "registered_division": "310115", "enterprise": firm.code, "supplier": firm.code,
             "buyer": firm.code, "white_list": ids["list"], "lines": [ids["line"]], "material": "part"}  # fmt: skip
    wrong, tried = [], set()

    def check(actor, verb, where, body):
        answer = ask(actor, verb, where, data=body, content_type="application/json")
        if answer.status_code >= 500:
            wrong.append(f"{verb} {where} as {actor} with {body[:200]!r}: {answer.status_code}")

    for verb, name, arguments in api_operations():
        where = place(name, arguments, firm, ids)
        if verb in ("GET", "DELETE"):
            continue
        one = next(one for told_verb, path, one in told
                   if told_verb == verb and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", path), where))  # fmt: skip
        actor = {"api-daily-report-detail": "enterprise", "api-material-list": "ministry",
                 "api-material-bulk": "ministry", "api-warning-run-list": "ministry"}.get(name, "province")  # fmt: skip
        for body in BODIES:
            check(actor, verb, where, body)
        rule = one.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
        is_list = rule.get("type") == "array"
        shape = str(rule.get("items", rule)).replace("Patched", "")
        if shape in tried:
            continue
        tried.add(shape)
        whole = plausible("", rule["items"] if is_list else rule, schemas, known) or {}
        for field in whole:
            for value in WRONG:
                body = {**whole, field: value}
                check(actor, verb, where, json.dumps([body] if is_list else body))
                if isinstance(whole[field], list) and whole[field] and isinstance(whole[field][0], dict):
                    for inner in whole[field][0]:
                        body = {**whole, field: [{**whole[field][0], inner: value}]}
                        check(actor, verb, where, json.dumps([body] if is_list else body))
    assert not wrong, "\n".join(wrong)


def test_no_line_of_a_draft_is_met_with_an_error_of_ours(world, ask):  # noqa: F811
    _actors, firm, ids = world
    batch = builders.make.batch("draft", on=WhiteList.objects.get(pk=ids["list"]), enterprises=[])
    where = reverse("api-batch-lines", args=[batch.pk])
    whole = {"action": "remove", "enterprise": firm.code, "reason": "other", "field": "", "chain": "", "note": ""}
    for field in whole:
        for value in WRONG:
            line = {**whole, field: value}
            for to, body in ((where, line), (f"{where}bulk/", [line]), (f"{where}bulk/?mode=each", [line, None])):
                answer = ask("province", "POST", to, data=json.dumps(body), content_type="application/json")
                assert answer.status_code < 500, (to, field, value)
                assert answer.status_code not in (403, 404, 409), answer.content


@pytest.mark.parametrize(
    "target", ['{"a": ' * 5000 + "1" + "}" * 5000, '{"a": "\\u0000"}', '{"a": "\\ud800"}', "[]", "x"]
)
def test_no_target_of_an_upload_is_met_with_an_error_of_ours(make, shanghai, target):
    client = APIClient(raise_request_exception=False, HTTP_AUTHORIZATION=f"Bearer {builders.token(shanghai)}")
    for kind in ("enterprises", "batch-lines", "\x00"):
        sent = {"file": SimpleUploadedFile("a.csv", b"x"), "kind": kind, "target": target}
        assert client.post("/api/v1/imports/", sent, format="multipart").status_code < 500
