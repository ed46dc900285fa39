"""The recognition flow of product section 4, drawn in docs/workflows/recognition.md."""

from django.utils.translation import gettext_lazy as _

from enterprises.recognition.policies import by_the_clock, may_accept, may_withdraw
from enterprises.recognition.words import RecognitionStatus as S
from whitelist.core.flow import Flow, step

RECOGNITION_FLOW = Flow(
    "status",
    step("accept", source={S.PROPOSED}, target=S.IN_FORCE, by=may_accept, label=_("Accept"), tone="primary"),
    step(
        "withdraw",
        source={S.PROPOSED, S.IN_FORCE},
        target=S.WITHDRAWN,
        by=may_withdraw,
        label=_("Withdraw…"),
        tone="danger",
    ),
    step("lapse", source={S.PROPOSED, S.IN_FORCE}, target=S.LAPSED, by=by_the_clock, label=_("Lapse")),
)
