"""The flow of an adjustment proposal, drawn in docs/workflows/adjustment.md."""

from django.utils.translation import gettext_lazy as _

from enterprises.whitelists.adjustments.policies import by_the_clock, may_decide
from enterprises.whitelists.adjustments.words import AdjustmentStatus as S
from whitelist.core.flow import Flow, step

ADJUSTMENT_FLOW = Flow(
    "status",
    step("dismiss", source={S.OPEN}, target=S.DISMISSED, by=may_decide, label=_("Dismiss…")),
    step("take", source={S.OPEN}, target=S.TAKEN, by=may_decide, label=_("Take up"), tone="primary"),
    step("end", source={S.OPEN}, target=S.OVER, by=by_the_clock, label=_("End")),
)
