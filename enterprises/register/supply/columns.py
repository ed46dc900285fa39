"""The columns of a sheet of supply links, as officials head them in Chinese and English."""

from django.utils.translation import gettext_lazy as _

from enterprises.register.columns import called, meaning
from enterprises.register.words import Criticality
from whitelist.sheets.files.cells import Choice, Code, Text, Words
from whitelist.sheets.kinds import Column
from whitelist.sheets.tables.flags import Flag, Percent

CRITICALITIES = meaning(
    stops="停产 停线 断供停产 导致停产 全线停产 关键",
    degrades="减产 降产 部分停产 影响产能 受影响 重要",
    none="无影响 不影响 没有影响 一般",
)
_SUPPLIER = "供应商 供应企业 供货企业 供货商 供方 供货方 供应方 卖方 上游企业 配套企业"
_BUYER = "采购方 采购企业 采购商 需方 需求方 购方 买方 用户企业 下游企业 客户 主机厂 整车企业"
_SHARE = "占比 占比% 供应占比 供货占比 采购占比 需求占比 份额 供应份额 供货份额 供应比例 供货比例 比例"
_MATERIAL = (
    "物料 物料编码 物料代码 物料名称 材料 材料编码 材料名称 零部件 零部件名称 供应产品 供应物资 产品 产品名称 品名"
)


def coded(parties):
    return [f"{party}{code}" for party in parties.split() for code in ("代码", "信用代码", "统一社会信用代码")]


def named(parties):
    return [name for party in parties.split() for name in (party, f"{party}名称")]


COLUMNS = (
    Column(
        "supplier_code",
        _("Supplier code"),
        (*coded(_SUPPLIER), "supplier uscc", "supplier's code"),
        Code(),
        is_unknown_blank=False,
        note=_("18 characters, or the old registration number of 15. An enterprise elsewhere is found by it alone."),
    ),
    Column(
        "supplier",
        _("Supplier"),
        (*named(_SUPPLIER), "supplier name", "vendor"),
        Text(200),
        note=_("The exact name, if there is no code. If several have it, the code is asked for."),
    ),
    Column(
        "buyer_code",
        _("Buyer code"),
        (*coded(_BUYER), "buyer uscc", "buyer's code"),
        Code(),
        is_unknown_blank=False,
        note=_("18 characters, or the old registration number of 15. An enterprise elsewhere is found by it alone."),
    ),
    Column(
        "buyer",
        _("Buyer"),
        (*named(_BUYER), "buyer name", "customer"),
        Text(200),
        note=_("The exact name, if there is no code. If several have it, the code is asked for."),
    ),
    Column(
        "material",
        _("Material"),
        called(_MATERIAL, "material code", "item", "part"),
        Text(80),
        required=True,
        note=_("Its code in the vocabulary, or its exact name."),
    ),
    Column(
        "share",
        _("Share of the buyer's need, %"),
        called(_SHARE, "share", "share, %", "share %", "per cent"),
        Percent(5, 2),
        note=_("Between 0 and 100. Confirmed suppliers together cover at most the whole need."),
    ),
    Column(
        "criticality",
        _("If it fails"),
        called("断供影响 影响 影响程度 关键程度 重要程度 重要性", "criticality", "effect"),
        Choice(Words(Criticality, CRITICALITIES)),
    ),
    Column(
        "is_sole_source",
        _("Sole source"),
        called("独家供应 是否独家 独家 独家供货 唯一供应商 是否唯一供应商 单一来源 是否单一来源", "single source"),
        Flag(),
        is_unknown_blank=False,
    ),
)
