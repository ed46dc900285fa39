"""The people of the demonstration, and one system. All sign in with the same password, in demonstration mode only.

The system signs in by token and answers to shanghai-editor, who drafts with its help: what it writes counts as written
by that person, so shanghai-approver may approve it and shanghai-editor may not.
"""

from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext_lazy as _

from alerts.board.demonstration.writing import write_users
from whitelist.accounts.models import NATION, Duty, Office, OfficeKind
from whitelist.core.errors import NotAllowed

PASSWORD = "whitelist-demo"
EDITOR = (Duty.VIEW, Duty.EDIT, Duty.COORDINATE)
APPROVER = (Duty.VIEW, Duty.APPROVE, Duty.ADMIN)
CLERK = (Duty.VIEW, Duty.EDIT)
SYSTEM_ANSWERS_TO = "shanghai-editor"
PLACEHOLDER = "demo-clerk"


class Person(NamedTuple):
    """A user: name on the page, division of the industry office ('' for an enterprise), duties, and what to try."""

    username: str
    name: str
    division: str
    duties: tuple
    about: object


PEOPLE = (
    Person("ministry-view", "Ministry · analyst", NATION, (Duty.VIEW,), _("reads the board and everything behind it")),
    Person("ministry-editor", "Ministry · editor", NATION, EDITOR, _("drafts the national list, runs a day again")),
    Person("ministry-approver", "Ministry · approver", NATION, APPROVER, _("decides and publishes, looks after users")),
    Person("shanghai-editor", "Shanghai · editor", "310000", EDITOR, _("imports enterprises, drafts batches")),
    Person("shanghai-approver", "Shanghai · approver", "310000", APPROVER, _("has a batch waiting for a decision")),
    Person("jiangsu-editor", "Jiangsu · editor", "320000", EDITOR, _("takes up a batch that was returned")),
    Person("jiangsu-approver", "Jiangsu · approver", "320000", APPROVER, _("decides for Jiangsu")),
    Person("jilin-editor", "Jilin · editor", "220000", EDITOR, _("drafts for Jilin")),
    Person("jilin-approver", "Jilin · approver", "220000", APPROVER, _("a batch to publish, a recognition to answer")),
    Person("changchun-editor", "Changchun · editor", "220100", EDITOR, _("chases missing reports of one prefecture")),
    Person("enterprise-a", "Enterprise A · clerk", "", CLERK, _("has yesterday's report still to file")),
    Person("enterprise-b", "Enterprise B · clerk", "", CLERK, _("makes test kits, has reported")),
    Person("system-1", "Shanghai · system", "310000", CLERK, _("a system: token by manage.py issue_token system-1")),
)  # fmt: skip


def require_demonstration():
    """Refuse where this is not a demonstration: known passwords have no place elsewhere."""
    if not settings.IS_DEMO:
        raise NotAllowed(_("The demonstration is loaded in demonstration mode only: set WHITELIST_DEMO=1."))


def write_people(*, since):
    """The users by name; beside them one without password, under whose name the other enterprises' reports stand."""
    secret = make_password(PASSWORD)
    offices = {person.division: office_of(person.division) for person in PEOPLE if person.division}
    rows = [(PLACEHOLDER, "!", "企业填报员（虚构）", None, [str(d) for d in CLERK], False, None, False, since)]
    for person in PEOPLE:
        office = offices[person.division].pk if person.division else None
        is_system = person.username.startswith("system")
        duties = [str(duty) for duty in person.duties]
        password = "!" if is_system else secret
        rows.append((person.username, password, person.name, office, duties, is_system, None, True, since))
    users = write_users(rows)
    system = users["system-1"]
    system.responsible = users[SYSTEM_ANSWERS_TO]
    system.save(update_fields=["responsible"])
    return users


def office_of(division):
    """The industry office of a division; a prefecture's is made where there is none yet."""
    found = Office.objects.filter(division_id=division, kind=OfficeKind.INDUSTRY).first()
    if found:
        return found
    made = Office(division_id=division, kind=OfficeKind.INDUSTRY)
    made.name = f"{made.division.name}工业和信息化主管部门"
    made.name_en = f"{made.division.name_en} industry and information technology authority"
    made.save()
    return made
