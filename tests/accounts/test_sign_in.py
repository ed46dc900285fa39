"""The door: by name and password, the same for a wrong name and a wrong password, slow for those who guess."""

import re
import time
from datetime import timedelta
from statistics import median

import pytest
from axes.models import AccessAttempt
from django.core.cache import cache
from django.test import Client, RequestFactory
from django.utils import timezone

from whitelist.accounts import attempts, services
from whitelist.accounts.models import User
from whitelist.core import throttling
from whitelist.core.cache import ForgivingCache
from whitelist.core.requests import client_address

PASSWORD = "a-long-password"


def sign_in(client, username="shanghai", password=PASSWORD, **kwargs):
    typed = {"username": username, "password": password, "next": kwargs.pop("next", "")}
    return client.post("/sign-in/", typed, **kwargs)


@pytest.fixture(autouse=True)
def fresh_counters(db):
    cache.clear()


def test_name_and_password_open_the_door(shanghai, client):
    assert sign_in(client)["Location"] == "/"
    assert client.get("/users/").status_code == 200
    assert User.objects.get().last_login


def test_whoever_is_in_already_goes_on(shanghai, page):
    assert page(shanghai).get("/sign-in/")["Location"] == "/"


def test_signing_out_is_a_post(shanghai, page):
    client = page(shanghai)
    assert client.get("/sign-out/").status_code == 405
    assert client.post("/sign-out/")["Location"] == "/sign-in/"
    assert client.get("/users/")["Location"] == "/sign-in/?next=/users/"


def test_a_page_asked_for_before_is_gone_to_afterwards(shanghai, client):
    assert sign_in(client, next="/notices/?page=1")["Location"] == "/notices/?page=1"


@pytest.mark.parametrize(
    "place",
    ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "javascript:alert(1)", "http:///x"],
)
def test_nobody_is_sent_out_of_the_house(shanghai, client, place):
    assert sign_in(client, next=place)["Location"] == "/"


def test_a_locked_page_does_not_carry_a_foreign_address_on(shanghai, client):
    for _ in range(5):
        answer = sign_in(client, password="wrong", next="https://elsewhere.example/")
    assert answer.status_code == 429
    assert "elsewhere" not in answer.content.decode()


def test_a_wrong_name_and_a_wrong_password_are_told_alike(shanghai, make):
    make.user(username="gone", is_active=False)
    make.user(username="machine", is_system=True)
    told = set()
    for name, password in [("shanghai", "wrong"), ("nobody", PASSWORD), ("gone", PASSWORD), ("machine", PASSWORD)]:
        answer = sign_in(Client(), name, password)
        text = re.sub(r'(csrfmiddlewaretoken" value=|X-CSRFToken": )"\w+"', "", answer.content.decode())
        told.add((answer.status_code, text.replace(name, "")))
    assert len(told) == 1
    assert "Name or password is wrong." in told.pop()[1]


def test_a_wrong_name_takes_as_long_as_a_wrong_password(shanghai, make, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    settings.AXES_FAILURE_LIMIT = 1000
    shanghai.set_password(PASSWORD)
    shanghai.save()
    machine = make.user(username="machine", is_system=True)
    machine.set_unusable_password()
    machine.save()

    def seconds(name):
        taken = []
        for _ in range(3):
            start = time.perf_counter()
            sign_in(Client(), name, "wrong")
            taken.append(time.perf_counter() - start)
        return median(taken)

    known = seconds("shanghai")
    assert 0.5 < seconds("nobody") / known < 2
    assert 0.5 < seconds("machine") / known < 2


def test_five_wrong_passwords_lock_the_account_wherever_they_come_from(shanghai, client):
    for number in range(5):
        answer = sign_in(client, password="wrong", REMOTE_ADDR=f"192.0.2.{number}", HTTP_USER_AGENT=f"agent {number}")
    assert answer.status_code == 429
    assert 890 <= int(answer["Retry-After"]) <= 900
    assert "This account is locked for a while." in answer.content.decode()
    assert "in 15 minutes" in answer.content.decode()
    right = sign_in(Client(), REMOTE_ADDR="198.51.100.7")
    assert right.status_code == 429, "the right password does not help either"


def test_a_name_nobody_has_is_locked_just_the_same(client, db):
    told = [sign_in(client, "nobody").status_code for _ in range(6)]
    assert told == [200, 200, 200, 200, 429, 429]


def test_another_writing_of_the_name_is_no_way_around(shanghai, client):
    """Full-width letters become the same name before anybody counts."""
    for _ in range(5):
        answer = sign_in(client, "ｓｈａｎｇｈａｉ", "wrong")
    assert answer.status_code == 429
    assert sign_in(client).status_code == 429


def test_the_lock_ends_by_itself_and_trying_meanwhile_does_not_prolong_it(shanghai, client):
    for _ in range(5):
        sign_in(client, password="wrong")
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=14))
    answer = sign_in(client)
    assert answer.status_code == 429 and int(answer["Retry-After"]) <= 60
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=15, seconds=1))
    assert sign_in(client).status_code == 302


def test_the_end_told_is_when_enough_failures_are_old_enough(shanghai):
    now = timezone.now()
    for minutes, failures in [(14, 1), (10, 3), (2, 3)]:
        made = AccessAttempt(username="shanghai", ip_address=f"192.0.2.{minutes}", failures_since_start=failures)
        made.save()
        AccessAttempt.objects.filter(pk=made.pk).update(attempt_time=now - timedelta(minutes=minutes))
    assert attempts.locked_until("shanghai") == now - timedelta(minutes=10) + timedelta(minutes=15)
    assert attempts.locked_until("jilin") is None


