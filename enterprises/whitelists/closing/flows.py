"""The flow of a closing, drawn in docs/workflows/closing.md."""

from django.utils.translation import gettext_lazy as _

from enterprises.whitelists.closing.policies import may_confirm_closing, may_withdraw_closing
from enterprises.whitelists.closing.words import ClosingStatus as S
from whitelist.core.flow import Flow, step

CLOSING_FLOW = Flow(
    "status",
    step("withdraw", source={S.PROPOSED}, target=S.WITHDRAWN, by=may_withdraw_closing, label=_("Do not close")),
    step(
        "confirm", source={S.PROPOSED}, target=S.CONFIRMED, by=may_confirm_closing, label=_("Confirm"), tone="primary"
    ),
)
