"""Lines of a draft from a workbook: by code or exact name, by the rules of a line put by hand."""

import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import load_workbook

from enterprises.models import Batch, BatchLine, Enterprise
from enterprises.whitelists import services as lists
from tests.builders import uscc
from tests.sheets.workbooks import upload, work, xlsx
from whitelist.audit.models import AuditEntry
from whitelist.core.errors import DomainError, NotAllowed, WrongState
from whitelist.sheets import kinds, services
from whitelist.sheets.files import workbooks
from whitelist.sheets.models import SheetImport, SheetRow

HEAD = ["变更类型", "统一社会信用代码", "企业名称", "产业链", "领域", "原因", "备注"]
pytestmark = pytest.mark.django_db


def sent(rows, batch, by, head=HEAD):
    return services.upload(upload(xlsx([head, *rows])), kind="batch-lines", target={"batch": batch.pk}, by=by)


def read(rows, batch, by, head=HEAD):
    made = sent(rows, batch, by, head)
    work()
    return SheetImport.objects.get(pk=made.pk)


def imported(rows, batch, by, head=HEAD):
    made = services.confirm(read(rows, batch, by, head), by=by)
    work()
    return SheetImport.objects.get(pk=made.pk)


def faults(made, number):
    return [(each["column"], each["code"]) for each in SheetRow.objects.get(sheet_import=made, number=number).faults]


def row(action="新增", of=None, reason="关键环节", note="", chain="", field="", name=""):
    return [action, of.code if of else "", name, chain, field, reason, note]


@pytest.fixture
def batch(make, editor):
    return make.batch("draft", on=make.white_list(), editor=editor, enterprises=[])


def test_lines_are_added_removed_and_amended_by_code_and_by_name(make, editor, batch):
    listed, leaving = (make.listing(make.enterprise(), on=batch.white_list).enterprise for _n in range(2))
    new = make.enterprise(name="临港电池（虚构）", chain="automobiles", field="strategic")
    rows = [
        row(of=None, name="临港电池(虚构)", note="沪经信〔2022〕1号"),
        row("移出", leaving, "注销"),
        row("调整", listed, "更正产业链", chain="食品"),
    ]
    made = imported(rows, batch, editor)
    assert (made.state, made.counts["created"]) == ("done", 3), list(made.lines.values_list("faults"))
    stored = {line.enterprise: line for line in batch.lines.select_related("enterprise")}
    line = stored[new]
    assert (line.action, line.reason, line.chain, line.field, line.note, line.edited_by) == (
        *("add", "key_link", "automobiles", "strategic"),
        *("沪经信〔2022〕1号", editor),
    )
    assert (stored[leaving].action, stored[leaving].reason) == ("remove", "retired")
    assert (stored[listed].action, stored[listed].chain) == ("amend", "food")
    entry = AuditEntry.objects.about(batch).filter(verb="lines put").latest("pk")
    assert entry.after["count"] == 3 and entry.note == "名单.xlsx"


def test_the_same_file_again_changes_nothing(make, editor, batch):
    rows = [row(of=make.enterprise()), row(of=make.enterprise(), note="据")]
    imported(rows, batch, editor)
    before, version = list(BatchLine.objects.values()), Batch.objects.get().version
    again = imported(rows, batch, editor)
    assert again.state == "done" and again.counts == {"created": 0, "updated": 0, "unchanged": 2, "rejected": 0}
    assert (list(BatchLine.objects.values()), Batch.objects.get().version) == (before, version)


def test_blank_cells_leave_a_line_as_it_is(make, editor, batch):
    firm = make.enterprise(chain="food")
    imported([row(of=firm, note="旧据", chain="汽车")], batch, editor)
    made = imported([row(of=firm, reason="", note="新据")], batch, editor)
    line = batch.lines.get()
    assert made.counts["updated"] == 1 and made.lines.get().changes == {"note": ["旧据", "新据"]}
    assert (line.reason, line.chain, line.note) == ("key_link", "automobiles", "新据")


def test_every_fault_stands_at_its_cell(make, editor, batch):
    listed = make.listing(make.enterprise(), on=batch.white_list).enterprise
    gone = make.enterprise(status="retired", retired_reason="closed", retired_on="2022-01-01")
    far = make.enterprise("220102")
    twins = [make.enterprise(name="同名厂（虚构）") for _n in range(2)]
    rows = [
        row(of=listed),
        row("移出", make.enterprise(), "注销"),
        row("调整", make.enterprise(), "更正产业链"),
        row(of=gone),
        row(of=far),
        row(name="同名厂（虚构）"),
        row(name="没有这家（虚构）"),
        row(),
        row(of=make.enterprise(), reason=""),
        row("搬走", make.enterprise()),
        row(of=make.enterprise(), reason="无名的理由"),
        [*row()[:1], uscc("310115", 77_777), *row()[2:]],
        row(of=make.enterprise(), chain="不存在"),
    ]
    made = read(rows, batch, editor)
    assert made.counts == {"created": 0, "updated": 0, "unchanged": 0, "rejected": 13}
    assert faults(made, 2) == [("变更类型", "already_listed")]
    assert faults(made, 3) == faults(made, 4) == [("变更类型", "not_listed")]
    assert faults(made, 5) == [("统一社会信用代码", "not_active")]
    assert faults(made, 6) == [("统一社会信用代码", "outside_division")]
    assert faults(made, 7) == [("企业名称", "ambiguous_enterprise")]
    told = SheetRow.objects.get(sheet_import=made, number=7).faults[0]["detail"]
    assert all(each.uscc in told for each in twins)
    assert faults(made, 8) == [("企业名称", "unknown_enterprise")]
    assert faults(made, 9) == [("统一社会信用代码", "enterprise_required")]
    assert faults(made, 10) == [("原因", "reason_required")]
    assert faults(made, 11) == [("变更类型", "unknown_choice")]
    assert faults(made, 12) == [("原因", "unknown_choice")]
    assert faults(made, 13) == [("统一社会信用代码", "unknown_enterprise")]
    assert faults(made, 14) == [("产业链", "unknown_choice")]