def test_success_forgets_the_failures(shanghai, client):
    for _ in range(4):
        sign_in(client, password="wrong")
    assert sign_in(client).status_code == 302
    assert not AccessAttempt.objects.exists()


def test_a_new_password_by_an_administrator_lifts_the_lock(shanghai, ministry, client):
    for _ in range(5):
        sign_in(client, password="wrong")
    services.set_password(shanghai, by=ministry, password="quite-another-one")
    assert sign_in(client, password="quite-another-one").status_code == 302


def test_an_address_has_a_limit_of_its_own(shanghai, client, settings):
    settings.SIGN_INS_PER_ADDRESS_AND_MINUTE = 3
    for number in range(3):
        assert sign_in(client, f"user-{number}", "wrong").status_code == 200
    answer = sign_in(client)
    assert answer.status_code == 429
    assert 1 <= int(answer["Retry-After"]) <= 60
    assert "Too many sign-ins from your address." in answer.content.decode()
    assert sign_in(client, REMOTE_ADDR="192.0.2.9").status_code == 302


def test_a_claimed_address_moves_the_limit_only_behind_our_proxy(shanghai, client, settings):
    settings.SIGN_INS_PER_ADDRESS_AND_MINUTE = 1
    sign_in(client, "nobody", HTTP_X_FORWARDED_FOR="192.0.2.1")
    assert sign_in(client, HTTP_X_FORWARDED_FOR="192.0.2.2").status_code == 429
    settings.PROXIES_IN_FRONT = 1
    assert sign_in(client, HTTP_X_FORWARDED_FOR="10.9.9.9, 192.0.2.2").status_code == 302
    assert sign_in(Client(), HTTP_X_FORWARDED_FOR="10.8.8.8, 192.0.2.2").status_code == 429


@pytest.mark.parametrize(
    ("proxies", "forwarded", "told"),
    [
        (0, "192.0.2.1", "127.0.0.1"),
        (1, "192.0.2.1", "192.0.2.1"),
        (1, "192.0.2.1, 198.51.100.1", "198.51.100.1"),
        (2, "192.0.2.1, 198.51.100.1", "192.0.2.1"),
        (2, "192.0.2.1", "127.0.0.1"),
        (1, "not an address", "127.0.0.1"),
        (1, "2001:DB8::1", "2001:db8::1"),
        (1, "", "127.0.0.1"),
    ],
)
def test_the_address_of_the_caller(settings, proxies, forwarded, told):
    settings.PROXIES_IN_FRONT = proxies
    assert client_address(RequestFactory().get("/", HTTP_X_FORWARDED_FOR=forwarded)) == told


def test_an_ipv6_network_counts_as_one_address(shanghai, client, settings):
    settings.SIGN_INS_PER_ADDRESS_AND_MINUTE = 1
    sign_in(client, "nobody", REMOTE_ADDR="2001:db8::1")
    assert sign_in(client, REMOTE_ADDR="2001:db8::ffff").status_code == 429
    assert sign_in(client, REMOTE_ADDR="2001:db8:0:1::1").status_code == 302


def test_a_lost_cache_lets_everybody_try(shanghai, client, settings, monkeypatch):
    settings.SIGN_INS_PER_ADDRESS_AND_MINUTE = 0
    assert sign_in(client).status_code == 429
    settings.SIGN_INS_PER_ADDRESS_AND_MINUTE = 1
    monkeypatch.setattr(throttling, "cache", ForgivingCache("redis://127.0.0.1:1/0", {}))
    assert sign_in(client, "nobody").status_code == 200
    assert sign_in(client).status_code == 302


def test_a_counter_lost_between_two_steps_lets_one_try(shanghai, client, monkeypatch):
    monkeypatch.setattr(cache, "add", lambda *args, **kwargs: True)
    assert sign_in(client).status_code == 302


def test_whoever_is_made_inactive_is_out_at_the_next_request(shanghai, ministry, page):
    client = page(shanghai)
    assert client.get("/notices/").status_code == 200
    services.change_user(shanghai, by=ministry, name="x", email="", duties=shanghai.duties, is_active=False)
    assert client.get("/notices/")["Location"].startswith("/sign-in/")


def test_a_lost_duty_is_lost_at_the_next_request(shanghai, ministry, page):
    client = page(shanghai)
    assert client.get("/users/").status_code == 200
    services.change_user(shanghai, by=ministry, name="x", email="", duties=["view"], is_active=True)
    assert client.get("/users/").status_code == 403


def test_the_form_needs_its_token(shanghai):
    assert sign_in(Client(enforce_csrf_checks=True)).status_code == 403


@pytest.mark.parametrize("name", ["a\x00b", "x" * 400, "' OR 1=1 --", ""])
def test_strange_names_are_merely_wrong(db, client, name):
    assert sign_in(client, name).status_code == 200


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_page_and_its_refusals_render_in_both_languages(shanghai, client, settings, language):
    client.cookies["language"] = language
    assert client.get("/sign-in/").status_code == 200
    assert [sign_in(client, password="wrong").status_code for _ in range(5)][-1] == 429
    settings.SIGN_INS_PER_ADDRESS_AND_MINUTE = 1
    assert sign_in(client).status_code == 429
