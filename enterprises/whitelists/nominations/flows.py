"""The flow of a nomination, drawn in docs/workflows/nomination.md. Once accepted, its batch's flow goes on."""

from django.utils.translation import gettext_lazy as _

from enterprises.whitelists.nominations.policies import may_accept, may_decline, may_withdraw
from enterprises.whitelists.nominations.words import NominationStatus as S
from whitelist.core.flow import Flow, step

NOMINATION_FLOW = Flow(
    "status",
    step("withdraw", source={S.PROPOSED}, target=S.WITHDRAWN, by=may_withdraw, label=_("Withdraw…"), tone="danger"),
    step("decline", source={S.PROPOSED}, target=S.DECLINED, by=may_decline, label=_("Decline…")),
    step("accept", source={S.PROPOSED}, target=S.ACCEPTED, by=may_accept, label=_("Accept"), tone="primary"),
)
