"""Users are looked after by administrators of their office or one above; nobody gives what he does not hold."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from whitelist.accounts import services
from whitelist.accounts.models import Duty, User
from whitelist.audit.models import AuditEntry
from whitelist.core.errors import DomainError, NotAllowed

STRONG = "seven-lamps-burning"
NEW = {
    "kind": "person",
    "username": "new",
    "name": "Hopeful (invented)",
    "email": "",
    "password": STRONG,
    "duties": ["view"],
}


def last_entry():
    return AuditEntry.objects.order_by("pk").last()


def add(client, of, **fields):
    return client.post("/users/add/", NEW | {"office": of.pk} | fields)


def change(client, user, **fields):
    typed = {"name": user.name or "x", "email": user.email, "duties": user.duties, "is_active": "on"} | fields
    return client.post(f"/users/{user.pk}/", {name: value for name, value in typed.items() if value is not None})


# Who sees whom


def test_an_administrator_sees_the_own_office_and_those_below(shanghai, jilin, changchun, ministry, page):
    def seen(user):
        return {row.username for row in page(user).get("/users/").context["object_list"]}

    assert seen(shanghai) == {"shanghai"}
    assert seen(jilin) == {"jilin", "changchun"}
    assert seen(ministry) == {"shanghai", "jilin", "changchun", "ministry"}


def test_the_clock_is_nobody_s_colleague(ministry, page):
    clock = User.objects.system()
    assert page(ministry).get("/users/").context["object_list"].count() == 1
    assert page(ministry).get(f"/users/{clock.pk}/").status_code == 404


def test_without_the_duty_the_pages_are_403(make, page):
    client = page(make.user(duties=[Duty.VIEW]))
    for address in ("/users/", "/users/add/", "/users/?export=csv"):
        assert client.get(address).status_code == 403


def test_outside_the_scope_a_user_does_not_exist(shanghai, jilin, changchun, page):
    for other in (jilin, changchun):
        for address in ("", "password/", "tokens/add/"):
            assert page(shanghai).get(f"/users/{other.pk}/{address}").status_code == 404
        assert change(page(shanghai), other).status_code == 404
    assert page(changchun).get(f"/users/{jilin.pk}/").status_code == 404
    assert page(shanghai).get("/users/999999/").status_code == 404


def test_a_user_outside_is_404_even_for_those_without_the_duty(make, jilin, page):
    assert page(make.user(duties=[Duty.VIEW])).get(f"/users/{jilin.pk}/").status_code == 404


def test_a_checkpoint_s_administrator_is_told_whom_to_ask(make, page):
    client = page(make.user(office=make.office("310000", "checkpoint"), duties=[Duty.VIEW, Duty.ADMIN]))
    assert (
        "The users of a checkpoint are added by the office of its division." in client.get("/users/").content.decode()
    )
    assert client.get("/users/add/").status_code == 403


def test_the_ministry_sees_the_users_of_enterprises_with_their_enterprise(make, ministry, page):
    clerk = make.clerk()
    assert clerk.clerk.enterprise.name in page(ministry).get("/users/").content.decode()
    assert page(ministry).get(f"/users/{clerk.pk}/").status_code == 200


# The list


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=lamp", {"lamplighter"}),
        ("q=NIGHT", {"lamplighter"}),
        ("duty=approve", {"shanghai"}),
        ("duty=view&active=no", {"lamplighter"}),
        ("active=yes", {"shanghai", "machine"}),
        ("kind=system", {"machine"}),
        ("q=nobody", set()),
    ],
)
def test_the_list_is_searched_and_filtered(shanghai, make, page, query, found):
    make.user(username="lamplighter", name="Night watch (invented)", duties=[Duty.VIEW], is_active=False)
    make.user(username="machine", is_system=True, duties=[Duty.EDIT])
    rows = page(shanghai).get(f"/users/?{query}").context["object_list"]
    assert {row.username for row in rows} == found


def test_the_list_is_filtered_by_offices_of_the_scope_only(jilin, changchun, shanghai, page):
    found = page(jilin).get(f"/users/?office={changchun.office_id}").context["object_list"]
    assert [row.username for row in found] == ["changchun"]
    answer = page(jilin).get(f"/users/?office={shanghai.office_id}")
    assert not answer.context["object_list"] and answer.context["filter"].errors["office"]


@pytest.mark.parametrize("sort", ["username", "-username", "name", "office", "-last_login"])
def test_the_list_is_sorted_with_no_row_lost(shanghai, make, page, sort):
    for _ in range(60):
        make.user()
    client, seen = page(shanghai), []
    for number in (1, 2):
        seen += [row.pk for row in client.get(f"/users/?sort={sort}&page={number}").context["object_list"]]
    assert len(seen) == len(set(seen)) == 61


def test_what_is_shown_is_exported(shanghai, make, page):
    make.user(username="lamplighter", name="=HYPERLINK(1)", duties=[Duty.VIEW])
    answer = page(shanghai).get("/users/?q=lamp&export=csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert text.splitlines()[1].startswith("lamplighter,'=HYPERLINK(1),")
    assert len(text.splitlines()) == 2
    book = page(shanghai).get("/users/?export=xlsx")
    assert book["Content-Type"].startswith("application/vnd.openxml") and book.getvalue()


def test_the_list_asks_as_often_for_40_users_as_for_2(ministry, make, page):
    counts, client = [], page(ministry)
    for number in (1, 19):
        for _ in range(number):
            make.user()
            make.clerk()
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/users/").status_code == 200
        counts.append(sum(query["sql"].startswith("SELECT") for query in asked))
    assert counts[0] == counts[1] <= 8


# Adding


def test_an_added_person_signs_in_and_first_chooses_a_password_of_her_own(shanghai, page):
    answer = add(page(shanghai), shanghai.office)
    made = User.objects.get(username="new")
    assert answer["Location"] == f"/users/{made.pk}/"
    assert (made.office, made.duties, made.is_system) == (shanghai.office, ["view"], False)
    client = Client()
    client.post("/sign-in/", {"username": "new", "password": STRONG})
    assert client.get("/notices/")["Location"] == "/me/password/"
    refused = client.get("/api/v1/me/")
    assert (refused.status_code, refused.json()["code"]) == (403, "password_due")
    again = {"old_password": STRONG, "new_password": STRONG, "again": STRONG}
    assert client.post("/me/password/", again).status_code == 400
    own = "a-horse-of-my-own"
    assert client.post("/me/password/", again | {"new_password": own, "again": own})["Location"] == "/"
    assert client.get("/notices/").status_code == 200


def test_an_added_system_has_no_password_and_somebody_responsible(shanghai, page):
    add(page(shanghai), shanghai.office, kind="system", password="")
    made = User.objects.get(username="new")
    assert made.is_system and not made.has_usable_password() and made.responsible == shanghai


def test_an_addition_is_recorded_without_the_password(shanghai, page):
    add(page(shanghai), shanghai.office)
    entry = last_entry()
    assert (entry.verb, entry.actor, entry.place) == ("added", shanghai, "310000")
    assert entry.after["username"] == "new"
    assert STRONG not in str(entry.after) and "pbkdf2" not in str(entry.after)


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"password": ""}, "password", "A person needs a first password."),
        ({"password": "short"}, "password", "too short"),
        ({"password": "1234567890123"}, "password", "entirely numeric"),
        ({"password": "password1234"}, "password", "too common"),
        ({"username": "newcomer", "password": "newcomer-22"}, "password", "too similar to the user name"),
        ({"username": "SHANGHAI"}, "username", "taken"),
        ({"username": "two words"}, "username", "valid username"),
        ({"username": ""}, "username", "required"),
        ({"email": "nowhere"}, "email", "valid email"),
        ({"office": ""}, "office", "required"),
        ({"duties": ["fly"]}, "duties", "fly"),
        ({"kind": "ghost"}, "kind", "ghost"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(shanghai, page, fields, field, sentence):
    answer = add(page(shanghai), shanghai.office, **fields)
    assert answer.status_code == 400
    assert sentence in str(answer.context["form"].errors[field])
    assert answer.context["form"]["name"].value() == NEW["name"]
    assert not User.objects.filter(username="new").exists()


def test_an_office_outside_the_scope_is_no_choice(shanghai, jilin, page):
    answer = add(page(shanghai), jilin.office)
    assert answer.status_code == 400 and "office" in answer.context["form"].errors


def test_the_service_refuses_a_foreign_office_too(shanghai, jilin):
    with pytest.raises(NotAllowed):
        services.add_user(username="x", name="x", office=jilin.office, duties=[], by=shanghai, password=STRONG)


def test_nobody_gives_a_duty_that_he_does_not_hold(make, page):
    admin = make.user(duties=[Duty.VIEW, Duty.ADMIN])
    assert add(page(admin), admin.office, duties=["approve"]).status_code == 400
    with pytest.raises(DomainError, match="approve"):
        services.add_user(username="x", name="x", office=admin.office, duties=["approve"], by=admin, password=STRONG)
    assert add(page(admin), admin.office, duties=["view", "admin"]).status_code == 302


def test_an_administrator_of_the_ministry_gives_any_duty(make, page, shanghai):
    admin = make.user("000000", duties=[Duty.VIEW, Duty.ADMIN])
    assert add(page(admin), shanghai.office, duties=["approve", "issue"]).status_code == 302


# Changing


def test_a_change_is_recorded_with_before_and_after(jilin, changchun, page):
    change(page(jilin), changchun, name="Renamed (invented)", duties=["view"])
    entry = last_entry()
    assert (entry.verb, entry.before["duties"], entry.after["duties"]) == ("changed", changchun.duties, ["view"])
    assert entry.place == "220100"


def test_saving_without_a_change_leaves_no_entry(jilin, changchun):
    words = {"name": changchun.name, "email": "", "duties": changchun.duties, "is_active": True}
    services.change_user(changchun, by=jilin, **words)
    assert not AuditEntry.objects.exists()


def test_nobody_changes_himself(shanghai, page):
    assert change(page(shanghai), shanghai, duties=["view"]).status_code == 403
    assert "Another administrator can." in page(shanghai).get(f"/users/{shanghai.pk}/").content.decode()


def test_nobody_changes_a_user_of_the_office_above(jilin, changchun):
    with pytest.raises(NotAllowed):
        services.change_user(jilin, by=changchun, name="x", email="", duties=[], is_active=False)


def test_a_duty_that_somebody_else_gave_may_stay(make):
    admin, colleague = make.user(duties=[Duty.VIEW, Duty.ADMIN]), make.user(duties=[Duty.APPROVE])
    services.change_user(colleague, by=admin, name="x", email="", duties=["approve", "view"], is_active=True)
    with pytest.raises(DomainError):
        services.change_user(colleague, by=admin, name="x", email="", duties=["approve", "edit"], is_active=True)


# Passwords


def test_changing_one_s_password_ends_the_other_sessions(shanghai, page):
    here, elsewhere = page(shanghai), Client()
    elsewhere.post("/sign-in/", {"username": "shanghai", "password": "a-long-password"})
    assert elsewhere.get("/notices/").status_code == 200
    typed = {"old_password": "a-long-password", "new_password": STRONG, "again": STRONG}
    assert here.post("/me/password/", typed).status_code == 302
    assert here.get("/notices/").status_code == 200
    assert elsewhere.get("/notices/").status_code == 302
    assert last_entry().verb == "password changed" and last_entry().after == {}


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"old_password": "wrong"}, "old_password"),
        ({"again": "another-one-entirely"}, "again"),
        ({"new_password": "short", "again": "short"}, "new_password"),
        ({"new_password": "a-long-password", "again": "a-long-password"}, "new_password"),
        ({"old_password": ""}, "old_password"),
    ],
)
def test_a_password_is_changed_only_with_the_present_one_and_for_a_better_one(shanghai, page, fields, field):
    typed = {"old_password": "a-long-password", "new_password": STRONG, "again": STRONG} | fields
    answer = page(shanghai).post("/me/password/", typed)
    assert answer.status_code == 400 and field in answer.context["form"].errors
    assert STRONG not in answer.content.decode()
    shanghai.refresh_from_db()
    assert shanghai.check_password("a-long-password")


def test_an_administrator_sets_a_password_for_one_sign_in(jilin, changchun, page):
    session = Client()
    session.post("/sign-in/", {"username": "changchun", "password": "a-long-password"})
    answer = page(jilin).post(f"/users/{changchun.pk}/password/", {"password": STRONG}, follow=True)
    assert "is signed out everywhere" in answer.content.decode()
    assert session.get("/notices/").status_code == 302
    session.post("/sign-in/", {"username": "changchun", "password": STRONG})
    assert session.get("/notices/")["Location"] == "/me/password/"
    assert last_entry().verb == "password set" and last_entry().actor == jilin


def test_whoever_lacks_a_duty_does_not_set_the_password_of_its_holder(make, page):
    """Otherwise he could sign in as that person and approve what he wrote himself."""
    admin, approver = make.user(duties=[Duty.VIEW, Duty.ADMIN]), make.user(duties=[Duty.APPROVE])
    answer = page(admin).post(f"/users/{approver.pk}/password/", {"password": STRONG})
    assert answer.status_code == 400
    assert "You do not hold these duties yourself" in answer.content.decode()
    approver.refresh_from_db()
    assert approver.check_password("a-long-password")


def test_nobody_sets_his_own_password_past_the_present_one(shanghai, page):
    assert page(shanghai).post(f"/users/{shanghai.pk}/password/", {"password": STRONG}).status_code == 403


def test_systems_have_no_password(shanghai, make, page):
    machine = make.user(is_system=True)
    assert page(shanghai).get(f"/users/{machine.pk}/password/").status_code == 404
    with pytest.raises(NotAllowed):
        services.set_password(machine, by=shanghai, password=STRONG)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_renders_in_both_languages(jilin, changchun, make, page, language):
    machine = make.user(is_system=True, responsible=jilin, office=jilin.office)
    client = page(jilin)
    client.cookies["language"] = language
    for address in (
        "/users/",
        "/users/?q=zzz",
        "/users/add/",
        f"/users/{changchun.pk}/",
        f"/users/{machine.pk}/",
        f"/users/{jilin.pk}/",
        f"/users/{changchun.pk}/password/",
        f"/users/{machine.pk}/tokens/add/",
        "/me/password/",
    ):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert f'<html lang="{language}">' in answer.content.decode()
