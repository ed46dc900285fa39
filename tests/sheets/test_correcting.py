"""Cells corrected in the preview: the row is judged anew, and reading the whole file again says the same."""

import io

import pytest
from python_calamine import load_workbook

from enterprises.models import Enterprise
from tests.builders import uscc
from tests.sheets.workbooks import firm, read, table, work, xlsx
from whitelist.audit.models import AuditEntry
from whitelist.core.errors import DomainError, NotAllowed, WrongState
from whitelist.sheets import services
from whitelist.sheets.files import workbooks
from whitelist.sheets.models import SheetRow
from whitelist.sheets.previews import correcting

pytestmark = pytest.mark.django_db
HEAD = ("统一社会信用代码", "企业名称", "行政区划", "职工人数", "行业")


def standing(made):
    told = ("number", "key", "outcome", "cells", "values", "changes", "faults", "row_id", "row_version")
    rows = [[getattr(row, name) for name in told] for row in SheetRow.objects.of(made).select_related("sheet_import")]
    return made.counts, made.fault_counts, made.notes, rows


def again(made, by):
    services.read_again(made, by=by)
    work()
    made.refresh_from_db()
    return made


def correct(made, number, cells, by):
    changed = correcting.correct_row(made, number, cells, by=by)
    made.refresh_from_db()
    return changed


@pytest.fixture
def odd(shanghai, make):
    """Every sort of row: new, known, wrong, twice, contradicting, a number for a code, one name under two codes."""
    stored = make.enterprise("310115", name="旧名称（虚构）")
    number = 310115000000017
    rows = [
        *[(*firm(n), str(n), "不详") for n in range(1, 12)],
        (stored.uscc, "新名称（虚构）", "310115", 10, "36"),
        ("12", "短码（虚构）", "310115", "一百", "36"),
        (*firm(1), "", ""),
        (firm(2)[0], "别的名称（虚构）", "310115", "", ""),
        (number, "旧号码（虚构）", "310115", 5, ""),
        (firm(20)[0], firm(3)[1], "310115", "", ""),
        (f" {firm(21)[0].lower()}", "小写（虚构）", "220102", "", ""),
    ]
    return read(table(*rows, head=HEAD), shanghai)


@pytest.mark.parametrize(
    ("row", "cells"),
    [
        (14, {"code": uscc("310115", 91_000)}),
        (14, {"code": uscc("310115", 91_000), "staff_total": "100"}),
        (14, {"code": uscc("310115", 90_004)}),
        (16, {"name": firm(2)[1]}),
        (16, {"code": uscc("310115", 91_001)}),
        (3, {"code": uscc("310115", 91_002)}),
        (2, {"code": "1"}),
        (17, {"staff_total": "6"}),
        (18, {"name": "另名（虚构）"}),
        (4, {"name": "另名（虚构）"}),
        (19, {"division": ""}),
        (19, {"county": "浦东新区", "division": ""}),
        (13, {"name": "旧名称（虚构）", "industry": ""}),
        (5, {"industry": "36", "link": "moulding"}),
    ],
)
def test_a_corrected_row_stands_as_if_the_whole_file_were_read_again(odd, shanghai, row, cells):
    correct(odd, row, cells, shanghai)
    stands = standing(odd)
    assert standing(again(odd, shanghai)) == stands
    assert sum(odd.counts.values()) == odd.rows


def test_corrections_one_after_another_keep_standing(odd, shanghai):
    for number, cells in [
        (14, {"code": uscc("310115", 91_000)}),
        (14, {"staff_total": "7"}),
        (16, {"name": firm(2)[1]}),
    ]:
        correct(odd, number, cells, shanghai)
    stands = standing(odd)
    assert odd.corrections == {"14": {"code": uscc("310115", 91_000), "staff_total": "7"}, "16": {"name": firm(2)[1]}}
    assert standing(again(odd, shanghai)) == stands


def test_rows_that_the_correction_touches_are_judged_too(odd, shanghai):
    assert SheetRow.objects.get(sheet_import=odd, number=3).outcome == "rejected"
    changed = correct(odd, 16, {"name": firm(2)[1]}, shanghai)
    assert [row.number for row in changed] == [16, 3]
    assert SheetRow.objects.get(sheet_import=odd, number=3).outcome == "created"


def test_what_was_corrected_is_imported(shanghai):
    made = read(table(firm(1), ("12", "短码（虚构）", "310115")), shanghai)
    code = uscc("310115", 91_000)
    correct(made, 3, {"code": code}, shanghai)
    assert made.counts == {"created": 2, "updated": 0, "unchanged": 0, "rejected": 0} and made.fault_counts == {}
    services.confirm(made, by=shanghai)
    work()
    assert Enterprise.objects.get(uscc=code).name == "短码（虚构）"
    entry = AuditEntry.objects.about(made).get(verb="corrected")
    assert entry.before == {"cells": ["12"]} and entry.after == {"cells": [code]} and "row 3" in entry.note


