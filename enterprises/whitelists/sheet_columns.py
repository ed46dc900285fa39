"""The columns of a sheet of batch lines, as officials head them, and the words of their cells."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from enterprises.register import columns as register
from enterprises.register.columns import called, meaning
from enterprises.whitelists.words import Action, Reason
from whitelist.sheets.files.cells import Choice, Text, Words
from whitelist.sheets.kinds import Column

ACTIONS = meaning(
    add="新增 增加 增补 添加 加入 纳入 入选 列入 新增企业 移入 调入 增",
    remove="移出 移除 剔除 删除 退出 取消 减少 核减 调出 移出企业 减",
    amend="调整 变更 修改 更正 修订 更新 改",
)
REASONS = meaning(
    key_link="关键环节 关键环节企业 产业链关键环节 关键企业 链主 链主企业 龙头企业",
    sole_supplier="独家供应 独家供应商 唯一供应商 独家配套",
    recommended="推荐 地方推荐 部门推荐 各地推荐 推荐企业",
    nominated="提名 名单内企业提名 名单企业提名 采购方提名 下游企业提名",
    livelihood="民生保障 保供 保供企业 民生",
    resumed="已复工 稳定复工 复工达产 已稳定复工 已复工复产",
    retired="停业 注销 已注销 关停 倒闭 不再经营",
    refused_allocation="拒绝调拨 拒不调拨 不服从调拨",
    chain="更正产业链 更正领域 产业链更正 领域更正 产业链调整 领域调整",
    undo="撤销 撤回",
    other="其他 其它 其他原因",
)
OF_REGISTER = {column.key: column for column in register.COLUMNS}
BLANK = _("If it is blank, that of the register is taken.")

COLUMNS = (
    Column(
        "action",
        _("Action"),
        called(
            "操作 操作类型 动作 变更类型 变更情况 调整类型 调整情况 处理 增减 增减情况 处理意见", "change", "operation"
        ),
        Choice(Words(Action, ACTIONS)),
        required=True,
        note=_("Add, remove or amend. A row without it asks for nothing."),
    ),
    replace(
        OF_REGISTER["code"],
        required=False,
        note=_("18 characters, or the old registration number of 15. Without it the exact name is looked for."),
    ),
    replace(
        OF_REGISTER["name"], note=_("The exact name, if there is no code. If several have it, the code is asked for.")
    ),
    replace(OF_REGISTER["chain"], note=BLANK),
    replace(OF_REGISTER["field"], note=BLANK),
    Column(
        "reason",
        _("Reason"),
        called(
            "原因 理由 原因代码 理由代码 入选理由 纳入理由 纳入原因 推荐理由 变更原因 调整原因 移出原因 移出理由",
            "reason code",
        ),
        Choice(Words(Reason, REASONS)),
        note=_("One of the words in the list. A new line needs it."),
    ),
    Column(
        "note",
        _("Note, evidence"),
        called(
            "备注 说明 依据 佐证 佐证材料 证明材料 理由说明 原因说明 情况说明 文号",
            *("note", "notes", "evidence", "remark", "remarks", "reason wording"),
        ),
        Text(500),
        note=_("In your own words: what the reason rests on."),
    ),
)
