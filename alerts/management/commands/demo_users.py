from django.core.management.base import BaseCommand, CommandError

from alerts.board.demonstration.people import PASSWORD, PEOPLE, require_demonstration
from whitelist.accounts.models import User
from whitelist.core.errors import DomainError


class Command(BaseCommand):
    help = "Print the sign-in names of the demonstration, who they are, and their password."

    def handle(self, **options):
        try:
            require_demonstration()
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
        known = set(
            User.objects.filter(username__in=[person.username for person in PEOPLE]).values_list("username", flat=True)
        )
        if not known:
            raise CommandError("The demonstration is not loaded: manage.py load_demo")
        self.stdout.write(f"Sign in with the password {PASSWORD} as")
        for person in PEOPLE:
            if person.username in known:
                self.stdout.write(f"  {person.username:<18} {person.about}")
