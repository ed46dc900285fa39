"""Fourteen days of daily reports and stock, as the crisis makes them, and who stays silent."""

from datetime import timedelta

from alerts.board.demonstration.bulk import copy_in
from alerts.board.demonstration.crisis import report_values
from alerts.board.demonstration.people import PLACEHOLDER
from alerts.board.demonstration.seeding import READING, REPORT
from alerts.board.demonstration.stock import a_day
from enterprises.models import DailyReport, Enterprise, StockReading
from enterprises.resumption.words import Channel, State
from whitelist.core.days import due_at

HARDLY_REPORTING = "54"  # the province of which under half reports in the last days
HARDLY_SINCE = 4  # days
EDITORS = {"31": "shanghai-editor", "22": "jilin-editor", "2201": "changchun-editor", "32": "jiangsu-editor"}
FILLED_IN_A_REPORT = (
    "staff_due",
    "staff_on_duty",
    "staff_in_loop",
    "output",
    "electricity",
    "inbound_open",
    "outbound_open",
)


class Reporting:
    """Plays the days in order. `named` gives firms their own user; the first of them has yesterday's still to file."""

    def __init__(self, chance, courses, stocks, materials, users, trail, *, days, named, now):
        self.chance, self.courses, self.stocks, self.materials = chance, courses, stocks, materials
        self.users, self.trail, self.days, self.named, self.now = users, trail, days, named, now
        self.by_id = {user.pk: user for user in users.values()}
        self.silent_from = self.draw_silence()

    def draw_silence(self):
        """From which day on an enterprise says nothing more; most never fall silent."""
        chance, last, silent = self.chance, len(self.days) - 1, {}
        hardly = 0
        for firm_id, course in self.courses.items():
            if firm_id in self.named:
                continue
            if course.firm.division.startswith(HARDLY_REPORTING):
                hardly += 1
                if hardly % 5 in (1, 2, 3):
                    silent[firm_id] = last - HARDLY_SINCE
            elif chance.random() < 0.03:
                silent[firm_id] = last - chance.randrange(0, 12)
        silent[next(iter(self.named))] = last
        return silent

    def play(self):
        for place, day in enumerate(self.days):
            self.play_day(place, day)

    def play_day(self, place, day):
        """One day of everybody: reports, stock lines, entries."""
        reports, lines = [], []
        for firm_id, course in self.courses.items():
            stocks = self.stocks.get(firm_id, ())
            level, wanting = a_day(stocks, place, course.level(place))
            values = report_values(self.chance, course, place, level)
            if wanting:
                values["state"], values["reason"] = str(State.STOPPED), "缺料停线"
            is_told = place < self.silent_from.get(firm_id, len(self.days)) and (
                firm_id in self.named or self.chance.random() > 0.015
            )
            if not is_told:
                continue
            reports.append(self.report(firm_id, course, day, self.some_empty(firm_id, values)))
            for stock in stocks:
                told = course.level(place) if stock in wanting else level
                reading = stock.reading(place, day, level=told, is_wanting=stock in wanting)
                lines.append((len(reports) - 1, firm_id, self.materials[stock.material], day, *reading))
        first = copy_in(DailyReport, REPORT, [tuple(row[name] for name in REPORT) for row in reports])
        copy_in(StockReading, READING, [(first + line[0], *line[1:]) for line in lines])
        for number, row in enumerate(reports, first):
            self.note(number, row)

    def some_empty(self, firm_id, values):
        """One in a hundred reports says that all is normal and nothing else."""
        if firm_id in self.named or values["state"] != State.NORMAL or self.chance.random() > 0.012:
            return values
        return values | dict.fromkeys(FILLED_IN_A_REPORT)

    def report(self, firm_id, course, day, values):
        chance, division = self.chance, course.firm.division
        is_late = chance.random() < 0.035 and firm_id not in self.named
        minutes = chance.randrange(5, 300) if is_late else -chance.randrange(4, 330)
        filed_at = min(due_at(day) + timedelta(minutes=minutes), self.now)
        channel, filed_by = self.way_in(firm_id, division)
        return values | {
            "enterprise": firm_id,
            "day": day,
            "receipt": f"R{day:%y%m%d}-{firm_id:08d}",
            "revision": 1,
            "is_on_time": filed_at <= due_at(day),
            "channel": str(channel),
            "filed_by": filed_by.pk,
            "filed_at": filed_at,
        }

    def way_in(self, firm_id, division):
        """How the report comes in and under whose name: by the firm, by its office for it, or from a system."""
        if firm_id in self.named:
            return Channel.PAGE, self.users[self.named[firm_id]]
        editor = EDITORS.get(division[:4]) or EDITORS.get(division[:2])
        roll = self.chance.random()
        if editor and roll < 0.12:
            return Channel.OFFICE, self.users[editor]
        if division.startswith("31") and roll < 0.3:
            return Channel.API, self.users["system-1"]
        return (Channel.SHEET if roll > 0.9 else Channel.PAGE), self.users[PLACEHOLDER]

    def note(self, number, row):
        firm = self.courses[row["enterprise"]].firm
        of = Enterprise(pk=row["enterprise"], name=firm.name, division_id=firm.division)
        report = DailyReport(pk=number, enterprise=of, day=row["day"])
        after = {"receipt": row["receipt"], "revision": 1}
        self.trail.add(report, "filed", by=self.by_id[row["filed_by"]], at=row["filed_at"], after=after)
