"""The demonstration's lists: the ministry's and three provinces', with batches in every state that a user may meet."""

from datetime import timedelta

from alerts.board.demonstration.past import Replay, Wish, close_list, open_list
from alerts.board.demonstration.people import office_of
from enterprises.models import Chain, Field
from enterprises.whitelists.words import Action, ListKind, Reason, RejectReason
from whitelist.accounts.models import NATION

TITLES = {
    NATION: "全国重点工业企业白名单",
    "310000": "上海市重点工业企业白名单",
    "220000": "吉林省重点工业企业白名单",
    "320000": "江苏省重点工业企业白名单",
}
ON_BOTH = 10  # enterprises of each province that stand on the ministry's list too
FIRST = (Chain.MEDICINE, Chain.FOOD)


class Lists:
    """Writes the lists day by day backwards from `until`; `named` are firms that must be listed from the start."""

    def __init__(self, chance, firms, users, *, until, trail, named):
        self.chance, self.users, self.until, self.trail = chance, users, until, trail
        self.own = {code: [f for f in firms if f.division[:2] == code[:2]] for code in TITLES if code != NATION}
        for code, here in self.own.items():
            chance.shuffle(here)
            here.sort(key=lambda firm: firm not in named)
            self.own[code] = here
        self.elsewhere = [f for f in firms if f.division[:2] not in ("31", "22", "32")]
        self.everybody = firms

    def write(self):
        for code in TITLES:
            first = self.back(76 if code == NATION else 44)
            by = self.users[f"{self.slug(code)}-approver"]
            end = self.until + timedelta(days=150)
            made = open_list(
                office_of(code), title=f"{TITLES[code]}（虚构）", opened_on=first, ends_on=end, by=by, trail=self.trail
            )
            {NATION: self.ministry, "310000": self.shanghai, "220000": self.jilin, "320000": self.jiangsu}[code](made)
        self.write_ended()

    def write_ended(self):
        """A foreign trade list of Shanghai that two people have closed; its closing report is written with the rest."""
        approver, other = self.users["shanghai-approver"], self.users["shanghai-editor"]
        first, end = self.back(38), self.back(4)
        made = open_list(
            office_of("310000"), title="上海市首批外贸企业白名单（虚构）", kind=ListKind.FOREIGN_TRADE,
            opened_on=first, ends_on=self.until + timedelta(days=60), by=approver, trail=self.trail,
        )  # fmt: skip
        here = self.own["310000"]
        self.publish(made, 1, list(self.adding(here[6:22])), 36, "第一批：外贸骨干企业")
        lines = [*self.adding(here[22:30]), *(Wish(firm, Action.REMOVE, Reason.RESUMED) for firm in here[6:9])]
        self.publish(made, 2, lines, 20, "第二批：补充和调整")
        close_list(made, end, proposer=other, confirmer=approver, trail=self.trail)

    def back(self, days):
        return self.until - timedelta(days=days)

    @staticmethod
    def slug(code):
        return {NATION: "ministry", "310000": "shanghai", "220000": "jilin", "320000": "jiangsu"}[code]

    def batch(self, white_list, wishes, days, title):
        slug = self.slug(white_list.office.division_id)
        editor, approver = self.users[f"{slug}-editor"], self.users[f"{slug}-approver"]
        return Replay(
            white_list, wishes, title=title, editor=editor, approver=approver, day=self.back(days), trail=self.trail
        )

    def publish(self, white_list, number, wishes, days, title, **decision):
        head = "工信部函" if white_list.office.division_id == NATION else f"{white_list.title[:2]}工信"
        replay = self.batch(white_list, wishes, days, title)
        document = f"{head}〔{self.back(days).year}〕{number * 7 + 5}号（虚构）"
        return replay.through(self.back(days), number=number, document_number=document, **decision)

    def adding(self, firms):
        """Lines that add firms, each for the reason that fits it."""
        for firm in firms:
            reason, note = Reason.KEY_LINK, ""
            if firm.field in (Field.MEDICAL, Field.NECESSITIES):
                reason = Reason.LIVELIHOOD
            elif self.chance.random() < 0.25:
                reason, note = Reason.RECOMMENDED, "属地工信部门推荐"
            elif firm.kind.makes and self.chance.random() < 0.3:
                reason, note = Reason.SOLE_SUPPLIER, f"{firm.kind.product}独家供应"
            yield Wish(firm, reason=reason, note=note)

    def ministry(self, white_list):
        leading = [firm for code in self.own for firm in self.own[code][2 : 2 + ON_BOTH]]
        pool = [*self.elsewhere, *leading]
        unlisted = set(self.chance.sample(range(len(self.elsewhere)), 14))
        pool = [firm for place, firm in enumerate(pool) if place not in unlisted]
        self.chance.shuffle(pool)
        pool.sort(key=lambda firm: firm.kind.chain not in FIRST)
        urgent = sum(firm.kind.chain in FIRST for firm in pool)
        late, last = pool[-40:-14], pool[-14:]
        middle = pool[urgent:-40]
        self.publish(white_list, 1, list(self.adding(pool[:urgent])), 74, "第一批：医疗物资和生活必需品保障企业")
        self.publish(white_list, 2, list(self.adding(middle)), 52, "第二批：汽车、集成电路等重点产业链企业")
        self.publish(white_list, 3, list(self.adding(late)), 33, "第三批：关键环节配套企业")
        leaving, moved = middle[3:5], middle[7]
        lines = [
            *self.adding(last),
            *(Wish(firm, Action.REMOVE, Reason.RESUMED, note="已稳定复工30天") for firm in leaving),
        ]
        lines.append(Wish(moved, Action.AMEND, Reason.CHAIN, chain=other_chain(moved), note="产业链更正"))
        self.publish(white_list, 4, lines, 8, "第四批：动态调整", rejected=last[:1], reason=RejectReason.NO_EVIDENCE)
        waiting = [self.elsewhere[place] for place in sorted(unlisted)][:5]
        self.batch(white_list, list(self.adding(waiting)), 0, "第五批：红色预警企业的上游供应商（草案）")

    def shanghai(self, white_list):
        here = self.own["310000"]
        self.publish(white_list, 1, list(self.adding(here[:44])), 42, "第一批：集成电路、汽车、生物医药重点企业")
        self.publish(white_list, 2, list(self.adding(here[44:66])), 25, "第二批：重点配套企业")
        gone, moved = here[4:6], here[20]
        lines = [
            *self.adding(here[66:74]),
            Wish(moved, Action.AMEND, Reason.CHAIN, chain=other_chain(moved), note="产业链更正"),
        ]
        lines += [Wish(firm, Action.REMOVE, Reason.OTHER, note="已列入全国名单，避免重复填报") for firm in gone]
        self.publish(
            white_list, 3, lines, 7, "第三批：补充和调整", rejected=here[66:67], reason=RejectReason.WRONG_DATA
        )
        proposed = here[74:80]
        lines = [Wish(firm, reason=Reason.NOMINATED, note=f"由{here[0].name}提名，附供货合同") for firm in proposed]
        lines.append(Wish(here[24], Action.AMEND, Reason.CHAIN, chain=other_chain(here[24]), note="产业链更正"))
        waiting = self.batch(white_list, lines, 1, "第四批：在册整机企业提名的供应商")
        waiting.submit(self.back(1), note="请审定")
        self.batch(white_list, list(self.adding([*here[80:83], proposed[0]])), 0, "第五批：草案")

    def jilin(self, white_list):
        here = self.own["220000"]
        self.publish(white_list, 1, list(self.adding(here[:32])), 40, "第一批：汽车及零部件重点企业")
        self.publish(white_list, 2, list(self.adding(here[32:46])), 18, "第二批：农资和食品保障企业")
        approved = self.batch(white_list, list(self.adding(here[46:51])), 3, "第三批：关键零部件供应商")
        approved.submit(self.back(3)).approve(self.back(1))

    def jiangsu(self, white_list):
        here = self.own["320000"]
        self.publish(white_list, 1, list(self.adding(here[:50])), 39, "第一批：集成电路、电子和装备重点企业")
        self.publish(white_list, 2, list(self.adding(here[50:70])), 16, "第二批：跨省配套企业")
        forgotten = self.batch(white_list, list(self.adding(here[76:81])), 10, "第四批：医药和食品企业")
        forgotten.submit(self.back(9), note="请审定")
        returned = self.batch(white_list, list(self.adding(here[70:76])), 4, "第三批：材料企业")
        returned.submit(self.back(4)).return_(self.back(2), "incomplete: 请补充两家企业的供货证明")


def other_chain(firm):
    """A neighbouring chain, for lines that put a wrong one right."""
    return Chain.EQUIPMENT if firm.kind.chain != Chain.EQUIPMENT else Chain.AUTOMOBILES
