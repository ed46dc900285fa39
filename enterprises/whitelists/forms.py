"""Shapes of what is typed about a list: opening one, and which two moments of it are compared."""

from django import forms
from django.utils.translation import gettext_lazy as _

from enterprises.models import WhiteList
from enterprises.whitelists.words import ListKind
from whitelist.core.days import today

DAY = {"type": "date"}


class WhiteListForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=WhiteList._meta.get_field("title").max_length)
    kind = forms.ChoiceField(
        label=_("Kind"), choices=ListKind.choices, widget=forms.RadioSelect, initial="key_industry"
    )
    opened_on = forms.DateField(
        label=_("Opens on"), initial=today, widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d")
    )
    ends_on = forms.DateField(
        label=_("Ends on"),
        widget=forms.DateInput(attrs=DAY, format="%Y-%m-%d"),
        help_text=_("The first day on which the list is no longer in force. It can be closed earlier."),
    )


class DiffForm(forms.Form):
    """Two days, or two published batches of the list; a batch stands for the list as it left it."""

    def __init__(self, *args, white_list, **kwargs):
        super().__init__(*args, **kwargs)
        batches = white_list.batches.published().order_by("-number")
        for name, label in (("from", _("From")), ("to", _("To"))):
            widget = forms.DateInput(attrs={**DAY, "data-autosubmit": True}, format="%Y-%m-%d")
            self.fields[name] = forms.DateField(label=label, required=False, widget=widget)
            widget = forms.Select(attrs={"data-autosubmit": True})
            empty = _("the empty list") if name == "from" else None
            self.fields[f"{name}_batch"] = forms.ModelChoiceField(
                batches, label=label, required=False, empty_label=empty, widget=widget
            )
