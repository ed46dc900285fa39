"""On English pages a known unit has an English name; what people entered in their own words stays."""

import pytest
from django.utils import translation

from alerts.board.demonstration.vocabulary import KINDS, MATERIALS
from enterprises.register.words import unit_said


@pytest.mark.parametrize(
    ("unit", "said"),
    [
        ("吨", "t"), ("件", "pieces"), ("千克", "kg"), ("千只", "thousand pieces"), ("千人份", "thousand tests"),
        ("pieces", "pieces"), ("标准箱", "标准箱"), ("千奇百怪", "千奇百怪"), ("", ""),
    ],
)  # fmt: skip
def test_a_known_unit_is_said_in_english(unit, said):
    assert unit_said(unit) == said
    with translation.override("zh-hans"):
        assert unit_said(unit) == unit


def test_every_unit_of_the_demonstration_has_an_english_name():
    units = {each.unit for each in [*MATERIALS, *KINDS]}
    assert {unit for unit in units if not unit_said(unit).isascii()} == set()


def test_pages_say_the_unit_in_the_language_of_the_reader(make, page, shanghai):
    make.material("steel", unit="吨")
    make.material("odd", unit="标准箱")
    firm = make.enterprise(normal_output=12, output_unit="千只")
    client = page(shanghai)
    materials = client.get("/materials/").content.decode()
    assert ">t</td>" in materials and ">标准箱</td>" in materials
    assert "12 thousand pieces" in client.get(f"/enterprises/{firm.code}/").content.decode()
    client.cookies["language"] = "zh-hans"
    assert ">吨</td>" in client.get("/materials/").content.decode()
    assert "12 千只" in client.get(f"/enterprises/{firm.code}/").content.decode()
