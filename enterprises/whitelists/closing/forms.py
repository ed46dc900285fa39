"""Shape of what is typed to close a list."""

from django import forms
from django.utils.translation import gettext_lazy as _

from enterprises.models import ListClosing
from enterprises.whitelists.forms import day


class ClosingForm(forms.Form):
    ends_on = day(
        _("Ends on"), help_text=_("The first day on which nothing on the list counts any more."), required=True
    )
    note = forms.CharField(
        label=_("Why"),
        max_length=ListClosing._meta.get_field("note").max_length,
        required=False,
        help_text=_("Stands in the report and in the notices."),
    )
