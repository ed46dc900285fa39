"""How far a nomination has come, as the small picture of its steps that both sides look at."""

from dataclasses import dataclass
from datetime import date

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from enterprises.whitelists.nominations.words import Stage
from whitelist.core.days import business_day

ORDER = (Stage.PROPOSED, Stage.DRAFT, Stage.SUBMITTED, Stage.APPROVED, Stage.LISTED)
# At which step one that goes no further came to its end.
ENDED_AT = {
    Stage.WITHDRAWN: Stage.DRAFT,
    Stage.DECLINED: Stage.DRAFT,
    Stage.DROPPED: Stage.SUBMITTED,
    Stage.REJECTED: Stage.APPROVED,
}


@dataclass(frozen=True)
class Mark:
    """One step: `state` is done, now, open or ended."""

    label: str
    state: str
    day: date | None = None

    @property
    def spoken(self):
        """The state for those who do not see the picture."""
        words = {"done": _("done"), "now": _("here it stands"), "open": _("to come"), "ended": _("ended here")}
        return words[self.state]


def _labels():
    return {
        Stage.PROPOSED: _("Nominated"),
        Stage.DRAFT: _("In a draft"),
        Stage.SUBMITTED: _("Submitted"),
        Stage.APPROVED: _("Approved"),
        Stage.LISTED: _("Listed"),
    }


def _days(row):
    batch = row.line.batch if row.line else None
    moments = {
        Stage.PROPOSED: row.created_at,
        Stage.DRAFT: row.decided_at,
        Stage.SUBMITTED: batch and batch.submitted_at,
        Stage.APPROVED: batch and batch.approved_at,
    }
    return {stage: moment and business_day(moment) for stage, moment in moments.items()} | {Stage.LISTED: row.listed_on}


def marks_of(row):
    """The steps of a nomination `for_table`, as they stand."""
    stage, days, labels = row.stage, _days(row), _labels()
    ended = ENDED_AT.get(stage)
    here = ORDER.index(ended or stage)
    found = []
    for place, each in enumerate(ORDER):
        if ended and place == here:
            day = business_day(row.decided_at) if stage == Stage.DECLINED else None
            found.append(Mark(capfirst(str(stage.label)), "ended", day))
        elif place < here or each == stage == Stage.LISTED:
            found.append(Mark(labels[each], "done", days[each]))
        else:
            found.append(Mark(labels[each], "now" if place == here else "open", days[each] if place == here else None))
    return found
