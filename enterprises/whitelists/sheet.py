"""The sheet of batch lines: what a draft asks for, each row by the rules of a line that is put by hand."""

from django.urls import reverse
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from enterprises.register.supply.finding import Finder
from enterprises.whitelists import lines, policies, services
from enterprises.whitelists.models import Batch, BatchLine, Listing
from enterprises.whitelists.sheet_columns import COLUMNS
from enterprises.whitelists.sheet_undo import LinesTakenBack
from enterprises.whitelists.words import OPEN_STATES, BatchStatus
from whitelist.core.errors import DomainError, Fault, NotAllowed
from whitelist.sheets.files.cells import BadCell
from whitelist.sheets.kinds import Stale
from whitelist.sheets.models import WRITTEN, Outcome
from whitelist.sheets.tables.upsert import ModelSheet, chunks


class Ground:
    """What rows about these enterprises rest on: their lines in the batch, the list itself, other open batches."""

    def __init__(self, batch, enterprises):
        self.lines, self.listed, self.elsewhere = {}, {}, {}
        standing = Listing.objects.standing().filter(white_list=batch.white_list_id)
        others = BatchLine.objects.filter(batch__white_list=batch.white_list_id, batch__status__in=OPEN_STATES)
        others = others.exclude(batch=batch).order_by("batch_id")
        for some in chunks(sorted(enterprises)):
            self.lines |= {line.enterprise_id: line for line in batch.lines.filter(enterprise__in=some)}
            listed = standing.filter(enterprise__in=some).values_list("enterprise", "chain", "field")
            self.listed |= {pk: moment for pk, *moment in listed}
            self.elsewhere |= dict(others.filter(enterprise__in=some).values_list("enterprise", "batch__title"))

    def fault(self, line):
        """What keeps a line from fitting the list, by the rule that every other way in asks."""
        line.is_listed = line.enterprise_id in self.listed
        return services.fault_of(line)


