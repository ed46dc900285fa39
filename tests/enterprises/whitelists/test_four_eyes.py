"""Whoever wrote a batch does not approve it: not on a page, not over the API, not in an admin site, not in a shell."""

from importlib.util import find_spec

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.urls import URLPattern, get_resolver

from enterprises.models import Batch, BatchAuthor, BatchLine
from enterprises.whitelists import services
from tests.enterprises.whitelists.asking import step
from whitelist.core.days import today

FOUR_EYES = "Whoever wrote or submitted a batch does not approve it."


@pytest.fixture
def decided(submitted, approver):
    """All that is missing is the approval."""
    services.decide_lines(submitted, None, decision="accepted", by=approver)
    return submitted


@pytest.fixture(params=["who drafted", "who only wrote a line", "who submitted", "a system of the author"])
def author(request, make, editor, approver):
    """Each kind of hand that may be in a batch, with every duty there is."""
    other = make.user("310000", username="writer")
    batch = make.batch("draft", editor=other if request.param == "who only wrote a line" else editor)
    hand = editor
    if request.param == "who only wrote a line":
        services.put_lines(batch, [{"enterprise": make.enterprise(), "action": "add", "reason": "other"}], by=hand)
    submitter = other if request.param != "who submitted" else make.user("310000", username="submitter")
    services.submit_batch(batch, by=submitter)
    services.decide_lines(batch, None, decision="accepted", by=approver)
    if request.param == "who submitted":
        hand = submitter
    if request.param == "a system of the author":
        hand = make.user("310000", username="machine", is_system=True, responsible=editor)
    hand.batch = batch
    return hand


def violated(fault):
    return fault.value.__cause__.diag.constraint_name


def still_submitted(batch):
    return Batch.objects.get(pk=batch.pk).status == "submitted"


def test_not_on_the_page(page, author):
    client, address = page(author), f"/batches/{author.batch.pk}/"
    assert f"{address}approve/" not in client.get(address).content.decode()
    answer = client.post(f"{address}approve/", {"version": Batch.objects.get(pk=author.batch.pk).version})
    assert answer.status_code == 403 and still_submitted(author.batch)


def test_not_over_the_api(api, author):
    client = api(author)
    assert "approve" not in client.get(f"/api/v1/batches/{author.batch.pk}/").json()["steps"]
    answer = step(client, author.batch, "approve")
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed") and still_submitted(author.batch)


def names(patterns):
    for each in patterns:
        if isinstance(each, URLPattern):
            yield getattr(each.callback, "__module__", "")
        else:
            yield f"{each.app_name}"
            yield from names(each.url_patterns)


def test_not_in_an_admin_site_for_there_is_none(client, make, author):
    """No table is edited by hand; and an administrator who wrote the batch is an author like others, also as a row."""
    assert find_spec("django.contrib.admin") and not apps.is_installed("django.contrib.admin")
    assert not [name for name in names(get_resolver().url_patterns) if "admin" in name.split(".")]
    assert "admin" in author.duties
    client.force_login(author, backend="whitelist.accounts.backend.PasswordBackend")
    assert client.get("/admin/").status_code == client.get("/admin/enterprises/batch/").status_code == 404
    row = Batch.objects.get(pk=author.batch.pk)
    row.status, row.approved_by = "approved", author
    with pytest.raises(IntegrityError, match=FOUR_EYES) as fault, transaction.atomic():
        row.save()  # as an admin form would
    assert violated(fault) == "batch_four_eyes" and still_submitted(author.batch)


IN_A_SHELL = """
from enterprises.models import Batch
from whitelist.accounts.models import User
Batch.objects.filter(pk={batch}).update(status="approved", approved_by=User.objects.get(pk={hand}))
"""


def test_not_in_a_shell(author):
    with pytest.raises(IntegrityError, match=FOUR_EYES) as fault, transaction.atomic():
        call_command("shell", "--no-imports", command=IN_A_SHELL.format(batch=author.batch.pk, hand=author.pk))
    assert violated(fault) == "batch_four_eyes" and still_submitted(author.batch)


# The ways round it.


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE enterprises_batch SET status = 'approved', approved_by_id = %(hand)s WHERE id = %(batch)s",
        "UPDATE enterprises_batch SET status = 'approved', approved_by_id = NULL WHERE id = %(batch)s",
        "UPDATE enterprises_batch SET status = 'approved', approved_by_id = %(hand)s, drafted_by_id = %(other)s,"
        " submitted_by_id = %(other)s WHERE id = %(batch)s",
    ],
)
def test_not_in_plain_sql(author, approver, statement):
    named = {"batch": author.batch.pk, "hand": author.pk, "other": approver.pk}
    with pytest.raises(IntegrityError) as fault, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, named)
    assert violated(fault) == "batch_four_eyes" and still_submitted(author.batch)


def test_an_approval_is_not_signed_over_to_the_author(decided, editor, approver):
    services.approve_batch(decided, by=approver)
    with pytest.raises(IntegrityError) as fault, transaction.atomic():
        Batch.objects.filter(pk=decided.pk).update(approved_by=editor)
    assert violated(fault) == "batch_four_eyes"


def test_who_wrote_is_not_forgotten(decided):
    with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
        BatchAuthor.objects.filter(batch=decided).delete()
    with pytest.raises(ProgrammingError, match="Cannot update or delete"), transaction.atomic():
        BatchAuthor.objects.filter(batch=decided).update(person=None)


@pytest.mark.parametrize("status", ["submitted", "returned", "approved", "published", "withdrawn"])
def test_a_batch_begins_as_a_draft(make, editor, status):
    """Else it could be written into the table as approved."""
    white_list = make.white_list()
    whole = {"number": 1, "effective_on": today(), "approved_by": editor, "file_signature": "x"}
    with pytest.raises(IntegrityError) as fault, transaction.atomic():
        Batch.objects.create(white_list=white_list, title="Forged", drafted_by=editor, status=status, **whole)
    assert violated(fault) == "batch_legal_step"


@pytest.mark.parametrize("status", ["submitted", "approved", "published"])
def test_a_line_is_not_moved_out_of_what_was_submitted(make, editor, status):
    """Else what is published would be less than what was approved."""
    batch, draft = make.batch(status, editor=editor), make.batch("draft", enterprises=[], editor=editor)
    with pytest.raises(IntegrityError) as fault, transaction.atomic():
        BatchLine.objects.filter(batch=batch).update(batch=draft)
    assert violated(fault) == "batch_content_is_fixed"
