"""What goes out of the register comes back by the import, unchanged."""

import pytest
from django.utils import translation

from enterprises.register.exports import ENTERPRISE_COLUMNS, PLACES_IN_THREE
from enterprises.register.sheet import EnterpriseSheet
from whitelist.sheets.files import headers


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_import_knows_every_heading_of_the_export(language):
    with translation.override(language):
        titles = [str(heading) for heading, _of in ENTERPRISE_COLUMNS]
    columns = EnterpriseSheet.columns
    found = headers.find(columns, [titles])
    assert found.unknown == [] and set(found.places) == {column.key for column in columns} - PLACES_IN_THREE


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_cell_of_the_export_is_read_as_what_it_was(make, language):
    firm = make.enterprise(
        "310115", name="甲（虚构）", tags=["leading", "key_link"], size="large", ownership="private", staff_total=12,
        normal_output="1234.50", industry="3670", registered_division_id="310000", link="线束", electricity_baseline=7,
    )  # fmt: skip
    columns = [column for column in EnterpriseSheet.columns if column.key not in PLACES_IN_THREE]
    firm.refresh_from_db()
    with translation.override(language):
        cells = {column.key: of(firm) for column, (_heading, of) in zip(columns, ENTERPRISE_COLUMNS, strict=True)}
        read = {c.key: c.sort.read(str(cells[c.key])) for c in columns if cells[c.key] not in (None, "")}
    for name in ("chain", "field", "size", "ownership", "staff_total", "normal_output", "link", "tags"):
        stored = getattr(firm, name)
        assert read[name] == (str(stored) if name == "normal_output" else stored), name
    assert (read["division"], read["registered_division"], read["code"]) == ("310115", "310000", firm.code)