class BatchLineSheet(LinesTakenBack, ModelSheet):
    """Lines of one draft, by enterprise. A row without an action asks for nothing; what a known line's row leaves out
    stays as it is in the batch.
    """

    name, label, seen = "batch-lines", _("Lines of a batch"), _("See the batch")
    model, keys, key_column, title_column = BatchLine, ("enterprise",), "code", "name"
    fields = ("enterprise", *lines.LINE)
    columns = COLUMNS
    target_names = ("batch",)
    fault_words = {
        "already_listed": _("on the list already"),
        "ambiguous_enterprise": _("several enterprises of that name"),
        "amends_nothing": _("amends nothing"),
        "enterprise_required": _("no enterprise"),
        "in_other_batch": _("in another open batch"),
        "name_differs": _("name differs from the register"),
        "no_action": _("asks for nothing"),
        "not_active": _("retired in the register"),
        "not_listed": _("not on the list"),
        "reason_required": _("no reason"),
        "unknown_enterprise": _("unknown enterprise"),
    }

    def may_import(self, user):
        return policies.may_import_lines(user)

    def _batch(self, target, *, by):
        """The batch that is meant, if it exists for this user."""
        text = str((target or {}).get("batch", "")) if isinstance(target or {}, dict) else ""
        if not (text.isascii() and text.isdigit() and len(text) < 19):
            return None
        found = Batch.objects.visible_to(by).select_related("white_list__office")
        return found.defer("file").filter(pk=int(text)).first()

    def check_target(self, target, *, by):
        batch = self._batch(target, by=by)
        if batch is None:
            told = _("Say which draft the lines go into: {“batch”: its number}. You see no such batch.")
            raise DomainError(told, errors=[Fault("target", "unknown_batch", told)])
        services.check_edit(batch, by=by)
        return {"batch": batch.pk}

    def about_target(self, target, *, by):
        batch = self._batch(target, by=by)
        return batch and (f"{batch.white_list}: {batch.title}", batch.get_absolute_url())

    def address(self, sheet_import):
        return reverse("batch-detail", args=[sheet_import.target["batch"]])

    def judge(self, rows, *, by, target, told):
        """Rows that ask for nothing are passed by, so that a whole list can come with a few marked rows in it."""
        batch = self._batch(target, by=by)
        if batch is None or batch.status != BatchStatus.DRAFT:
            state = batch.get_status_display() if batch else translate("gone")
            detail = translate("Only a draft can be edited; this batch is %(state)s.") % {"state": state}
            raise DomainError(detail, code="not_a_draft")
        self.batch, asking = batch, []
        for row in rows:
            if row.values.get("action") or row.is_rejected:
                asking.append(row)
                continue
            detail = translate("No action is named, so this row asks for nothing. Write add, amend or remove.")
            row.warn("action", "no_action", detail)
            row.outcome = Outcome.UNCHANGED
        super().judge(asking, by=by, target=target, told=told)

    def look_up(self, rows, *, by, target, told):
        named = {row.number: (row.values.pop("code", ""), row.values.pop("name", "")) for row in rows}
        finder = Finder(named.values(), by=by)
        self.found, self.named_in = {}, {}
        for row in rows:
            code, name = named[row.number]
            column = self.named_in[row.number] = "code" if code else "name"
            found = self._enterprise(row, code, name, column, finder)
            if found is None:
                continue
            if not by.covers(found.division_id):
                detail = translate("This enterprise stands outside your division; only your own are put on your list.")
                row.fault(column, "outside_division", detail)
                continue
            row.key = found.code
            row.values["enterprise"] = found.pk
            self.found[row.key] = found

    def _enterprise(self, row, code, name, column, finder):
        if not code and not name:
            if not any(fault["key"] in ("code", "name") for fault in row.faults):
                detail = translate("No enterprise is named. Write its code or its exact name.")
                row.fault("code", "enterprise_required", detail)
            return None
        try:
            found, remark = finder.find(code, name)
        except BadCell as bad:
            row.fault(column, bad.code, bad.detail)
            return None
        if remark:
            row.warn("name", "name_differs", remark)
        return found

    def present(self, keys):
        self.ground = Ground(self.batch, {self.found[key].pk for key in keys})
        return {key: line for key in keys if (line := self.ground.lines.get(self.found[key].pk))}

    def compare(self, row, stored, *, by):
        enterprise, before = self.found[row.key], {name: getattr(stored, name) for name in lines.LINE if stored}
        wish = before | row.values
        if not wish.get("reason"):
            row.fault("reason", "reason_required", translate("A line needs its reason: one of the words in the list."))
            return
        line = lines.line_of(self.batch, wish | {"enterprise": enterprise}, by=by)
        if fault := self.ground.fault(line):
            column = self.named_in[row.number] if fault.code == "not_active" else "action"
            row.fault(column, fault.code, fault.detail)
            return
        after = {name: getattr(line, name) for name in lines.LINE}
        self._remark(row, enterprise, line)
        row.values = {"enterprise": enterprise.pk, **after}
        if stored is None:
            row.outcome = Outcome.CREATED
            return
        row.row_id = stored.pk
        row.changes = {name: [before[name], after[name]] for name in lines.LINE if before[name] != after[name]}
        row.outcome = Outcome.UPDATED if row.changes else Outcome.UNCHANGED

    def _remark(self, row, enterprise, line):
        if title := self.ground.elsewhere.get(enterprise.pk):
            detail = translate("Another open batch of this list, “%(title)s”, names the enterprise too.")
            row.warn("action", "in_other_batch", detail % {"title": title})
        if line.action == "amend" and self.ground.listed.get(enterprise.pk) == [line.chain, line.field]:
            detail = translate("The list says the same already: this amends neither chain nor field.")
            row.warn("action", "amends_nothing", detail)

    def stale(self, sheet_import):
        """Rows whose line, enterprise or listing is no longer as the preview showed it; all, once it is no draft."""
        rows = list(sheet_import.lines.filter(outcome__in=WRITTEN).order_by("number"))
        batch = Batch.objects.filter(pk=sheet_import.target["batch"]).defer("file").first()
        if batch is None or batch.status != BatchStatus.DRAFT:
            return [row.number for row in rows]
        wishes = self._wishes(rows)
        ground = Ground(batch, wishes)
        return [row.number for row in rows if self._has_moved(row, batch, wishes, ground)]

    def _wishes(self, rows):
        """What the rows want, by enterprise; one that is gone is left out."""
        found, wishes = {}, {row.values["enterprise"]: row.values for row in rows}
        for some in chunks(sorted(wishes)):
            found |= BatchLine.enterprise.field.related_model.objects.in_bulk(some)
        return {pk: wish | {"enterprise": found[pk]} for pk, wish in wishes.items() if pk in found}

    @staticmethod
    def _has_moved(row, batch, wishes, ground):
        pk = row.values["enterprise"]
        stands, was = ground.lines.get(pk), row.values | {name: old for name, (old, _new) in row.changes.items()}
        if pk not in wishes or (stands is None) != (row.outcome == Outcome.CREATED):
            return True
        if stands is not None and any(getattr(stands, name) != was[name] for name in lines.LINE):
            return True
        return ground.fault(lines.line_of(batch, wishes[pk], by=None)) is not None

    def apply(self, sheet_import, *, by):
        """Put the lines by the verb that every other way in uses; uploader and confirmer are both their authors."""
        batch = Batch.objects.get(pk=sheet_import.target["batch"])
        try:
            batch = services.hold(batch, by=by, may=policies.may_draft_batch)
        except NotAllowed:
            raise Stale([]) from None
        if numbers := self.stale(sheet_import):
            raise Stale(numbers)
        sheet_import.report_progress(0.4)
        wishes = self._wishes(sheet_import.lines.filter(outcome__in=WRITTEN).order_by("number"))
        if wishes:
            note = sheet_import.file_name
            services.put_lines(batch, list(wishes.values()), by=by, written_by=sheet_import.uploaded_by, note=note)