def test_the_returned_workbook_carries_the_correction_and_comes_back_as_it_is(shanghai):
    bad = ("12", "短码（虚构）", "310115")
    made = read(table(*[firm(n) for n in range(1, 12)], bad), shanghai)
    code = uscc("310115", 91_000)
    correct(made, 13, {"code": code, "link": "moulding"}, shanghai)
    content = workbooks.returned(made)
    rows = load_workbook(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert rows[12][1] == code and "moulding" in rows[12] and rows[0][-1] != ""
    back = read(content, shanghai)
    assert back.unknown_columns == [] and back.counts == {"created": 12, "updated": 0, "unchanged": 0, "rejected": 0}


def test_a_returned_workbook_corrected_by_hand_is_accepted(shanghai):
    bad = ("12", "短码（虚构）", "310115")
    made = read(table(*[firm(n) for n in range(1, 12)], bad), shanghai)
    rows = load_workbook(io.BytesIO(workbooks.returned(made))).get_sheet_by_index(0).to_python()
    assert rows[12][0].startswith("rejected")
    rows[12][1] = uscc("310115", 91_000)
    back = read(xlsx(rows), shanghai)
    assert back.unknown_columns == [] and back.counts["created"] == 12 and back.counts["rejected"] == 0


@pytest.mark.parametrize(
    ("row", "cells", "code"),
    [
        (2, {"colour": "red"}, "unknown_column"),
        (2, {"name": "长" * 2001}, "too_long"),
        (2, {"code": "", "name": "", "division": ""}, "row_empty"),
        (99, {"name": "x"}, "no_such_row"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_changes(shanghai, row, cells, code):
    made = read(table(firm(1)), shanghai)
    with pytest.raises(DomainError) as refusal:
        correcting.correct_row(made, row, cells, by=shanghai)
    assert refusal.value.errors[0].code == code
    made.refresh_from_db()
    assert made.corrections == {}


def test_only_who_may_finish_the_import_corrects_it_and_only_in_the_preview(shanghai, ministry):
    made = read(table(firm(1)), shanghai)
    with pytest.raises(NotAllowed):
        correcting.correct_row(made, 2, {"name": "x"}, by=ministry)
    services.confirm(made, by=shanghai)
    with pytest.raises(WrongState):
        correcting.correct_row(made, 2, {"name": "x"}, by=shanghai)


def test_the_api_corrects_a_row(api, shanghai, jilin, make):
    made = read(table(firm(1), ("12", "短码（虚构）", "310115")), shanghai)
    where, sent = f"/api/v1/imports/{made.pk}/rows/3/", {"cells": {"code": uscc("310115", 91_000)}}
    fault = api(shanghai).get(where).json()["faults"][0]
    assert fault["code"] == "code_length" and fault["remedy"]
    assert api(jilin).patch(where, sent, format="json").status_code == 404
    assert api(make.user("310000", duties=["view"])).patch(where, sent, format="json").status_code == 403
    answer = api(shanghai).patch(where, sent, format="json").json()
    assert (answer["row"], answer["outcome"], answer["faults"]) == (3, "created", [])
    wrong = api(shanghai).patch(where, {"cells": {"colour": "red"}}, format="json")
    assert wrong.status_code == 400 and wrong.json()["errors"][0]["pointer"] == "/cells/colour"
    assert api(shanghai).patch(where, {"cells": {}}, format="json").status_code == 400


def test_a_row_swaps_itself_with_the_figures_around_it(page, shanghai):
    made = read(table(firm(1), ("12", "短码（虚构）", "310115")), shanghai)
    client, where = page(shanghai), f"/imports/{made.pk}/rows/3/"
    shown = client.get(f"/imports/{made.pk}/").content.decode()
    assert 'name="cell-code" value="12"' in shown and "Write all 18 characters" in shown
    answer = client.post(where, {"cell-code": uscc("310115", 91_000)}, headers={"HX-Request": "true"})
    told = answer.content.decode()
    assert told.startswith('<tr id="row-3"') and "Import 2 rows" in told and "hx-swap-oob" in told
    assert client.post(where, {"cell-code": firm(1)[0]}, headers={"HX-Request": "true"})["HX-Refresh"] == "true"


def test_without_script_a_row_has_a_page(page, shanghai):
    made = read(table(firm(1), ("12", "短码（虚构）", "310115")), shanghai)
    client, where = page(shanghai), f"/imports/{made.pk}/rows/3/"
    for language in ("en", "zh-hans"):
        assert 'name="cell-link"' in client.get(where, headers={"Accept-Language": language}).content.decode()
    assert client.get(f"/imports/{made.pk}/rows/99/").status_code == 404
    sent = {"cell-code": uscc("310115", 91_000), "back": "outcome=rejected"}
    assert client.post(where, sent).url == f"/imports/{made.pk}/?outcome=rejected#row-3"


def test_the_filters_name_numbers_that_sum_to_the_rows(page, odd, shanghai):
    shown = page(shanghai).get(f"/imports/{odd.pk}/").content.decode()
    assert f"All {odd.rows}" in shown and sum(odd.counts.values()) == odd.rows
    faulty = odd.lines.filter(has_faults=True).count()
    assert f"With faults: {faulty}" in shown and f"Without faults: {odd.rows - faulty}" in shown
    none = page(shanghai).get(f"/imports/{odd.pk}/?fault=none").context["page_obj"].paginator.count
    assert none == odd.rows - faulty
