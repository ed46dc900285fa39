"""Imports: the file as it came, what each of its rows would do, and what was done."""

import time

import pgtrigger
from django.conf import settings
from django.core.cache import cache
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length, Substr
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from whitelist.core.addresses import address_of
from whitelist.core.scoping import ScopedModel, ScopedQuerySet

USER = settings.AUTH_USER_MODEL
PIECE = 4 * 1024 * 1024  # bytes of an upload that are fetched at once
FORESEEN_FROM = 0.1  # the part of the work after which the time for the rest can be told


class ImportState(models.TextChoices):
    PARSING = "parsing", _("being read")
    NEEDS_CHOICE = "needs_choice", _("needs a choice")
    PREVIEW = "preview", _("to be confirmed")
    REFUSED = "refused", _("refused")
    CONFIRMING = "confirming", _("being written")
    DONE = "done", _("done")
    DISCARDED = "discarded", _("discarded")
    UNDOING = "undoing", _("being undone")
    UNDONE = "undone", _("undone")
    FAILED = "failed", _("failed")


class Channel(models.TextChoices):
    PAGE = "page", _("page")
    API = "api", _("API")


class SheetImportQuerySet(ScopedQuerySet):
    def for_table(self):
        return self.select_related("uploaded_by", "confirmed_by", "undone_by", "office").order_by("-created_at", "-pk")

    def twins(self, sheet_import):
        """Earlier imports of the very same bytes that were written."""
        same = self.filter(kind=sheet_import.kind, file_hash=sheet_import.file_hash, state=ImportState.DONE)
        return same.exclude(pk=sheet_import.pk).order_by("-confirmed_at", "-pk")


