"""Enterprises from the workbooks that officials have: what is taken, what is said, and a repeat changes nothing."""

import threading
from collections import Counter
from pathlib import Path

import pytest
from django.db import connection

from enterprises.models import Enterprise
from enterprises.register.services import EditConflict, change_enterprise
from tests.enterprises.register import lookalike
from tests.sheets.workbooks import csv, firm, imported, read, table, upload, work, xlsx
from whitelist.audit.models import AuditEntry
from whitelist.sheets import services
from whitelist.sheets.models import SheetImport, SheetRow

SHANDONG = Path(__file__).resolve().parents[4] / "shared/data/enterprises_shandong_uscc_raw.xlsx"
pytestmark = pytest.mark.django_db


@pytest.fixture
def shandong(make):
    return make.user("370000", username="shandong")


def faults(made):
    return Counter(fault["code"] for line in made.lines.all() for fault in line.faults)


def fault(made, number):
    return SheetRow.objects.get(sheet_import=made, number=number).faults


def test_a_compiled_list_is_taken_as_it_is(shandong):
    made = imported(lookalike.workbook(), shandong)
    assert (made.state, made.rows) == ("done", 600 + 80 + 40 + 4)
    # one letter O, and two rows of one code with two names
    assert made.counts == {"created": 600 + 80 + 2 - 1, "updated": 0, "unchanged": 40, "rejected": 3}
    assert set(made.mapping) == {"code", "name", "prefecture", "county", "industry"}
    assert [column["header"] for column in made.unknown_columns] == ["序号", "实施时限"]
    assert made.notes["unknown_word"] == {"industry": 137}
    found = faults(made)
    assert (found["uscc_charset"], found["uscc_check_digit"], found["contradicts_row"]) == (1, 1, 2)
    assert found["duplicate_row"] == 40 and found["division_zone"] > 0 and found["division_renamed"] > 0
    kept = Enterprise.objects.get(registration_no="370000NA000001X")
    assert kept.name == "示例903厂（虚构）"


def test_the_second_import_changes_nothing(shandong):
    imported(lookalike.workbook(), shandong)
    before = list(Enterprise.objects.order_by("pk").values())
    entries = AuditEntry.objects.filter(verb="imported").count()
    again = imported(lookalike.workbook(), shandong)
    assert (again.counts["created"], again.counts["updated"]) == (0, 0)
    assert list(Enterprise.objects.order_by("pk").values()) == before
    assert AuditEntry.objects.filter(verb="imported").count() == entries


@pytest.mark.skipif(not SHANDONG.exists(), reason="the compiled list lies beside the checkout only where it may")
def test_the_list_of_shandong_imports_as_it_is_and_again_without_a_change(shandong):
    content = SHANDONG.read_bytes()
    made = imported(content, shandong)
    assert made.state == "done" and made.rows == 4810 == sum(made.counts.values())
    keys = [line.cells["code"] for line in made.lines.all()]
    assert Counter(map(len, keys)) == {18: 4280, 15: 530}
    assert not any(len(line.cells["code"]) == 15 for line in made.lines.filter(outcome="rejected"))
    found = faults(made)
    assert found["uscc_charset"] + found["uscc_check_digit"] == 5 and found["duplicate_row"] > 1000
    assert {n for (n,) in made.lines.filter(faults__contains=[{"code": "uscc_charset"}]).values_list("number")} == {
        2418,
        3243,
    }
    assert "“O”" in fault(made, 3243)[0]["detail"]
    distinct = len({key for key in keys if len(key) == 15})
    assert Enterprise.objects.exclude(registration_no=None).count() == distinct
    assert Enterprise.objects.count() == made.counts["created"]
    again = imported(content, shandong)
    assert (again.counts["created"], again.counts["updated"]) == (0, 0)
    assert again.counts["rejected"] == made.counts["rejected"]


def test_only_what_the_file_says_is_changed_and_blank_changes_nothing(make, shanghai):
    stored = make.enterprise("310115", name="旧（虚构）", size="large", staff_total=10, tags=["leading"])
    head = ["统一社会信用代码", "企业名称", "规模", "职工人数"]
    made = imported(xlsx([head, [stored.uscc, "", "中型企业", 12]]), shanghai)
    stored.refresh_from_db()
    assert (stored.name, stored.size, stored.staff_total, stored.tags) == ("旧（虚构）", "medium", 12, ["leading"])
    assert (stored.version, made.counts["updated"]) == (2, 1)


