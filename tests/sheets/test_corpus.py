"""Every broken and odd file of the corpus ends in a clear refusal or the preview it should have, never in a failure."""

import pytest

from tests.sheets.corpus import COLUMNS, IMPORTER, cases
from tests.sheets.workbooks import upload
from whitelist.core.errors import DomainError
from whitelist.sheets import services
from whitelist.sheets.models import SheetRow

HEADING_OF = {key: heading for heading, key in COLUMNS.items()}
# Two headings for one column: the importer takes the first and lists the other, it does not ask yet.
OPEN: set[str] = set()
pytestmark = pytest.mark.django_db


def hold(make, known):
    code = {"registration_no" if len(known.code) == 15 else "uscc": known.code}
    ended = {} if known.status == "active" else {"retired_reason": "closed", "retired_on": "2022-01-01"}
    fields = {"uscc": None, "staff_total": known.staff_total, "status": known.status, **code, **ended}
    make.enterprise(known.division, name=known.name, **fields)


@pytest.mark.parametrize("case", [case for case in cases() if case.name not in OPEN], ids=lambda case: case.name)
def test_what_becomes_of_it(case, make):
    for known in case.register:
        hold(make, known)
    by, expect = make.user(IMPORTER), case.expect
    try:
        made = services.upload(upload(case.make(), case.file_name), kind=case.kind, by=by)
    except DomainError as refusal:
        assert ("refused", expect.refusal) == (expect.state, refusal.code), str(refusal)
        return
    services.parse(made.pk)
    made.refresh_from_db()
    assert (made.state, made.refusal_code or None) == (expect.state, expect.refusal), made.refusal
    if expect.state != "preview":
        return
    counts = {name: getattr(expect, name) for name in made.counts}
    told = SheetRow.objects.of(made).filter(has_faults=True).values_list("number", "faults")
    found = {
        (number, HEADING_OF.get(fault["key"], fault["key"]), fault["code"], fault["severity"])
        for number, faults in told
        for fault in faults
    }
    assert made.counts == counts, found
    assert set(expect.faults) <= found
    assert not expect.exact or found == set(expect.faults)
    assert set(expect.unknown_columns) <= {column["header"] for column in made.unknown_columns}
