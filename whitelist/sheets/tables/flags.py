"""Cells that say yes or no, and cells that hold a share of a whole."""

from dataclasses import dataclass, field

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from whitelist.sheets.files.cells import Choice, Number, Words


class YesNo(TextChoices):
    YES = "yes", _("yes")
    NO = "no", _("no")


SAID = {
    **dict.fromkeys(("y", "true", "1", "√", "✓", "✔", "对", "有", "属于", "确认", "已确认"), "yes"),
    **dict.fromkeys(("n", "false", "0", "×", "✗", "✕", "x", "不", "无", "没有", "不是", "不属于", "未确认"), "no"),
}


@dataclass(frozen=True)
class Flag(Choice):
    """Yes or no in either language, a tick or a cross; gives True or False."""

    words: Words = field(default_factory=lambda: Words(YesNo, SAID))

    def read(self, cell):
        return super().read(cell) == YesNo.YES


@dataclass(frozen=True)
class Percent(Number):
    """A number of hundredths; the sign behind it is left away."""

    def read(self, cell):
        return super().read(cell.strip().rstrip("%％").strip() if isinstance(cell, str) else cell)
