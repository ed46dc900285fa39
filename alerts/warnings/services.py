"""The daily run: a pure function of the readings and rules as of a day, and what follows from it."""

from datetime import time, timedelta

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from alerts.warnings import assessment, policies
from alerts.warnings.models import Assessment, Warning, WarningRun
from enterprises.resumption.services import freeze_due
from whitelist.audit.services import record
from whitelist.core.days import ONE, at, business_day, days_between
from whitelist.core.errors import DomainError, Fault, NotAllowed, WrongState
from whitelist.delivery.services import later

STALE_AFTER = timedelta(hours=26)  # a day, and the time that a run and its makers may be late
RUN_AT = time(12, 30)  # Shanghai time of the following day (product section 6)

ASSESS = f"""
CREATE TEMPORARY TABLE assessed ON COMMIT DROP AS
SELECT fresh.*, {{settled}} AS level, fresh.raw_level = 'grey' AS is_grey,
       past.raw_level AS raw_before, past.level AS level_before
FROM ({assessment.judged(assessment.DUE_PAIRS)}) fresh
LEFT JOIN alerts_assessment past
  ON past.day = %(day)s::date - 1 AND past.enterprise_id = fresh.enterprise_id AND past.material_id = fresh.material_id
""".replace("{settled}", assessment.settled("fresh.raw_level", "past.level", "past.raw_level"))

INPUT_HASH = """
SELECT encode(sha256(convert_to(coalesce(string_agg(
    concat_ws('|', code, material_code, on_hand, daily_use, arrived, read_on, stopped_for_want,
              rule_id, red, yellow, blue, raw_before, level_before),
    E'\\n' ORDER BY code COLLATE "C", material_code COLLATE "C"), ''), 'UTF8')), 'hex') FROM assessed
"""

COUNTS = "SELECT level, count(*) FROM assessed GROUP BY level"

WORSE_OR_BETTER = """
UPDATE alerts_warning warning SET level = fresh.level, changed_on = %(day)s
FROM assessed fresh
WHERE warning.cleared_on IS NULL
  AND fresh.enterprise_id = warning.enterprise_id AND fresh.material_id = warning.material_id
  AND fresh.level <> 'normal' AND fresh.level <> warning.level
"""
CLEAR = """
UPDATE alerts_warning warning SET cleared_on = %(day)s
WHERE warning.cleared_on IS NULL AND NOT EXISTS (
    SELECT 1 FROM assessed fresh
    WHERE fresh.enterprise_id = warning.enterprise_id AND fresh.material_id = warning.material_id
      AND fresh.level <> 'normal')
"""
BEGIN = """
INSERT INTO alerts_warning (enterprise_id, material_id, level, opened_on, changed_on)
SELECT fresh.enterprise_id, fresh.material_id, fresh.level, %(day)s, %(day)s FROM assessed fresh
WHERE fresh.level <> 'normal' AND NOT EXISTS (
    SELECT 1 FROM alerts_warning warning
    WHERE warning.cleared_on IS NULL
      AND warning.enterprise_id = fresh.enterprise_id AND warning.material_id = fresh.material_id)
ON CONFLICT (enterprise_id, material_id, opened_on)
DO UPDATE SET cleared_on = NULL, level = excluded.level, changed_on = excluded.changed_on
"""
FORGET_DAY = "DELETE FROM alerts_assessment WHERE day = %(day)s"
KEEP_DAY = """
INSERT INTO alerts_assessment (day, enterprise_id, material_id, warning_id, raw_level, level, rank,
    is_grey, is_projected, cover, on_hand, daily_use, arrived, read_on, is_stopped_for_want, rule_id)
SELECT %(day)s, fresh.enterprise_id, fresh.material_id, warning.id, fresh.raw_level, fresh.level,
       array_position(ARRAY['red','yellow','blue','grey','normal'], fresh.level) - 1, fresh.is_grey, fresh.is_projected,
       trunc(fresh.cover, 2), fresh.on_hand, round(fresh.daily_use, 2), fresh.arrived, fresh.read_on,
       coalesce(fresh.stopped_for_want, false), fresh.rule_id
FROM assessed fresh
JOIN alerts_warning warning ON warning.cleared_on IS NULL
    AND warning.enterprise_id = fresh.enterprise_id AND warning.material_id = fresh.material_id
WHERE fresh.level <> 'normal'
"""

