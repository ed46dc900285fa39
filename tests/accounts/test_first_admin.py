import re

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from whitelist.accounts.models import Duty, User


def test_the_first_administrator_gets_a_password_for_one_sign_in(db, capsys):
    call_command("first_admin", "head", name="Head (invented)")
    password = re.search(r"One-time password: (\S+)", capsys.readouterr().out)[1]
    made = User.objects.get(username="head")
    assert made.is_national and made.holds(Duty.ADMIN) and made.must_change_password
    client = Client()
    assert client.post("/sign-in/", {"username": "head", "password": password}).status_code == 302
    assert client.get("/users/")["Location"] == "/me/password/"


def test_there_is_only_one_first(make, db):
    make.user("000000", duties=[Duty.ADMIN])
    with pytest.raises(CommandError, match="has an administrator already"):
        call_command("first_admin", "second")


def test_after_the_last_one_was_made_inactive_there_may_be_a_first_again(make, db):
    make.user("000000", duties=[Duty.ADMIN], is_active=False)
    call_command("first_admin", "again")
    assert User.objects.filter(username="again").exists()


def test_a_name_that_is_taken_or_impossible_is_refused(shanghai):
    for name in ("shanghai", "two words"):
        with pytest.raises(CommandError):
            call_command("first_admin", name)


def test_at_a_terminal_the_password_is_asked_for_twice(db, monkeypatch, capsys):
    typed = iter(["seven-lamps-burning", "seven-lamps-burning", "seven-lamps-burning", "another"])
    monkeypatch.setattr("whitelist.accounts.management.commands.first_admin.getpass", lambda prompt: next(typed))
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    call_command("first_admin", "head")
    assert "password" not in capsys.readouterr().out
    assert User.objects.get(username="head").check_password("seven-lamps-burning")
    with pytest.raises(CommandError, match="differ"):
        call_command("first_admin", "other")
