"""What page, API and sheet bring, read into values of the register, with every fault at its field.

Nothing is silently corrected: what was normalised, and what is only doubtful, comes back as remarks.
"""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from enterprises.register.models import Enterprise
from enterprises.register.words import Standing, Tag
from whitelist.accounts.divisions import known_divisions
from whitelist.accounts.models import NATION, Division
from whitelist.core.codes import normalise, read_code
from whitelist.core.errors import DomainError, Fault

CODES = ("uscc", "registration_no")
DIVISIONS = ("division", "registered_division")
FIELDS = (
    *CODES,
    "name",
    "former_names",
    *DIVISIONS,
    "industry",
    "chain",
    "field",
    "link",
    "size",
    "ownership",
    "tags",
    "staff_total",
    "normal_output",
    "output_unit",
    "output_value",
    "electricity_baseline",
)
MOST_NAMED = 3


@dataclass(frozen=True)
class Remark:
    """Something about an accepted value that the sender should know: `normalised`, a check digit, a name seen twice."""

    field: str
    code: str
    detail: str
    suggestion: str = ""

    @property
    def is_doubt(self):
        return self.code != "normalised"


def field_of(name):
    return Enterprise._meta.get_field(name)


def stored(row, name):
    """A field's stored value as plain data: a division by its code."""
    return getattr(row, field_of(name).attname)


def worded(name, value):
    """A stored value in the reader's language, for a person to compare."""
    field = field_of(name)
    if value in (None, "", []):
        return translate("nothing")
    if name in DIVISIONS:
        return f"{known_divisions().get(value, '')} {value}".strip()
    if isinstance(value, list):
        choices = dict(field.base_field.flatchoices)
        return ", ".join(str(choices.get(each, each)) for each in value)
    return str(dict(field.flatchoices).get(value, value))


def read_division(text, *, field):
    """The division meant by six digits or by a full name, or a fault naming the field."""
    text = str(text).strip()
    digits = normalise(text)
    if len(digits) == 6 and digits.isascii() and digits.isdigit():
        found = [each for each in [known_divisions().get(digits)] if each]
    else:
        found = list(Division.objects.filter(Q(name__iexact=text) | Q(name_en__iexact=text))[: MOST_NAMED + 1])
    if len(found) == 1:
        return found[0]
    if found:
        told = _("Several divisions are called “%(name)s”: write the six digits of yours, such as %(codes)s.")
        codes = ", ".join(each.code for each in found[:MOST_NAMED])
        raise DomainError(errors=[Fault(field, "ambiguous_division", told % {"name": text, "codes": codes})])
    told = _("“%(name)s” is no division. Write its six digits or its full name.") % {"name": text[:40]}
    raise DomainError(errors=[Fault(field, "unknown_division", told)])


def _read_codes(values, faults):
    for name in CODES:
        if not values.get(name):
            if name in values:
                values[name] = None
            continue
        verdict = read_code(values[name])
        values[name] = verdict.code
        if verdict.fault:
            faults.append(Fault(name, verdict.fault, verdict.detail))
        elif verdict.kind != name:
            told = {
                "uscc": _("This is an old registration number of 15 digits; it has a field of its own."),
                "registration_no": _(
                    "This is a unified social credit code of 18 characters; it has a field of its own."
                ),
            }[name]
            faults.append(Fault(name, "code_kind", told))


def _read_divisions(values, faults, by):
    for name in DIVISIONS:
        if name not in values:
            continue
        value = values[name]
        if not value:
            values[name] = None
            if name == "division":
                faults.append(Fault(name, "required", _("Say in which division the plant stands.")))
            continue
        try:
            values[name] = value.pk if isinstance(value, Division) else read_division(value, field=name).pk
        except DomainError as refusal:
            faults += refusal.errors
            continue
        if name == "division" and values[name] == NATION:
            faults.append(Fault(name, "too_wide", _("A plant stands in a province at least.")))
        elif name == "division" and not by.covers(values[name]):
            told = _("%(division)s lies outside your division, %(own)s. Its own office keeps its register.")
            named = {"division": worded(name, values[name]), "own": by.office.division if by.office else ""}
            faults.append(Fault(name, "outside_division", told % named))


