"""The columns of sheets of daily reports and of stock, as officials head them in Chinese and English."""

import re
import unicodedata
from dataclasses import dataclass

from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enterprises.register.columns import meaning
from enterprises.resumption.words import State
from whitelist.sheets.files.cells import BadCell, Choice, Code, Date, Number, Text, Words, as_text, plain
from whitelist.sheets.kinds import Column
from whitelist.sheets.tables.flags import SAID, Flag, YesNo
from whitelist.sheets.tables.versions import VERSION

COUNT, AMOUNT = Number(9), Number(16, 2)
STATES = meaning(
    normal="正常 正常生产 正常运行 在产 生产 开工 复工 已复工 复工复产 已复产 满产 全面复产",
    partial="部分 部分生产 部分复工 部分复产 部分开工 限产 减产 低负荷",
    stopped="停产 停工 停止生产 未复工 未复产 未开工 全部停产",
    planned_stop="计划停产 计划性停产 检修 停产检修 计划检修 放假 例行停产",
)
PASSES = {
    **SAID,
    **dict.fromkeys(("通", "畅通", "通畅", "顺畅", "正常", "能", "可", "可以", "开放", "open", "passable"), "yes"),
    **dict.fromkeys(
        ("不通", "不畅", "不畅通", "受阻", "中断", "不能", "不可", "封闭", "关闭", "closed", "blocked"), "no"
    ),
}
NOTHING = {"无", "没有", "none", "no", "0", "-", "—", "/"}
ENTRY = re.compile(r"[;；\n]+")
DAY_IN = re.compile(r"\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*[日号]?|(?<!\d)20\d{6}(?!\d)")


@dataclass(frozen=True)
class Arrivals:
    """Confirmed arrivals, one a line or cut by semicolons, each a quantity and a day: 500 (2022-05-12); 3 (2022-05-15).

    A word for none says that nothing is on its way any more; a blank cell says nothing.
    """

    def read(self, cell):
        if isinstance(cell, (int, float)):
            raise BadCell("arrival_day", self._needed(as_text(cell)))
        if plain(cell) in NOTHING:
            return []
        parts = [part for part in ENTRY.split(unicodedata.normalize("NFKC", str(cell))) if part.strip()]
        return sorted((self._one(part) for part in parts), key=lambda each: (each["on"], each["quantity"]))

    def _one(self, text):
        days = list(DAY_IN.finditer(text))
        if len(days) != 1:
            raise BadCell("arrival_day", self._needed(text))
        rest = text[: days[0].start()] + " " + text[days[0].end() :]
        return {"on": Date().read(days[0].group()), "quantity": AMOUNT.read(rest.strip(" \t()[]:：,，、="))}

    @staticmethod
    def _needed(text):
        told = translate("“%(text)s”: each arrival is a quantity and a day, such as 500 (2022-05-12).")
        return told % {"text": text.strip()[:60]}


_CODE = (
    "统一社会信用代码 社会信用代码 信用代码 统一信用代码 统一代码 企业代码 企业信用代码 注册号 统一社会信用代码/注册号"
)
_NAME = "企业名称 单位名称 公司名称 企业 名称 企业全称 厂商名称 填报企业 填报单位"
_DAY = "日期 填报日期 报告日期 上报日期 统计日期 数据日期 报送日期 日报日期 所属日期"
_STATE = "状态 生产状态 生产情况 复工状态 复工情况 开工状态 开工情况 运行状态"
_MATERIAL = "物料 物料编码 物料代码 物料名称 材料 材料名称 原料 原材料 零部件 品名 物资名称"
_ON_HAND = "库存 库存量 现有库存 当日库存 期末库存 结存 库存数量"
_USE = "日用量 日消耗 日耗用量 日消耗量 每日用量 日均用量 日均消耗"
_ARRIVING = "到货量 预计到货量 到货数量 在途数量 确认到货量 下批到货量"
_ARRIVES = "到货日期 预计到货日期 到货日 确认到货日期 下批到货日期"
_DUE = "应到岗人数 应到岗 应到人数 应在岗人数 应到 应到职工数"
_ON_DUTY = "到岗人数 实际到岗人数 实际到岗 实到人数 实到 在岗人数 实际在岗人数 当日到岗人数 到岗职工数"
_IN_LOOP = "闭环人数 闭环管理人数 闭环生产人数 闭环内人数 闭环员工数"
_OUTPUT = "当日产量 今日产量 产量 实际产量 本日产量 当天产量"
_ELECTRICITY = "用电量 当日用电量 今日用电量 日用电量 实际用电量 用电量（千瓦时）"
_INBOUND = "进厂是否畅通 货物能否进厂 原料能否运入 进货是否畅通 物流进厂 运入是否畅通 入厂物流"
_OUTBOUND = "出厂是否畅通 货物能否出厂 产品能否运出 出货是否畅通 物流出厂 运出是否畅通 出厂物流"
_CASES = "病例数 新增病例 当日新增病例 疫情病例 确诊病例数 新增感染者 当日疫情病例"
_REASON = "原因 说明 情况说明 备注 原因说明 更正原因 异常原因"