def test_another_open_batch_and_an_idle_amendment_are_remarked_upon_but_taken(make, editor, batch):
    firm = make.enterprise()
    make.batch("draft", on=batch.white_list, editor=editor, enterprises=[firm])
    same = make.listing(make.enterprise(), on=batch.white_list).enterprise
    made = read([row(of=firm), row("调整", same, "更正产业链")], batch, editor)
    assert made.counts["created"] == 2
    assert faults(made, 2) == [("变更类型", "in_other_batch")] and faults(made, 3) == [("变更类型", "amends_nothing")]


def test_rows_without_an_action_ask_for_nothing(make, editor, batch):
    made = imported([row("", make.enterprise()), row(of=make.enterprise())], batch, editor)
    assert made.counts == {"created": 1, "updated": 0, "unchanged": 1, "rejected": 0}
    assert faults(made, 2) == [("变更类型", "no_action")] and batch.lines.count() == 1


def test_one_enterprise_with_two_wishes_is_refused_twice(make, editor, batch):
    firm = make.enterprise()
    made = read([row(of=firm, note="甲"), row(of=firm, note="乙"), row(of=make.enterprise())], batch, editor)
    assert made.counts["rejected"] == 2 and faults(made, 2) == [("统一社会信用代码", "contradicts_row")]


def test_a_batch_that_left_draft_takes_nothing_and_says_why(make, editor, batch):
    made = read([row(of=make.enterprise())], batch, editor)
    lists.put_lines(batch, [{"enterprise": make.enterprise(), "action": "add", "reason": "other"}], by=editor)
    lists.submit_batch(batch, by=editor)
    with pytest.raises(WrongState, match="Only a draft can be edited; this batch is submitted"):
        services.confirm(made, by=editor)
    assert batch.lines.count() == 1


def test_a_batch_that_leaves_draft_while_the_worker_waits_ends_the_import_with_the_reason(make, editor, batch):
    lists.put_lines(batch, [{"enterprise": make.enterprise(), "action": "add", "reason": "other"}], by=editor)
    made = services.confirm(read([row(of=make.enterprise())], batch, editor), by=editor)
    lists.submit_batch(batch, by=editor)
    work()
    made.refresh_from_db()
    assert (made.state, made.refusal_code, batch.lines.count()) == ("refused", "not_a_draft", 1)
    assert "this batch is submitted" in made.refusal


def test_a_line_that_somebody_changed_meanwhile_is_shown_again(make, editor, batch):
    firm = make.enterprise()
    made = services.confirm(read([row(of=firm, note="我的")], batch, editor), by=editor)
    wish = {"enterprise": firm, "action": "add", "reason": "other", "note": "别人的"}
    lists.put_lines(batch, [wish], by=make.user("310000"))
    work()
    made.refresh_from_db()
    assert (made.state, batch.lines.get().note) == ("preview", "别人的")
    assert made.lines.get().changes["note"] == ["别人的", "我的"]


def test_who_uploaded_is_an_author_as_well_as_who_confirmed(make, editor, batch):
    uploader = make.user("310000")
    made = services.confirm(read([row(of=make.enterprise())], batch, uploader), by=editor)
    work()
    made.refresh_from_db()
    assert made.state == "done" and Batch.objects.get(pk=batch.pk).author_ids == {uploader.pk, editor.pk}


def test_only_the_lists_own_office_imports_into_a_draft(make, editor, batch, jilin):
    rows = [row(of=make.enterprise())]
    with pytest.raises(DomainError, match="You see no such batch"):
        sent(rows, batch, jilin)
    with pytest.raises(NotAllowed):
        sent(rows, batch, make.user("000000"))
    with pytest.raises(NotAllowed):
        sent(rows, batch, make.user("310000", duties=["view"]))
    for target in (None, {}, {"batch": "x"}, {"batch": 10**30}, {"batch": None}, [1], "a"):
        with pytest.raises(DomainError, match="which draft"):
            services.upload(upload(xlsx([HEAD, *rows])), kind="batch-lines", target=target, by=editor)


