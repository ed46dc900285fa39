"""Systems sign in with tokens: shown once, kept as a hash, narrowed to duties, ended at once."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from rest_framework.test import APIClient

from whitelist.accounts import services
from whitelist.accounts.models import ApiToken, Duty, User
from whitelist.audit.models import AuditEntry
from whitelist.core.errors import DomainError, NotAllowed, WrongState


@pytest.fixture
def machine(make, shanghai):
    return make.user(username="machine", is_system=True, responsible=shanghai, duties=[Duty.VIEW, Duty.EDIT])


def call(secret, address="/api/v1/me/"):
    return APIClient().get(address, headers={"Authorization": f"Bearer {secret}"})


def make_by_page(client, machine, **fields):
    typed = {"name": "Nightly import", "days": "90", "duties": ["view"]} | fields
    return client.post(f"/users/{machine.pk}/tokens/add/", typed)


def test_the_secret_is_shown_exactly_once(shanghai, machine, page):
    client = page(shanghai)
    answer = make_by_page(client, machine)
    secret = answer.context["secret"]
    assert secret.startswith("wl_") and secret in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    detail = client.get(f"/users/{machine.pk}/").content.decode()
    assert secret not in detail and secret[:10] in detail
    assert secret not in str(list(ApiToken.objects.values())) + str(list(AuditEntry.objects.values()))
    assert call(secret).status_code == 200


def test_a_token_narrows_the_duties_of_its_system(shanghai, machine, page):
    secret = make_by_page(page(shanghai), machine, duties=["view"]).context["secret"]
    assert call(secret).data["duties"] == ["view"]


def test_duties_taken_from_the_system_are_gone_from_its_tokens(shanghai, machine):
    _token, secret = services.make_token(machine, name="x", by=shanghai)
    services.change_user(machine, by=shanghai, name="x", email="", duties=["edit"], is_active=True)
    assert call(secret).data["duties"] == ["edit"]


def test_using_a_narrowed_token_changes_nothing_about_the_user(shanghai, machine):
    _token, secret = services.make_token(machine, name="x", by=shanghai, duties=["view"])
    call(secret)
    machine.refresh_from_db()
    assert machine.duties == ["view", "edit"]


def test_use_is_remembered_to_the_minute(shanghai, machine):
    token, secret = services.make_token(machine, name="x", by=shanghai)
    call(secret)
    token.refresh_from_db()
    first = token.last_used_at
    assert first
    call(secret)
    token.refresh_from_db()
    assert token.last_used_at == first


@pytest.mark.parametrize("state", ["expired", "revoked", "inactive", "unknown"])
def test_a_token_that_is_no_good_is_401(shanghai, machine, state):
    token, secret = services.make_token(machine, name="x", by=shanghai)
    if state == "expired":
        ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif state == "revoked":
        services.revoke_token(token, by=shanghai)
    elif state == "inactive":
        services.change_user(machine, by=shanghai, name="x", email="", duties=machine.duties, is_active=False)
    else:
        secret = "wl_unknown"
    answer = call(secret)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == "Bearer"
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "authentication_failed"


@pytest.mark.parametrize("header", ["Bearer", "Bearer a b", "Bearer \xff", "bearer wl_x"])
def test_a_header_that_cannot_be_read_is_401(db, header):
    answer = APIClient().get("/api/v1/me/", HTTP_AUTHORIZATION=header)
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")


def test_without_any_header_it_is_401(db):
    answer = APIClient().get("/api/v1/me/")
    assert (answer.status_code, answer["WWW-Authenticate"], answer.json()["code"]) == (
        401,
        "Bearer",
        "not_authenticated",
    )


def test_revoking_by_the_page_works_at_once_and_only_once(shanghai, machine, page):
    token, secret = services.make_token(machine, name="x", by=shanghai)
    services.make_token(machine, name="y", by=shanghai)
    assert (
        "1 other token of this system goes on working"
        in page(shanghai).get(f"/tokens/{token.pk}/revoke/").content.decode()
    )
    assert call(secret).status_code == 200
    answer = page(shanghai).post(f"/tokens/{token.pk}/revoke/", follow=True)
    assert "is refused from now on" in answer.content.decode()
    assert call(secret).status_code == 401
    assert "was revoked before" in page(shanghai).post(f"/tokens/{token.pk}/revoke/", follow=True).content.decode()
    with pytest.raises(WrongState):
        services.revoke_token(token, by=shanghai)
    assert AuditEntry.objects.filter(verb="token revoked").count() == 1


def test_tokens_of_others_do_not_exist(shanghai, machine, jilin, page, make):
    token, _secret = services.make_token(machine, name="x", by=shanghai)
    assert page(jilin).post(f"/tokens/{token.pk}/revoke/").status_code == 404
    assert page(jilin).get(f"/users/{machine.pk}/tokens/add/").status_code == 404
    assert page(make.user(duties=[Duty.VIEW])).post(f"/tokens/{token.pk}/revoke/").status_code == 403


def test_persons_get_no_tokens_by_the_page(shanghai, make, page):
    person = make.user()
    assert page(shanghai).get(f"/users/{person.pk}/tokens/add/").status_code == 404
    with pytest.raises(NotAllowed):
        services.make_token(person, name="x", by=shanghai)


def test_nobody_makes_a_token_with_a_duty_that_he_does_not_hold(make, machine):
    admin = make.user(duties=[Duty.VIEW, Duty.ADMIN])
    with pytest.raises(DomainError, match="edit"):
        services.make_token(machine, name="x", by=admin)
    assert services.make_token(machine, name="x", by=admin, duties=["view"])


@pytest.mark.parametrize(
    ("fields", "field"), [({"name": ""}, "name"), ({"days": "9999"}, "days"), ({"duties": ["approve"]}, "duties")]
)
def test_what_is_wrong_with_a_token_stands_beside_its_field(shanghai, machine, page, fields, field):
    answer = make_by_page(page(shanghai), machine, **fields)
    assert answer.status_code == 400 and field in answer.context["form"].errors
    assert not ApiToken.objects.exists()


def test_a_token_lasts_at_most_two_years(shanghai, machine):
    for days in (0, -1, 731):
        with pytest.raises(DomainError):
            services.make_token(machine, name="x", by=shanghai, days=days)


def test_a_system_that_is_not_active_gets_no_token(shanghai, machine, page):
    services.change_user(machine, by=shanghai, name="x", email="", duties=[], is_active=False)
    assert make_by_page(page(shanghai), User.objects.get(pk=machine.pk), duties=[]).status_code == 409


def test_the_command_prints_a_secret_that_works(shanghai, capsys):
    call_command("issue_token", "shanghai", days=7)
    secret = capsys.readouterr().out.strip()
    assert call(secret).data["username"] == "shanghai"
    with pytest.raises(CommandError):
        call_command("issue_token", "nobody")


def test_a_session_reads_the_api_too_and_writes_only_with_its_csrf_token(shanghai):
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(shanghai, backend="whitelist.accounts.backend.PasswordBackend")
    assert client.get("/api/v1/me/").data["username"] == "shanghai"
    assert client.post("/api/v1/notifications/read/", {}).status_code == 403
