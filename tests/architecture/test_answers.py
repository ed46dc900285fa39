"""What is answered has the shape that the contract tells, and nothing beside it."""

import pytest
from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator

from tests.enterprises.resumption.conftest import DAY, clock  # noqa: F401
from whitelist.core.days import ONE

ROOT = "/api/v1/"


@pytest.fixture(scope="module")
def schema():
    return strict(SchemaGenerator().get_schema(public=True))


def strict(rule):
    """OpenAPI 3.0 as JSON Schema: what may be null says so by its type, and an object has no further fields."""
    if isinstance(rule, list):
        return [strict(each) for each in rule]
    if not isinstance(rule, dict):
        return rule
    told = {name: strict(each) for name, each in rule.items()}
    if isinstance(told.get("properties"), dict):
        told.setdefault("additionalProperties", False)
        told["required"] = sorted(told["properties"])
    return {"anyOf": [told, {"type": "null"}]} if told.pop("nullable", False) else told


def check(schema, path, verb, answer):
    body = schema["paths"][f"{ROOT}{path}"][verb]["responses"][str(answer.status_code)]["content"]["application/json"]
    faults = Draft202012Validator({**body["schema"], "components": schema["components"]}).iter_errors(answer.json())
    assert [f"{each.json_path}: {each.message}" for each in faults] == []


@pytest.fixture
def told(make, clock):  # noqa: F811
    """Two firms of Shanghai, one of which reported a stock of three days for the day."""
    firms, part = [make.enterprise(normal_output=100, output_value=10) for _ in range(2)], make.material("ecu-12v")
    make.batch("published", enterprises=firms, effective_on=DAY - 20 * ONE)
    make.report(firms[0], DAY, output=90, stock=[(part, 290, 100)])
    return firms


@pytest.mark.parametrize("what", ["resumption", "reporting"])
@pytest.mark.parametrize("query", ["by=division", f"from={DAY - ONE}&to={DAY}", "metric=capacity", "day=2020-01-01"])
def test_statistics_are_told_for_a_day_and_as_a_series(schema, told, api, shanghai, what, query):
    answer = api(shanghai).get(f"{ROOT}statistics/{what}/?{query}")
    assert answer.status_code == 200
    check(schema, f"statistics/{what}/", "get", answer)


def test_a_receipt_tells_how_long_the_stock_lasts(schema, told, make, api):
    lines = [{"material": "ecu-12v", "on_hand": "290", "daily_use": "100"}]
    body = {"state": "normal", "stock": [lines[0] | {"arrivals": [{"on": str(DAY + 2 * ONE), "quantity": "50"}]}]}
    client = api(make.clerk(told[1]))
    for wanted in (201, 200):
        answer = client.put(f"{ROOT}daily-reports/{told[1].code}/{DAY}/", body)
        assert answer.status_code == wanted, answer.content
        assert answer.json()["stock"][0]["level"] == "red"
        check(schema, "daily-reports/{code}/{day}/", "put", answer)
        body["stock"][0]["arrivals"] = []


def test_a_line_may_be_sent_with_the_tag_of_its_batch(schema, make, api):
    """Not having read the batch is no refusal; having read an older one is."""
    batch = make.batch()
    firm, client = make.enterprise(), api(batch.drafted_by)
    line = {"action": "add", "enterprise": firm.code, "reason": "key_link"}
    where, stale = f"{ROOT}batches/{batch.pk}/lines/", {"If-Match": '"1-stale"'}
    assert client.post(where, line, headers=stale).status_code == 412
    assert client.post(where, line).status_code == 201
    for path, verb in (("", "post"), ("bulk/", "post"), ("{line}/", "delete")):
        one = schema["paths"][f"{ROOT}batches/{{pk}}/lines/{path}".replace("{pk}", "{id}")][verb]
        (tag,) = [each for each in one["parameters"] if each["name"] == "If-Match"]
        assert not tag.get("required")
        assert "412" in one["responses"] and "428" not in one["responses"]
