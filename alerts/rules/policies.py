"""Who reads the limits: everybody, for they decide what everybody is told."""


def may_read_rules(user):
    return user.is_authenticated and user.is_active
