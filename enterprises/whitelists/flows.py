"""The batch flow of product section 4, drawn in docs/workflows/batch.md."""

from django.utils.translation import gettext_lazy as _

from enterprises.whitelists.policies import may_decide_batch, may_draft_batch, may_publish_batch
from enterprises.whitelists.words import BatchStatus as S
from whitelist.core.flow import Flow, step

BATCH_FLOW = Flow(
    "status",
    step("withdraw", source={S.DRAFT}, target=S.WITHDRAWN, by=may_draft_batch, label=_("Withdraw"), tone="danger"),
    step("submit", source={S.DRAFT}, target=S.SUBMITTED, by=may_draft_batch, label=_("Submit"), tone="primary"),
    step("return", source={S.SUBMITTED, S.APPROVED}, target=S.RETURNED, by=may_decide_batch, label=_("Return…")),
    step("redraft", source={S.RETURNED}, target=S.DRAFT, by=may_draft_batch, label=_("Take up again"), tone="primary"),
    step("approve", source={S.SUBMITTED}, target=S.APPROVED, by=may_decide_batch, label=_("Approve"), tone="primary"),
    step("publish", source={S.APPROVED}, target=S.PUBLISHED, by=may_publish_batch, label=_("Publish"), tone="primary"),
)