def _tidy(values):
    for name in ("name", "link", "output_unit"):
        if name in values:
            values[name] = " ".join(str(values[name] or "").split())
    for name in ("industry", "chain", "field", "size", "ownership"):
        if name in values:
            values[name] = str(values[name] or "").strip()
    if "former_names" in values:
        names = [" ".join(str(each).split()) for each in values["former_names"] or ()]
        values["former_names"] = list(dict.fromkeys(name for name in names if name))
    if "tags" in values:
        given = dict.fromkeys(values["tags"] or ())
        values["tags"] = [tag for tag in Tag.values if tag in given] + [tag for tag in given if tag not in Tag.values]


def read(values, *, by, row=None):
    """The values as they may be stored, by attribute name. Raises with every fault, each at its field.

    `row` is the enterprise to change; without one all that an enterprise needs must be there.
    """
    values, faults = {name: values[name] for name in FIELDS if name in values}, []
    if row is None:
        values = {"name": "", "division": None} | values
    _tidy(values)
    _read_codes(values, faults)
    _read_divisions(values, faults, by)
    final = {name: values[name] if name in values else (stored(row, name) if row else None) for name in CODES}
    if not any(final.values()) and not faults:
        told = _("An enterprise needs a unified social credit code or a registration number.")
        faults.append(Fault("uscc", "required", told))
    draft = Enterprise(**{field_of(name).attname: value for name, value in values.items()})
    wrong = {fault.pointer for fault in faults}
    checked = set(values) - wrong - set(DIVISIONS)
    try:
        draft.clean_fields(exclude={field.name for field in Enterprise._meta.fields} - checked)
    except ValidationError as refusal:
        faults += faults_of(refusal)
    faults += _taken(draft, set(CODES) & checked, by, row)
    if faults:
        raise DomainError(_("The enterprise cannot be entered like this."), errors=faults)
    return {field_of(name).attname: stored(draft, name) for name in values}


def faults_of(refusal):
    """What the fields of a model refuse, each at its field."""
    told = refusal.error_dict.items()
    return [Fault(n, e.code or "invalid", text) for n, errors in told for e in errors for text in e.messages]


def _taken(draft, names, by, row):
    for name in sorted(names):
        code = getattr(draft, name)
        other = Enterprise.objects.filter(**{name: code}).exclude(pk=row and row.pk).first() if code else None
        if other is not None:
            yield taken(name, other, by)


def taken(name, other=None, by=None):
    """The fault of a code that is in the register; whose it is, is told only to those who may see it."""
    if other is not None and by is not None and Enterprise.objects.visible_to(by).filter(pk=other.pk).exists():
        told = _("This code is in the register already, for %(name)s.") % {"name": other.name}
    else:
        told = _("This code is in the register already, for an enterprise outside your division.")
    return Fault(name, "taken", told)


def remarks(values, *, by, row=None):
    """What the sender should know about values that can be stored: normalised codes, check digits, names seen twice."""
    said = []
    for name in CODES:
        verdict = read_code(values[name]) if values.get(name) else None
        if verdict is None or verdict.fault or (row is not None and verdict.code == getattr(row, name)):
            continue
        if verdict.normalised:
            said.append(Remark(name, "normalised", translate("Read as %(code)s.") % {"code": verdict.code}))
        if verdict.doubt:
            said.append(Remark(name, verdict.doubt, str(verdict.detail), verdict.suggestion))
    if row is None:
        same = list(same_named(values.get("name") or "", by=by)[: MOST_NAMED + 1])
        if same:
            told = translate("The register has this name already: %(codes)s.") % {
                "codes": ", ".join(e.code for e in same)
            }
            said.append(Remark("name", "same_name", told))
    return said


def same_named(name, *, by):
    """The active enterprises of exactly this name that the user may see."""
    name = " ".join(str(name).split())
    return Enterprise.objects.visible_to(by).filter(name=name, status=Standing.ACTIVE).order_by("pk")


def alike(values, *, by):
    """The enterprises that the entered one may already be: the same code, or the same name."""
    values = {name: str(value or "").replace("\0", "") for name, value in values.items()}
    codes = [normalise(values[name]) for name in CODES if values.get(name)]
    found = Enterprise.objects.visible_to(by)
    same_code = [row for code in codes for row in found.coded(code)]
    same_name = found.filter(pk__in=same_named(values.get("name") or "", by=by).values("pk"))[:5]
    return list(dict.fromkeys([*same_code, *same_name]))
