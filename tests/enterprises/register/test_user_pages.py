"""On an enterprise's page those who look after its users see them, and add the first one."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from whitelist.accounts.models import Duty, User
from whitelist.audit.models import AuditEntry

STRONG = "seven-lamps-burning"
OWN = [Duty.VIEW, Duty.EDIT, Duty.ADMIN]
NEW = {
    "username": "new",
    "name": "Hopeful (invented)",
    "email": "new@nowhere.example",
    "password": STRONG,
    "duties": OWN,
}
EMPTY = "Nobody of this enterprise can report yet"


@pytest.fixture
def firm(make):
    return make.enterprise("310115")


@pytest.fixture
def where(firm):
    return f"/enterprises/{firm.code}/users/add/"


def shown(response):
    return re.sub(r"\s+", " ", response.content.decode())


# The card


def test_the_card_tells_who_they_are_and_whether_they_ever_signed_in(make, firm, shanghai, page, where):
    ready, idle = make.clerk(firm, duties=OWN), make.clerk(firm)
    make.clerk()
    User.objects.filter(pk=ready.pk).update(name="Li Hua (invented)", last_login=timezone.now())
    User.objects.filter(pk=idle.pk).update(is_active=False)
    answer = page(shanghai).get(firm.get_absolute_url())
    told = shown(answer)
    assert {user.pk for user in answer.context["holders"]} == {ready.pk, idle.pk}
    for words in (
        ready.username,
        "Li Hua (invented)",
        "administer users",
        idle.username,
        "never signed in",
        "not active",
    ):
        assert words in told, words
    for address in (f"/users/{ready.pk}/", f"/users/{idle.pk}/", where):
        assert f'href="{address}"' in told
    assert EMPTY not in told


def test_without_users_it_says_that_nobody_can_report_yet(firm, shanghai, page, where):
    told = shown(page(shanghai).get(firm.get_absolute_url()))
    assert EMPTY in told and told.count(f'href="{where}"') == 1


def test_a_system_has_no_page_and_stands_on_no_card(make, firm, shanghai, page):
    machine = make.clerk(firm)
    User.objects.filter(pk=machine.pk).update(is_system=True)
    assert page(shanghai).get(firm.get_absolute_url()).context["holders"] == []


def test_a_retired_enterprise_offers_no_new_users(make, firm, shanghai, page, where):
    type(firm).objects.filter(pk=firm.pk).update(status="retired", retired_reason="closed", retired_on="2022-05-01")
    client = page(shanghai)
    told = shown(client.get(firm.get_absolute_url()))
    assert EMPTY not in told and where not in told and "Nobody is added" in told
    clerk = make.clerk(firm)
    told = shown(client.get(firm.get_absolute_url()))
    assert clerk.username in told and where not in told


def test_only_those_who_look_after_them_see_it(make, firm, ministry, page, where):
    clerk, own = make.clerk(firm), make.clerk(firm, duties=OWN)
    for reader in (make.user(duties=[Duty.VIEW, Duty.EDIT]), clerk):
        told = shown(page(reader).get(firm.get_absolute_url()))
        assert own.username not in told and where not in told
    for reader in (ministry, make.user("310100"), own):
        told = shown(page(reader).get(firm.get_absolute_url()))
        assert clerk.username in told and f'href="{where}"' in told


def test_it_costs_one_query_for_2_users_and_for_40_and_none_for_others(make, firm, page):
    admin, viewer = make.user(duties=OWN), make.user(duties=[Duty.VIEW, Duty.EDIT])

    def asked(reader):
        client = page(reader)
        client.get(firm.get_absolute_url())
        with CaptureQueriesContext(connection) as queries:
            assert client.get(firm.get_absolute_url()).status_code == 200
        told = [each["sql"] for each in queries if "SAVEPOINT" not in each["sql"]]
        return len(told), sum('FROM "enterprises_clerk"' in sql for sql in told)

    found = []
    for number in (2, 38):
        for _ in range(number):
            make.clerk(firm)
        found.append((asked(admin), asked(viewer)))
    assert found[0] == found[1]
    (seen, of_card), (unseen, of_nothing) = found[0]
    assert (of_card, of_nothing) == (1, 0) and seen == unseen + 1


# The page


def test_from_the_first_user_to_the_first_report(make, firm, shanghai, page, where):
    make.listing(firm)
    told = page(shanghai).post(where, NEW, follow=True)
    made = User.objects.for_request().get(username="new")
    assert told.redirect_chain == [(f"/users/{made.pk}/", 302)]
    assert "is added. Tell the first password in person." in shown(told)
    assert (made.enterprise_id, made.office, made.duties) == (firm.pk, None, OWN)
    person = Client()
    person.post("/sign-in/", {"username": "new", "password": STRONG})
    assert person.get("/today/")["Location"] == "/me/password/"
    own = "a-horse-of-my-own"
    person.post("/me/password/", {"old_password": STRONG, "new_password": own, "again": own})
    report = person.get("/today/")
    assert report.status_code == 200 and firm.name in shown(report)
    assert person.post("/users/add/", NEW | {"username": "second", "duties": ["view"]}).status_code == 302
    assert User.objects.for_request().get(username="second").enterprise_id == firm.pk


def test_an_addition_leaves_an_entry_at_the_plant_s_division(firm, shanghai, page, where):
    page(shanghai).post(where, NEW)
    entry = AuditEntry.objects.get(verb="added")
    assert (entry.actor, entry.place, entry.after["enterprise"]) == (shanghai, "310115", firm.name)
    assert STRONG not in str(entry.after)


def test_the_enterprise_s_own_administrator_adds_here_too(make, firm, page, where):
    client = page(make.clerk(firm, duties=OWN))
    assert client.get(where).status_code == 200
    assert client.post(where, NEW).status_code == 302
    assert client.get(f"/enterprises/{make.enterprise().code}/users/add/").status_code == 404


def test_outside_the_scope_it_does_not_exist(make, jilin, page, where):
    checkpoint = make.user(office=make.office("310000", "checkpoint"), duties=OWN)
    for other in (jilin, checkpoint, make.clerk(duties=OWN), make.user("220000", duties=[Duty.VIEW])):
        client = page(other)
        assert [client.get(where).status_code, client.post(where, NEW).status_code] == [404, 404]
    assert page(jilin).post(where, {}).status_code == 404
    assert not User.objects.filter(username="new").exists()


def test_without_the_duty_it_is_403(make, firm, page, where):
    for other in (make.user(duties=[Duty.VIEW, Duty.EDIT]), make.clerk(firm)):
        client = page(other)
        assert [client.get(where).status_code, client.post(where, NEW).status_code] == [403, 403]


def test_a_retired_enterprise_is_409_and_nothing_typed_is_lost(make, firm, shanghai, page, where):
    type(firm).objects.filter(pk=firm.pk).update(status="retired", retired_reason="closed", retired_on="2022-05-01")
    answer = page(shanghai).post(where, NEW)
    assert answer.status_code == 409 and "nobody can be added to it any more" in shown(answer)
    assert NEW["name"] in shown(answer) and STRONG not in shown(answer)
    assert page(make.user(duties=[Duty.VIEW])).post(where, NEW).status_code == 403
    assert not User.objects.filter(username="new").exists()


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"password": ""}, "password", "required"),
        ({"password": "short"}, "password", "too short"),
        ({"password": "password1234"}, "password", "too common"),
        ({"username": "newcomer", "password": "newcomer-22"}, "password", "too similar to the user name"),
        ({"username": "SHANGHAI"}, "username", "taken"),
        ({"username": "two words"}, "username", "valid username"),
        ({"username": ""}, "username", "required"),
        ({"name": ""}, "name", "required"),
        ({"email": "nowhere"}, "email", "valid email"),
        ({"duties": ["issue"]}, "duties", "issue"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(shanghai, page, where, fields, field, sentence):
    sent = NEW | fields
    answer = page(shanghai).post(where, sent)
    form = answer.context["form"]
    assert answer.status_code == 400 and set(form.errors) == {field}
    assert sentence in str(form.errors[field])
    for name in ("username", "name", "email", "duties"):
        assert form[name].value() == sent[name]
    assert 'type="password"' in shown(answer) and f'value="{sent["password"] or STRONG}"' not in shown(answer)
    assert not User.objects.filter(username__in=("new", "newcomer")).exists()


def test_the_form_offers_what_an_enterprise_s_user_can_do(make, page, where):
    def offered(reader):
        return [duty for duty, _label in page(reader).get(where).context["form"].fields["duties"].choices]

    for division in ("310000", "000000"):
        assert offered(make.user(division, duties=[Duty.VIEW, Duty.ADMIN])) == ["view", "edit", "admin"]


def test_a_form_cannot_name_another_enterprise_an_office_or_a_system(make, firm, shanghai, page, where):
    page(shanghai).post(
        where, NEW | {"office": shanghai.office_id, "enterprise": make.enterprise().pk, "kind": "system"}
    )
    made = User.objects.for_request().get(username="new")
    assert (made.office, made.enterprise_id, made.is_system) == (None, firm.pk, False)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_card_and_page_render_in_both_languages(make, firm, shanghai, page, where, language):
    client = page(shanghai)
    client.cookies["language"] = language
    for _ in range(2):
        for address in (firm.get_absolute_url(), where):
            answer = client.get(address)
            assert answer.status_code == 200, address
            assert f'<html lang="{language}">' in answer.content.decode()
        make.clerk(firm)
