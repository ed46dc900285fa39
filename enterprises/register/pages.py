"""The pages of enterprises and materials; those of supply links stand in `supply_pages.py`."""

from django.http import Http404
from django.urls import reverse_lazy
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import DetailView, FormView

from enterprises.register import intake, policies, services
from enterprises.register.exports import ENTERPRISE_COLUMNS, MATERIAL_COLUMNS
from enterprises.register.filters import EnterpriseTableFilter, MaterialFilter
from enterprises.register.flows import ENTERPRISE_FLOW
from enterprises.register.forms import EnterpriseForm, MaterialForm, MergeForm, RetireForm
from enterprises.register.models import Enterprise, Material
from enterprises.register.words import Standing
from whitelist.accounts.policies import may_add_to
from whitelist.audit import services as audit
from whitelist.core.access import FormPage, Page, attach
from whitelist.core.days import today
from whitelist.core.errors import Conflict, DomainError, Fault
from whitelist.core.tables import TablePage

SHOWN = 10
FOLDED = ("field", "size", "tag", "status", "listed_on")  # filters that the page folds away while they are empty


class EnterpriseListPage(TablePage):
    model = Enterprise
    access = policies.may_read_enterprises
    filterset_class = EnterpriseTableFilter
    template_name = "enterprises/register/enterprise_list.html"
    export_name = "enterprises"

    def narrow(self, queryset):
        return queryset.for_table().with_listed(today())

    def columns(self):
        return ENTERPRISE_COLUMNS

    def get_context_data(self, **kwargs):
        may_add = policies.may_add_enterprises(self.request.user)
        more = any(self.request.GET.get(name) for name in FOLDED)
        return super().get_context_data(may_add=may_add, more=more, today=today(), **kwargs)


class EnterprisePage(Page, DetailView):
    """A page about one enterprise, named in the address by its code or id."""

    is_base = True
    model = Enterprise
    access = policies.may_read_enterprises
    context_object_name = "enterprise"

    def get_object(self, queryset=None):
        row = self.get_queryset().named(self.kwargs["code"]).first()
        if row is None:
            raise Http404
        return row

    def narrow(self, queryset):
        return queryset.for_page()


class EnterpriseDetailPage(EnterprisePage):
    access = policies.may_read_enterprises
    template_name = "enterprises/register/enterprise_detail.html"

    def get_context_data(self, **kwargs):
        user, row, day = self.request.user, self.object, today()
        listings = list(row.listings.visible_to(user).for_enterprise())
        needs, supplies = (links.seen_by(user).for_table() for links in (row.needs.all(), row.supplies.all()))
        is_office, looks_after = user.prefix is not None, may_add_to(user, None, row)
        return super().get_context_data(
            steps=ENTERPRISE_FLOW.open_to(user, row),
            may_edit=row.status == Standing.ACTIVE and policies.may_edit_enterprise(user, row),
            may_declare=row.status == Standing.ACTIVE and policies.may_declare_links(user),
            looks_after=looks_after,
            holders=row.clerks.visible_to(user).persons() if looks_after else [],
            listings=[(each, is_office and user.covers(each.white_list.office.division_id)) for each in listings],
            listed=sum(each.is_in_force(day) for each in listings),
            needs=needs[:SHOWN],
            needs_count=row.needs.count(),
            supplies=supplies[:SHOWN],
            supplies_count=row.supplies.count(),
            reports=row.reports.visible_to(user).order_by("-day")[:5],
            absorbed=row.absorbed.visible_to(user).order_by("name", "pk"),
            timeline=audit.timeline(row) if is_office else [],
            today=day,
            **kwargs,
        )


class EnterpriseFormPage(FormPage, FormView):
    """The form of an enterprise, with the divisions in which the user may enter one."""

    is_base = True
    access = policies.may_add_enterprises
    form_class = EnterpriseForm

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"divisions": services.divisions_of(self.request.user)}

    def said(self, form, row, sentence):
        """What is said after saving: the sentence, and how a code was read."""
        read = [each.detail for each in self.remarks if not each.is_doubt]
        return " ".join([sentence % {"name": row.name}, *read])

    def get_success_url(self):
        return self.row.get_absolute_url()


class EnterpriseAddPage(EnterpriseFormPage):
    access = policies.may_add_enterprises
    template_name = "enterprises/register/enterprise_add.html"

    def get_initial(self):
        return super().get_initial() | {"name": self.request.GET.get("name", "")[:200]}

    def perform(self, form):
        values = form.values()
        self.remarks = intake.remarks(values, by=self.request.user)
        asked = {name: form.cleaned_data[name] for name in ("accept_doubt", "accept_duplicate")}
        self.row = services.add_enterprise(by=self.request.user, **asked, **values)
        return self.said(form, self.row, _("%(name)s is in the register."))

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        form = context["form"]
        values = {name: form[name].value() for name in ("uscc", "registration_no", "name")}
        alike = intake.alike(values, by=self.request.user) if form.is_bound else []
        return context | {"alike": alike, **asked_in(form)}


def asked_in(form):
    """Which of the two ticks the form shows: those that were asked for, or were given before."""
    return {
        f"asks_{name}": bool(form.errors.get(f"accept_{name}")) or bool(form[f"accept_{name}"].value())
        for name in ("doubt", "duplicate")
    }


