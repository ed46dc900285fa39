"""What invented enterprises make and need: materials of the seven chains, and the kinds of plants between them.

Everything here is made up to be plausible: what goes into what, in which unit, and how many days of it a plant holds.
"""

from typing import NamedTuple

from enterprises.models import Chain, Field


class Stuff(NamedTuple):
    """A material; `days` is the stock that a plant holds of it in quiet times."""

    code: str
    name: str
    name_en: str
    unit: str
    chain: str
    days: float
    is_bulk: bool = False


class Need(NamedTuple):
    """So much of a material per unit of output."""

    material: str
    per_unit: float
    criticality: str = "stops"


class Kind(NamedTuple):
    """A kind of plant. `output`, `staff`, `power` and `value` are those of a medium-sized one on a normal day."""

    product: str
    chain: str
    link: str
    industry: str
    makes: str
    unit: str
    output: float
    staff: int
    power: float
    value: float
    needs: tuple = ()
    weight: float = 1


AUTO, CHIPS, DEVICES = Chain.AUTOMOBILES, Chain.INTEGRATED_CIRCUITS, Chain.CONSUMER_ELECTRONICS
MACHINES, FARMING, FOOD, MEDICINE = Chain.EQUIPMENT, Chain.AGRICULTURAL_MATERIALS, Chain.FOOD, Chain.MEDICINE

FIELD_OF = {
    AUTO: Field.STRATEGIC, CHIPS: Field.STRATEGIC, DEVICES: Field.STRATEGIC, MACHINES: Field.STRATEGIC,
    FARMING: Field.AGRICULTURE, FOOD: Field.NECESSITIES, MEDICINE: Field.MEDICAL,
}  # fmt: skip

MATERIALS = tuple(
    Stuff(*row)
    for row in (
        ("ecu-12v", "12V电控单元", "12 V control unit", "件", AUTO, 6),
        ("wiring-harness", "整车线束", "Wiring harness", "套", AUTO, 5),
        ("wheel-speed-sensor", "轮速传感器", "Wheel-speed sensor", "件", AUTO, 7),
        ("steering-gear", "转向机总成", "Steering gear", "台", AUTO, 5),
        ("brake-caliper", "制动卡钳", "Brake caliper", "件", AUTO, 6),
        ("seat-set", "座椅总成", "Seat set", "套", AUTO, 3.6),
        ("traction-cell", "动力电芯", "Traction cell", "只", AUTO, 8),
        ("gearbox", "变速器总成", "Gearbox", "台", AUTO, 6),
        ("engine-casting", "发动机铸件", "Engine casting", "件", AUTO, 9),
        ("tyre", "轮胎", "Tyre", "条", AUTO, 12),
        ("wafer-300", "12英寸硅片", "300 mm wafer", "片", CHIPS, 34),
        ("photoresist-arf", "ArF光刻胶", "ArF photoresist", "千克", CHIPS, 30),
        ("special-gas", "电子特气", "Electronic special gas", "瓶", CHIPS, 22),
        ("lead-frame", "引线框架", "Lead frame", "千只", CHIPS, 20),
        ("mcu-32", "车规微控制器", "Automotive microcontroller", "千只", CHIPS, 24),
        ("power-device", "功率器件", "Power device", "千只", CHIPS, 22),
        ("display-module", "显示模组", "Display module", "片", DEVICES, 14),
        ("polariser-film", "偏光片", "Polariser film", "卷", DEVICES, 16),
        ("camera-module", "摄像模组", "Camera module", "件", DEVICES, 14),
        ("lithium-cell", "消费类锂电芯", "Lithium cell", "只", DEVICES, 15),
        ("printed-board", "印制电路板", "Printed circuit board", "件", DEVICES, 16),
        ("bearing", "精密轴承", "Precision bearing", "套", MACHINES, 24),
        ("servo-motor", "伺服电机", "Servo motor", "台", MACHINES, 20),
        ("cnc-controller", "数控系统", "CNC controller", "套", MACHINES, 20),
        ("hydraulic-valve", "液压阀", "Hydraulic valve", "件", MACHINES, 24),
        ("steel-plate", "中厚钢板", "Steel plate", "吨", MACHINES, 22, True),
        ("potash", "氯化钾", "Potash", "吨", FARMING, 34, True),
        ("synthetic-ammonia", "合成氨", "Synthetic ammonia", "吨", FARMING, 18, True),
        ("phosphate-rock", "磷矿石", "Phosphate rock", "吨", FARMING, 36, True),
        ("urea", "尿素", "Urea", "吨", FARMING, 24, True),
        ("pesticide-intermediate", "农药中间体", "Pesticide intermediate", "吨", FARMING, 24),
        ("film-resin", "农膜树脂", "Farm-film resin", "吨", FARMING, 22),
        ("whole-milk-powder", "全脂乳粉", "Whole milk powder", "吨", FOOD, 26, True),
        ("lactose", "乳糖", "Lactose", "吨", FOOD, 26),
        ("wheat-flour", "小麦粉", "Wheat flour", "吨", FOOD, 16, True),
        ("edible-oil", "食用植物油", "Edible oil", "吨", FOOD, 20, True),
        ("food-packaging", "食品包装材料", "Food packaging", "卷", FOOD, 16),
        ("active-ingredient", "化学原料药", "Active ingredient", "千克", MEDICINE, 34),
        ("vial", "西林瓶", "Vial", "千只", MEDICINE, 24),
        ("rubber-stopper", "丁基胶塞", "Rubber stopper", "千只", MEDICINE, 26),
        ("detection-enzyme", "检测用酶", "Detection enzyme", "升", MEDICINE, 20),
        ("test-membrane", "硝酸纤维素膜", "Test-strip membrane", "卷", MEDICINE, 18),
        ("melt-blown", "熔喷布", "Melt-blown fabric", "吨", MEDICINE, 16, True),
    )
)

