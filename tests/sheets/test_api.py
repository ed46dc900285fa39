"""Imports over REST: the same rules as on the pages, with faults by row and column."""

import io

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext
from python_calamine import load_workbook

from enterprises.models import Enterprise
from tests.sheets.workbooks import csv, firm, imported, read, table, upload, work
from whitelist.core.export import XLSX
from whitelist.sheets.models import SheetImport

pytestmark = pytest.mark.django_db
HERE = "/api/v1/imports/"


def send(client, content, *, kind="enterprises", name="名单.xlsx", headers=None, **fields):
    body = {"file": upload(content, name), "kind": kind, **fields}
    return client.post(HERE, body, format="multipart", headers=headers)


def test_upload_is_accepted_with_its_address_then_preview_then_done(api, shanghai):
    client = api(shanghai)
    answer = send(client, table(firm(1), firm(2)))
    assert answer.status_code == 202 and answer.json()["state"] == "parsing"
    where = answer["Location"]
    work()
    seen = client.get(where).json()
    assert (seen["state"], seen["rows"], seen["progress"], seen["refusal"]) == ("preview", 2, "1.00", None)
    assert seen["counts"] == {"created": 2, "updated": 0, "unchanged": 0, "rejected": 0}
    assert [column["key"] for column in seen["columns"]] == ["code", "name", "division"]
    assert client.post(f"{where}confirm/").json()["state"] == "confirming"
    work()
    assert client.get(where).json()["state"] == "done"
    assert client.get(f"/api/v1/enterprises/{firm(1)[0]}/").json()["division"] == "310115"


def test_faults_name_row_column_code_and_severity(api, shanghai):
    made = read(table(*[firm(n) for n in range(1, 11)], ("12", "短（虚构）", "310115")), shanghai)
    seen = api(shanghai).get(f"{HERE}{made.pk}/").json()
    fault = seen["faults"][0]
    assert (fault["row"], fault["column"], fault["code"], fault["severity"]) == (
        *(12, "统一社会信用代码"),
        *("code_length", "error"),
    )
    assert "18 characters" in fault["detail"] and seen["faults_total"] == 1
    assert seen["fault_counts"] == {"code_length": {"rows": 1, "severity": "error"}}


def test_faults_speak_the_uploaders_language(api, shanghai):
    send(api(shanghai), table(firm(1)), headers={"Accept-Language": "zh-hans"})
    assert SheetImport.objects.get().language == "zh-hans"


def test_rows_can_be_asked_for_by_outcome_and_fault(api, shanghai, make):
    stored = make.enterprise("310115", name="旧名称（虚构）")
    made = read(table(firm(1), (stored.uscc, "新名称（虚构）", "310115"), ("12", "短（虚构）", "310115")), shanghai)
    client = api(shanghai)
    rows = client.get(f"{HERE}{made.pk}/rows/?outcome=updated").json()
    assert rows["count"] == 1 and rows["results"][0]["changes"] == {"name": ["旧名称（虚构）", "新名称（虚构）"]}
    assert client.get(f"{HERE}{made.pk}/rows/?fault=code_length").json()["results"][0]["row"] == 4
    assert client.get(f"{HERE}{made.pk}/rows/?outcome=odd").status_code == 400
    assert client.get(f"{HERE}{made.pk}/rows/?colour=red").json()["code"] == "unknown_parameter"


def test_rows_come_page_by_page_in_the_order_of_the_file(api, shanghai):
    made, client = read(table(*(firm(n) for n in range(1, 6))), shanghai), api(shanghai)
    read(table(*(firm(n) for n in range(6, 11))), shanghai)
    address, pages = f"{HERE}{made.pk}/rows/?limit=2", []
    while address:
        told = client.get(address).json()
        pages.append([row["row"] for row in told["results"]])
        address = told["next"]
    assert pages == [[2, 3], [4, 5], [6]] and told["count"] == 5


def test_too_large_is_413_and_no_spreadsheet_415(api, shanghai, settings):
    settings.IMPORT_MAX_BYTES = 1024 * 1024
    client = api(shanghai)
    large = send(client, b"a,b\n" * 300_000)
    assert (large.status_code, large.json()["code"]) == (413, "too_large")
    assert send(client, b"%PDF-1.7").json()["code"] == "not_a_spreadsheet"
    assert send(client, b"%PDF-1.7").status_code == 415
    assert client.post(HERE, {"kind": "enterprises"}, format="json").status_code == 415
    assert not SheetImport.objects.exists()


def test_what_the_worker_refuses_says_why(api, shanghai):
    client = api(shanghai)
    where = send(client, csv([("股票代码", "股票名称", "行业"), ("000001", "示例（虚构）", "14")]))["Location"]
    work()
    seen = client.get(where).json()
    assert (seen["state"], seen["refusal_code"]) == ("refused", "no_header")
    assert "股票代码" in seen["refusal"]
    assert client.post(f"{where}confirm/").status_code == 409


@pytest.mark.parametrize(("fields", "pointer"), [({"kind": "cats"}, "/kind"), ({"colour": "red"}, "/colour")])
def test_bad_fields_are_named(api, shanghai, fields, pointer):
    answer = send(api(shanghai), table(firm(1)), **fields)
    assert answer.status_code == 400 and answer.json()["errors"][0]["pointer"] == pointer


