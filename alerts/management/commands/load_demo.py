from django.core.management.base import BaseCommand, CommandError

from alerts.board.demonstration.loading import load_demo
from enterprises.models import Enterprise
from whitelist.core.errors import DomainError


class Command(BaseCommand):
    help = "Load the demonstration: invented enterprises, lists, fourteen days of a crisis ending yesterday, and users."

    def add_arguments(self, parser):
        parser.add_argument("--if-empty", action="store_true", help="do nothing where there is any enterprise")
        parser.add_argument(
            "--again",
            action="store_true",
            help="empty everything but users and materials first, and load it up to yesterday",
        )

    def handle(self, *, if_empty, again, **options):
        if if_empty and Enterprise.objects.exists():
            return
        try:
            load_demo(again=again, say=self.stdout.write)
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
