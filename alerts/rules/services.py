"""Which limits are in force."""

from alerts.rules.models import WarningRule


def general_rule(day):
    """The rule for everything that no more specific one covers, as in force on a day; None where there is none."""
    general = WarningRule.objects.filter(chain="", material=None, starts_on__lte=day)
    return general.order_by("-starts_on").first()


def mark_in_force(rules, day):
    """Tell each version of a rule whether it is in force on a day (`now`), yet to come (`later`) or `past`.

    The rules come with the newest version of each chain and material first, as `for_table` orders them.
    """
    taken = set()
    for rule in rules:
        kind = (rule.chain, rule.material_id)
        rule.standing = "later" if rule.starts_on > day else "past" if kind in taken else "now"
        if rule.standing == "now":
            taken.add(kind)
    return rules
