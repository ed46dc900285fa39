"""The columns of an enterprise sheet, as officials head them in Chinese and English, and the words their cells hold."""

from django.utils.translation import gettext_lazy as _

from enterprises.register.words import Chain, Field, Ownership, Size, Tag
from whitelist.sheets.files.cells import Choice, Choices, Code, Number, Text, Words
from whitelist.sheets.kinds import Column


def meaning(**words):
    """Chinese words for a slug: `meaning(food="食品 食品工业")` gives {"食品": "food", "食品工业": "food"}."""
    return {word: slug for slug, text in words.items() for word in text.split()}


def called(words, *others):
    """Headings of a column: single words in one text, then those that have spaces in them."""
    return (*words.split(), *others)


CHAINS = meaning(
    automobiles="汽车 汽车制造 汽车产业链 汽车及零部件",
    integrated_circuits="集成电路 芯片 半导体",
    consumer_electronics="消费电子 电子信息",
    equipment="装备制造 装备 高端装备",
    agricultural_materials="农用物资 农资 农业生产物资",
    food="食品 食品工业",
    medicine="医药 生物医药",
)
FIELDS = meaning(
    medical="医疗物资 医疗防疫物资 防疫物资 医疗用品",
    necessities="生活必需品 生活物资 民生保障 民生",
    agriculture="农业生产物资 重要农业生产物资 农资",
    strategic="战略性新兴产业 战略产业 新兴产业 战略性新兴产业关键物资",
)
SIZES = meaning(large="大型 大型企业 大", medium="中型 中型企业 中", small="小型 小型企业 小", micro="微型 微型企业 微")
OWNERSHIPS = meaning(
    state="国有 国有企业 国企 央企 国有控股",
    private="民营 民营企业 私营 私营企业",
    foreign="外资 外资企业 外商投资 外商独资 港澳台",
    mixed="混合所有制 混合 合资 中外合资",
)
TAGS = meaning(
    leading="龙头 龙头企业 链主 链主企业",
    key_link="关键环节 关键环节企业",
    livelihood="民生保障 保供 保供企业",
    foreign_trade="外贸 外贸企业",
    foreign_invested="外资 外资企业 外商投资",
    specialised_new="专精特新 专精特新企业",
    little_giant="小巨人 专精特新小巨人 小巨人企业",
    single_champion="单项冠军 制造业单项冠军",
    above_scale="规上 规上企业 规模以上 规模以上企业",
)

_CODE = (
    "统一社会信用代码 社会信用代码 信用代码 统一信用代码 统一代码 企业信用代码 信用代码/注册号 统一社会信用代码/注册号"
)
_NUMBER = "注册号 工商注册号 营业执照注册号 营业执照号"
_NAME = "企业名称 单位名称 公司名称 企业 名称 企业全称 厂商名称 单位"
_DIVISION = "行政区划 行政区划代码 区划代码 所在地 所属地区 地区 所在地区 属地 生产所在地"

COLUMNS = (
    Column(
        "code",
        _("Unified social credit code"),
        (
            *_CODE.split(),
            *_NUMBER.split(),
            *("uscc", "unified social credit code", "social credit code", "credit code"),
            *("registration number", "registration no", "registration no."),
        ),
        Code(),
        required=True,
        is_unknown_blank=False,
        note=_("18 characters, or the old registration number of 15. Format the column as text."),
    ),
    Column(
        "name",
        _("Enterprise"),
        (*_NAME.split(), "enterprise name", "name of enterprise", "company", "company name"),
        Text(200),
        is_unknown_blank=False,
        note=_("As on the licence. A new enterprise needs it."),
    ),
    Column(
        "division",
        _("Plant division"),
        (*_DIVISION.split(), "division code", "location"),
        Text(60),
        note=_("Where the plant stands: six digits or a name, or province, prefecture and county in three columns."),
    ),
    Column("province", _("Province"), ("省", "省份", "所属省份", "所在省", "所属省", "省（区、市）"), Text(60)),
    Column(
        "prefecture",
        _("Prefecture"),
        ("市", "地市", "所属地市", "所在市", "所属市", "城市", "地级市", "市州", "设区市", "city"),
        Text(60),
    ),
    Column(
        "county",
        _("County"),
        ("区", "县", "区县", "所属区县", "所在区县", "县区", "所属县区", "县（市、区）", "区（县）", "district"),
        Text(60),
    ),
    Column(
        "registered_division",
        _("Registered division"),
        ("注册地", "注册所在地", "注册地行政区划", "登记地", "place of registration"),
        Text(60),
        note=_("Where it is registered, if elsewhere."),
    ),
    Column(
        "industry",
        _("Industry"),
        ("行业", "所属行业", "行业代码", "行业类别", "国民经济行业", "国民经济行业代码", "industry code", "gb/t 4754"),
        Text(200),
        note=_("Two to four digits of GB/T 4754, alone or after the name."),
    ),
    Column("chain", _("Chain"), ("产业链", "所属产业链", "重点产业链"), Choice(Words(Chain, CHAINS))),
    Column("field", _("Field"), ("领域", "所属领域", "重点领域", "保障领域"), Choice(Words(Field, FIELDS))),
    Column("link", _("Link in the chain"), ("环节", "产业链环节", "所处环节", "链条环节"), Text(60)),
    Column("size", _("Size"), ("规模", "企业规模", "规模类型"), Choice(Words(Size, SIZES))),
    Column(
        "ownership",
        _("Ownership"),
        ("所有制", "所有制性质", "企业性质", "经济类型"),
        Choice(Words(Ownership, OWNERSHIPS)),
    ),
    Column(
        "tags",
        _("Tags"),
        ("标签", "企业标签", "类别标签"),
        Choices(Words(Tag, TAGS)),
        note=_("Several are separated by commas."),
    ),
    Column(
        "staff_total",
        _("Staff"),
        ("人数", "职工人数", "员工人数", "员工总数", "职工总数", "从业人数", "从业人员", "staff total", "employees"),
        Number(9),
        is_unknown_blank=False,
    ),
    Column(
        "normal_output",
        _("Normal daily output"),
        ("正常日产量", "日产量", "正常产量", "日产能", "设计日产能", "daily output"),
        Number(16, 2),
        is_unknown_blank=False,
    ),
    Column("output_unit", _("Unit of output"), ("产量单位", "计量单位", "单位", "unit"), Text(20)),
    Column(
        "output_value",
        _("Value of normal daily output, 10,000 yuan"),
        ("正常日产值", "日产值", "日产值（万元）", "正常日产值（万元）", "output value", "daily output value"),
        Number(14, 2),
        is_unknown_blank=False,
    ),
    Column(
        "electricity_baseline",
        _("Normal daily electricity, kWh"),
        (
            "正常日用电量",
            "日用电量",
            "日均用电量",
            "用电基准",
            "日用电量（千瓦时）",
            "日用电基线",
            "日用电量基线",
            "用电基线",
            "daily electricity",
            "electricity baseline",
        ),
        Number(14, 2),
        is_unknown_blank=False,
    ),
)
