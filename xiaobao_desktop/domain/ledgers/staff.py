"""人员: the staff list that handlers and training attendees are chosen from."""

from __future__ import annotations

from xiaobao_desktop.domain.fields import Column, Field, Grade, Kind, Ledger, Privacy, Section

ORDER = 120

LEDGER = Ledger(
    key="staff",
    label="人员",
    prefix="RY",
    unit="人",
    icon="users",
    create_action="新增人员",
    fields=(
        Field("name", "姓名", Kind.PERSON_NAME, Grade.TO_SAVE, Privacy.C1, synonyms=("员工姓名", "人员")),
        Field("staff_no", "工号", Kind.TEXT, synonyms=("员工号", "柜员号")),
        Field(
            "branch",
            "所在机构",
            Kind.LINK,
            Grade.TO_FILE,
            options="branch",
            synonyms=("机构", "网点", "支行", "部门机构"),
        ),
        Field("department", "部门", Kind.TEXT, synonyms=("所在部门",)),
        Field("post", "岗位", Kind.TEXT, synonyms=("职务", "岗位名称")),
        # Order 5 of the PBOC (2020), article 10: training must cover these three groups.
        Field(
            "group", "人员类别", Kind.CHOICE, Grade.TO_FILE, options="staff_group", synonyms=("类别", "培训对象类别")
        ),
        Field(
            "group_post",
            "领导小组职务",
            Kind.CHOICE,
            options="group_post",
            synonyms=("消保领导小组职务", "领导小组"),
            help="在消保工作领导小组里的职务，印在报告的组织情况里",
        ),
        Field(
            "duty",
            "消保岗位",
            Kind.CHOICE,
            options="consumer_duty",
            synonyms=("消保专岗", "消保专员", "消保职责", "专兼岗"),
            help="在消保部门专职或兼职的人",
        ),
        Field("joined_on", "入职日期", Kind.DATE, synonyms=("入行日期", "入职时间")),
        Field("phone", "手机", Kind.PHONE, privacy=Privacy.C2, synonyms=("联系电话", "电话", "手机号")),
        Field(
            "active",
            "在岗",
            Kind.YES_NO,
            default=True,
            synonyms=("是否在岗", "状态"),
            help="离岗后不再出现在选项里，旧记录不变",
        ),
        Field("remark", "备注", Kind.LONG_TEXT, span=4, synonyms=("说明",)),
    ),
    sections=(
        Section("人员", ("name", "staff_no", "branch", "department", "post", "group", "joined_on", "phone", "active")),
        Section("消保组织", ("group_post", "duty")),
        Section("其他", ("remark",)),
    ),
    columns=(
        Column("name", 8),
        Column("staff_no", 8),
        Column("branch", 12, stretch=True),
        Column("department", 12),
        Column("post", 12),
        Column("group", 14),
        Column("active", 6),
        Column("group_post", 10, shown=False),
        Column("duty", 8, shown=False),
        Column("joined_on", 10, shown=False),
        Column("phone", 12, shown=False),
        Column("remark", 20, shown=False),
    ),
    title=("name", "post"),
    filters=("branch", "group", "group_post", "duty", "active"),
    sort=(("number", False),),
    branch_by="branch",
    ignored_headers={"序号": "行号"},
)