SET_ASIDE = "UPDATE alerts_warning SET cleared_on = opened_on WHERE opened_on >= %(day)s"
TURN_BACK = """
UPDATE alerts_warning warning SET cleared_on = NULL, level = last.level, changed_on = coalesce(
    (SELECT min(same.day) FROM alerts_assessment same WHERE same.warning_id = warning.id AND same.day < %(day)s
        AND same.day > coalesce((SELECT max(other.day) FROM alerts_assessment other
            WHERE other.warning_id = warning.id AND other.day < %(day)s AND other.level <> last.level), '-infinity')),
    warning.opened_on)
FROM alerts_assessment last
WHERE warning.opened_on < %(day)s AND (warning.cleared_on IS NULL OR warning.cleared_on >= %(day)s)
  AND last.warning_id = warning.id AND last.day = %(day)s::date - 1
"""
FORGET_SET_ASIDE = "DELETE FROM alerts_warning WHERE cleared_on = opened_on"


@transaction.atomic
def run(day, *, now=None):
    """Judge the stock of everybody who owed a report for `day`, and replay the later days already run.

    Running a day twice changes nothing; days between the last run and this one are run first. All of it is one
    transaction: readers see the state before or the state after. Returns the day's run.
    """
    if day >= business_day(now or timezone.now()):
        told = _("Day %(day)s is not over yet.") % {"day": day}
        raise DomainError(told, errors=[Fault("day", "not_over", told)])
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('alerts.run'))")
        done = WarningRun.objects.filter(state=WarningRun.RunState.DONE)
        last = done.filter(day__lt=day).order_by("-day").values_list("day", flat=True).first()
        later_days = list(done.filter(day__gt=day).order_by("day").values_list("day", flat=True))
        for each in days_between(last + ONE, day) if last and not later_days else [day]:
            run_of_day = _step(cursor, each, now, replaying=bool(later_days))
        if run_of_day.changed and later_days:
            for each in later_days:
                _step(cursor, each, now, replaying=True, again=True)
            cursor.execute(FORGET_SET_ASIDE)
    return run_of_day


def _step(cursor, day, now, *, replaying, again=False):
    """One day of the run; `changed` on the answer says whether its inputs were new. `again` writes it in any case."""
    freeze_due(day)
    cursor.execute("DROP TABLE IF EXISTS assessed")
    cursor.execute(ASSESS, {"day": day})
    cursor.execute(INPUT_HASH)
    (input_hash,) = cursor.fetchone()
    row, _made = WarningRun.objects.get_or_create(day=day)
    row.changed = row.state != WarningRun.RunState.DONE or row.input_hash != input_hash
    if not (row.changed or again):
        return row
    cursor.execute(COUNTS)
    found = dict(cursor.fetchall())
    cursor.execute("ANALYZE assessed")
    named = {"day": day}
    if replaying:
        cursor.execute(SET_ASIDE, named)
        cursor.execute(TURN_BACK, named)
    for statement in (WORSE_OR_BETTER, CLEAR, BEGIN, FORGET_DAY, KEEP_DAY):
        cursor.execute(statement, named)
    row.state, row.input_hash, row.generation = WarningRun.RunState.DONE, input_hash, row.generation + row.changed
    row.counts = {level: found.get(level, 0) for level in assessment.RANK}
    row.finished_at = now or timezone.now()
    row.save()
    return row


def newest_run(day=None):
    """The run that readers follow: that of a day, or the newest there is; None where it has not been made."""
    done = WarningRun.objects.done()
    return (done.filter(day=day) if day else done.order_by("-day")).first()


def newest_run_until(day):
    """The newest run of a day or one before it."""
    return WarningRun.objects.done().filter(day__lte=day).order_by("-day").first()


