"""The search reads an index, not the table, from three characters on."""

import pytest
from django.db import connection

from enterprises.models import Enterprise
from tests.builders import uscc

SYLLABLES = "华虹浦东嘉定长春天津汽车电子材料装备食品医药精密光电半导体"


@pytest.fixture
def many(make):
    """Three thousand enterprises with names of ever other syllables, and the index as autovacuum leaves it."""
    rows = []
    for n in range(3000):
        name = "".join(SYLLABLES[(n * step + step) % len(SYLLABLES)] for step in (1, 3, 7, 11, 13)) + f"{n:04d}（虚构）"
        code = uscc("310115", n + 20_000)
        rows.append(Enterprise(uscc=code, name=name, division_id="310115" if n % 3 else "220101"))
    for row in rows:
        row.search = f"{row.name} {row.uscc}".lower()
    Enterprise.objects.bulk_create(rows)
    with connection.cursor() as cursor:
        cursor.execute("SELECT gin_clean_pending_list('enterprise_search')")
        cursor.execute("ANALYZE enterprises_enterprise")


@pytest.mark.parametrize("text", ["华长电", "x20123", "2123（"])
def test_three_characters_are_found_through_the_trigrams(make, many, shanghai, text):
    told = Enterprise.objects.visible_to(shanghai).matching(text).order_by().explain()
    assert "enterprise_search" in told, told


def test_an_enterprise_is_found_by_its_code_through_the_index_that_keeps_it_unique(make, many, shanghai):
    """No further index is kept for the codes; that of the registration number holds only the rows that have one."""
    mine = Enterprise.objects.visible_to(shanghai)
    for found, index in (
        (mine.coded(uscc("310115", 20_001)), "enterprise_uscc_once"),
        (mine.coded("310115000000001"), "enterprise_registration_no_once"),
        (mine.filter(registration_no__in=[f"{n:015}" for n in range(500)]), "enterprise_registration_no_once"),
        (Enterprise.objects.filter(division="310115", status="suspended"), "enterprise_by_division"),
        (Enterprise.objects.filter(division__code__startswith="2202"), "enterprise_by_division"),
        (Enterprise.objects.filter(merged_into=7), "enterprise_by_merger"),
    ):
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
        told = found.order_by().explain()
        assert index in told and "Seq Scan on enterprises_enterprise" not in told, told


def test_fewer_characters_still_find_everything(make, many, shanghai):
    found = Enterprise.objects.visible_to(shanghai).matching("虹")
    assert found.count() == sum("虹" in row.name for row in Enterprise.objects.visible_to(shanghai))
