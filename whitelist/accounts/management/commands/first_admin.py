import secrets
import sys
from getpass import getpass

from django.core.management.base import BaseCommand, CommandError

from whitelist.accounts.services import first_admin
from whitelist.core.errors import DomainError


class Command(BaseCommand):
    help = "Make the ministry's first administrator, with a password asked for or printed; it serves one sign-in."

    def add_arguments(self, parser):
        parser.add_argument("username")
        parser.add_argument("--name", default="", help="the person's name")
        parser.add_argument(
            "--print-password", action="store_true", help="make a password and print it, also at a terminal"
        )

    def handle(self, *, username, name, print_password, **options):
        asks = sys.stdin.isatty() and not print_password
        password = self.ask() if asks else secrets.token_urlsafe(12)
        try:
            first_admin(username=username, name=name, password=password)
        except DomainError as refusal:
            raise CommandError(
                " ".join(dict.fromkeys([str(refusal), *(str(fault.detail) for fault in refusal.errors)]))
            ) from None
        if asks:
            self.stdout.write(f"{username} administers the ministry's users.")
        else:
            self.stdout.write(f"{username} administers the ministry's users. One-time password: {password}")

    def ask(self):
        password = getpass("Password: ")
        if password != getpass("Once more: "):
            raise CommandError("The two passwords differ.")
        return password
