"""An office's administrator looks after the users of enterprises whose plant lies in its division."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from whitelist.accounts import policies, services
from whitelist.accounts.models import ApiToken, Duty, User
from whitelist.audit.models import AuditEntry
from whitelist.core.errors import DomainError, NotAllowed, WrongState

STRONG = "seven-lamps-burning"
CLERK = [Duty.VIEW, Duty.EDIT]


@pytest.fixture
def firm(make):
    return make.enterprise("310115")


@pytest.fixture
def clerk(make, firm):
    return make.clerk(firm)


@pytest.fixture
def pudong(make):
    return make.user("310115", username="pudong")


@pytest.fixture
def checkpoint(make):
    return make.user(office=make.office("310000", "checkpoint"), duties=[*CLERK, Duty.ADMIN])


def add(by, enterprise, **fields):
    told = {"username": "new", "name": "Hopeful (invented)", "duties": CLERK, "password": STRONG} | fields
    return services.add_user(enterprise=enterprise, by=by, **told)


def change(client, user, **fields):
    typed = {"name": user.name or "x", "email": user.email, "duties": user.duties, "is_active": "on"} | fields
    return client.post(f"/users/{user.pk}/", {name: value for name, value in typed.items() if value is not None})


# Who sees whom


def test_an_office_sees_the_users_of_its_division_s_enterprises(
    clerk, shanghai, pudong, ministry, jilin, changchun, checkpoint
):
    seeing = {user for user in (shanghai, pudong, ministry) if clerk in User.objects.visible_to(user)}
    assert seeing == {shanghai, pudong, ministry}
    for other in (jilin, changchun, checkpoint):
        assert clerk not in User.objects.visible_to(other)


def test_the_place_of_the_plant_decides_and_not_that_of_the_registration(make, shanghai, jilin):
    clerk = make.clerk(make.enterprise("220101", registered_division_id="310115"))
    assert clerk in User.objects.visible_to(jilin) and clerk not in User.objects.visible_to(shanghai)


def test_a_clerk_still_sees_colleagues_alone(make, firm, clerk, shanghai):
    colleague = make.clerk(firm)
    make.clerk()
    assert set(User.objects.visible_to(clerk)) == {clerk, colleague}


def test_a_clerk_stands_once_in_the_list_and_in_its_file(clerk, shanghai, page):
    client = page(shanghai)
    assert [row.username for row in client.get("/users/?sort=office").context["object_list"]] == [
        "shanghai",
        clerk.username,
    ]
    told = client.get("/users/").content.decode()
    assert "this office, those below and their enterprises" in told and clerk.clerk.enterprise.name in told
    text = b"".join(client.get(f"/users/?q={clerk.username}&export=csv").streaming_content).decode("utf-8-sig")
    assert text.count(clerk.username) == 1 and clerk.clerk.enterprise.name in text


def test_the_filter_by_office_leaves_clerks_out(clerk, shanghai, page):
    found = page(shanghai).get(f"/users/?office={shanghai.office_id}").context["object_list"]
    assert list(found) == [shanghai]


def test_the_list_asks_as_often_for_40_clerks_as_for_2(make, firm, shanghai, page):
    counts, client = [], page(shanghai)
    for number in (2, 38):
        for _ in range(number):
            make.clerk(firm)
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/users/").status_code == 200
        counts.append(sum(query["sql"].startswith("SELECT") for query in asked))
    assert counts[0] == counts[1] <= 8


# Who may


def test_administrators_above_the_plant_may_and_nobody_else(
    make, firm, clerk, shanghai, pudong, ministry, jilin, changchun, checkpoint
):
    own, viewer, asleep = make.clerk(firm, duties=[*CLERK, Duty.ADMIN]), make.user(duties=CLERK), make.user()
    asleep.is_active = False
    for user in (shanghai, pudong, ministry):
        assert policies.may_add_to(user, None, firm) and policies.may_administer_user(user, clerk)
        assert policies.may_set_password(user, clerk)
    for user in (jilin, changchun, checkpoint, viewer, asleep, clerk):
        assert not policies.may_add_to(user, None, firm) and not policies.may_administer_user(user, clerk)
        assert not policies.may_set_password(user, clerk)
    assert policies.may_add_to(own, None, firm) and policies.may_administer_user(own, clerk)
    assert not policies.may_set_password(own, clerk)
    assert not policies.may_add_to(own, None, make.enterprise())


def test_nobody_belongs_to_an_office_and_to_an_enterprise(firm, shanghai):
    assert not policies.may_add_to(shanghai, shanghai.office, firm)
    with pytest.raises(NotAllowed):
        add(shanghai, firm, office=shanghai.office)


def test_the_clock_is_looked_after_by_nobody(ministry):
    assert not policies.may_administer_user(ministry, User.objects.system())


# Adding


def test_an_added_person_belongs_to_the_enterprise(firm, shanghai):
    made = add(shanghai, firm)
    assert (made.office, made.enterprise_id, made.duties, made.is_system) == (None, firm.pk, CLERK, False)
    assert made.must_change_password and made.check_password(STRONG)


def test_an_addition_is_recorded_at_the_place_of_the_plant_without_the_password(firm, shanghai, jilin):
    made = add(shanghai, firm)
    entry = AuditEntry.objects.visible_to(shanghai).about(made).get()
    assert (entry.verb, entry.actor, entry.place) == ("added", shanghai, "310115")
    assert entry.after["enterprise"] == firm.name and "office" not in entry.after
    assert STRONG not in str(entry.after) and "pbkdf2" not in str(entry.after)
    assert not AuditEntry.objects.visible_to(jilin).about(made).exists()


def test_another_province_a_checkpoint_and_those_without_the_duty_are_refused(make, firm, jilin, checkpoint):
    for by in (jilin, checkpoint, make.user(duties=CLERK), make.clerk(duties=[*CLERK, Duty.ADMIN])):
        with pytest.raises(NotAllowed):
            add(by, firm)
    assert not User.objects.filter(username="new").exists()


def test_an_enterprise_s_system_is_not_added_here(firm, shanghai):
    with pytest.raises(NotAllowed):
        add(shanghai, firm, is_system=True)


def test_an_office_gives_what_reporting_takes_though_its_administrator_does_not_edit(make, firm):
    for number, division in enumerate(("310000", "000000")):
        by = make.user(division, duties=[Duty.VIEW, Duty.ADMIN])
        assert add(by, firm, username=f"new-{number}").duties == CLERK


def test_duties_of_offices_are_given_to_no_user_of_an_enterprise(make, firm, shanghai, ministry):
    for by in (shanghai, ministry):
        with pytest.raises(DomainError, match="approve"):
            add(by, firm, duties=[*CLERK, Duty.APPROVE])
    assert not firm.clerks.exists()


@pytest.mark.parametrize("standing", ["retired", "merged"])
def test_an_enterprise_that_has_ended_takes_nobody_in(make, firm, shanghai, standing):
    own = make.clerk(firm, duties=[*CLERK, Duty.ADMIN])
    type(firm).objects.filter(pk=firm.pk).update(status=standing)
    for by, where in ((shanghai, firm), (own, None)):
        with pytest.raises(WrongState, match="nobody can be added to it any more"):
            add(by, where)
    with pytest.raises(NotAllowed):
        add(make.user(duties=CLERK), firm)


def test_a_taken_name_and_a_weak_password_are_refused(firm, shanghai):
    for fields, pointer in (({"username": "SHANGHAI"}, "username"), ({"password": "short"}, "password")):
        with pytest.raises(DomainError) as refusal:
            add(shanghai, firm, **fields)
        assert {fault.pointer for fault in refusal.value.errors} == {pointer}
    assert not firm.clerks.exists()


# The user's page


def test_the_page_leads_to_the_enterprise_and_offers_what_may_be_done(clerk, firm, shanghai, page):
    told = page(shanghai).get(f"/users/{clerk.pk}/").content.decode()
    assert f'<a href="/enterprises/{firm.code}/">{firm.name}</a>' in told
    assert "Set a new password" in told and "Without the tick" in told


def test_it_leads_nowhere_for_whoever_may_not_read_the_register(make, clerk, firm, page):
    told = page(make.user(duties=[Duty.ADMIN])).get(f"/users/{clerk.pk}/").content.decode()
    assert firm.name in told and f"/enterprises/{firm.code}/" not in told


def test_duties_are_changed_within_those_of_enterprises(make, clerk, page):
    client = page(make.user(duties=[Duty.VIEW, Duty.ADMIN]))
    assert change(client, clerk, duties=["view", "edit", "admin"]).status_code == 302
    clerk.refresh_from_db()
    assert clerk.duties == ["view", "edit", "admin"]
    assert change(client, clerk, duties=["view", "approve"]).status_code == 400
    assert change(client, clerk, duties=["view"]).status_code == 302
    assert change(client, clerk, duties=["view", "edit"]).status_code == 302


def test_a_change_is_recorded_and_a_deactivated_clerk_is_out_at_once(clerk, shanghai, page):
    session = Client()
    session.post("/sign-in/", {"username": clerk.username, "password": "a-long-password"})
    assert session.get("/notices/").status_code == 200
    assert change(page(shanghai), clerk, is_active=None).status_code == 302
    assert session.get("/notices/").status_code == 302
    entry = AuditEntry.objects.about(clerk).get()
    assert (entry.verb, entry.actor, entry.place, entry.after["is_active"]) == ("changed", shanghai, "310115", False)


def test_outside_the_division_a_clerk_does_not_exist(clerk, jilin, checkpoint, page):
    for other in (jilin, checkpoint):
        client = page(other)
        for address in ("", "password/"):
            assert client.get(f"/users/{clerk.pk}/{address}").status_code == 404
        assert client.post(f"/users/{clerk.pk}/password/", {"password": STRONG}).status_code == 404
        assert change(client, clerk).status_code == 404
        with pytest.raises(NotAllowed):
            services.change_user(clerk, by=other, name="x", email="", duties=[], is_active=False)
        with pytest.raises(NotAllowed):
            services.set_password(clerk, by=other, password=STRONG)


def test_the_office_sets_a_forgotten_password_for_one_sign_in(clerk, shanghai, page):
    answer = page(shanghai).post(f"/users/{clerk.pk}/password/", {"password": STRONG}, follow=True)
    assert "is signed out everywhere" in answer.content.decode()
    session = Client()
    session.post("/sign-in/", {"username": clerk.username, "password": STRONG})
    assert session.get("/notices/")["Location"] == "/me/password/"
    entry = AuditEntry.objects.about(clerk).get()
    assert (entry.verb, entry.actor, entry.place) == ("password set", shanghai, "310115")


def test_an_administrator_who_does_not_edit_sets_it_too(make, clerk):
    services.set_password(clerk, by=make.user(duties=[Duty.VIEW, Duty.ADMIN]), password=STRONG)
    clerk.refresh_from_db()
    assert clerk.check_password(STRONG) and clerk.must_change_password


def test_the_enterprise_s_own_administrator_sets_none(make, firm, clerk, page):
    admin = make.clerk(firm, duties=[*CLERK, Duty.ADMIN])
    assert page(admin).post(f"/users/{clerk.pk}/password/", {"password": STRONG}).status_code == 403
    with pytest.raises(NotAllowed):
        services.set_password(clerk, by=admin, password=STRONG)
    assert clerk.check_password("a-long-password")


def test_no_office_makes_tokens_for_an_enterprise_s_system(clerk, shanghai, page):
    User.objects.filter(pk=clerk.pk).update(is_system=True)
    machine = User.objects.for_request().get(pk=clerk.pk)
    with pytest.raises(NotAllowed):
        services.make_token(machine, name="x", by=shanghai)
    assert page(shanghai).post(f"/users/{machine.pk}/tokens/add/", {"name": "x", "days": 90}).status_code == 404
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_renders_in_both_languages(clerk, shanghai, page, language):
    client = page(shanghai)
    client.cookies["language"] = language
    for address in ("/users/", f"/users/{clerk.pk}/", f"/users/{clerk.pk}/password/"):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert f'<html lang="{language}">' in answer.content.decode()
