from datetime import date

from django.core.management.base import BaseCommand
from django.utils import timezone

from alerts.warnings.services import day_to_run, run


class Command(BaseCommand):
    help = "Judge stock for a day (default: the last one whose reports are in) and replay the later days."

    def add_arguments(self, parser):
        parser.add_argument("--day", type=date.fromisoformat, help="YYYY-MM-DD")

    def handle(self, *, day, **options):
        done = run(day or day_to_run(timezone.now()))
        counts = " ".join(f"{level}={number}" for level, number in done.counts.items())
        self.stdout.write(f"{done.day} generation={done.generation} {counts} input_hash={done.input_hash}")
