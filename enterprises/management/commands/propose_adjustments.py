"""`manage.py propose_adjustments --day 2022-05-09`: what the facts of a day propose for the lists."""

from django.core.management.base import BaseCommand, CommandError

from enterprises.whitelists.adjustments.daily import propose_adjustments
from whitelist.core.days import parse_day, yesterday
from whitelist.core.errors import DomainError


class Command(BaseCommand):
    help = "Look through the facts of a day and propose what they suggest for the lists; twice is once."

    def add_arguments(self, parser):
        parser.add_argument("--day", help="the day, yesterday by default")

    def handle(self, *args, **options):
        try:
            run = propose_adjustments(parse_day(options["day"]) if options["day"] else yesterday())
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{run.day}: " + ", ".join(f"{n} {ground}" for ground, n in sorted(run.counts.items())))