NOT_CRITICAL = "degrades"
KINDS = (
    Kind("整车", AUTO, "整车制造", "3611", "", "辆", 360, 2600, 190_000, 5200,
         (Need("ecu-12v", 1), Need("wiring-harness", 1), Need("seat-set", 1), Need("wheel-speed-sensor", 4)), 0.7),
    Kind("新能源汽车", AUTO, "整车制造", "3612", "", "辆", 240, 1900, 160_000, 4300,
         (Need("traction-cell", 96), Need("ecu-12v", 2), Need("steering-gear", 1), Need("tyre", 4, NOT_CRITICAL)), 0.6),
    Kind("商用车", AUTO, "整车制造", "3611", "", "辆", 110, 1300, 92_000, 2600,
         (Need("gearbox", 1), Need("brake-caliper", 6), Need("wiring-harness", 1)), 0.6),
    Kind("汽车电控", AUTO, "汽车电子", "3670", "ecu-12v", "件", 2600, 420, 26_000, 260,
         (Need("mcu-32", 0.002), Need("printed-board", 1), Need("power-device", 0.004, NOT_CRITICAL)), 1.2),
    Kind("线束", AUTO, "汽车零部件", "3670", "wiring-harness", "套", 900, 520, 12_000, 150, (), 1.2),
    Kind("传感器", AUTO, "汽车电子", "3670", "wheel-speed-sensor", "件", 5200, 260, 14_000, 95,
         (Need("mcu-32", 0.001),)),
    Kind("转向系统", AUTO, "汽车零部件", "3670", "steering-gear", "台", 620, 380, 22_000, 130,
         (Need("ecu-12v", 1), Need("bearing", 1), Need("engine-casting", 1, NOT_CRITICAL))),
    Kind("制动系统", AUTO, "汽车零部件", "3670", "brake-caliper", "件", 2400, 360, 24_000, 120,
         (Need("wheel-speed-sensor", 0.6), Need("steel-plate", 0.004))),
    Kind("汽车座椅", AUTO, "汽车零部件", "3670", "seat-set", "套", 520, 340, 9_000, 210, (Need("steel-plate", 0.02),)),
    Kind("动力电池", AUTO, "动力电池", "3841", "traction-cell", "只", 42_000, 1100, 160_000, 900, (), 0.8),
    Kind("变速器", AUTO, "汽车零部件", "3670", "gearbox", "台", 420, 620, 52_000, 310,
         (Need("bearing", 8), Need("engine-casting", 2))),
    Kind("精密铸造", AUTO, "汽车零部件", "3670", "engine-casting", "件", 1900, 330, 84_000, 90),
    Kind("轮胎", AUTO, "轮胎", "2911", "tyre", "条", 9_000, 760, 120_000, 260, (), 0.8),
    Kind("晶圆", CHIPS, "晶圆制造", "3973", "mcu-32", "千只", 620, 900, 320_000, 620,
         (Need("wafer-300", 0.9), Need("photoresist-arf", 0.03), Need("special-gas", 0.06)), 1.1),
    Kind("功率半导体", CHIPS, "晶圆制造", "3972", "power-device", "千只", 900, 560, 150_000, 320,
         (Need("wafer-300", 0.4), Need("lead-frame", 1.02)), 1.1),
    Kind("封装测试", CHIPS, "封装测试", "3973", "", "千只", 2600, 880, 110_000, 270,
         (Need("lead-frame", 1.02), Need("wafer-300", 0.2)), 1.2),
    Kind("硅材料", CHIPS, "半导体材料", "3985", "wafer-300", "片", 3600, 410, 180_000, 340),
    Kind("光刻胶", CHIPS, "半导体材料", "3985", "photoresist-arf", "千克", 320, 150, 12_000, 190, (), 0.7),
    Kind("电子气体", CHIPS, "半导体材料", "2619", "special-gas", "瓶", 420, 160, 60_000, 110, (), 0.9),
    Kind("引线框架", CHIPS, "半导体材料", "3985", "lead-frame", "千只", 5200, 260, 24_000, 70),
    Kind("智能终端", DEVICES, "整机", "3922", "", "台", 26_000, 4200, 90_000, 3100,
         (Need("display-module", 1), Need("camera-module", 2), Need("lithium-cell", 1), Need("printed-board", 1)), 0.9),
    Kind("笔记本电脑", DEVICES, "整机", "3911", "", "台", 9_000, 2400, 60_000, 1900,
         (Need("display-module", 1), Need("printed-board", 2), Need("lithium-cell", 4, NOT_CRITICAL)), 0.8),
    Kind("显示面板", DEVICES, "显示器件", "3974", "display-module", "片", 21_000, 1600, 260_000, 640,
         (Need("polariser-film", 0.01),)),
    Kind("偏光片", DEVICES, "显示材料", "3985", "polariser-film", "卷", 180, 240, 22_000, 140),
    Kind("光学影像", DEVICES, "零部件", "3976", "camera-module", "件", 52_000, 900, 30_000, 260),
    Kind("锂电", DEVICES, "零部件", "3841", "lithium-cell", "只", 90_000, 780, 72_000, 230),
    Kind("线路板", DEVICES, "零部件", "3982", "printed-board", "件", 36_000, 720, 82_000, 210, (), 1.2),
    Kind("数控机床", MACHINES, "整机", "3421", "", "台", 8, 420, 16_000, 260,
         (Need("cnc-controller", 1), Need("servo-motor", 4), Need("bearing", 24)), 1.2),
    Kind("工程机械", MACHINES, "整机", "3514", "", "台", 26, 1200, 46_000, 900,
         (Need("hydraulic-valve", 6), Need("steel-plate", 7), Need("bearing", 12))),
    Kind("轴承", MACHINES, "基础件", "3451", "bearing", "套", 9_000, 460, 38_000, 90),
    Kind("电机", MACHINES, "基础件", "3812", "servo-motor", "台", 420, 380, 18_000, 110,
         (Need("bearing", 2), Need("power-device", 0.01))),
    Kind("数控系统", MACHINES, "控制系统", "3421", "cnc-controller", "套", 60, 260, 6_000, 130,
         (Need("printed-board", 8),)),
    Kind("液压", MACHINES, "基础件", "3444", "hydraulic-valve", "件", 900, 300, 16_000, 80,
         (Need("steel-plate", 0.02),)),
    Kind("特种钢", MACHINES, "原材料", "3130", "steel-plate", "吨", 2_600, 1500, 900_000, 1200, (), 0.7),
    Kind("复合肥", FARMING, "肥料", "2624", "", "吨", 620, 360, 52_000, 190,
         (Need("potash", 0.24), Need("urea", 0.3), Need("phosphate-rock", 0.4)), 1.3),
    Kind("钾肥", FARMING, "肥料", "2623", "potash", "吨", 900, 420, 64_000, 240, (), 0.7),
    Kind("合成氨", FARMING, "肥料", "2611", "synthetic-ammonia", "吨", 760, 480, 420_000, 220),
    Kind("尿素", FARMING, "肥料", "2621", "urea", "吨", 900, 520, 300_000, 210,
         (Need("synthetic-ammonia", 0.58),)),
    Kind("磷化工", FARMING, "肥料", "1020", "phosphate-rock", "吨", 2_400, 460, 58_000, 110, (), 0.8),
    Kind("农药", FARMING, "农药", "2631", "", "吨", 42, 280, 26_000, 130, (Need("pesticide-intermediate", 0.7),)),
    Kind("精细化工", FARMING, "农药", "2631", "pesticide-intermediate", "吨", 60, 260, 46_000, 100),
    Kind("农膜", FARMING, "农膜", "2921", "", "吨", 36, 180, 22_000, 42, (Need("film-resin", 1.03),)),
    Kind("树脂", FARMING, "农膜", "2651", "film-resin", "吨", 320, 300, 140_000, 260, (), 0.7),
    Kind("婴幼儿配方乳粉", FOOD, "乳制品", "1442", "", "吨", 64, 520, 36_000, 620,
         (Need("whole-milk-powder", 0.5), Need("lactose", 0.25), Need("food-packaging", 1, NOT_CRITICAL))),
    Kind("乳业", FOOD, "乳制品", "1442", "whole-milk-powder", "吨", 90, 460, 42_000, 310),
    Kind("乳糖", FOOD, "食品原料", "1495", "lactose", "吨", 46, 160, 14_000, 60, (), 0.6),
    Kind("方便食品", FOOD, "方便食品", "1439", "", "箱", 26_000, 620, 24_000, 130,
         (Need("wheat-flour", 0.004), Need("edible-oil", 0.0008), Need("food-packaging", 0.002)), 1.2),
    Kind("面粉", FOOD, "粮食加工", "1311", "wheat-flour", "吨", 620, 210, 36_000, 170, (), 1.2),
    Kind("粮油", FOOD, "粮食加工", "1331", "edible-oil", "吨", 420, 240, 26_000, 330),
    Kind("包装", FOOD, "包装", "2319", "food-packaging", "卷", 760, 190, 12_000, 45),
    Kind("疫苗", MEDICINE, "生物制品", "2761", "", "千剂", 620, 720, 40_000, 560,
         (Need("vial", 1.04), Need("rubber-stopper", 1.04))),
    Kind("检测试剂", MEDICINE, "体外诊断", "2770", "", "千人份", 900, 320, 9_000, 420,
         (Need("detection-enzyme", 0.02), Need("test-membrane", 0.03)), 1.2),
    Kind("制药", MEDICINE, "化学制剂", "2720", "", "千盒", 320, 620, 30_000, 300,
         (Need("active-ingredient", 0.6), Need("vial", 0.2)), 1.3),
    Kind("原料药", MEDICINE, "原料药", "2710", "active-ingredient", "千克", 1_600, 420, 64_000, 210),
    Kind("药用玻璃", MEDICINE, "药用包材", "3055", "vial", "千只", 1_900, 300, 78_000, 60, (), 0.7),
    Kind("药用胶塞", MEDICINE, "药用包材", "2915", "rubber-stopper", "千只", 2_200, 210, 16_000, 40, (), 0.7),
    Kind("酶制剂", MEDICINE, "生物原料", "2762", "detection-enzyme", "升", 260, 130, 5_000, 150, (), 0.7),
    Kind("膜材料", MEDICINE, "生物原料", "2770", "test-membrane", "卷", 120, 120, 6_000, 90, (), 0.6),
    Kind("防护用品", MEDICINE, "防护物资", "2770", "", "千件", 760, 340, 14_000, 90, (Need("melt-blown", 0.004),)),
    Kind("非织造布", MEDICINE, "防护物资", "1781", "melt-blown", "吨", 26, 160, 22_000, 60, (), 0.7),
)  # fmt: skip

# Two syllables each; a brand is one of the first row and one of the second.
BRANDS = ("远云晨青白金松星海长东启华瑞新天恒宏明嘉", "航帆曦禾鹭穗风桥澜河辰源泽锋程衡图舟峰荷")

# Share of invented enterprises per province, roughly as industry is spread; the Corps has the customary 66.
WEIGHTS = {
    "11": 3, "12": 3, "13": 5, "14": 3, "15": 2, "21": 4, "22": 3,
    "23": 2, "31": 6, "32": 12, "33": 10, "34": 5, "35": 5, "36": 4,
    "37": 9, "41": 6, "42": 6, "43": 5, "44": 13, "45": 3, "46": 1,
    "50": 4, "51": 5, "52": 2, "53": 3, "54": 0.5, "61": 3, "62": 1.5,
    "63": 0.8, "64": 1, "65": 2, "66": 1,
}  # fmt: skip