class EnterpriseEditPage(EnterpriseFormPage, EnterprisePage):
    """The second of two editors sees both versions of each field, and loses nothing of what was typed."""

    access = policies.may_add_enterprises
    template_name = "enterprises/register/enterprise_edit.html"
    conflict = None

    @cached_property
    def object(self):
        return self.get_object()

    def get_initial(self):
        row = self.object
        now = {name: intake.stored(row, name) for name in intake.FIELDS}
        return now | {"former_names": "\n".join(row.former_names), "version": row.version}

    def perform(self, form):
        values = form.values()
        self.remarks = intake.remarks(values, by=self.request.user, row=self.object)
        version = form.cleaned_data["version"] or 0
        try:
            self.row = services.change_enterprise(
                self.object,
                version=version,
                by=self.request.user,
                accept_doubt=form.cleaned_data["accept_doubt"],
                **values,
            )
        except services.EditConflict as refusal:
            self.conflict = refusal
            raise Conflict(str(refusal), code=refusal.code) from refusal
        return self.said(form, self.row, _("%(name)s is changed."))

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        form, row = context["form"], self.object
        if self.conflict:
            row = self.conflict.row
            names, version = [each.name for each in self.conflict.differences], row.version
        else:
            names, version = form.conflicting() if form.is_bound else [], form["version"].value()
        touched = {each.name: each.is_touched for each in self.conflict.differences} if self.conflict else {}
        return context | {
            "conflicts": [self.choice(form, row, name, touched) for name in names],
            "conflict_names": ",".join(names),
            "other": services.touched_at(row) if names else None,
            "form_version": version or "",
            **asked_in(form),
        }

    def choice(self, form, row, name, touched):
        """One field on which two editors differ: both values in words, and the one that is suggested."""
        kept = form.kept(name) or ("theirs" if touched.get(name) is False else "")
        mine = form[name].value()
        mine = mine.splitlines() if name == "former_names" and isinstance(mine, str) else mine
        return {
            "name": name,
            "label": form.fields[name].label,
            "theirs": intake.worded(name, intake.stored(row, name)),
            "mine": intake.worded(name, mine),
            "kept": kept,
        }


class EnterpriseStepPage(FormPage, FormView, EnterprisePage):
    """A step that ends an enterprise's time, asked with its consequences in numbers."""

    is_base = True
    access = policies.may_add_enterprises

    @cached_property
    def object(self):
        return self.get_object()

    def get_success_url(self):
        return self.object.get_absolute_url()


class EnterpriseRetirePage(EnterpriseStepPage):
    access = policies.may_add_enterprises
    form_class = RetireForm
    template_name = "enterprises/register/enterprise_retire.html"

    def perform(self, form):
        said = form.cleaned_data
        services.retire_enterprise(
            self.object, reason=said["reason"], on=said["on"], note=said["note"], by=self.request.user
        )
        return _("%(name)s is retired.") % {"name": self.object.name}

    def get_context_data(self, **kwargs):
        hanging = services.what_hangs_on(self.object, day=today())
        return super().get_context_data(hanging=hanging, today=today(), **kwargs)


class EnterpriseMergePage(EnterpriseStepPage):
    """First the other enterprise is named and the merger shown in numbers, then it is done."""

    access = policies.may_add_enterprises
    form_class = MergeForm
    template_name = "enterprises/register/enterprise_merge.html"
    into = None

    def target(self, form):
        text = form.cleaned_data.get("into", "")
        row = self.get_queryset().coded(text).first()
        if row is None or row.pk == self.object.pk:
            told = _("There is no other enterprise with the code %(code)s in your division.") % {"code": text}
            raise DomainError(errors=[Fault("into", "unknown_enterprise", told)])
        return row

    def form_valid(self, form):
        """Without `sure` nothing is done yet: the page shows what would be."""
        try:
            self.into = self.target(form)
        except DomainError as refusal:
            attach(form, refusal)
            return self.form_invalid(form)
        if "sure" not in self.request.POST:
            return self.render_to_response(self.get_context_data(form=form))
        return super().form_valid(form)

    def perform(self, form):
        services.merge_enterprises(self.object, into=self.into, note=form.cleaned_data["note"], by=self.request.user)
        return _("%(name)s is merged into %(into)s.") % {"name": self.object.name, "into": self.into.name}

    def get_context_data(self, **kwargs):
        preview = services.merge_preview(self.object, into=self.into, day=today()) if self.into else None
        return super().get_context_data(into=self.into, preview=preview, **kwargs)

    def get_success_url(self):
        return self.into.get_absolute_url()


class MaterialListPage(TablePage):
    model = Material
    access = policies.may_read_materials
    filterset_class = MaterialFilter
    template_name = "enterprises/register/material_list.html"
    export_name = "materials"

    def narrow(self, queryset):
        return queryset.for_table()

    def columns(self):
        return MATERIAL_COLUMNS

    def get_context_data(self, **kwargs):
        return super().get_context_data(may_add=policies.may_edit_materials(self.request.user), **kwargs)


class MaterialAddPage(FormPage, FormView):
    access = policies.may_edit_materials
    form_class = MaterialForm
    template_name = "enterprises/register/material_add.html"
    success_url = reverse_lazy("material-list")

    def perform(self, form):
        row = services.add_material(by=self.request.user, **form.cleaned_data)
        return _("%(name)s is in the vocabulary.") % {"name": row}
