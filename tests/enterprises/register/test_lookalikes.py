"""Names that are nearly the same, side by side before a second entry is made of one enterprise."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from enterprises.register import lookalikes
from enterprises.register.lookalikes import core, is_one_letter_apart, near
from tests.sheets.workbooks import firm, read, table, work
from whitelist.sheets import services
from whitelist.sheets.previews import correcting

pytestmark = pytest.mark.django_db
HELD = "申城精密轴承股份有限公司（虚构）"


@pytest.mark.parametrize(
    "name",
    [
        "申城精密轴承有限公司（虚构）",
        "申城精密轴承股份有限公司(虚构)",
        "申城市精密轴承股份有限公司（虚构）",
        "申城精密轴乘股份有限公司（虚构）",
        "申城精密轴股份有限公司（虚构）",
        "申城精密大轴承股份有限公司（虚构）",
    ],
)
def test_another_spelling_is_found(make, shanghai, name):
    make.enterprise("310115", name=HELD)
    assert [twin["name"] for twin in near([name], by=shanghai)[name]] == [HELD]


@pytest.mark.parametrize("name", [HELD, "申城精密仪器股份有限公司（虚构）", "江城大型轴承股份有限公司（虚构）", "轴承"])
def test_others_are_not(make, shanghai, name):
    make.enterprise("310115", name=HELD)
    assert near([name], by=shanghai) == {}


def test_a_number_tells_sisters_apart():
    assert not is_one_letter_apart(core("申城第一轴承厂"), core("申城第二轴承厂"))
    assert not is_one_letter_apart("样例机械1厂", "样例机械12厂")
    assert is_one_letter_apart("样例机械厂", "样例机棫厂")


def test_former_names_and_the_retired_do_not_mislead_and_scope_holds(make, shanghai, jilin):
    make.enterprise("310115", name=HELD)
    name = "申城精密轴乘股份有限公司（虚构）"
    assert near([name], by=jilin) == {} and near([name], by=shanghai)


def test_a_new_row_stands_beside_the_enterprise_and_may_take_its_code(make, shanghai, page, api):
    held = make.enterprise("310115", name=HELD)
    made = read(table(firm(1, name="申城精密轴乘股份有限公司（虚构）"), firm(2)), shanghai)
    fault = api(shanghai).get(f"/api/v1/imports/{made.pk}/rows/2/").json()["faults"][0]
    assert fault["code"] == "near_name" and fault["severity"] == "warning"
    assert fault["twins"][0]["code"] == held.code and "310115" in fault["twins"][0]["place"]
    shown = page(shanghai).get(f"/imports/{made.pk}/").content.decode()
    assert "It is this one" in shown and held.code in shown
    correcting.correct_row(made, 2, {"code": held.code}, by=shanghai)
    made.refresh_from_db()
    assert made.counts["updated"] == 1 and "near_name" not in made.fault_counts
    services.confirm(made, by=shanghai)
    work()
    held.refresh_from_db()
    assert held.name == "申城精密轴乘股份有限公司（虚构）"


def test_a_file_of_too_many_new_names_says_what_was_not_compared(monkeypatch, make, shanghai, page):
    make.enterprise("310115", name=HELD)
    names = [f"申城精密轴{letter}股份有限公司（虚构）" for letter in "乘成城"]
    rows = [firm(number, name=name) for number, name in enumerate(names, start=1)]
    assert "core_only" not in read(table(*rows), shanghai).notes
    monkeypatch.setattr(lookalikes, "MOST_COMPARED", 2)
    made = read(table(*rows), shanghai)
    assert made.notes["core_only"] == {"name": 3} and "near_name" not in made.fault_counts
    assert "3 new names were compared" in page(shanghai).get(made.get_absolute_url()).content.decode()


def test_as_many_queries_for_many_names_as_for_few(make, shanghai):
    make.enterprise("310115", name=HELD)
    counts = set()
    near([HELD], by=shanghai)
    for letters in ("乘", "乘成城程诚"):
        with CaptureQueriesContext(connection) as caught:
            assert near([f"申城精密轴{letter}股份有限公司（虚构）" for letter in letters], by=shanghai)
        counts.add(len(caught))
    assert len(counts) == 1