def test_every_written_row_has_one_entry_with_before_and_after(make, shanghai):
    stored = make.enterprise("310115", name="旧（虚构）")
    imported(table((stored.uscc, "新（虚构）", "310115"), firm(1)), shanghai)
    changed = AuditEntry.objects.about(stored).get()
    assert (changed.verb, changed.actor, changed.place) == ("imported", shanghai, "310115")
    assert changed.before == {"version": 1, "name": "旧（虚构）"} and changed.after == {
        "version": 2,
        "name": "新（虚构）",
    }
    added = AuditEntry.objects.about(Enterprise.objects.get(uscc=firm(1)[0])).get()
    assert added.before == {} and added.after["division"] == "310115" and "search" not in added.after


def test_an_editor_is_told_what_an_import_changed_meanwhile_and_no_more(make, shanghai):
    stored = make.enterprise("310115", name="旧（虚构）", staff_total=10)
    head = ["统一社会信用代码", "企业名称", "职工人数"]
    imported(xlsx([head, [stored.uscc, "", 12]]), shanghai)
    with pytest.raises(EditConflict) as refusal:
        change_enterprise(stored, version=1, by=shanghai, staff_total=10, chain="food", field="strategic")
    assert [each.name for each in refusal.value.differences] == ["staff_total"]
    change_enterprise(stored, version=2, by=shanghai, chain="food")
    with pytest.raises(EditConflict) as refusal:
        change_enterprise(stored, version=1, by=shanghai, link="模具")
    assert {each.name: each.is_touched for each in refusal.value.differences} == {"staff_total": False, "chain": False}


def test_imported_enterprises_are_found_by_name_pinyin_and_code(make, shanghai):
    stored = make.enterprise("310115", name="旧（虚构）", former_names=["更旧（虚构）"])
    imported(table((firm(1)[0], "浦江轴承（虚构）", "310115"), (stored.uscc, "临港电池（虚构）", "310115")), shanghai)
    for text in ("轴承", "pjzc", firm(1)[0][3:9]):
        assert Enterprise.objects.matching(text).filter(name="浦江轴承（虚构）").exists()
    assert Enterprise.objects.matching("更旧").get().name == Enterprise.objects.matching("lgdc").get().name


def test_a_row_of_another_province_is_left_out_and_said(shanghai):
    outside = ("失踪（虚构）", "220102")
    made = read(table(*[firm(n) for n in range(1, 11)], (firm(11, "220102")[0], *outside)), shanghai)
    assert made.counts["rejected"] == 1 and fault(made, 12)[0]["code"] == "outside_division"


def test_a_code_of_another_province_is_refused_without_saying_whose_it_is(make, shanghai):
    theirs = make.enterprise("220102", name="吉林企业（虚构）")
    made = read(table((theirs.uscc, "抢注（虚构）", "310115")), shanghai)
    told = fault(made, 2)[0]
    assert told["code"] == "outside_division" and "吉林" not in told["detail"]


def test_the_ministry_imports_for_any_province(ministry):
    made = imported(table(firm(1, "310115"), firm(2, "220102")), ministry)
    assert made.counts["created"] == 2


def test_divisions_by_name_code_and_path(ministry):
    head = ["统一社会信用代码", "企业名称", "所在地"]
    said = {"上海市浦东新区": "310115", "山东省潍坊市安丘市": "370784", "220102": "220102", "Shandong": "370000"}
    made = imported(
        xlsx([head, *[[firm(n)[0], f"企业{n}（虚构）", place] for n, place in enumerate(said, 1)]]), ministry
    )
    stored = dict(Enterprise.objects.values_list("name", "division_id"))
    assert made.counts["created"] == 4
    assert [stored[f"企业{n}（虚构）"] for n in range(1, 5)] == list(said.values())


def test_naming_only_the_prefecture_does_not_forget_the_county(make, shandong):
    stored = make.enterprise("370784", name="安丘（虚构）")
    head = ["统一社会信用代码", "企业名称", "所属地市", "所属区县"]
    made = read(xlsx([head, [stored.uscc, "安丘（虚构）", "潍坊市", ""]]), shandong)
    assert made.counts["unchanged"] == 1


def test_what_only_a_repeat_says_is_taken_over_into_the_first_row(shanghai):
    head = ["统一社会信用代码", "企业名称", "行政区划", "职工人数"]
    made = imported(xlsx([head, [*firm(1), ""], [*firm(1), 42]]), shanghai)
    assert made.counts == {"created": 1, "updated": 0, "unchanged": 1, "rejected": 0}
    assert Enterprise.objects.get().staff_total == 42 and "row 2" in fault(made, 3)[0]["detail"]


