"""The nine sample reports: for each, the report that follows it is printed and says what the ledgers know.

None of what is wrong in the samples may stand in any of them. The table of samples and reports is in the README.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import pytest

from tests.services.report_text import written
from tests.services.sample_book import sample_book
from tests.services.support import pdf_text
from xiaobao_desktop.domain.period import parse_period
from xiaobao_desktop.services import checking, reporting
from xiaobao_desktop.services.reporting import Built
from xiaobao_desktop.services.session import Session

GROUP = "我行设立消费者权益保护工作领导小组，组长王建国（副行长），副组长陈立（消费者权益保护部经理）"
POLICIES = "制定制度1项（《金融消费者权益保护站管理办法》）、修订1项（《消费者权益保护工作管理办法》）、废止0项"
SATISFIED = "有效回访3件，满意3件，满意度100.00%"
TRAINED = "组织消保培训2次，参训76人次，其中基层业务人员76人次"
EVENTS = "开展金融知识宣传教育2场次，包括2026年金融教育宣传周活动、常态化宣传，参与员工12人次，受众300人次"

SAMPLES: Mapping[int, tuple[str, str, tuple[str, ...]]] = {
    1: (
        "station",
        "2026",
        (
            "一、项目立项",
            GROUP,
            "1.工作计划。本年列入工作计划2项，截至2026年11月3日已完成1项，未完成1项",
            "开展专题培训（已完成）；修订应急预案（推进中）",
            "2.站点建设。柜面设立保护站接待区。",
            "3.人员培训。" + TRAINED,
            "培训内容包括“投诉处理技巧”、“个人信息保护”",
            f"4.制度建设。本年{POLICIES}",
            f"1.消费者满意度。2026年{SATISFIED}",
        ),
    ),
    2: (
        "summary",
        "2026",
        (
            TRAINED,
            "保护客户信息安全。实行实名、权限、审计三把钥匙。",
            "受理投诉3件，办结3件，办结率100.00%",
            "赔付1件，金额500.00元",
        ),
    ),
    3: (
        "rectification",
        "2026",
        (
            "应整改4项，其中期初未完成0项、本期新增4项；截至2026年11月3日已完成2项，整改完成率50.00%，未完成2项",
            "内审1项，完成1项；监管检查1项，完成1项；投诉溯源1项，完成0项、逾期1项；双查1项，完成0项",
            "（一）完善消费者权益保护工作机制。" + GROUP,
            "消费者权益保护部为消保工作牵头部门，分管行领导为王建国副行长，配备消保专岗1人、兼岗0人",
            "受理消费投诉3件，其中监管转办1件",
            "因金融机构管理制度、业务规则与流程引起的2件",
            EVENTS,
            "离岗人员查询权限没有当日收回",
            "短信收费没有书面确认",
        ),
    ),
    4: (
        "progress",
        "2026",
        (
            EVENTS,
            "线下方面，走进社区1场次、农村1场次",
            "本年开展自查3次",
            "召开会议2次，其中消保委员会1次、董事会1次；形成决议2项",
            "按办结方式，调解1件、解释说明2件",
        ),
    ),
    5: (
        "summary",
        "2026",
        (
            POLICIES,
            "组织消保培训2次",
            "本年内部审计发现问题1项，截至2026年11月3日已完成整改1项，整改率100.00%",
            "发放资料400份",
            "发布原创作品4篇",
            SATISFIED,
        ),
    ),
    6: (
        "annual",
        "2026",
        (
            "本年调整组织1个；调整制度2个；消保评估产品和服务2个；受理投诉3件、办结3件",
            "开展宣传教育2场次，投入2,400.00元及6人天，覆盖300人次；开展培训2次，参训76人次",
            POLICIES,
            "收到消保审查3件，完成审查3件，其中同意2件、修改后同意1件",
            "外部检查发现问题1项",
        ),
    ),
    7: (
        "implementation",
        "2026-10",
        (
            "截至10月末，我行受理消费者投诉3件，办结3件，办结率100.00%",
            "一是按投诉来源分类：来电2件，占比66.67%；金融监管总局12378转办1件，占比33.33%",
            "二是按投诉业务类别分类：银行卡2件",
            "三是按投诉原因分类：因金融机构管理制度、业务规则与流程引起的投诉2件",
            "（一）消保制度建设及落实情况。本年" + POLICIES,
            "（二）消保机制运行情况。" + GROUP,
            "双录检查抽查20笔，合格19笔，不合格1笔",
        ),
    ),
    8: (
        "summary",
        "2026",
        (
            "完善制度体系。" + GROUP,
            EVENTS,
            "线上方面，发布原创作品4篇",
            "加强队伍培训。" + TRAINED,
            "妥善处理投诉。",
            SATISFIED,
        ),
    ),
    9: (
        "double-check",
        "2026",
        (
            "国家金融监督管理总局云岭监管支局：",
            "“双查”工作的有关要求（云金监办发〔2026〕18号），我行于2026年10月9日至30日开展了“双查”工作",
            "组长王建国（副行长），副组长陈立（经理），组员赵丽、周敏",
            "共检查28项，其中符合26项、部分符合1项、不符合1项；符合率92.86%",
            "（一）公司治理。检查19项，符合17项、部分符合1项、不符合1项。",
            "1.董事会。一是董事会制定消保工作战略、政策和目标，并纳入经营发展战略",
            "三是信息披露不符合要求，年报没有充分披露消保工作内容",
            "（二）绩效考核。检查2项，符合2项。",
            "制定了《消费者权益保护工作内部审计制度》",
            "一是年报没有充分披露消保工作内容；二是消保内部控制体系不健全。",
            "我行已将其中1项列入整改台账",
            "预计2027年2月28日前完成整改。另有1项正在研究整改措施。",
            "年度报告单列消保工作章节",
            "（联系人：周敏，电话：0799-1234567）",
        ),
    ),
}
"""Report, period and what it must say, by the number of the sample."""
WORDS: Mapping[str, tuple[str, ...]] = {
    "site": ("柜面设立保护站接待区。",),
    "security": ("实行实名、权限、审计三把钥匙。",),
    "organisation": ("增设消保副行长岗位。",),
}
DEFECTS = (
    r"绿植|省会责任|4、立|201[nX]|20[12]X",
    r"银监分局|银监局|银监办|银保监局|银监会办公厅",
    r"下载文档|文档内容的完整性|平台不提供|预览|会员",
    r"所有[^。]*投诉[^。]*满意|均?得到了?满意[地的]?解决|悬而未决|最高水平|巨大的贡献",
    r"绩效考核[^。]*不涉及|此部分我行[^。]*不涉及",
    r"工商银行|商家|假冒伪劣|市场监督管理部门|清退",
    r"尊敬的领导|各位评审专家",
    r"[，。；：、！？]{2,}|（）|None",
)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """The book of the samples. Read only."""
    session = sample_book(tmp_path_factory.mktemp("samples") / "book")
    yield session
    session.close()


@pytest.fixture(scope="module")
def printed(book: Session, tmp_path_factory: pytest.TempPathFactory) -> Mapping[tuple[str, str], tuple[Built, str]]:
    """Each report of the samples once: as built, and the text of its PDF without blanks and page numbers."""
    folder = tmp_path_factory.mktemp("printed")
    made = {}
    for name, code, _said in SAMPLES.values():
        if (name, code) not in made:
            known = {section.key for section in reporting.kind(name).sections}
            words = {key: texts for key, texts in WORDS.items() if key in known}
            built = reporting.build(book, name, parse_period(code), words=words)
            # A sentence may run on over the foot of a page.
            text = re.sub(r"—\d+—", "", pdf_text(written(built, folder, "pdf")))
            made[name, code] = built, text
    return made


@pytest.mark.parametrize("sample", SAMPLES)
def test_the_report_of_a_sample_says_what_the_ledgers_know(
    book: Session, printed: Mapping[tuple[str, str], tuple[Built, str]], sample: int
) -> None:
    name, code, said = SAMPLES[sample]
    built, text = printed[name, code]
    for sentence in said:
        assert sentence in text, sentence
    for defect in DEFECTS:
        assert not re.findall(defect, text), defect
    assert all(figure.state.value != "wrong" for figure in checking.figures(book, built))


def test_each_fault_of_the_double_check_stands_in_its_table(
    printed: Mapping[tuple[str, str], tuple[Built, str]],
) -> None:
    from xiaobao_desktop.reports.document import Table

    built, _text = printed["double-check", "2026"]
    (table,) = (block for block in built.document.blocks if isinstance(block, Table))
    assert [column.title for column in table.columns] == [
        "序号",
        "存在问题",
        "整改措施",
        "责任部门",
        "责任人",
        "完成期限",
        "完成日期",
    ]
    assert table.rows == (
        ("1", "年报没有充分披露消保工作内容", "年度报告单列消保工作章节", "综合管理部", "赵丽", "2027年\n2月28日", "—"),
        ("2", "消保内部控制体系不健全", "—", "—", "—", "—", "—"),
    )
