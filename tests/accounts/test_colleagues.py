"""An enterprise's administrator adds and deactivates users of its own enterprise, and does nothing else to users."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from whitelist.accounts import services
from whitelist.accounts.models import Duty, User
from whitelist.audit.models import AuditEntry
from whitelist.core.errors import DomainError, NotAllowed

STRONG = "seven-lamps-burning"
NEW = {"username": "new", "name": "Hopeful (invented)", "email": "", "password": STRONG, "duties": ["view", "edit"]}
OWN = [Duty.VIEW, Duty.EDIT, Duty.ADMIN]


@pytest.fixture
def firm(make):
    return make.enterprise()


@pytest.fixture
def admin(make, firm):
    return make.clerk(firm, duties=OWN)


@pytest.fixture
def colleague(make, firm):
    return make.clerk(firm)


@pytest.fixture
def stranger(make):
    return make.clerk()


def change(client, user, **fields):
    typed = {"name": user.name or "x", "email": user.email, "duties": user.duties, "is_active": "on"} | fields
    return client.post(f"/users/{user.pk}/", {name: value for name, value in typed.items() if value is not None})


def test_it_sees_the_users_of_its_own_enterprise_alone(admin, colleague, stranger, shanghai, ministry, page):
    client = page(admin)
    assert set(client.get("/users/").context["object_list"]) == {admin, colleague}
    for other in (stranger, shanghai, ministry):
        assert client.get(f"/users/{other.pk}/").status_code == 404
        assert change(client, other, is_active=None).status_code == 404


def test_it_finds_its_users_from_every_page(admin, colleague, page):
    link = 'href="/users/"'
    assert link in page(admin).get("/notices/").content.decode()
    assert link not in page(colleague).get("/notices/").content.decode()


def test_a_colleague_without_the_duty_manages_nobody(admin, colleague, page):
    client = page(colleague)
    assert [client.get(address).status_code for address in ("/users/", "/users/add/")] == [403, 403]
    assert client.get(f"/users/{admin.pk}/").status_code == 403
    assert change(client, admin, is_active=None).status_code == 403


def test_an_added_person_belongs_to_the_enterprise_and_first_chooses_a_password(admin, firm, page):
    answer = page(admin).post("/users/add/", NEW)
    made = User.objects.for_request().get(username="new")
    assert answer["Location"] == f"/users/{made.pk}/"
    assert (made.office, made.enterprise_id, made.duties, made.is_system) == (None, firm.pk, ["view", "edit"], False)
    client = Client()
    client.post("/sign-in/", {"username": "new", "password": STRONG})
    assert client.get("/notices/")["Location"] == "/me/password/"


def test_an_addition_is_seen_by_the_office_of_the_enterprise_s_division(admin, firm, shanghai, page):
    page(admin).post("/users/add/", NEW)
    entry = AuditEntry.objects.visible_to(shanghai).get(verb="added")
    assert (entry.actor, entry.place, entry.after["enterprise"]) == (admin, firm.division_id, str(firm))
    assert STRONG not in str(entry.after)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"password": ""}, "password"),
        ({"password": "short"}, "password"),
        ({"username": ""}, "username"),
        ({"username": "two words"}, "username"),
        ({"name": ""}, "name"),
        ({"email": "nowhere"}, "email"),
        ({"duties": ["approve"]}, "duties"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(admin, page, fields, field):
    answer = page(admin).post("/users/add/", NEW | fields)
    assert answer.status_code == 400 and answer.context["form"].errors[field]
    assert not User.objects.filter(username="new").exists()


def test_it_is_no_way_into_an_office_nor_to_a_system(admin, shanghai, page):
    page(admin).post("/users/add/", NEW | {"office": shanghai.office_id, "kind": "system"})
    made = User.objects.for_request().get(username="new")
    assert (made.office, made.is_system, made.enterprise_id) == (None, False, admin.enterprise_id)
    for wrong in ({"office": shanghai.office}, {"is_system": True}):
        with pytest.raises(NotAllowed):
            services.add_user(username="x", name="x", duties=[], by=admin, password=STRONG, **wrong)


def test_an_office_adds_nobody_to_no_office(shanghai):
    with pytest.raises(NotAllowed):
        services.add_user(username="x", name="x", duties=[], by=shanghai, password=STRONG)


def test_it_gives_no_duty_that_it_does_not_hold(admin):
    with pytest.raises(DomainError, match="approve"):
        services.add_user(username="x", name="x", duties=["approve"], by=admin, password=STRONG)


def test_a_deactivated_colleague_is_out_at_once_and_can_come_back(admin, colleague, page):
    session = Client()
    session.post("/sign-in/", {"username": colleague.username, "password": "a-long-password"})
    assert session.get("/notices/").status_code == 200
    assert change(page(admin), colleague, is_active=None).status_code == 302
    assert session.get("/notices/").status_code == 302
    entry = AuditEntry.objects.about(colleague).get()
    assert (entry.verb, entry.before["is_active"], entry.after["is_active"]) == ("changed", True, False)
    assert entry.place == colleague.clerk.enterprise.division_id
    assert change(page(admin), colleague).status_code == 302
    colleague.refresh_from_db()
    assert colleague.is_active


def test_it_changes_neither_itself_nor_strangers(admin, stranger, shanghai, page):
    assert change(page(admin), admin, is_active=None).status_code == 403
    for other in (stranger, shanghai, admin):
        with pytest.raises(NotAllowed):
            services.change_user(other, by=admin, name="x", email="", duties=[], is_active=False)


def test_passwords_and_tokens_are_not_its_matter(make, firm, admin, colleague, page):
    machine = make.clerk(firm)
    User.objects.filter(pk=machine.pk).update(is_system=True)
    machine = User.objects.for_request().get(pk=machine.pk)
    token = services.make_token(machine, name="stock system", by=None)[0]
    client = page(admin)
    for address in (
        f"/users/{colleague.pk}/password/",
        f"/users/{machine.pk}/tokens/add/",
        f"/tokens/{token.pk}/revoke/",
    ):
        assert client.get(address).status_code in (403, 404)
        assert client.post(address, {"password": STRONG}).status_code in (403, 404)
    text = client.get(f"/users/{colleague.pk}/").content.decode()
    assert "Set a new password" not in text and "Without the tick" in text
    refused = (
        lambda: services.set_password(colleague, by=admin, password=STRONG),
        lambda: services.make_token(machine, name="x", by=admin),
        lambda: services.revoke_token(token, by=admin),
    )
    for attempt in refused:
        with pytest.raises(NotAllowed):
            attempt()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_renders_in_both_languages(admin, colleague, page, language):
    client = page(admin)
    client.cookies["language"] = language
    for address in ("/users/", "/users/?q=zzz", "/users/add/", f"/users/{colleague.pk}/", f"/users/{admin.pk}/"):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert f'<html lang="{language}">' in answer.content.decode()


def test_the_list_asks_as_often_for_40_colleagues_as_for_2(admin, firm, make, page):
    counts, client = [], page(admin)
    for number in (1, 38):
        for _ in range(number):
            make.clerk(firm)
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/users/").status_code == 200
        counts.append(sum(query["sql"].startswith("SELECT") for query in asked))
    assert counts[0] == counts[1] <= 8