class SheetImport(ScopedModel):
    """One uploaded workbook on its way into the register. Until it is confirmed nothing outside this room has changed.

    `reading` says how the file was read (format, encoding, delimiter); `candidates` are the sheets to choose from;
    `mapping` is {column key: {"place", "header", "samples"}}; `unknown_columns` are those that nothing is taken from;
    `choice` is what people said about headings: {heading as compared: column key, or "" to leave it out}; `questions`
    are columns that several headings claim: [{"key", "places"}]; `corrections` are cells corrected in the preview:
    {row number: {column key: text}}; `columns` are the keys of what its rows `said`; `undone` counts what an undo did:
    {"restored", "removed", "kept"};
    `fault_counts` is {fault code: {"rows", "severity"}}; `notes` is {what was done unasked: {column key: cells}}.
    """

    kind = models.CharField(_("kind"), max_length=30)
    state = models.CharField(_("state"), max_length=14, choices=ImportState.choices, default=ImportState.PARSING)
    file_name = models.CharField(_("file"), max_length=200)
    file_hash = models.CharField(max_length=64)
    file_size = models.PositiveIntegerField(_("size"))
    language = models.CharField(max_length=10, default="en")
    channel = models.CharField(_("way in"), max_length=4, choices=Channel.choices, default=Channel.PAGE)
    office = models.ForeignKey("accounts.Office", models.PROTECT, null=True, related_name="+", verbose_name=_("office"))
    uploaded_by = models.ForeignKey(USER, models.PROTECT, related_name="+", verbose_name=_("uploaded by"))
    target = models.JSONField(default=dict)
    sheet = models.CharField(_("sheet"), max_length=100, blank=True)
    header_row = models.PositiveIntegerField(null=True)
    reading = models.JSONField(default=dict)
    candidates = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    unknown_columns = models.JSONField(default=list)
    choice = models.JSONField(default=dict)
    questions = models.JSONField(default=list)
    corrections = models.JSONField(default=dict)
    columns = models.JSONField(default=list)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    counts = models.JSONField(default=dict)
    fault_counts = models.JSONField(default=dict)
    notes = models.JSONField(default=dict)
    refusal = models.TextField(_("refusal"), blank=True)
    refusal_code = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(_("uploaded at"), default=timezone.now)
    confirmed_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+", verbose_name=_("confirmed by"))
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True)
    undone_by = models.ForeignKey(USER, models.PROTECT, null=True, related_name="+", verbose_name=_("undone by"))
    undone_at = models.DateTimeField(_("undone at"), null=True)
    undone = models.JSONField(default=dict)

    objects = SheetImportQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("import"), _("imports")
        triggers = [pgtrigger.Protect(name="kept", operation=pgtrigger.Delete)]

    def __str__(self):
        return self.file_name

    @classmethod
    def scope(cls, user):
        if user.is_national:
            return Q()
        own = Q(uploaded_by=user.pk)
        return own | Q(office=user.office_id) if user.office_id else own

    def get_absolute_url(self):
        return address_of("import-detail", self.pk)

    @property
    def place(self):
        return self.office.division_id if self.office else ""

    @property
    def is_moving(self):
        """Whether a worker has it in hand."""
        return self.state in (ImportState.PARSING, ImportState.CONFIRMING, ImportState.UNDOING)

    @property
    def tally(self):
        """Rows by outcome, each None until they were read."""
        return {outcome: self.counts.get(outcome) for outcome in Outcome.values}

    @property
    def writes(self):
        """How many rows a confirmation writes."""
        return self.counts.get(Outcome.CREATED, 0) + self.counts.get(Outcome.UPDATED, 0)

    @property
    def progress(self):
        """How far the work in hand is, 0 to 1. It lives in the cache: losing it loses nothing but the bar."""
        if not self.is_moving:
            return 1.0
        return self._noted[0]

    @property
    def seconds_left(self):
        """How long the rest will take at the pace so far; None before that can be told."""
        ratio, since = self._noted
        passed = time.time() - since
        if not self.is_moving or ratio < FORESEEN_FROM or passed < 1:
            return None
        return max(1, round(passed * (1 - ratio) / ratio))

    @property
    def minutes_left(self):
        """The same in minutes, rounded up."""
        left = self.seconds_left
        return None if left is None else -(-left // 60)

    @property
    def _noted(self):
        """The part done, and when the worker began with it."""
        return cache.get(f"import-progress-{self.pk}") or (0.0, time.time())

    def report_progress(self, ratio):
        """Note how far the work is; a note of 0 is that of its beginning."""
        begun = self._noted[1] if ratio else time.time()
        cache.set(f"import-progress-{self.pk}", (round(ratio, 2), begun), 3600)


class SheetFileQuerySet(ScopedQuerySet):
    def pieces(self, sheet_import):
        """The bytes of an upload one after the other, so that they are never held all at once."""
        file = self.filter(sheet_import=sheet_import)
        (size,) = file.values_list(Length("content"), flat=True)
        for start in range(1, size + 1, PIECE):
            yield file.values_list(Substr("content", start, PIECE, output_field=models.BinaryField()), flat=True).get()


class SheetFile(ScopedModel):
    """The bytes of an upload, kept beside the import so that nothing depends on a disk that two machines share."""

    sheet_import = models.OneToOneField(SheetImport, models.CASCADE, related_name="file")
    content = models.BinaryField()

    objects = SheetFileQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("uploaded file"), _("uploaded files")

    def __str__(self):
        return str(self.sheet_import)

    @classmethod
    def scope(cls, user):
        if user.is_national:
            return Q()
        own = Q(sheet_import__uploaded_by=user.pk)
        return own | Q(sheet_import__office=user.office_id) if user.office_id else own


class SheetMapping(ScopedModel):
    """What an office said about headings of files of one kind, so that it need say it only once."""

    office = models.ForeignKey("accounts.Office", models.PROTECT, related_name="+", verbose_name=_("office"))
    kind = models.CharField(_("kind"), max_length=30)
    headings = models.JSONField(default=dict)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name, verbose_name_plural = _("column mapping"), _("column mappings")
        constraints = [models.UniqueConstraint(fields=["office", "kind"], name="sheet_mapping_once")]

    def __str__(self):
        return f"{self.office} {self.kind}"

    @classmethod
    def scope(cls, user):
        return Q() if user.is_national else Q(office=user.office_id)


class Outcome(models.TextChoices):
    CREATED = "created", _("created")
    UPDATED = "updated", _("updated")
    UNCHANGED = "unchanged", _("unchanged")
    REJECTED = "rejected", _("rejected")


WRITTEN = (Outcome.CREATED, Outcome.UPDATED)  # what a confirmation writes


class SheetRowQuerySet(ScopedQuerySet):
    def of(self, sheet_import):
        return self.filter(sheet_import=sheet_import).order_by("number")

    def with_fault(self, code):
        return self.filter(faults__contains=[{"code": code}])


class TextOfJSON(models.JSONField):
    """JSON that is given back as it came: the database checks that it is JSON and does not take it apart."""

    def db_type(self, connection):
        return "json"

    def from_db_value(self, value, expression, connection):
        return value


class SheetRow(ScopedModel):
    """What one row of the file would do: its cells as read, the values they mean, old → new, and what is wrong.

    What its cells `said` stands in the order of the import's columns. `row_id` and `row_version` name the stored row
    that it would change, as it stood at the preview. Rows come by the ten thousand, in the transaction that then steps
    their import on, and no import is ever deleted: so the database need not look it up for each of them.
    """

    pk = models.CompositePrimaryKey("sheet_import_id", "number")
    sheet_import = models.ForeignKey(
        SheetImport, models.CASCADE, related_name="lines", db_index=False, db_constraint=False
    )
    number = models.PositiveIntegerField(_("row"))
    key = models.CharField(_("key"), max_length=60, blank=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices)
    said = TextOfJSON(default=list)
    values = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    changes = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    faults = models.JSONField(default=list)
    has_faults = models.BooleanField(default=False)
    row_id = models.BigIntegerField(null=True)
    row_version = models.PositiveIntegerField(null=True)

    objects = SheetRowQuerySet.as_manager()

    class Meta:
        ordering = ("number",)
        verbose_name, verbose_name_plural = _("row"), _("rows")
        indexes = [
            models.Index(fields=["sheet_import", "number"], name="sheet_row_faulty", condition=Q(has_faults=True))
        ]

    def __str__(self):
        return f"{self.sheet_import} {self.number}"

    @property
    def cells(self):
        """The texts of the cells that hold something, by column."""
        return {key: text for key, text in zip(self.sheet_import.columns, self.said, strict=False) if text}

    @classmethod
    def scope(cls, user):
        if user.is_national:
            return Q()
        own = Q(sheet_import__uploaded_by=user.pk)
        return own | Q(sheet_import__office=user.office_id) if user.office_id else own
