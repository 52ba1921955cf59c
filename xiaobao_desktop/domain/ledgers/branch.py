"""机构: the branches and head-office departments that other ledgers choose from."""

from __future__ import annotations

from xiaobao_desktop.domain.fields import Column, Field, Grade, Kind, Ledger, Privacy, Section

ORDER = 110

LEDGER = Ledger(
    key="branch",
    label="机构",
    prefix="JG",
    unit="个",
    icon="building-2",
    create_action="新增机构",
    fields=(
        Field(
            "name",
            "机构名称",
            Kind.TEXT,
            Grade.TO_SAVE,
            span=2,
            hint="如 城关支行",
            synonyms=("网点名称", "网点", "机构", "支行", "支行名称"),
        ),
        Field("short_name", "简称", Kind.TEXT, synonyms=("机构简称",), help="导入时也按简称认机构"),
        Field("code", "机构号", Kind.TEXT, synonyms=("网点机构号", "机构代码", "行号")),
        Field(
            "kind", "类型", Kind.CHOICE, Grade.TO_FILE, options="branch_kind", default="outlet", synonyms=("机构类型",)
        ),
        Field("region", "地区", Kind.CHOICE, Grade.TO_FILE, options="region", synonyms=("所在地区", "城乡")),
        Field("address", "地址", Kind.TEXT, span=2, synonyms=("机构地址", "营业地址")),
        Field("phone", "机构电话", Kind.TEXT, synonyms=("联系电话", "电话")),
        Field("head", "负责人", Kind.PERSON_NAME, privacy=Privacy.C1, synonyms=("机构负责人", "行长")),
        Field(
            "active",
            "在用",
            Kind.YES_NO,
            default=True,
            synonyms=("是否在用", "状态"),
            help="停用后不再出现在选项里，旧记录不变",
        ),
        Field("remark", "备注", Kind.LONG_TEXT, span=4, synonyms=("说明",)),
    ),
    sections=(
        Section("机构", ("name", "short_name", "code", "kind", "region", "active")),
        Section("联系", ("address", "phone", "head", "remark")),
    ),
    columns=(
        Column("name", 16, stretch=True),
        Column("code", 10),
        Column("kind", 10),
        Column("region", 8),
        Column("head", 8),
        Column("phone", 14),
        Column("active", 6),
        Column("address", 20, shown=False),
        Column("remark", 20, shown=False),
    ),
    title=("name",),
    filters=("kind", "region", "active"),
    sort=(("number", False),),
    ignored_headers={"序号": "行号"},
)
