from datetime import date

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from alerts.board.demonstration import seeding
from whitelist.core.days import yesterday
from whitelist.core.errors import DomainError

GROWN = ("dailyreport", "reportdue", "stockreading", "enterprise", "supplylink", "listing", "batchline", "keymaterial")


class Command(BaseCommand):
    help = "Fill an empty register with invented data of any size; the same arguments give the same rows."

    def add_arguments(self, parser):
        parser.add_argument("--enterprises", type=int, default=22522)
        parser.add_argument("--days", type=int, default=90)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument(
            "--until", type=date.fromisoformat, help="the last day with reports, YYYY-MM-DD (default: yesterday)"
        )

    def handle(self, *, enterprises, days, seed, until, **options):
        if enterprises < 1 or days < 1:
            raise CommandError("At least one enterprise and one day.")
        try:
            loaded = seeding.seed(
                enterprises=enterprises, days=days, seed=seed, until=until or yesterday(), say=self.stdout.write
            )
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
        if not connection.in_atomic_block:
            with connection.cursor() as cursor:
                cursor.execute(f"VACUUM (ANALYZE) {', '.join(f'enterprises_{name}' for name in GROWN)}")
        self.stdout.write(", ".join(f"{number} {what}" for what, number in loaded.items()))
