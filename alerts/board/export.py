"""The board's tables to take away: total, divisions and chains in one table, every definition on the first sheet."""

from django.utils.translation import gettext as _

from alerts.warnings.figures import LEVELS
from enterprises.models import Answer, Chain
from enterprises.resumption.metrics import METRICS
from whitelist.accounts.divisions import known_divisions
from whitelist.core.templatetags.face import day as long_day
from whitelist.core.templatetags.face import moment


def columns():
    answers = [str(answer.label) for answer in Answer]
    rates = [
        heading
        for metric in METRICS.values()
        for heading in (
            _("%(figure)s, numerator") % {"figure": metric.name},
            _("%(figure)s, denominator") % {"figure": metric.name},
            _("%(figure)s, %%") % {"figure": metric.name},
        )
    ]
    levels = [str(level.label) for level in LEVELS]
    return [
        _("Table"),
        _("Code"),
        _("Name"),
        _("Due"),
        *answers,
        _("Carried forward"),
        *rates,
        *levels,
        _("Red, unacknowledged"),
    ]


def _row(table, code, name, figures, counts, *, is_run):
    cells = [table, code, name]
    if figures is None:
        cells += [""] * (2 + len(Answer.values) + 3 * len(METRICS))
    else:
        cells += [
            figures.sums["due"],
            *(figures.sums[f"answer_{answer}"] for answer in Answer.values),
            figures.sums["carried"],
        ]
        for metric in METRICS:
            cells += [*figures.part(metric), figures.rate(metric)]
    if not is_run:
        return [*cells, *[""] * (len(LEVELS) + 1)]
    return [*cells, *(counts[name] if counts else 0 for name in (*LEVELS, "unacknowledged"))]


def rows(situation):
    is_run = situation.run is not None
    office = situation.user.office
    yield _row(
        _("Total"), office.division_id, str(office.division), situation.total, situation.warned_total, is_run=is_run
    )
    for code, figures in situation.by_division.items():
        name = str(known_divisions().get(code, code))
        yield _row(_("Division"), code, name, figures, situation.warned_by_division.get(code), is_run=is_run)
    for chain in Chain:
        figures, counts = situation.by_chain.get(chain), situation.warned_by_chain.get(chain)
        if figures or counts:
            yield _row(_("Chain"), chain.value, str(chain.label), figures, counts, is_run=is_run)


def about(situation):
    run, reported = situation.run, situation.reported
    named = {"count": reported["count"], "due": reported["due"], "share": reported["share"]}
    return [
        (_("What"), _("Situation of the listed enterprises")),
        (_("Day"), long_day(situation.day)),
        (_("Values"), _("as of 24:00 of the day, Asia/Shanghai")),
        (_("For"), str(situation.user.office)),
        (_("Complete"), _("%(count)s of %(due)s enterprises reported (%(share)s %%)") % named),
        (_("Warnings run"), moment(run.finished_at) if run else _("not run yet")),
        *((metric.name, metric.definition) for metric in METRICS.values()),
        (
            _("Carried forward"),
            _("no report came; the last one of the three days before stands in, for the state and output alone"),
        ),
        (_("No data"), _("no reading, or none within 7 days; a state of its own, never green")),
    ]
