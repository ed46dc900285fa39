"""The register's forms: shapes and labels; the rules are the services'."""

from django import forms
from django.utils.translation import gettext_lazy as _

from enterprises.register import intake
from enterprises.register.words import Chain, Criticality, Field, Ownership, RetireReason, Size, Tag
from whitelist.core.days import today

UNSAID = ("", _("not said"))
MOST_OPTIONS = 400


def choose(label, choices, **kwargs):
    return forms.ChoiceField(label=label, choices=[UNSAID, *choices], required=False, **kwargs)


def number(label, **kwargs):
    return forms.DecimalField(label=label, required=False, min_value=0, decimal_places=2, **kwargs)


class EnterpriseForm(forms.Form):
    """Everything the register asks about an enterprise; only a code, a name and the plant's division must be given."""

    uscc = forms.CharField(
        label=_("Unified social credit code"), max_length=40, required=False, help_text=_("18 characters.")
    )
    registration_no = forms.CharField(
        label=_("Registration number"),
        max_length=40,
        required=False,
        help_text=_("15 characters, only where there is no code yet."),
    )
    name = forms.CharField(label=_("Name"), max_length=200, help_text=_("As on the licence."))
    former_names = forms.CharField(
        label=_("Former names"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        max_length=2000,
        help_text=_("One a line."),
    )
    division = forms.CharField(label=_("Plant division"), max_length=80, help_text=_("Where the plant stands."))
    registered_division = forms.CharField(
        label=_("Registered division"),
        max_length=80,
        required=False,
        help_text=_("Six digits or the full name, where it differs."),
    )
    industry = forms.CharField(
        label=_("Industry"), max_length=4, required=False, help_text=_("Two to four digits of GB/T 4754.")
    )
    chain = choose(_("Chain"), Chain.choices)
    field = choose(_("Field"), Field.choices)
    link = forms.CharField(label=_("Link in the chain"), max_length=60, required=False)
    size = choose(_("Size"), Size.choices)
    ownership = choose(_("Ownership"), Ownership.choices)
    tags = forms.MultipleChoiceField(
        label=_("Tags"), choices=Tag.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    staff_total = forms.IntegerField(label=_("Staff"), min_value=0, max_value=2_147_483_647, required=False)
    normal_output = number(_("Normal daily output"), max_digits=16)
    output_unit = forms.CharField(label=_("Unit of output"), max_length=20, required=False)
    output_value = number(_("Value of it, 10,000 yuan"), max_digits=14)
    electricity_baseline = number(_("Normal daily electricity, kWh"), max_digits=14)
    accept_doubt = forms.BooleanField(label=_("The code is as on the licence"), required=False)
    accept_duplicate = forms.BooleanField(label=_("It is another enterprise of the same name"), required=False)
    version = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)
    conflicts = forms.CharField(required=False, max_length=400, widget=forms.HiddenInput)

    def __init__(self, *args, divisions=(), **kwargs):
        super().__init__(*args, **kwargs)
        if divisions and len(divisions) <= MOST_OPTIONS:
            now = self["division"].value()
            options = [("", _("choose")), *((each.code, f"{each.code} {each}") for each in divisions)]
            if now and now not in dict(options):
                options.append((now, now))
            self.fields["division"].widget = forms.Select(choices=options)
        else:
            self.fields["division"].help_text = _("Where the plant stands: six digits or the full name.")

    def clean_former_names(self):
        return self.cleaned_data["former_names"].splitlines()

    def conflicting(self):
        """The fields over which the form has shown a conflict that is to be decided."""
        return [name for name in str(self.data.get("conflicts", "")).split(",") if name in intake.FIELDS]

    def kept(self, name):
        """Whose value is to stay: `mine`, `theirs`, or "" while nobody said."""
        said = self.data.get(f"keep_{name}", "")
        return said if said in ("mine", "theirs") else ""

    def clean(self):
        for name in self.conflicting():
            if not self.kept(name):
                self.add_error(name, _("Say which of the two values shall stay."))
        return super().clean()

    def values(self):
        """What the form wants written; a field whose stored value was chosen is left alone."""
        theirs = {name for name in self.conflicting() if self.kept(name) == "theirs"}
        return {name: self.cleaned_data[name] for name in intake.FIELDS if name not in theirs}


class RetireForm(forms.Form):
    reason = forms.ChoiceField(label=_("Reason"), choices=RetireReason.choices, widget=forms.RadioSelect)
    on = forms.DateField(
        label=_("On"), initial=today, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    note = forms.CharField(label=_("Note"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))


class MergeForm(forms.Form):
    into = forms.CharField(
        label=_("Merge into"), max_length=40, help_text=_("Its unified social credit code or registration number.")
    )
    note = forms.CharField(label=_("Note"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))


class MaterialForm(forms.Form):
    code = forms.SlugField(
        label=_("Code"), max_length=40, help_text=_("Letters, digits and hyphens, such as ecu-12v. It stays for ever.")
    )
    name = forms.CharField(label=_("Chinese name"), max_length=80)
    name_en = forms.CharField(label=_("English name"), max_length=80, required=False)
    unit = forms.CharField(label=_("Unit"), max_length=20, help_text=_("In which its stock is counted."))
    chain = choose(_("Chain"), Chain.choices)
    is_bulk = forms.BooleanField(label=_("It is one of the bulk raw materials"), required=False)


class SupplyLinkForm(forms.Form):
    supplier = forms.CharField(label=_("Supplier"), max_length=40, help_text=_("Its code, as in the contract."))
    buyer = forms.CharField(label=_("Buyer"), max_length=40, help_text=_("Its code, as in the contract."))
    material = forms.CharField(
        label=_("Material"),
        max_length=40,
        help_text=_("Its code in the vocabulary."),
        widget=forms.TextInput(attrs={"list": "materials"}),
    )
    share = forms.DecimalField(
        label=_("Share of the buyer's need"), min_value=0, max_value=100, max_digits=5, decimal_places=2, required=False
    )
    criticality = forms.ChoiceField(
        label=_("If it fails"), choices=Criticality.choices, widget=forms.RadioSelect, initial=Criticality.STOPS
    )
    is_sole_source = forms.BooleanField(label=_("The buyer has no other source"), required=False)
