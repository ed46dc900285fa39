"""Who may read the trail."""


def may_read_audit(user):
    """Offices that may view, each the entries of its division and below; enterprises and checkpoints do not."""
    return user.is_authenticated and user.prefix is not None and user.holds("view")
