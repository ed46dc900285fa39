"""The door to the nouns of this app, in the order of its rooms."""

from enterprises.recognition.models import Recognition, RecognitionException
from enterprises.register.models import (
    Chain,
    Clerk,
    Enterprise,
    Field,
    Material,
    Size,
    SupplyLink,
    Tag,
    seen_with_enterprise,
    shown_in_rows,
)
from enterprises.resumption.models import (
    Answer,
    DailyReport,
    KeyMaterial,
    Reminder,
    ReportDue,
    ReportRevision,
    StockReading,
)
from enterprises.whitelists.adjustments.models import AdjustmentProposal, AdjustmentRun
from enterprises.whitelists.closing.models import ClosingReport, ListClosing
from enterprises.whitelists.models import Batch, BatchAuthor, BatchLine, Listing, WhiteList
from enterprises.whitelists.nominations.models import Nomination

__all__ = [
    "AdjustmentProposal",
    "AdjustmentRun",
    "Answer",
    "Batch",
    "BatchAuthor",
    "BatchLine",
    "Chain",
    "Clerk",
    "ClosingReport",
    "DailyReport",
    "Enterprise",
    "Field",
    "KeyMaterial",
    "ListClosing",
    "Listing",
    "Material",
    "Nomination",
    "Recognition",
    "RecognitionException",
    "Reminder",
    "ReportDue",
    "ReportRevision",
    "Size",
    "StockReading",
    "SupplyLink",
    "Tag",
    "WhiteList",
    "seen_with_enterprise",
    "shown_in_rows",
]
