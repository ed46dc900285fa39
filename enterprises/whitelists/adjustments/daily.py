"""The daily look: what the registered finders find becomes proposals, and what no longer holds is over."""

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from enterprises.whitelists.adjustments.models import AdjustmentRun
from enterprises.whitelists.adjustments.words import ACTION_FOR, Ground
from whitelist.core.days import business_day
from whitelist.core.errors import DomainError, Fault

FOUND = "CREATE TEMPORARY TABLE found_facts ON COMMIT DROP AS {finder}"
# What was decided goes on being decided for as long as the facts go on: it is not proposed once more. One that was
# taken up counts while its line is on its way, or, where it was a question, as asked.
STILL_DECIDED = """
UPDATE enterprises_adjustmentproposal done SET last_day = %(day)s
FROM found_facts fact
WHERE done.white_list_id = fact.white_list_id AND done.enterprise_id = fact.enterprise_id AND done.ground = %(ground)s
  AND done.last_day BETWEEN coalesce(%(before)s, %(day)s) AND %(day)s
  AND (done.status = 'dismissed' OR done.status = 'taken' AND (done.action = 'ask' OR EXISTS (
        SELECT 1 FROM enterprises_batchline line JOIN enterprises_batch batch ON batch.id = line.batch_id
        WHERE line.id = done.line_id AND batch.status <> 'withdrawn')))
"""
PROPOSE = """
INSERT INTO enterprises_adjustmentproposal AS known
    (white_list_id, enterprise_id, action, ground, evidence, first_day, last_day, status, dismiss_reason, note,
     created_at, version)
SELECT fact.white_list_id, fact.enterprise_id, %(action)s, %(ground)s, fact.evidence, %(day)s, %(day)s, 'open', '', '',
       %(now)s, 1
FROM found_facts fact
WHERE NOT EXISTS (
    SELECT 1 FROM enterprises_adjustmentproposal done
    WHERE done.white_list_id = fact.white_list_id AND done.enterprise_id = fact.enterprise_id
      AND done.ground = %(ground)s AND done.status IN ('dismissed', 'taken') AND done.last_day = %(day)s
      AND (done.status = 'dismissed' OR done.action = 'ask' OR EXISTS (
        SELECT 1 FROM enterprises_batchline line JOIN enterprises_batch batch ON batch.id = line.batch_id
        WHERE line.id = done.line_id AND batch.status <> 'withdrawn'))
)
ON CONFLICT (white_list_id, enterprise_id, ground) WHERE status = 'open'
DO UPDATE SET evidence = excluded.evidence, last_day = excluded.last_day, version = known.version + 1
WHERE (known.evidence, known.last_day) IS DISTINCT FROM (excluded.evidence, excluded.last_day)
"""
END = """
UPDATE enterprises_adjustmentproposal open SET status = 'over', version = version + 1
WHERE open.status = 'open' AND open.ground = %(ground)s AND NOT EXISTS (
    SELECT 1 FROM found_facts fact
    WHERE fact.white_list_id = open.white_list_id AND fact.enterprise_id = open.enterprise_id)
"""


def finders():
    """The registered finders by their ground."""
    return {Ground(ground): import_string(name) for ground, name in settings.ADJUSTMENT_FINDERS.items()}


def newest_run():
    return AdjustmentRun.objects.order_by("-day").first()


@transaction.atomic
def propose_adjustments(day, *, now=None):
    """Look through the facts of a day that is over. Doing it twice changes nothing; later facts change the same day.

    Returns the run with the number found by ground; a ground whose facts are not in yet is left as it was.
    """
    now = now or timezone.now()
    if day >= business_day(now):
        told = _("Day %(day)s is not over yet.") % {"day": day}
        raise DomainError(told, errors=[Fault("day", "not_over", told)])
    counts = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('propose_adjustments'))")
        last = newest_run()
        if last is not None and last.day > day:
            told = _("The facts of %(last)s were looked through already; an earlier day proposes nothing any more.")
            raise DomainError(told % {"last": last.day}, errors=[Fault("day", "too_early", told % {"last": last.day})])
        before = AdjustmentRun.objects.filter(day__lt=day).order_by("-day").values_list("day", flat=True).first()
        for ground, finder in finders().items():
            sql = finder(day)
            if sql is not None:
                counts[ground.value] = _look(cursor, ground, sql, {"day": day, "before": before, "now": now})
    made, _is_new = AdjustmentRun.objects.get_or_create(day=day)
    made.counts, made.finished_at = {**made.counts, **counts}, now
    made.save()
    return made


def _look(cursor, ground, sql, named):
    named = {**named, "ground": ground.value, "action": ACTION_FOR[ground].value}
    cursor.execute("DROP TABLE IF EXISTS found_facts")
    cursor.execute(FOUND.format(finder=sql), {"day": named["day"]})
    cursor.execute("ANALYZE found_facts")
    for statement in (STILL_DECIDED, PROPOSE, END):
        cursor.execute(statement, named)
    cursor.execute("SELECT count(*) FROM found_facts")
    return cursor.fetchone()[0]
