"""The list of warnings as a table to take away: the rows as shown, limits and definitions on the first sheet."""

from django.utils.translation import gettext as _

from alerts.warnings.why import limits_of, why
from whitelist.core.templatetags.face import day as long_day


def columns():
    return [
        _("Level"),
        _("Cover, days"),
        _("Enterprise"),
        _("Code"),
        _("Division"),
        _("Division code"),
        _("Chain"),
        _("Material"),
        _("Material code"),
        _("Why"),
        _("Stock"),
        _("Unit"),
        _("Daily use"),
        _("Reading of"),
        _("Projected"),
        _("Red below"),
        _("Yellow below"),
        _("Blue below"),
        _("Since"),
        _("Level since"),
        _("Acknowledged at"),
    ]


def lines(rows):
    for row in rows.iterator(chunk_size=2000):
        firm, limits = row.enterprise, limits_of(row.rule)
        yield [
            row.get_level_display(),
            row.cover,
            firm.name,
            firm.code,
            str(firm.division),
            firm.division_id,
            firm.get_chain_display(),
            str(row.material),
            row.material.code,
            why(row, row.arrivals),
            row.on_hand,
            row.material.unit,
            row.daily_use,
            row.read_on,
            _("yes") if row.is_projected else "",
            limits["red"],
            limits["yellow"],
            limits["blue"],
            row.warning.opened_on,
            row.changed_on,
            row.warning.acknowledged_at and row.warning.acknowledged_at.isoformat(),
        ]


def about(run, office):
    return [
        (_("What"), _("Supply warnings: enterprises and materials at blue or worse, and those without data")),
        (_("Day"), long_day(run.day)),
        (_("Values"), _("as of 24:00 of the day, Asia/Shanghai")),
        (_("For"), office),
        (_("Run"), _("generation %(n)s, inputs %(hash)s") % {"n": run.generation, "hash": run.input_hash}),
        (
            _("Cover"),
            _(
                "(stock at the last reading + confirmed arrivals since − daily use × days since the reading) "
                "÷ daily use, not below 0; daily use is the larger of declared use and the mean of the last 7 readings"
            ),
        ),
        (_("Level"), _("cover strictly below the limit; worsens at once, improves after two good days in a row")),
        (_("No data"), _("no reading, or none within 7 days; a state of its own, never green")),
    ]
