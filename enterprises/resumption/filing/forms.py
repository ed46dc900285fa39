"""The daily report as a form: at most twelve questions, all prefilled, and a line for each key material."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enterprises.register.words import unit_said
from enterprises.resumption.filing.revisions import VALUES
from enterprises.resumption.services import StockLine
from enterprises.resumption.words import State
from whitelist.core.templatetags.face import quantity, short_day

LARGEST = 2_147_483_647
THOUSANDS = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?")
PARTS = ("on_hand", "daily_use", "arriving", "arrives_on", "stopped")
FIELD_OF = {"on_hand": "on_hand", "daily_use": "daily_use", "quantity": "arriving", "on": "arrives_on"}


def typed_number(value):
    """A number as people type and paste it: full-width digits, blanks, and commas between thousands."""
    if not isinstance(value, str):
        return value
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", value))
    return text.replace(",", "") if THOUSANDS.fullmatch(text) else text


class Typed(forms.TextInput):
    """A box for a number; numbers are shown without needless zeros."""

    def format_value(self, value):
        return f"{value.normalize() + 0:f}" if isinstance(value, Decimal) else super().format_value(value)


class Count(forms.IntegerField):
    widget = Typed

    def __init__(self, **kwargs):
        super().__init__(min_value=0, max_value=LARGEST, required=False, **kwargs)

    def to_python(self, value):
        return super().to_python(typed_number(value))


class Amount(forms.DecimalField):
    widget = Typed

    def __init__(self, *, digits=16, **kwargs):
        super().__init__(max_digits=digits, decimal_places=2, min_value=0, required=False, **kwargs)

    def to_python(self, value):
        return super().to_python(typed_number(value))


def passable(label):
    """Whether goods pass: yes, no, or not told."""
    choices = [("", "—"), ("True", _("Yes")), ("False", _("No"))]
    return forms.TypedChoiceField(
        label=label, choices=choices, coerce=lambda told: told == "True", empty_value=None, required=False
    )


@dataclass(frozen=True)
class MaterialRow:
    """One material on the page: its bound fields, the note of what was told last, and arrivals beyond the next one."""

    material: object
    on_hand: object
    daily_use: object
    arriving: object
    arrives_on: object
    stopped: object
    was_on_hand: str
    was_daily_use: str
    later: list

    @property
    def is_open(self):
        """Whether the folded part has something that must be seen."""
        folded = (self.arriving, self.arrives_on, self.stopped)
        return bool(self.stopped.value()) or any(field.errors for field in folded)

    @property
    def coming(self):
        """The next arrival in one line, for the folded part."""
        expected, on = self.arriving.initial, self.arrives_on.initial
        if expected is None or on is None:
            return ""
        return translate("%(quantity)s on %(day)s") % {"quantity": quantity(expected), "day": short_day(on)}


class ReportForm(forms.Form):
    """Shape only: contradictions are told by the service, beside the fields it names."""

    state = forms.ChoiceField(
        label=_("State of production"),
        choices=[(value, capfirst(label)) for value, label in State.choices],
        widget=forms.RadioSelect,
        error_messages={"required": _("Say how production stands.")},
    )
    staff_due = Count(label=_("Staff due"))
    staff_on_duty = Count(label=pgettext_lazy("number of persons", "On duty"))
    staff_in_loop = Count(label=_("In closed loop"))
    epidemic_cases = Count(label=_("Epidemic cases"))
    output = Amount(label=_("Output"))
    electricity = Amount(digits=14, label=_("Electricity, kWh"))
    inbound_open = passable(_("Goods can come in"))
    outbound_open = passable(_("Goods can go out"))
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For what is unusual today, or for a correction."),
    )
    new_material = forms.ModelChoiceField(None, label=_("Another material"), required=False, empty_label=_("None"))

    def __init__(self, *args, start, others, **kwargs):
        self.start = start
        super().__init__(*args, initial=start.values, **kwargs)
        self.fields["new_material"].queryset = others
        firm = start.enterprise
        if firm.output_unit:
            self.fields["output"].label = translate("Output, %(unit)s") % {"unit": unit_said(firm.output_unit)}
        if start.values.get("epidemic_cases") is None:
            self.fields["epidemic_cases"].help_text = translate("Zero is an answer; empty is none.")
        for name, normal in (("output", firm.normal_output), ("electricity", firm.electricity_baseline)):
            if normal:
                self.fields[name].help_text = translate("normal %(amount)s") % {"amount": quantity(normal)}
        for line in start.lines:
            self.add_line(line.material.pk, line)
        self.add_line("new", StockLine(None, None, None))

    def add_line(self, key, line):
        expected, on = arrival(line.arrivals[0]) if line.arrivals else (None, None)
        initial = (line.on_hand, line.daily_use, expected, on, line.stopped_for_want)
        day = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        made = (
            Amount(label=_("Stock")),
            Amount(label=_("Daily use")),
            Amount(label=_("Next arrival")),
            forms.DateField(label=_("Arrives on"), required=False, widget=day),
            forms.BooleanField(label=_("The plant stands still for want of it"), required=False),
        )
        for part, field, value in zip(PARTS, made, initial, strict=True):
            field.initial = value
            self.fields[f"stock-{key}-{part}"] = field

    def materials(self):
        """The rows of the page, one for each material told of."""
        past = {line.material_id: line for line in self.start.source.stock.all()} if self.start.source else {}
        for line in self.start.lines:
            was = past.get(line.material.pk)
            yield self.row(line.material.pk, line, self.note(was and was.on_hand), self.note(was and was.daily_use))

    def new_row(self):
        return self.row("new", StockLine(None, None, None), "", "")

    def row(self, key, line, was_on_hand, was_daily_use):
        bound = {part: self[f"stock-{key}-{part}"] for part in PARTS}
        later = [arrival(each) for each in line.arrivals[1:]]
        return MaterialRow(
            material=line.material, was_on_hand=was_on_hand, was_daily_use=was_daily_use, later=later, **bound
        )

    def notes(self):
        """The grey notes inside the fields: what was told last."""
        source = self.start.source
        told = {name: self.note(getattr(source, name)) if source else "" for name in self.start.values}
        return {name: told.get(name, "") for name in VALUES if name not in ("state", "reason")}

    def note(self, value):
        if value is None or value == "":
            return ""
        shown = {True: translate("yes"), False: translate("no")}[value] if isinstance(value, bool) else quantity(value)
        return (translate("sent %(value)s") if self.start.report else translate("was %(value)s")) % {"value": shown}

    def clean(self):
        fields = super().clean()
        self.stock, self.places = [], []
        for line in self.start.lines:
            self.take(line.material.pk, line.material, line.arrivals[1:])
        added = fields.get("new_material")
        if added is not None:
            self.take("new", added, [])
        elif any(fields.get(f"stock-new-{part}") for part in ("on_hand", "daily_use", "arriving")):
            self.add_error("new_material", translate("Say which material this is."))
        return fields

    def take(self, key, material, later):
        """Read one material's line; an empty one tells of nothing, half of one is refused."""
        said = {part: self.cleaned_data.get(f"stock-{key}-{part}") for part in PARTS}
        if not any(value or value == 0 for value in said.values() if value is not False):
            return
        for one in ("on_hand", "daily_use"):
            if said[one] is None and f"stock-{key}-{one}" not in self.errors:
                told = translate("“%(material)s” needs both: stock and daily use.") % {"material": material}
                self.add_error(f"stock-{key}-{one}", told)
        for one, other in (("arriving", "arrives_on"), ("arrives_on", "arriving")):
            if said[one] is None and said[other] is not None and f"stock-{key}-{one}" not in self.errors:
                told = translate("A confirmed arrival has a quantity and a day.")
                self.add_error(f"stock-{key}-{one}", told)
        if said["on_hand"] is None or said["daily_use"] is None:
            return
        arrivals = list(later)
        if said["arriving"] is not None and said["arrives_on"] is not None:
            arrivals.insert(0, {"on": str(said["arrives_on"]), "quantity": str(said["arriving"])})
        self.places.append(key)
        self.stock.append(StockLine(material, said["on_hand"], said["daily_use"], arrivals, said["stopped"]))

    def field_of(self, pointer):
        """The field that a fault of the service means: `stock/0/arrivals/0/on` → `stock-7-arrives_on`."""
        head, *rest = pointer.split("/")
        if head != "stock" or not rest:
            return pointer
        return f"stock-{self.places[int(rest[0])]}-{FIELD_OF.get(rest[-1], 'on_hand')}"

    def values(self):
        return {name: self.cleaned_data.get(name) for name in self.base_fields if name != "new_material"}


def arrival(stored):
    """A stored arrival as quantity and day."""
    return Decimal(stored["quantity"]), date.fromisoformat(stored["on"])