def is_stale(run, now=None):
    """Whether the newest run is so old that a daily one must have failed."""
    return run is not None and (now or timezone.now()) - run.finished_at > STALE_AFTER


def run_facts():
    """For the readiness page: the day of the newest run and how many seconds ago it ended, None before the first."""
    now, run = timezone.now(), newest_run()
    return {
        "warning_run_day": run and run.day.isoformat(),
        "warning_run_age_seconds": run and int((now - run.finished_at).total_seconds()),
        "warning_run_is_stale": is_stale(run, now),
    }


def day_to_run(now):
    """The last day whose reports are in: yesterday from 12:30 on, before that the day before."""
    yesterday = business_day(now) - ONE
    return yesterday if now >= at(yesterday + ONE, RUN_AT) else yesterday - ONE


def run_missing(now=None):
    """Run what the clock says should have run and has not: once a day, and whatever was missed meanwhile."""
    now = now or timezone.now()
    day = day_to_run(now)
    newest = WarningRun.objects.filter(state=WarningRun.RunState.DONE).order_by("-day").first()
    if newest is None or newest.day < day:
        run(day, now=now)


@transaction.atomic
def ask_for_run(day, *, by):
    """Queue a run of a day; the worker does it at once. Returns the run as it stands."""
    if not policies.may_run_days(by):
        raise NotAllowed
    if day >= business_day(timezone.now()):
        told = _("Day %(day)s is not over yet.") % {"day": day}
        raise DomainError(told, errors=[Fault("day", "not_over", told)])
    row, _made = WarningRun.objects.get_or_create(day=day)
    later("alerts.run_day", day=str(day))
    return row


def story_of(warning):
    """Every day's judgement of an episode, oldest first, with the rule used and the arrivals told."""
    return list(warning.assessments.with_story().select_related("rule", "material").order_by("day"))


def last_judgement(warning):
    """How an episode stood on its last day: now, where it is open."""
    return warning.assessments.with_story().for_table().order_by("-day").first()


def newest_judgements(warnings):
    """How open warnings stand by the newest run, the worst first, with what their sentences need."""
    run = newest_run()
    return list(Assessment.objects.on(run.day).filter(warning__in=warnings).with_story().for_table()) if run else []


def changes_in(judged):
    """The days of an episode on which its level changed, newest first: (level before or '', judgement)."""
    before = ["", *(each.level for each in judged)]
    return [(was, each) for was, each in zip(before, judged, strict=False) if was != each.level][::-1]


@transaction.atomic
def acknowledge(warning, *, by, note=""):
    """Somebody answers for the warning; its ladder stops."""
    if not policies.may_acknowledge(by):
        raise NotAllowed
    warning = (
        Warning.objects.select_for_update(of=("self",)).select_related("enterprise").order_by("pk").get(pk=warning.pk)
    )
    if warning.cleared_on:
        raise WrongState(_("This warning was cleared on %(day)s."), day=warning.cleared_on)
    if warning.acknowledged_at:
        raise WrongState(_("This warning was acknowledged before."))
    warning.acknowledged_at, warning.acknowledged_by = timezone.now(), by
    warning.save(update_fields=["acknowledged_at", "acknowledged_by"])
    record(warning, "acknowledged", by=by, note=note)
    return warning


def stock_now(enterprise, day):
    """The judgement of an enterprise's stock at the end of a day, without writing it: dicts by material code."""
    return stocks_now([enterprise.pk], day).get(enterprise.pk, {})


def stocks_now(enterprises, day):
    """The same for many enterprises, by their ids."""
    told: dict = {}
    with connection.cursor() as cursor:
        cursor.execute(assessment.judged(assessment.OWN_PAIRS), {"day": day, "enterprises": enterprises})
        names = [column.name for column in cursor.description]
        for values in cursor.fetchall():
            row = dict(zip(names, values, strict=True))
            told.setdefault(row["enterprise_id"], {})[row["material_code"]] = row
    return told
