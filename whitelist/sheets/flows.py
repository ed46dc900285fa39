"""The way of an uploaded sheet: read, looked at, written or dropped. The worker's steps stand first."""

from django.utils.translation import gettext_lazy as _

from whitelist.core.flow import Flow, step
from whitelist.sheets.models import ImportState as S
from whitelist.sheets.policies import may_finish_import, may_work_on_import

IMPORT_FLOW = Flow(
    "state",
    step("offer", source={S.PARSING}, target=S.NEEDS_CHOICE, by=may_work_on_import, label=_("Offer the sheets")),
    step("ask", source={S.PARSING}, target=S.NEEDS_CHOICE, by=may_work_on_import, label=_("Ask for the headings")),
    step("show", source={S.PARSING}, target=S.PREVIEW, by=may_work_on_import, label=_("Show the preview")),
    step("refuse", source={S.PARSING}, target=S.REFUSED, by=may_work_on_import, label=_("Refuse the file")),
    step("finish", source={S.CONFIRMING}, target=S.DONE, by=may_work_on_import, label=_("Finish")),
    step("look_again", source={S.CONFIRMING}, target=S.PARSING, by=may_work_on_import, label=_("Read it again")),
    step("fail", source={S.PARSING, S.CONFIRMING}, target=S.FAILED, by=may_work_on_import, label=_("Give up")),
    step("finish_undo", source={S.UNDOING}, target=S.UNDONE, by=may_work_on_import, label=_("Finish undoing")),
    step("give_up_undo", source={S.UNDOING}, target=S.DONE, by=may_work_on_import, label=_("Give up undoing")),
    step("choose", source={S.NEEDS_CHOICE}, target=S.PARSING, by=may_finish_import, label=_("Choose the sheet")),
    step(
        "map",
        source={S.NEEDS_CHOICE, S.PREVIEW, S.REFUSED},
        target=S.PARSING,
        by=may_finish_import,
        label=_("Say which column is which"),
    ),
    step("correct", source={S.PREVIEW}, target=S.PREVIEW, by=may_finish_import, label=_("Correct a cell")),
    step("read_again", source={S.PREVIEW, S.FAILED}, target=S.PARSING, by=may_finish_import, label=_("Read again")),
    step(
        "discard",
        source={S.PARSING, S.NEEDS_CHOICE, S.PREVIEW, S.REFUSED, S.FAILED},
        target=S.DISCARDED,
        by=may_finish_import,
        label=_("Discard…"),
        tone="danger",
    ),
    step("confirm", source={S.PREVIEW}, target=S.CONFIRMING, by=may_finish_import, label=_("Import"), tone="primary"),
    step("cancel", source={S.CONFIRMING}, target=S.PREVIEW, by=may_finish_import, label=_("Cancel")),
    step("undo", source={S.DONE}, target=S.UNDOING, by=may_finish_import, label=_("Undo…"), tone="danger"),
)
