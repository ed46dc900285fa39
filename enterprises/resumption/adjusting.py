"""What the daily reports say about listings: who produces steadily again, who is silent; and how the silent are asked.

The finders are registered in `ADJUSTMENT_FINDERS` and answer as `enterprises.whitelists.adjustments.finders` says.
"""

from django.utils.translation import gettext_lazy as _

from enterprises.resumption.models import ReportDue
from enterprises.resumption.reminders.services import remind
from enterprises.resumption.services import freeze_due
from whitelist.core.errors import Conflict

STEADY_DAYS = 30
OWN_REPORTS = 27  # of those days; on the others the last value was carried forward
OUTPUT_AT_LEAST = 80  # per cent of the normal output on the average of those days, where both are known
SILENT_DAYS = 5

RESUMED = f"""
SELECT listing.white_list_id, steady.enterprise_id,
       jsonb_build_object('days', {STEADY_DAYS}, 'reports', steady.reports, 'output', steady.output,
                          'since', %(day)s::date - {STEADY_DAYS - 1}) AS evidence
FROM (
    SELECT due.enterprise_id, count(due.report_id) AS reports,
           round(avg(coalesce(own.output, carried.output) * 100 / nullif(firm.normal_output, 0)), 1)::text AS output
    FROM enterprises_reportdue due
    JOIN enterprises_enterprise firm ON firm.id = due.enterprise_id AND firm.status = 'active'
    LEFT JOIN enterprises_dailyreport own ON own.id = due.report_id
    LEFT JOIN enterprises_dailyreport carried ON carried.id = due.carried_from_id
    WHERE due.day BETWEEN %(day)s::date - {STEADY_DAYS - 1} AND %(day)s::date
    GROUP BY due.enterprise_id
    HAVING count(*) = {STEADY_DAYS} AND count(due.report_id) >= {OWN_REPORTS}
       AND bool_and(coalesce(coalesce(own.state, carried.state) IN ('normal', 'partial'), false))
       AND coalesce(avg(coalesce(own.output, carried.output) * 100 / nullif(firm.normal_output, 0))
                    >= {OUTPUT_AT_LEAST}, true)
) steady
JOIN enterprises_listing listing ON listing.enterprise_id = steady.enterprise_id
WHERE upper_inf(listing.days) AND listing.days @> %(day)s::date
"""

SILENT = f"""
SELECT listing.white_list_id, quiet.enterprise_id,
       jsonb_build_object('days', coalesce(%(day)s::date - last.day, quiet.owed), 'last_report', last.day) AS evidence
FROM (
    SELECT due.enterprise_id, count(*) AS owed
    FROM enterprises_reportdue due
    JOIN enterprises_enterprise firm ON firm.id = due.enterprise_id AND firm.status = 'active'
    WHERE due.day BETWEEN %(day)s::date - {SILENT_DAYS - 1} AND %(day)s::date
    GROUP BY due.enterprise_id
    HAVING count(*) = {SILENT_DAYS} AND count(due.report_id) = 0
) quiet
LEFT JOIN LATERAL (
    SELECT max(past.day) AS day FROM enterprises_dailyreport past
    WHERE past.enterprise_id = quiet.enterprise_id AND past.day <= %(day)s::date
) last ON true
JOIN enterprises_listing listing ON listing.enterprise_id = quiet.enterprise_id
WHERE upper_inf(listing.days) AND listing.days @> %(day)s::date
"""


def resumed(day):
    """Listed enterprises that have produced steadily on each of the last 30 days."""
    freeze_due(day)
    return RESUMED


def silent(day):
    """Listed enterprises from which no report came for the last 5 days."""
    freeze_due(day)
    return SILENT


def ask(enterprise, *, day, by):
    """Remind a silent enterprise of its report for a day, as its own page of reports would."""
    due = ReportDue.objects.visible_to(by).on(day).filter(enterprise=enterprise)
    answered = remind(due, day=day, by=by)
    if answered.answered:
        raise Conflict(_("%(name)s has reported meanwhile."), code="answered", name=enterprise.name)
    if not (answered.new or answered.before):
        raise Conflict(_("%(name)s owes you no report for %(day)s."), code="owes_none", name=enterprise.name, day=day)
    if answered.unreachable:
        raise Conflict(
            _("%(name)s has no user here who could be asked. Call it, then dismiss this as settled."),
            code="unreachable",
            name=enterprise.name,
        )
    return answered
