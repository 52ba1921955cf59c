"""A monthly report like the printed target, with the target's invented numbers; shared by the tests of the writers."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from xiaobao_desktop.reports.document import (
    Appendix,
    Block,
    Column,
    ColumnKind,
    DayLimit,
    DaysDots,
    Document,
    DotSeries,
    DotStyle,
    Figure,
    Heading,
    HeadLine,
    Layout,
    Metadata,
    MonthlyPairs,
    Note,
    Paragraph,
    Run,
    RunStyle,
    Signature,
    SignatureLine,
    Table,
    TableStyle,
)

METADATA = Metadata(
    title="2026年10月消费者权益保护工作月报",
    author="某某农村商业银行",
    created=datetime(2026, 11, 3, 9, 20, tzinfo=timezone(timedelta(hours=8))),
    program="小保 0.1.0",
)
NUMBER, CENTER, TEXT = ColumnKind.NUMBER, ColumnKind.CENTER, ColumnKind.TEXT


def body(text: str) -> Paragraph:
    return Paragraph((Run(text),))


def led(lead: str, text: str) -> Paragraph:
    return Paragraph((Run(lead, RunStyle.LEAD), Run(text)))


PAIRS = MonthlyPairs(
    months=tuple(range(1, 11)),
    last_year=(33, 26, 45, 38, 35, 37, 40, 39, 36, 41),
    this_year=(30, 22, 41, 35, 31, 33, 36, 34, 33, 37),
    last_label="2025年",
    this_label="2026年",
    marked=10,
    marked_label="本月",
    axis_label="受理件数（件）",
)
_DAYS = {0: 1, 1: 4, 2: 4, 3: 5, 4: 5, 5: 3, 6: 1, 8: 1, 9: 3, 10: 1, 11: 1, 13: 2, 14: 1, 15: 1}
DOTS = DaysDots(
    series=(
        DotSeries("期限内", DotStyle.IN_TIME, tuple(day for day, count in _DAYS.items() for _ in range(count))),
        DotSeries("经批准延期", DotStyle.EXTENDED, (20, 22)),
        DotSeries("逾期", DotStyle.LATE, (17,)),
    ),
    limits=(DayLimit(15, "15日期限"), DayLimit(30, "延期后30日期限")),
    axis_label="收到之日至办结之日的自然日数（收到当日为第0日；每点{per_dot}件，共36件）",
    unit="日",
    count_unit="件",
)

INDICATORS = Table(
    columns=(
        Column("指标", 41, TEXT),
        Column("本月", 15, NUMBER),
        Column("上月", 15, NUMBER),
        Column("环比", 24, NUMBER),
        Column("上年同月", 18, NUMBER),
        Column("同比", 24, NUMBER),
        Column("本年累计", 19, NUMBER),
    ),
    rows=(
        ("受理投诉（件）", "37", "33", "+12.12%", "41", "−9.76%", "332"),
        ("　其中：监管部门转送", "5", "4", "+25.00%", "6", "−16.67%", "41"),
        ("　其中：期末已办结", "33", "30", "+10.00%", "38", "−13.16%", "328"),
        ("办结投诉（含结转，件）", "36", "34", "+5.88%", "40", "−10.00%", "332"),
        ("　其中：期限内办结", "35", "34", "+2.94%", "39", "−10.26%", "327"),
        ("办结率（%）", "89.19", "90.91", "−1.72百分点", "92.68", "−3.49百分点", "98.80"),
        ("及时率（%）", "97.22", "100.00", "−2.78百分点", "97.50", "−0.28百分点", "98.49"),
        ("满意度（%）", "90.32", "90.00", "+0.32百分点", "88.57", "+1.75百分点", "90.03"),
        ("期末在办（件）", "4", "3", "+33.33%", "3", "+33.33%", "4"),
    ),
    caption="表1  消费投诉办理主要指标",
)
DUE = Table(
    columns=(
        Column("序号", 12, CENTER),
        Column("到期日", 22, CENTER),
        Column("事项", 71, TEXT),
        Column("类别", 15, CENTER),
        Column("责任部门", 36, TEXT),
    ),
    rows=(
        ("1", "11月5日", "10月消费投诉数据报送省联社", "报送", "消费者权益保护部"),
        ("2", "11月6日", "TS2026-0326答复（第15日）", "投诉", "城东支行"),
        ("3", "11月10日", "TS2026-0329答复（第15日）", "投诉", "柳河支行"),
        ("4", "11月12日", "TS2026-0331答复（第15日）", "投诉", "总行营业部"),
        ("5", "11月14日", "TS2026-0332答复（第15日）", "投诉", "电子银行部"),
        ("6", "11月15日", "ZG2026-012 网点便民设施补充配置", "整改", "运营管理部"),
        ("7", "11月18日", "金融产品适当性管理专题培训", "培训", "人力资源部"),
        ("8", "11月20日", "ZG2026-014 合作机构收费管理办法修订", "整改", "零售金融部"),
    ),
    caption="表2  2026年11月到期事项",
)

BODY: tuple[Block, ...] = (
    body(
        "2026年10月，我行认真落实监管部门和省联社工作部署，畅通投诉渠道，加强溯源整改，持续开展培训和宣传教育。"
        "现将本月消费者权益保护工作情况报告如下："
    ),
    Heading("一、消费投诉总体情况"),
    body(
        "截至10月末，我行本月受理消费投诉37件，环比增加4件、上升12.12%，同比减少4件、下降9.76%；办结33件，办结率89.19%，"
        "未办结4件均在期限内。1至10月累计受理332件，同比减少38件、下降10.27%。"
    ),
    body(
        "本月共办结投诉36件（含上月结转3件），其中期限内办结35件、逾期办结1件，及时率97.22%。另有重复投诉2件已合并处理，"
        "未计入受理件数。重大消费投诉0件。"
    ),
    INDICATORS,
    Figure("图1  2026年1—10月消费投诉受理件数与上年同月对比", PAIRS, 6),
    Heading("二、消费投诉分类情况"),
    led(
        "（一）按投诉来源分类。",
        "客服热线15件，占比40.54%；营业现场9件，占比24.32%；12378转送5件，占比13.51%；12345转办4件，占比10.81%；"
        "省联社转办3件，占比8.11%；网站、微信、邮箱1件，占比2.70%；来信来函、12363转办各0件。",
    ),
    led(
        "（二）按业务办理渠道分类。",
        "营业现场20件，占比54.05%；移动客户端5件，占比13.51%；中、后台业务渠道4件，占比10.81%；其他渠道8件，占比21.62%。",
    ),
    led(
        "（三）按业务类别分类。",
        "贷款13件，占比35.14%，环比增加2件、上升18.18%；银行卡10件，占比27.03%；人民币储蓄、支付结算各4件，"
        "占比各10.81%；其他业务6件，占比16.22%。",
    ),
    led(
        "（四）按投诉原因分类。",
        "因金融机构管理制度、业务规则与流程引起的投诉13件，占比35.14%；因服务态度及服务质量引起的9件，占比24.32%；"
        "因金融机构服务设施、设备、业务系统引起的5件，占比13.51%；因定价收费引起的3件，占比8.11%；其他原因7件，占比18.92%。",
    ),
    led(
        "（五）按被投诉机构分类。",
        "14个网点32件，占比86.49%；总行部门5件，占比13.51%。居前的为城关支行6件、总行营业部5件、柳河支行4件；"
        "龙泉支行、新集支行0件。明细见附件1。",
    ),
    Heading("三、投诉办理时效和质量"),
    body(
        "本月办结的36件中，15日内办结33件，占比91.67%；经批准延期办结2件，占比5.56%；逾期办结1件，占比2.78%；平均用时6.61日。"
        "逾期1件因合作机构提供资料迟缓，于第17日办结，已约谈承办人员。有效回访31件，满意28件，满意度90.32%。"
    ),
    Figure("图2  2026年10月办结投诉用时分布", DOTS, 5),
    Heading("四、溯源整改情况"),
    body(
        "月初未完成整改4项，本月新增2项、完成3项，月末未完成3项，逾期0项。主要措施是：将贷款抵押注销材料移交时限压减为"
        "3个工作日；建立自助机具节假日值守和清机核对制度。"
    ),
    Heading("五、教育培训和宣传教育情况"),
    led(
        "（一）教育培训。",
        "本月开展培训3次，应到174人次，实到168人次，参训率96.55%；其中中高级管理人员12人次、基层业务人员138人次、"
        "新入职人员18人次。",
    ),
    led(
        "（二）宣传教育。",
        "本月开展活动9场次，环比减少5场次、下降35.71%，同比持平；参与员工64人次，受众2,380人次，发放资料3,150份，"
        "解答咨询187人次；发布线上作品6篇，投入费用4,600.00元。",
    ),
    Heading("六、存在问题和下月工作安排"),
    body(
        "一是个别承办人员时限意识不强，将对在办投诉第10日提级督办；二是贷款业务投诉环比上升，将开展还款约定告知专项检查；"
        "三是自助机具投诉重复发生，将落实节假日值守排班。下月到期事项共8项（见表2）。"
    ),
    DUE,
)

_SHARE = (
    Column("件数", 11, NUMBER, "本月"),
    Column("占比(%)", 14, NUMBER, "本月"),
    Column("上月\n件数", 12, NUMBER),
    Column("增减", 11.5, NUMBER, "环比"),
    Column("增幅(%)", 14.5, NUMBER, "环比"),
    Column("上年同\n月件数", 13, NUMBER),
    Column("增减", 11.5, NUMBER, "同比"),
    Column("增幅(%)", 14, NUMBER, "同比"),
)
_TOTAL = ("合　计", "37", "100.00", "33", "+4", "+12.12", "41", "−4", "−9.76")


def annex_table(caption: str, head: str, names: tuple[str, ...]) -> Table:
    cells = (
        ("15", "40.54", "16", "−1", "−6.25", "17", "−2", "−11.76"),
        ("9", "24.32", "7", "+2", "+28.57", "13", "−4", "−30.77"),
        ("0", "0.00", "0", "0", "—", "1", "−1", "−100.00"),
        ("1", "2.70", "1", "0", "0.00", "0", "+1", "—"),
    )
    rows = tuple((name, *cells[index % len(cells)]) for index, name in enumerate(names))
    return Table((Column(head, 54.5), *_SHARE), (*rows, _TOTAL), caption, "单位：件", True, TableStyle.ANNEX)


SOURCES = ("客服热线", "营业现场", "12378转送", "12345转办", "省联社转办", "网站、微信、邮箱", "来信来函", "12363转办")
CATEGORIES = (
    "人民币储蓄",
    "贷款",
    "银行卡",
    "自营理财",
    "支付结算",
    "人民币管理",
    "个人金融信息",
    "银行代理业务",
    "债务催收",
    "其余5类",
)
CAUSES = (
    "服务态度及服务质量",
    "金融机构服务设施、设备、业务系统",
    "金融机构管理制度、业务规则与流程",
    "营销方式和手段",
    "信息披露",
    "定价收费",
    "产品收益",
    "消费者资金安全",
    "消费者信息安全",
    "债务催收方式和手段",
    "其余3类",
)
BRANCHES = (
    "总行营业部",
    "城关支行",
    "城东支行",
    "城南支行",
    "开发区支行",
    "青石支行",
    "柳河支行",
    "白沙支行",
    "云溪支行",
    "太平支行",
    "石桥支行",
    "龙泉支行",
    "双河支行",
    "新集支行",
    "总行部门",
)
NOTE = Note(
    "统计口径：投诉按收到日期统计，期间为2026年10月1日至31日，数据截至10月31日；仅含投诉，不含咨询46件、建议5件、表扬3件；"
    "重复投诉合并计1件；撤诉1件计入受理和办结。办结率＝本期受理且期末已办结件数÷本期受理件数；"
    "及时率＝期限内办结件数（含经批准延期且未超延期期限）÷本期办结件数；满意度＝满意件数÷有效回访件数。"
    "环比比上月，同比比上年同月，基数为零的以“—”表示。占比四舍五入保留两位小数，不作调整，合计可能不等于100%。"
    "“其余N类”为三期均为0件的类目。总行部门指线上及后台业务。"
)

REPORT = Document(
    title=("某某农村商业银行", "2026年10月消费者权益保护工作月报"),
    addressee="董事会消费者权益保护委员会：",
    blocks=BODY,
    attachments=("2026年10月消费投诉分类统计表", "2026年10月消保工作月报复核页"),
    signature=Signature("某某农村商业银行消费者权益保护部", "2026年11月3日"),
    appendices=(
        Appendix(
            "附件1",
            "2026年10月消费投诉分类统计表",
            (
                annex_table("附表1  按投诉来源分类", "投诉来源", SOURCES),
                annex_table("附表2  按业务办理渠道分类", "业务办理渠道", SOURCES),
                annex_table("附表3  按业务类别分类", "业务类别", CATEGORIES),
                annex_table("附表4  按投诉原因分类", "投诉原因", CAUSES),
                annex_table("附表5  按被投诉机构分类", "被投诉机构", BRANCHES),
                NOTE,
                SignatureLine(("制表：李某某", "审核：王某某", "负责人：张某某")),
            ),
        ),
    ),
)


def ledger(count: int) -> Document:
    """A landscape ledger of the given number of rows."""
    heads = (
        ("序号", 9, CENTER),
        ("投诉编号", 22, CENTER),
        ("收到\n日期", 12.5, CENTER),
        ("投诉来源", 18, CENTER),
        ("投诉人", 11, CENTER),
        ("联系电话", 22.5, CENTER),
        ("被投诉机构", 18, CENTER),
        ("业务类别", 21, TEXT),
        ("投诉原因", 25.5, TEXT),
        ("投诉内容", 50, TEXT),
        ("办结\n日期", 12.5, CENTER),
        ("用时\n(日)", 9.5, CENTER),
        ("办理结果", 15, CENTER),
        ("满意度", 14.5, CENTER),
    )
    texts = ("自助机具吞卡，假日无人处理，要求尽快取卡", "手机银行升级后无法登录", "合作机构另收服务费，综合成本未明示")
    rows = tuple(
        (
            str(number),
            f"TS2026-{number:04d}",
            f"10-{number % 28 + 1:02d}",
            SOURCES[number % 5],
            "李**",
            f"139****{number % 10000:04d}",
            BRANCHES[number % 15],
            CATEGORIES[number % 9],
            CAUSES[number % 10],
            f"{texts[number % 3]}",
            "10-24",
            str(number % 30),
            "解释说明",
            "基本满意",
        )
        for number in range(1, count + 1)
    )
    table = Table(tuple(Column(title, width, kind) for title, width, kind in heads), rows, style=TableStyle.LEDGER)
    return Document(
        title=("消费投诉台账",),
        blocks=(table,),
        layout=Layout.LANDSCAPE,
        head_line=HeadLine("填报机构：某某农村商业银行", "期间：2026年10月1日至10月31日（按收到日期）", f"共{count}件"),
        foot_line=SignatureLine(("制表：李某某", "审核：王某某", "负责人：张某某")),
        print_mark="内部资料　个人信息已遮蔽　打印：李某某　2026年11月3日9时20分　用途：月度报送",
    )