def test_the_same_name_under_another_code_is_shown_but_taken(make, shanghai):
    stored = make.enterprise("310115", name="同名（虚构）")
    made = imported(table((firm(1)[0], "同名（虚构）", "310115")), shanghai)
    told = fault(made, 2)[0]
    assert told["code"] == "same_name" and stored.uscc in told["detail"] and made.counts["created"] == 1


def test_too_many_wrong_check_digits_refuse_the_whole_file(shanghai):
    bad = [(lookalike.wrong_end(firm(n)[0]), f"错{n}（虚构）", "310115") for n in range(1, 4)]
    made = read(table(*bad, *[firm(n) for n in range(4, 20)]), shanghai)
    assert (made.state, made.refusal_code) == ("refused", "too_many_bad_codes")
    assert "16 of 19" in made.refusal


def test_a_text_table_in_gb18030_with_semicolons_is_read(shanghai):
    content = csv([("统一社会信用代码", "企业名称", "行政区划"), firm(1)], delimiter=";", end="\r", encoding="gb18030")
    made = imported(content, shanghai, name="名单.txt")
    assert made.reading | {"format": "csv", "encoding": "GB18030", "delimiter": ";"} == made.reading
    assert made.counts["created"] == 1


def test_sentences_are_in_the_language_of_the_uploader(shanghai):
    made = read(table(firm(1)), shanghai, language="zh-hans")
    assert made.language == "zh-hans"


def test_what_breaks_midway_leaves_nothing_and_the_repeat_completes(shanghai, monkeypatch):
    """A worker that dies rolls its transaction back; the outbox then runs the job again."""
    from enterprises.register.sheet import EnterpriseSheet
    from whitelist.delivery.models import OutboxEvent

    class Killed(BaseException):
        pass

    def die(self, sheet_import, *, by):
        insert(self, sheet_import, by=by)
        assert Enterprise.objects.count() == 2
        raise Killed

    insert = EnterpriseSheet.insert
    made = services.confirm(read(table(firm(1), firm(2)), shanghai), by=shanghai)
    with monkeypatch.context() as patch:
        patch.setattr(EnterpriseSheet, "insert", die)
        with pytest.raises(Killed):
            work()
    made.refresh_from_db()
    assert (made.state, Enterprise.objects.count()) == ("confirming", 0)
    assert not AuditEntry.objects.filter(verb="imported").exists()
    OutboxEvent.objects.waiting().update(next_at=made.created_at)
    work()
    made.refresh_from_db()
    assert (made.state, Enterprise.objects.count()) == ("done", 2)


def test_a_fault_of_ours_is_told_and_writes_nothing(shanghai, monkeypatch):
    from enterprises.register.sheet import EnterpriseSheet

    def break_down(self, sheet_import, *, by):
        raise ZeroDivisionError

    made = services.confirm(read(table(firm(1)), shanghai), by=shanghai)
    monkeypatch.setattr(EnterpriseSheet, "record", break_down)
    work()
    made.refresh_from_db()
    assert made.state == "failed" and "Nothing was imported" in made.refusal and not Enterprise.objects.exists()


def test_a_row_that_changed_while_the_worker_waited_is_looked_at_again(make, shanghai):
    stored = make.enterprise("310115", name="旧（虚构）")
    made = services.confirm(read(table((stored.uscc, "新（虚构）", "310115")), shanghai), by=shanghai)
    Enterprise.objects.filter(pk=stored.pk).update(name="别人改的（虚构）", version=2)
    work()
    made.refresh_from_db()
    stored.refresh_from_db()
    assert (made.state, stored.name) == ("preview", "别人改的（虚构）")
    assert "Nothing was imported yet" in made.refusal
    assert made.lines.get().changes == {"name": ["别人改的（虚构）", "新（虚构）"]}


def test_two_imports_of_overlapping_files_at_once_lose_nothing(committed):
    make = committed
    by = make.user("310000")
    first = [firm(n) for n in range(1, 301)]
    second = [firm(n) for n in range(151, 451)]
    made = [services.upload(upload(table(*rows)), kind="enterprises", by=by) for rows in (first, reversed(second))]
    work()
    for each in made:
        services.confirm(SheetImport.objects.get(pk=each.pk), by=by)

    def work_alone():
        try:
            work()
        finally:
            connection.close()

    threads = [threading.Thread(target=work_alone) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    work()
    states = sorted(SheetImport.objects.values_list("state", flat=True))
    assert states == ["done", "preview"], "the second one sees that its ground has moved and asks again"
    left = SheetImport.objects.get(state="preview")
    assert left.counts == {"created": 150, "updated": 0, "unchanged": 150, "rejected": 0}
    services.confirm(left, by=by)
    work()
    assert Enterprise.objects.count() == 450
    assert AuditEntry.objects.filter(verb="imported").count() == 450