def test_the_draft_leads_to_the_upload_and_the_import_back_to_the_draft(page, make, editor, batch):
    client = page(editor)
    where = f"/imports/new/?kind=batch-lines&amp;batch={batch.pk}"
    assert where in client.get(f"/batches/{batch.pk}/").content.decode()
    where = where.replace("&amp;", "&")
    shown = client.get(where).content.decode()
    assert batch.title in shown and f"/batches/{batch.pk}/" in shown and "变更类型" in shown
    answer = client.post(where, {"kind": "batch-lines", "file": upload(xlsx([HEAD, row(of=make.enterprise())]))})
    made = SheetImport.objects.get()
    assert answer.url == f"/imports/{made.pk}/" and made.target == {"batch": batch.pk}
    work()
    for language in ("en", "zh-hans"):
        shown = client.get(answer.url, headers={"Accept-Language": language}).content.decode()
        assert f"/batches/{batch.pk}/" in shown
    client.post(f"{answer.url}confirm/")
    work()
    assert "See the batch" in client.get(answer.url, headers={"Accept-Language": "en"}).content.decode()


def test_the_upload_page_knows_only_drafts_that_one_may_write_in(page, make, editor, batch, jilin):
    where = f"/imports/new/?kind=batch-lines&batch={batch.pk}"
    assert page(jilin).get(where).status_code == 404
    assert page(make.user("000000")).get(where).status_code == 403
    assert page(editor).get("/imports/new/?kind=batch-lines&batch=0").status_code == 404
    assert 'value="batch-lines"' not in page(editor).get("/imports/new/?kind=batch-lines").content.decode()
    submitted = make.batch("submitted", on=batch.white_list, editor=editor)
    assert page(editor).get(f"/imports/new/?kind=batch-lines&batch={submitted.pk}").status_code == 409


def test_the_api_takes_the_batch_as_target(api, make, editor, batch):
    body = {"file": upload(xlsx([HEAD, row(of=make.enterprise())])), "kind": "batch-lines"}
    client = api(editor)
    answer = client.post("/api/v1/imports/", body | {"target": f'{{"batch": {batch.pk}}}'}, format="multipart")
    assert answer.status_code == 202 and answer.json()["target"] == {"batch": batch.pk}
    body["file"] = upload(xlsx([HEAD, row(of=make.enterprise())]))
    refused = client.post("/api/v1/imports/", body, format="multipart")
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, "/target")


def exported(page, by, where):
    answer = page(by).get(where)
    content = answer.getvalue() if hasattr(answer, "getvalue") else answer.content
    return load_workbook(io.BytesIO(content)).get_sheet_by_index(1).to_python()


def test_exported_lines_come_back_unchanged_and_three_edits_are_three_updates(page, make, editor, batch):
    imported([row(of=make.enterprise(), note=f"据{n}") for n in range(6)], batch, editor)
    table = exported(page, editor, f"/batches/{batch.pk}/?export=xlsx&columns=import")
    made = read(table[1:], batch, editor, table[0])
    assert made.counts["unchanged"] == 6 and not made.unknown_columns
    for number in (1, 3, 5):
        table[number][table[0].index("Note, evidence")] = "改"
    assert imported(table[1:], batch, editor, table[0]).counts["updated"] == 3


def test_a_lists_content_comes_back_with_the_rows_that_were_marked(page, make, editor, batch):
    firms = [make.listing(make.enterprise(), on=batch.white_list).enterprise for _n in range(3)]
    table = exported(page, editor, f"/lists/{batch.white_list_id}/?export=xlsx&columns=import")
    assert read(table[1:], batch, editor, table[0]).counts["unchanged"] == 3
    table[2][table[0].index("Action")], table[2][table[0].index("Reason")] = "移出", "停业"
    made = imported(table[1:], batch, editor, table[0])
    assert (made.counts["created"], made.counts["unchanged"]) == (1, 2)
    assert batch.lines.get().action == "remove" and batch.lines.get().enterprise in firms


def test_the_template_is_read_back(editor, batch):
    content = workbooks.template(kinds.get("batch-lines"))
    made = services.upload(upload(content), kind="batch-lines", target={"batch": batch.pk}, by=editor)
    work()
    made.refresh_from_db()
    assert made.refusal_code == "no_rows"


def test_as_many_queries_for_two_thousand_rows_as_for_twenty(make, editor, batch):
    def queries(count, start):
        firms = [
            Enterprise(uscc=uscc("310115", start + n), name=f"企{start + n}（虚构）", division_id="310115")
            for n in range(count)
        ]
        Enterprise.objects.bulk_create(firms)
        rows = [row(of=each if n % 2 else None, name=each.name) for n, each in enumerate(firms)]
        up = sent(rows, batch, editor)
        with CaptureQueriesContext(connection) as read_with:
            services.parse(up.pk)
        services.confirm(SheetImport.objects.get(pk=up.pk), by=editor)
        with CaptureQueriesContext(connection) as wrote_with:
            services.write(up.pk)
        done = SheetImport.objects.get(pk=up.pk)
        assert (done.state, done.counts["created"]) == ("done", count)
        return len(read_with), len(wrote_with)

    queries(3, 50_000)
    assert queries(20, 60_000) == queries(2000, 70_000)
