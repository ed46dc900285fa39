"""Who may read, draft, decide and publish."""

from whitelist.accounts.models import Duty, OfficeKind

LIST_KEEPERS = {OfficeKind.INDUSTRY, OfficeKind.COMMERCE, OfficeKind.AGRICULTURE, OfficeKind.WORKING_GROUP}


def may_read_lists(user):
    """Offices of every kind but checkpoints, with the duty to view."""
    return user.is_authenticated and user.prefix is not None and user.holds(Duty.VIEW)


def may_read_listings(user):
    """Offices, and an enterprise's users for their own listing."""
    return may_read_lists(user) or (user.is_authenticated and user.enterprise_id is not None)


def may_read_own_listing(user):
    """An enterprise's users ask about their own enterprise only."""
    return user.is_authenticated and user.enterprise_id is not None and user.holds(Duty.VIEW)


def may_open_list(user):
    """An office opens lists of its own only, by somebody who approves there."""
    return (
        user.is_authenticated
        and user.office is not None
        and user.office.kind in LIST_KEEPERS
        and user.holds(Duty.APPROVE)
    )


def may_draft_batches(user):
    return user.is_authenticated and user.office is not None and user.holds(Duty.EDIT)


def may_import_lines(user):
    """Whoever drafts in an office that keeps lists; into which batch, its own rule says."""
    return may_draft_batches(user) and user.office.kind in LIST_KEEPERS


def may_draft_on(user, white_list):
    """Batches are drafted in the office whose list it is."""
    return user.holds(Duty.EDIT, white_list.office)


def may_draft_batch(user, batch):
    return may_draft_on(user, batch.white_list)


def may_decide_batch(user, batch):
    """Four eyes: someone with the duty who neither wrote nor submitted it.

    Of the list's own office; once nobody there has decided for a week, of the offices too that it has climbed to.
    """
    decides = user.holds(Duty.APPROVE, batch.white_list.office) or decides_from_above(user, batch)
    return decides and user.person_id not in batch.author_ids


def decides_from_above(user, batch):
    """Somebody who approves in an office that keeps lists, in a division to which the batch has climbed."""
    above = user.office is not None and user.office.division_id in batch.reached_divisions
    return above and user.office.kind in LIST_KEEPERS and user.holds(Duty.APPROVE)


def may_publish_batch(user, batch):
    """Somebody who approves in the list's office; the approval itself was another person's than the author.

    Whoever approved it from above finishes what nobody below has taken up, while he approves there still.
    """
    office = batch.white_list.office
    approved_it = batch.approved_by_id == user.pk and user.holds(Duty.APPROVE) and user.covers(office.division_id)
    return approved_it or user.holds(Duty.APPROVE, office)