def test_a_missing_file_is_named(api, shanghai):
    answer = api(shanghai).post(HERE, {"kind": "enterprises"}, format="multipart")
    assert answer.json()["errors"][0]["pointer"] == "/file"


def test_the_same_key_and_file_make_one_import(api, shanghai):
    client = api(shanghai)
    first = send(client, table(firm(1)), headers={"Idempotency-Key": "k1"})
    again = send(client, table(firm(1)), headers={"Idempotency-Key": "k1"})
    assert first.json()["id"] == again.json()["id"] and again["Location"] == first["Location"]
    assert send(client, table(firm(2)), headers={"Idempotency-Key": "k1"}).status_code == 422
    assert SheetImport.objects.count() == 1


def test_scope_is_404_policy_403_state_409(api, shanghai, jilin, make):
    made = read(table(firm(1)), shanghai)
    for where in ("", "rows/", "workbook/"):
        assert api(jilin).get(f"{HERE}{made.pk}/{where}").status_code == 404
    assert api(jilin).post(f"{HERE}{made.pk}/confirm/").status_code == 404
    viewer = api(make.user("310000", duties=["view"]))
    assert viewer.post(f"{HERE}{made.pk}/confirm/").status_code == 403
    assert send(viewer, table(firm(1))).status_code == 403
    assert send(api(make.clerk()), table(firm(1))).status_code == 403
    assert send(api(), table(firm(1))).status_code == 401
    client = api(shanghai)
    assert client.post(f"{HERE}{made.pk}/discard/").json()["state"] == "discarded"
    assert client.post(f"{HERE}{made.pk}/confirm/").status_code == 409
    assert client.get(f"{HERE}{made.pk}/workbook/").status_code == 409


def test_a_confirmation_on_moved_ground_is_a_conflict_that_names_the_rows(api, shanghai, make):
    stored = make.enterprise("310115", name="旧名称（虚构）")
    made = read(table(firm(1), (stored.uscc, "新名称（虚构）", "310115")), shanghai)
    Enterprise.objects.filter(pk=stored.pk).update(version=2)
    client = api(shanghai)
    answer = client.post(f"{HERE}{made.pk}/confirm/")
    assert (answer.status_code, answer.json()["code"]) == (409, "stale_rows")
    assert [each["pointer"] for each in answer.json()["errors"]] == ["/rows/3"]
    assert client.post(f"{HERE}{made.pk}/read-again/").json()["state"] == "parsing"
    work()
    client.post(f"{HERE}{made.pk}/confirm/")
    work()
    stored.refresh_from_db()
    assert stored.name == "新名称（虚构）"


def test_the_returned_workbook_says_what_is_wrong_and_may_come_back_as_it_is(api, shanghai):
    content = table(*[firm(n) for n in range(1, 11)], ("12", "短（虚构）", "310115"))
    made = imported(content, shanghai)
    answer = api(shanghai).get(f"{HERE}{made.pk}/workbook/", headers={"Accept": XLSX})
    assert answer["Content-Type"] == XLSX and "attachment" in answer["Content-Disposition"]
    rows = load_workbook(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert rows[0] == ["Import status", "统一社会信用代码", "企业名称", "行政区划"]
    assert rows[1][0] == "created" and rows[11][0].startswith("rejected: ") and rows[11][1] == "12"
    again = read(answer.content, shanghai)
    assert again.unknown_columns == [] and again.counts["unchanged"] == 10


def test_the_template_is_read_back_as_an_empty_table(api, shanghai):
    client = api(shanghai)
    answer = client.get(f"{HERE}template/?kind=enterprises")
    assert answer["Content-Type"] == XLSX
    where = send(client, answer.content)["Location"]
    work()
    assert client.get(where).json()["refusal_code"] == "no_rows"
    assert client.get(f"{HERE}template/?kind=cats").status_code == 400
    assert client.get(f"{HERE}template/").status_code == 400


def test_the_list_holds_ones_own_offices_imports_with_constant_queries(api, shanghai, jilin):
    read(table(firm(1)), shanghai)
    client = api(shanghai)
    client.get(HERE)

    def queries():
        with CaptureQueriesContext(connection) as caught:
            assert client.get(f"{HERE}?state=preview").status_code == 200
        return len(caught)

    few = queries()
    for number in range(2, 6):
        read(table(firm(number)), shanghai)
    assert queries() == few <= 8
    assert client.get(HERE).json()["count"] == 5
    assert api(jilin).get(HERE).json()["count"] == 0


def test_rows_tell_their_cells_by_column_with_constant_queries(api, shanghai):
    few, many = read(table(firm(1)), shanghai), read(table(*(firm(number) for number in range(2, 9))), shanghai)
    client = api(shanghai)

    def rows(made):
        with CaptureQueriesContext(connection) as caught:
            told = client.get(f"{HERE}{made.pk}/rows/").json()["results"]
        return told, len(caught)

    rows(few)
    (told, one), (others, seven) = rows(few), rows(many)
    assert told[0]["cells"] == dict(zip(("code", "name", "division"), firm(1), strict=True))
    assert (len(others), seven) == (7, one)


def test_an_import_is_kept_whatever_somebody_does(shanghai):
    made = read(table(firm(1)), shanghai)
    with pytest.raises(ProgrammingError, match="Cannot delete rows"), transaction.atomic():
        SheetImport.objects.filter(pk=made.pk).delete()
    assert SheetImport.objects.get(pk=made.pk).lines.count() == 1
