"""Shapes of what is typed about a nomination: its evidence, into which draft it goes, and why it is declined."""

from django import forms
from django.utils.translation import gettext_lazy as _

from enterprises.models import Nomination
from enterprises.whitelists.batches.forms import NoteForm, said
from enterprises.whitelists.drafts import NEW
from enterprises.whitelists.forms import day
from enterprises.whitelists.words import RejectReason


def longest(name):
    return Nomination._meta.get_field(name).max_length


class NominationForm(forms.Form):
    buyer = forms.CharField(label=_("Buyer"), max_length=40, required=False, help_text=_("Its code."))
    supplier = forms.CharField(
        label=_("Supplier"), max_length=200, help_text=_("Its code as in the contract, or its exact name.")
    )
    material = forms.CharField(
        label=_("Material"),
        max_length=40,
        required=False,
        help_text=_("Its code in the vocabulary, if it is one of them."),
        widget=forms.TextInput(attrs={"list": "materials"}),
    )
    contract_number = forms.CharField(label=_("Contract number"), max_length=longest("contract_number"))
    contract_on = day(_("Contract of"))
    share = forms.DecimalField(
        label=_("Share of the buyer's need"), min_value=0, max_value=100, max_digits=5, decimal_places=2, required=False
    )
    is_sole_source = forms.BooleanField(label=_("The buyer has no other source"), required=False)
    why = forms.CharField(
        label=_("Why"),
        max_length=longest("why"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What stands still without this supplier. The supplier's office reads it."),
    )
    undertaking = forms.BooleanField(
        label=_("The supplier has signed the undertaking: true particulars, obedience to allocation, prevention"),
    )
    link = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1, max_value=2**63 - 1)

    def __init__(self, *args, is_own=False, **kwargs):
        super().__init__(*args, **kwargs)
        if is_own:
            del self.fields["buyer"]
        else:
            self.fields["buyer"].required = True


class AcceptForm(NoteForm):
    """Into one of the list's drafts, or a new one."""

    batch = forms.TypedChoiceField(label=_("Into"), coerce=int, empty_value=None, required=False, widget=forms.Select)
    field_order = ("batch", "note")

    def __init__(self, *args, drafts=(), **kwargs):
        super().__init__(*args, **kwargs)
        offered = [(each.pk, each.title) for each in drafts]
        self.fields["batch"].choices = [*offered, (NEW, _("a new draft"))]


class DeclineForm(NoteForm):
    reason = forms.ChoiceField(label=_("Reason"), choices=said(RejectReason.choices), widget=forms.RadioSelect)
    field_order = ("reason", "note")


class WithdrawForm(NoteForm):
    """Why it is taken back, for the office that had to decide."""