CODE = Column(
    "code",
    _("Unified social credit code"),
    (*_CODE.split(), "uscc", "unified social credit code", "social credit code", "credit code", "registration number"),
    Code(),
    is_unknown_blank=False,
    note=_("18 characters, or the old registration number of 15. Format the column as text."),
)
NAME = Column(
    "name",
    _("Enterprise"),
    (*_NAME.split(), "enterprise name", "company", "company name"),
    Text(200),
    note=_("The exact name, if there is no code. If several have it, the code is asked for."),
)
DAY = Column(
    "day",
    _("Day"),
    (*_DAY.split(), "date", "report date", "reported day"),
    Date(),
    is_unknown_blank=False,
    note=_("The day whose values these are, such as 2022-04-09. Without this column: the day whose reports are due."),
)
REASON = Column(
    "reason",
    _("Reason"),
    (*_REASON.split(), "note", "remarks"),
    Text(500),
    note=_("For what is unusual, or for a correction after the deadline."),
)
REPORT_COLUMNS = (
    CODE,
    NAME,
    DAY,
    Column(
        "state",
        _("State of production"),
        (*_STATE.split(), "state", "production"),
        Choice(Words(State, STATES)),
        required=True,
        note=_("A new report needs it."),
    ),
    Column("staff_due", _("Staff due"), tuple(_DUE.split()), COUNT),
    Column("staff_on_duty", pgettext_lazy("number of persons", "On duty"), (*_ON_DUTY.split(), "staff on duty"), COUNT),
    Column("staff_in_loop", _("In closed loop"), (*_IN_LOOP.split(), "staff in closed loop"), COUNT),
    Column("output", _("Output"), (*_OUTPUT.split(), "output today"), AMOUNT),
    Column("electricity", _("Electricity, kWh"), (*_ELECTRICITY.split(), "electricity"), Number(14, 2)),
    Column("inbound_open", _("Goods can come in"), (*_INBOUND.split(), "inbound"), Flag(Words(YesNo, PASSES))),
    Column("outbound_open", _("Goods can go out"), (*_OUTBOUND.split(), "outbound"), Flag(Words(YesNo, PASSES))),
    Column(
        "epidemic_cases",
        _("Epidemic cases"),
        (*_CASES.split(), "cases"),
        COUNT,
        is_unknown_blank=False,
        note=_("Zero is an answer; empty is none."),
    ),
    REASON,
    VERSION,
)
STOCK_COLUMNS = (
    CODE,
    NAME,
    DAY,
    Column(
        "material",
        _("Material"),
        (*_MATERIAL.split(), "material code"),
        Text(80),
        required=True,
        is_unknown_blank=False,
        note=_("Its code or its exact name in the vocabulary."),
    ),
    Column(
        "unit",
        _("Unit"),
        ("单位（计量）", "计量单位", "数量单位", "库存单位", "unit of measure"),
        Text(20),
        note=_("Only to check: the vocabulary fixes the unit of a material."),
    ),
    Column(
        "on_hand",
        _("Stock"),
        (*_ON_HAND.split(), "on hand", "stock on hand"),
        AMOUNT,
        required=True,
    ),
    Column(
        "daily_use",
        _("Daily use"),
        (*_USE.split(), "daily use"),
        AMOUNT,
    ),
    Column(
        "arriving",
        _("Next arrival"),
        (*_ARRIVING.split(), "arriving", "arrival quantity"),
        AMOUNT,
        note=_("The quantity; its day stands in the next column."),
    ),
    Column(
        "arrives_on",
        _("Arrives on"),
        (*_ARRIVES.split(), "arrival date", "arrival day"),
        Date(),
    ),
    Column(
        "arrivals",
        _("Confirmed arrivals"),
        ("确认到货", "到货计划", "后续到货", "在途物料", "arrivals"),
        Arrivals(),
        is_unknown_blank=False,
        note=_("If there are several: 500 (2022-05-12); 300 (2022-05-15). They take the place of all told before."),
    ),
    Column(
        "stopped_for_want",
        _("Stopped for want of it"),
        ("是否因缺料停产", "因缺料停产", "缺料停产", "是否缺料停产"),
        Flag(),
    ),
    REASON,
    VERSION,
)
