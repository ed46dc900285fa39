from django.core.management.base import BaseCommand, CommandError

from whitelist.accounts.models import User
from whitelist.accounts.services import TOKEN_DAYS, make_token


class Command(BaseCommand):
    help = "Print a new API token for a user. It is shown this once; only its hash is kept."

    def add_arguments(self, parser):
        parser.add_argument("username")
        parser.add_argument("--name", default="command line", help="what the token is for")
        parser.add_argument("--days", type=int, default=TOKEN_DAYS, help="days until it expires")

    def handle(self, *, username, name, days, **options):
        user = User.objects.filter(username=username, is_active=True).first()
        if user is None:
            raise CommandError(f"There is no active user named {username}.")
        _token, secret = make_token(user, name=name, by=None, days=days)
        self.stdout.write(secret)
