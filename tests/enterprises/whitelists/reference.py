"""What a list is, told anew and slowly: batches one after the other, each a wish per enterprise, and an end.

It knows no ranges, no queries and nothing of the product but its rules. A wish is (action, chain, accepted);
what stands on the list is {enterprise: chain}.
"""


class Reference:
    def __init__(self, opened, end):
        self.opened, self.end, self.is_closed = opened, end, False
        self.batches = []  # (day, {enterprise: chain, or None where it left}), in the order of their numbers

    def after(self, number, up_to=None):
        """What stands once so many batches are published, or of these only those in effect on a day."""
        standing = {}
        for day, changes in self.batches[:number]:
            if up_to is None or day <= up_to:
                standing |= changes
        return {firm: chain for firm, chain in standing.items() if chain}

    def on(self, day):
        return self.after(len(self.batches), day) if day < self.end else {}

    def takes(self, wishes, day):
        """Whether such a batch can be published with effect from a day."""
        standing = self.after(len(self.batches))
        fit = all((firm in standing) != (action == "add") for firm, (action, _chain, _accepted) in wishes.items())
        meant = {firm: action for firm, (action, _chain, accepted) in wishes.items() if accepted}
        came = {firm: on for on, changes in self.batches for firm in changes}
        too_young = any(action != "add" and came[firm] >= day for firm, action in meant.items() if firm in came)
        last = max([self.opened, *(on for on, _changes in self.batches)])
        return not self.is_closed and fit and bool(meant) and last <= day < self.end and not too_young

    def publish(self, wishes, day):
        meant = {firm: wish for firm, wish in wishes.items() if wish[2]}
        self.batches.append(
            (day, {f: None if action == "remove" else chain for f, (action, chain, _) in meant.items()})
        )

    def undoing(self, number):
        """The wishes that undo the batch of a number: for each enterprise of it, what stood before."""
        before, undone = self.after(number - 1), {"add": "remove", "remove": "add", "amend": "amend"}
        for firm, chain in self.batches[number - 1][1].items():
            was = "remove" if chain is None else "amend" if firm in before else "add"
            yield firm, (undone[was], before.get(firm, chain), True)

    def ends_on(self, end, no_earlier):
        """Whether the list can be closed on a day: each that stands has its day on it."""
        standing = self.after(len(self.batches))
        came = [on for on, changes in self.batches if standing.keys() & changes.keys()]
        return not self.is_closed and no_earlier <= end <= self.end and all(on < end for on in came)

    def close(self, end):
        self.end, self.is_closed = end, True
