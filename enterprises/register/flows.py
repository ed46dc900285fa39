"""How an enterprise's time in the register ends: retired with a reason, or merged into another; never deleted."""

from django.utils.translation import gettext_lazy as _

from enterprises.register.policies import may_merge_enterprise, may_retire_enterprise
from enterprises.register.words import Standing as S
from whitelist.core.flow import Flow, step

ENTERPRISE_FLOW = Flow(
    "status",
    step("merge", source={S.ACTIVE}, target=S.MERGED, by=may_merge_enterprise, label=_("Merge into another…")),
    step("retire", source={S.ACTIVE}, target=S.RETIRED, by=may_retire_enterprise, label=_("Retire…"), tone="danger"),
)
