"""Who reads the day's proposals, and who decides them."""

from enterprises.whitelists.policies import may_draft_batches, may_draft_on, may_read_lists


def may_read_adjustments(user):
    return may_read_lists(user)


def may_decide_adjustments(user):
    """Whoever drafts batches; about which lists, each proposal says."""
    return may_read_adjustments(user) and may_draft_batches(user)


def may_decide(user, proposal):
    """Whoever drafts on the list decides whether a proposal goes into a draft."""
    return may_draft_on(user, proposal.white_list)


def by_the_clock(user, proposal):
    """Nobody ends a proposal: facts that no longer hold do."""
    return user.is_system and user.username == "system"
