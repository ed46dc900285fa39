"""The limits everything starts with: red 3 days for automobiles as the ministry published it, the rest our defaults."""

from datetime import date
from decimal import Decimal

from django.db import migrations

FROM = date(2020, 1, 1)


def load(apps, schema_editor):
    rule = apps.get_model("alerts", "WarningRule")
    limits = {"red": Decimal(3), "yellow": Decimal(7), "blue": Decimal(14), "starts_on": FROM}
    rule.objects.create(chain="", red_source="default", **limits)
    rule.objects.create(chain="automobiles", red_source="ministry", **limits)


def unload(apps, schema_editor):
    apps.get_model("alerts", "WarningRule").objects.filter(starts_on=FROM).delete()


class Migration(migrations.Migration):
    dependencies = [("alerts", "0001_initial")]
    operations = [migrations.RunPython(load, unload)]
