from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from enterprises.models import Recognition
from enterprises.recognition import services
from whitelist.audit.models import AuditEntry
from whitelist.core.days import today
from whitelist.core.errors import Conflict, DomainError, NotAllowed, WrongState

TODAY = today()
LATER = TODAY + timedelta(days=30)


def propose(white_list, make, by, recogniser="220000", since=TODAY, until=LATER, **terms):
    return services.propose_recognition(
        white_list, recogniser=make.office(recogniser), since=since, until=until, by=by, **terms
    )


def test_either_side_proposes_and_the_other_accepts(make, shanghai, jilin):
    for proposer, other in ((shanghai, jilin), (jilin, shanghai)):
        proposal = propose(make.white_list(), make, by=proposer)
        with pytest.raises(NotAllowed):
            services.accept_recognition(proposal, by=make.user(proposer.office.division_id))
        assert services.accept_recognition(proposal, by=other).status == "in_force"


def test_nobody_proposes_for_others(make, ministry, changchun):
    for outsider in (ministry, changchun):
        with pytest.raises(NotAllowed):
            propose(make.white_list(), make, by=outsider)


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"recogniser": "310000"}, "recogniser"),
        ({"recogniser": "000000"}, "recogniser"),
        ({"since": TODAY, "until": TODAY - timedelta(days=1)}, "until"),
        ({"since": TODAY - timedelta(days=9), "until": TODAY - timedelta(days=1)}, "until"),
        ({"until": TODAY + timedelta(days=400)}, "until"),
    ],
)
def test_terms_that_cannot_be_name_their_field(make, shanghai, terms, field):
    with pytest.raises(DomainError) as refusal:
        propose(make.white_list(), make, by=shanghai, **terms)
    assert [fault.pointer for fault in refusal.value.errors] == [field]


def test_the_ministrys_list_needs_no_agreement(make, ministry):
    with pytest.raises(DomainError, match="everywhere already"):
        propose(make.white_list("000000"), make, by=ministry)


def test_one_proposal_at_a_time_and_never_two_agreements_on_one_day(make, shanghai, jilin):
    white_list = make.white_list()
    proposal = propose(white_list, make, by=shanghai)
    with pytest.raises(Conflict, match="waits for an answer"):
        propose(white_list, make, by=jilin)
    services.accept_recognition(proposal, by=jilin)
    with pytest.raises(Conflict, match="recognised already from"):
        propose(white_list, make, by=shanghai, since=LATER)
    assert propose(white_list, make, by=shanghai, since=LATER + timedelta(days=1), until=LATER + timedelta(days=9)).pk


def test_the_database_refuses_two_agreements_on_one_day(make):
    held = make.recognition()
    with pytest.raises(IntegrityError, match="recognition_once_at_a_time"), transaction.atomic():
        Recognition.objects.create(
            recogniser=held.recogniser,
            white_list=held.white_list,
            since=TODAY,
            until=LATER,
            held_from=TODAY,
            held_until=LATER,
            proposing_office=held.recogniser,
            proposed_by=held.proposed_by,
        )


def test_what_was_withdrawn_held_until_yesterday(make, shanghai):
    agreement = make.recognition()
    Recognition.objects.filter(pk=agreement.pk).update(held_from=TODAY - timedelta(days=5))
    withdrawn = services.withdraw_recognition(agreement, by=shanghai, note="plants have resumed")
    assert withdrawn.status == "withdrawn"
    assert (withdrawn.held_from, withdrawn.held_until) == (TODAY - timedelta(days=5), TODAY - timedelta(days=1))
    with pytest.raises(WrongState):
        services.withdraw_recognition(withdrawn, by=shanghai, note="again")


def test_a_withdrawal_says_why(make, shanghai):
    with pytest.raises(DomainError, match="Say why"):
        services.withdraw_recognition(make.recognition(), by=shanghai, note=" ")


def test_a_proposal_whose_days_are_over_is_not_accepted(make, jilin):
    proposal = make.recognition(accepted=False)
    Recognition.objects.filter(pk=proposal.pk).update(since=TODAY - timedelta(days=9), until=TODAY - timedelta(days=1))
    proposal.refresh_from_db()
    with pytest.raises(WrongState, match="anew"):
        services.accept_recognition(proposal, by=jilin)


def test_the_clock_writes_down_what_has_lapsed(make):
    agreement, proposal = make.recognition(), make.recognition(accepted=False)
    assert services.lapse_ended(agreement.until) == 0
    assert services.lapse_ended(agreement.until + timedelta(days=1)) == 2
    assert {Recognition.objects.get(pk=each.pk).status for each in (agreement, proposal)} == {"lapsed"}
    assert AuditEntry.objects.about(agreement).filter(verb="lapse").count() == 1


def test_only_the_recogniser_leaves_enterprises_out_and_says_why(make, shanghai, jilin):
    agreement, firm = make.recognition(), make.enterprise()
    with pytest.raises(NotAllowed):
        services.except_enterprise(agreement, enterprise=firm, reason="x", by=shanghai)
    with pytest.raises(DomainError, match="Say why"):
        services.except_enterprise(agreement, enterprise=firm, reason="", by=jilin)
    services.except_enterprise(agreement, enterprise=firm, reason="moved away", by=jilin)
    with pytest.raises(Conflict, match="excepted already"):
        services.except_enterprise(agreement, enterprise=firm, reason="moved away", by=jilin)
