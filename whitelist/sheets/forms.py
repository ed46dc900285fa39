"""The shape of an upload."""

from django import forms
from django.utils.translation import gettext_lazy as _

from whitelist.sheets import kinds
from whitelist.sheets.previews import mapping


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv,.tsv,.txt"}),
        help_text=_("Choose it, or drop it here."),
        error_messages={"required": _("Choose a file."), "missing": _("Choose a file.")},
    )
    kind = forms.ChoiceField(label=_("What it holds"))

    def __init__(self, *args, kinds, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.name, kind.label) for kind in kinds]
        if len(kinds) == 1:
            self.fields["kind"].widget = forms.HiddenInput()
            self.fields["kind"].initial = kinds[0].name


class ChooseForm(forms.Form):
    sheet = forms.ChoiceField(label=_("Sheet"), widget=forms.RadioSelect)

    def __init__(self, *args, candidates, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["sheet"].choices = [(each["name"], each["name"]) for each in candidates]


class ColumnsForm(forms.Form):
    """A choice for each heading of the file: the column that it is, or none."""

    def __init__(self, *args, sheet_import, **kwargs):
        super().__init__(*args, **kwargs)
        self.headings = mapping.headings_of(sheet_import)
        asked = {each["key"]: each["places"] for each in sheet_import.questions}
        columns = [(column.key, column.label) for column in kinds.get(sheet_import.kind).columns]
        for each in self.headings:
            each["asked"] = next((key for key, places in asked.items() if each["place"] in places), "")
            self.fields[self.name_of(each)] = forms.ChoiceField(
                label=each["header"] or _("no heading"),
                choices=[("", _("— leave out —")), *columns],
                required=False,
                initial=each["key"],
                widget=forms.Select(attrs={"aria-label": each["header"] or _("no heading")}),
            )

    @staticmethod
    def name_of(heading):
        return f"columns/{heading['name']}"

    def rows(self):
        """Each heading with its field, as the table shows them."""
        return [{**each, "field": self[self.name_of(each)]} for each in self.headings]

    def said(self):
        return {each["name"]: self.cleaned_data[self.name_of(each)] for each in self.headings}
