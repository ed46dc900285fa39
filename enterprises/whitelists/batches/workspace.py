"""What the workspace of a batch shows. The page and every part that is sent alone draw from the same."""

from urllib.parse import urlsplit

from django.core.cache import cache
from django.http import QueryDict
from django.utils.text import capfirst

from enterprises.models import Batch
from enterprises.whitelists import policies, publication, services
from enterprises.whitelists.batches import intake
from enterprises.whitelists.batches.forms import LineForm, PasteForm, PublishForm
from enterprises.whitelists.filters import LineTableFilter
from enterprises.whitelists.flows import BATCH_FLOW
from enterprises.whitelists.tables import Table
from enterprises.whitelists.words import OPEN_STATES, BatchStatus, Decision, Reason, RejectReason
from whitelist.audit.services import timeline
from whitelist.core.compiled import prepared

ENTRIES_SHOWN = 12
NAMES_SHOWN = 3
LONGEST_VALUE = 90
OPENED_BY = {"reject": "can_decide", "edit": "can_edit"}
TOLD_ANYWAY = (
    "status",
    "content_hash",
    "submitted_by",
    "submitted_at",
    "approved_by",
    "approved_at",
    "published_by",
    "published_at",
    "return_note",
)


def stand_on_page(request):
    """Take the address of the page that a part belongs to, so that its filters and links stay."""
    current = request.htmx.current_url_abs_path
    if current is not None:
        request.GET = QueryDict(urlsplit(current).query)


def lines_table(request, batch):
    return Table(request, lines_of(batch), LineTableFilter)


def lines_of(batch):
    """The lines as rows."""
    return batch.lines.for_workspace(is_open=batch.status in OPEN_STATES)


def rights(request, batch):
    """What this user may do with the batch now."""
    steps = {step.name: step for step in BATCH_FLOW.open_to(request.user, batch)}
    may_draft = policies.may_draft_batch(request.user, batch)
    return {
        "steps": steps,
        "can_edit": "submit" in steps,
        "can_decide": "approve" in steps,
        "can_publish": "publish" in steps,
        "can_revert": batch.status == BatchStatus.PUBLISHED and may_draft,
    }


def words_of_rows(request):
    """What rows need beside themselves: the reasons to choose from, the ones chosen last, the way back."""
    return {
        "reject_reasons": RejectReason.choices,
        "reject_reason": request.session.get("reject_reason", RejectReason.NOT_KEY),
        "back": request.GET.urlencode(),
    }


def dress(request, batch, rows, *, open_line=("", 0), form=None):
    """Give each row its fault, and the one that is opened, where this user may do that, its form."""
    how, pk = open_line
    how = how if how and rights(request, batch)[OPENED_BY[how]] else ""
    is_open = batch.status in OPEN_STATES
    for row in rows:
        fault = services.fault_of(row) if is_open else None
        row.fault = fault.detail if fault else ""
        row.opened = how if row.pk == pk else ""
        if row.opened == "reject":
            reason = words_of_rows(request)["reject_reason"]
            row.wording = row.decision_note or services.wording_of(batch.white_list, reason)
        if row.opened == "edit":
            row.form = form or LineForm(initial=line_values(row), user=request.user, auto_id=f"line_{row.pk}_%s")
    return rows


def line_values(row):
    names = ("action", "chain", "field", "reason", "note")
    return {"enterprise": row.enterprise.code, **{name: getattr(row, name) for name in names}}


def opened_line(request):
    """Which line the address opens for a rejection or an edit: (how, line id)."""
    for how in ("reject", "edit"):
        text = request.GET.get(how, "")
        if text.isascii() and text.isdigit():
            return how, int(text[:18])
    return "", 0


def figures(request, batch):
    """The parts around the rows: figures, progress, head, and who is waited for."""
    waits = batch.status in (BatchStatus.DRAFT, BatchStatus.SUBMITTED)
    deciders = services.deciders(batch) if waits else []
    found = settled_figures(batch) if batch.status == BatchStatus.PUBLISHED else publication.figures(batch)
    return {
        "figures": found,
        "unfit": found["unfit"],
        "waits": waits,
        "deciders": deciders[:NAMES_SHOWN],
        "more_deciders": max(len(deciders) - NAMES_SHOWN, 0),
    }


def settled_figures(batch):
    """The figures of a published batch, and the batch before it: they never change again, so they are asked once."""

    def asked():
        before = batch.white_list.batches.filter(number=batch.number - 1).values_list("pk", flat=True).first()
        return {**publication.figures(batch), "before_pk": before}

    return cache.get_or_set(f"settled-batch-{batch.pk}-{batch.file_hash}", asked, None)


def search(request, batch, text):
    """The search for enterprises to put into a draft."""
    found = intake.candidates(batch, text, by=request.user)
    return {
        "find": text,
        "found": found[: intake.MOST_FOUND],
        "has_more_found": len(found) > intake.MOST_FOUND,
        "reasons": Reason.choices,
        "add_reason": request.session.get("add_reason", Reason.KEY_LINK),
    }


def history(batch):
    """The timeline in the words of batches; who and when stand in each entry's head, so its changes need not."""
    hidden = {capfirst(str(Batch._meta.get_field(name).verbose_name)) for name in TOLD_ANYWAY}
    words = {**dict(Decision.choices), **dict(RejectReason.choices)}
    entries = []
    for entry in timeline(batch):
        changes = [(label, before, words.get(after, short(after))) for label, before, after in entry.changes]
        kept = [change for change in changes if change[0] not in hidden and change[1:] != ("", "")]
        entries.append({"at": entry.at, "who": entry.who, "verb": entry.verb, "note": entry.note, "changes": kept})
    return entries


def short(value):
    """A long enumeration cut after its first entries."""
    text = str(value)
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE].rsplit(',', 1)[0]} …"


def everything(
    request, batch, *, table=None, asks="", form=None, open_line=None, line_form=None, paste=None, verdicts=()
):
    """The context of the whole page. `asks` is the step whose form stands on top."""
    may = rights(request, batch)
    asks = asks or ("publish" if may["can_publish"] else "")
    table = table or lines_table(request, batch)
    entries = history(batch)
    around = figures(request, batch)
    table.all_rows = around["figures"]["lines"]
    with prepared():
        rows = list(table.page)
    reason = request.session.get("add_reason", Reason.KEY_LINK)
    return {
        "batch": batch,
        "white_list": batch.white_list,
        "asks": asks,
        "form": form or PublishForm(),
        **may,
        **words_of_rows(request),
        **around,
        **search(request, batch, request.GET.get("find", "")[:100]),
        "table": table,
        "filter": table.filter,
        "page_obj": table.page,
        "rows": dress(request, batch, rows, open_line=open_line or opened_line(request), form=line_form),
        "paste": paste or PasteForm(initial={"reason": reason}),
        "verdicts": verdicts,
        "timeline": entries[:ENTRIES_SHOWN],
        "has_more_entries": len(entries) > ENTRIES_SHOWN,
    }
