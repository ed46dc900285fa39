"""A workflow is a table read aloud: step, from, to, by whom."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from whitelist.core.errors import NotAllowed, WrongState


@dataclass(frozen=True)
class Step:
    """One legal move of a flow field. `by(user, row)` is the policy, `label` the button, `tone` how it looks."""

    name: str
    source: frozenset
    target: str
    by: Callable
    label: object
    tone: str = ""


def step(name, *, source, target, by, label, tone=""):
    return Step(name, frozenset(map(str, source)), str(target), by, label, tone)


class Flow:
    """The only description of what may happen to one status field: buttons, matrix and drawings come from it."""

    def __init__(self, field, *steps):
        self.field = field
        self.steps = {each.name: each for each in steps}

    def open_to(self, user, row):
        """The steps this user may take now, in the order of the table."""
        now = getattr(row, self.field)
        return [each for each in self.steps.values() if now in each.source and each.by(user, row)]

    def check(self, row, name, *, by):
        """The step, or the refusal: policy first (403), then state (409)."""
        wanted = self.steps[name]
        if not wanted.by(by, row):
            raise NotAllowed(_("“%(step)s” is not among your duties here."), step=wanted.label)
        if getattr(row, self.field) not in wanted.source:
            raise WrongState(
                _("“%(step)s” is not possible: this is %(state)s now."),
                step=wanted.label,
                state=getattr(row, f"get_{self.field}_display")(),
            )
        return wanted

    def drawing(self):
        """The flow as a Mermaid state diagram for `docs/workflows/`."""
        lines = ["stateDiagram-v2"]
        for each in self.steps.values():
            lines += [f"    {source} --> {each.target}: {each.name}" for source in sorted(each.source)]
        return "\n".join(lines) + "\n"
