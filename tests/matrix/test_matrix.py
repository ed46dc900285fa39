"""Every operation is asked as every actor, and answers as the table says; an operation without a row fails."""

import os

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from alerts.warnings import services as warnings
from enterprises.models import AdjustmentProposal, BatchLine, Listing
from enterprises.recognition.services import except_enterprise
from enterprises.resumption.services import freeze_due
from enterprises.whitelists.closing.services import propose_closing
from enterprises.whitelists.nominations.services import nominate
from tests import builders
from tests.matrix.table import ACTORS, ROWS, rows
from whitelist.accounts.models import ApiToken
from whitelist.audit.models import AuditEntry
from whitelist.core.days import yesterday
from whitelist.delivery.models import Notification
from whitelist.delivery.services import notify
from whitelist.sheets.models import SheetImport

VERBS = ("get", "post", "put", "patch", "delete")


def operations(patterns=None):
    """Every (VERB, address name, converters) the product answers."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if not isinstance(pattern, URLPattern):
            yield from operations(pattern.url_patterns)
            continue
        view = pattern.callback
        cls = getattr(view, "cls", None) or getattr(view, "view_class", None)
        allowed = getattr(view, "actions", None) or [
            verb
            for verb in VERBS
            if hasattr(cls, verb)
            and verb in getattr(view, "view_initkwargs", {}).get("http_method_names", cls.http_method_names)
        ]
        for verb in allowed if cls else ["get"]:
            if verb in VERBS:
                yield verb.upper(), pattern.name, tuple(pattern.pattern.converters)


def test_every_operation_has_a_row_and_every_row_an_operation():
    have, wanted = set(rows()), {(verb, name) for verb, name, _arguments in operations()}
    if os.environ.get("DRAW"):
        return
    assert not wanted - have, f"no row for {sorted(wanted - have)}"
    assert not have - wanted, f"no such operation: {sorted(have - wanted)}"


@pytest.fixture
def world(db):
    """One of everything in Shanghai, and the nine actors."""
    make = builders.make
    firm = make.enterprise("310115", normal_output=100, output_value=10)
    other = make.enterprise("310115")
    actors = {
        "enterprise": make.clerk(firm),
        "other_enterprise": make.clerk(other),
        "province": make.user("310000"),
        "other_province": make.user("220000"),
        "prefecture": make.user("310100", office=make.office("310100")),
        "ministry": make.user("000000"),
        "checkpoint": make.user("310000", office=make.office("310000", "checkpoint"), duties=["view", "verify"]),
        "system": make.user("310000", is_system=True, duties=["view", "edit"]),
    }
    listing = make.listing(firm, since=None)
    batch = make.batch("submitted", on=listing.white_list, enterprises=[other])
    part = make.material()
    report = make.report(firm, stock=[(part, 100, 100)], by=actors["province"])
    freeze_due(yesterday())
    warnings.run(yesterday())
    sheet = SheetImport.objects.create(
        kind="enterprises", state="preview", file_name="x.xlsx", file_hash="0" * 64, file_size=1,
        office=actors["province"].office, uploaded_by=actors["province"], columns=["name"],
    )  # fmt: skip
    sheet.lines.create(number=sheet.pk, outcome="created", said=["x"])
    system = make.user("310000", is_system=True, duties=["view"])
    builders.token(system)
    link = make.supply_link(supplier=other, buyer=firm, material=part)
    notify([actors["enterprise"]], "Told", key="matrix")
    proposal = make.recognition(make.white_list("320000"), by="310000", accepted=False)
    left_out = except_enterprise(proposal, enterprise=firm, reason="matrix", by=actors["province"])
    ending = make.white_list("310000")
    closing = propose_closing(ending, ends_on=ending.ends_on, by=make.user("310000"))
    nomination = nominate(
        buyer=firm, supplier=other, contract_number="1", contract_on=yesterday(), why="matrix", undertaking=True,
        by=actors["province"],
    )  # fmt: skip
    adjustment = AdjustmentProposal.objects.create(
        white_list=listing.white_list, enterprise=firm, action="remove", ground="retired", first_day=yesterday(),
        last_day=yesterday(), evidence={"retired_on": None, "reason": "", "standing": "", "listed_since": None},
    )  # fmt: skip
    ids = {
        "enterprise": firm.pk, "batch": batch.pk, "line": BatchLine.objects.get(batch=batch).pk, "import": sheet.pk,
        "list": listing.white_list_id, "link": link.pk, "warning": firm.warnings.get().pk, "user": system.pk,
        "token": ApiToken.objects.get(user=system).pk, "listing": Listing.objects.get().pk, "report": report.pk,
        "entry": AuditEntry.objects.about(report).first().pk, "notice": Notification.objects.get(key="matrix").pk,
        "office": actors["province"].office_id, "recognition": proposal.pk, "exception": left_out.pk,
        "nomination": nomination.pk, "adjustment": adjustment.pk,
        "closing": closing.pk,
    }  # fmt: skip
    return actors, firm, ids


def address(name, arguments, firm, ids):
    """The address of Shanghai's object for a name: which object follows from the name's first noun."""
    nouns = {
        "white-list": "list", "batch-add": "list", "batch": "batch", "import": "import", "supply-link": "link",
        "warning": "warning", "user": "user", "token": "token", "token-add": "user", "enterprise": "enterprise",
        "audit": "entry", "notification": "notice", "notice": "notice", "office": "office",
        "recognition": "recognition", "nomination": "nomination", "adjustment": "adjustment",
        "closing": "closing",
    }  # fmt: skip
    bare = name.removeprefix("api-")
    noun = next((key for key in sorted(nouns, key=len, reverse=True) if bare.startswith(key)), None)
    values = {}
    for argument in arguments:
        if argument == "code":
            values[argument] = "310000" if bare.startswith("division") else firm.code
        elif argument == "day":
            values[argument] = yesterday()
        elif argument == "number":
            values[argument] = ids["import"]
        elif argument == "exception":
            values[argument] = ids["exception"]
        elif argument in ("line", "line_pk", "line_id"):
            values[argument] = ids["line"]
        else:
            values[argument] = ids[nouns[noun]]
    return reverse(name, kwargs=values)


def ask(actor, actors, verb, where):
    """The status for one actor; what the step did is undone."""
    client = Client(raise_request_exception=False)
    is_api = where.startswith("/api/")
    headers = {"If-Match": "*"}
    if actor != "anonymous":
        user = actors[actor]
        if is_api:
            headers["Authorization"] = f"Bearer {builders.token(user)}"
        else:
            client.force_login(user, backend="whitelist.accounts.backend.PasswordBackend")
    kind = {"content_type": "application/json", "data": "{}"} if is_api and verb not in ("GET", "DELETE") else {}
    call = getattr(client, verb.lower())
    point = transaction.savepoint()
    try:
        return call(where, headers=headers, **kind).status_code
    finally:
        transaction.savepoint_rollback(point)


def test_the_matrix(world):
    actors, firm, ids = world
    table, wrong, drawn = rows() if ROWS.exists() else {}, [], []
    for verb, name, arguments in sorted(
        operations(), key=lambda each: (each[1].removeprefix("api-"), each[1], each[0])
    ):
        where = address(name, arguments, firm, ids)
        found = [ask(actor, actors, verb, where) for actor in ACTORS]
        drawn.append(f"{verb} {name} | {' '.join(map(str, found))}")
        assert max(found) < 500, f"{verb} {where}: {found}"
        for actor, expected, status in zip(ACTORS, table.get((verb, name), found), found, strict=True):
            if expected != status:
                wrong.append(f"{verb} {where} as {actor}: {status}, the table says {expected}")
    if os.environ.get("DRAW"):
        ROWS.write_text("\n".join(["# operation | " + " ".join(ACTORS), *drawn]) + "\n", encoding="utf-8")
    assert not wrong, "\n".join(wrong)
