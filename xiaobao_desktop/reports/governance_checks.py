"""The figures about rectifications, policies, meetings, reviews and inspections of a report, for its check page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from xiaobao_desktop.domain import rectification_statistics as mended
from xiaobao_desktop.domain.check_figures import IS, LESS, OVER, PLUS, Collector, number, total
from xiaobao_desktop.domain.governance import (
    Governance,
    holding,
    inspections_in,
    meetings_in,
    policy_changes,
    reviews_of,
)
from xiaobao_desktop.domain.ledgers.inspection import LEDGER as INSPECTION
from xiaobao_desktop.domain.ledgers.meeting import LEDGER as MEETING
from xiaobao_desktop.domain.ledgers.policy import LEDGER as POLICY
from xiaobao_desktop.domain.ledgers.rectification import LEDGER as RECTIFICATION
from xiaobao_desktop.domain.ledgers.review import LEDGER as REVIEW
from xiaobao_desktop.domain.period import Period
from xiaobao_desktop.domain.rectification_statistics import RectificationRow
from xiaobao_desktop.domain.statistics import Group


def governance_figures(collect: Collector, data: Governance, period: Period, as_of: date) -> None:
    """The figures of every ledger that was ever used, in the section the collector stands in."""
    if data.rectifications:
        rectification_figures(collect, data.rectifications, period, as_of)
    if data.policies:
        policy_figures(collect, data, period, as_of)
    if data.meetings:
        meeting_figures(collect, data, period, as_of)
    if data.reviews:
        _reviews(collect, data, period, as_of)
    if data.inspections:
        runs = inspections_in(data.inspections, period, as_of)
        findings = [row.findings or 0 for row in runs]
        collect.add(
            "inspections",
            "自查",
            f"{len(runs)}次、问题{sum(findings)}项",
            "开始日期在期间内；问题为各次之和",
            total(findings),
            [row.id for row in runs],
            ledger=INSPECTION.key,
        )


def rectification_figures(collect: Collector, rows: Sequence[RectificationRow], period: Period, as_of: date) -> None:
    """What was open, added, done and is open: the balance, the overdue, the rate."""
    now, key = mended.figures(rows, period, as_of), RECTIFICATION.key
    for name, label, formula in (
        ("opening", "期初未完成整改", "期间前发现、期初没有验证通过"),
        ("added", "新增整改", "发现日期在期间内"),
        ("done", "完成整改", "期间内由他人验证通过"),
        ("waiting", "待验证", "期末已完成、还没有验证通过"),
        ("overdue", "逾期整改", "期末没有完成、已过计划完成日"),
    ):
        group: Group = getattr(now, name)
        told = f"明细{group.count}条"
        collect.add(f"rectification:{name}", label, f"{number(group.count)}项", formula, told, group.ids, ledger=key)
    opening, added, done, ending = (getattr(now, name).count for name in ("opening", "added", "done", "ending"))
    collect.add(
        "rectification:ending",
        "期末未完成整改",
        f"{number(ending)}项",
        f"期初未完成{PLUS}新增{LESS}完成",
        f"{opening}{PLUS}{added}{LESS}{done}{IS}{opening + added - done}",
        now.ending.ids,
        ledger=key,
        holds=now.balanced,
    )
    both = (*now.opening.ids, *now.added.ids)
    formula = f"完成{OVER}（期初未完成{PLUS}新增）"
    collect.share("rectification:rate", "整改完成率", formula, done, now.concerned, both, ledger=key)


def policy_figures(collect: Collector, data: Governance, period: Period, as_of: date) -> None:
    """Policies made, revised, repealed in the period and in force at its end."""
    found, day = policy_changes(data.policies, period, as_of), min(period.last, as_of)
    parts = (
        ("made", "制定制度", "印发（无则生效）日期在期间内", found.made),
        ("revised", "修订制度", "同上，变动为修订", found.revised),
        ("repealed", "废止制度", "废止日期在期间内", found.repealed),
        ("holding", "现行有效制度", "期末已生效、没有废止的本行制度", tuple(holding(data.policies, day))),
    )
    for name, label, formula, rows in parts:
        ids, count = [row.id for row in rows], len(rows)
        told = f"明细{count}条"
        collect.add(f"policies:{name}", label, f"{number(count)}项", formula, told, ids, ledger=POLICY.key)


def meeting_figures(collect: Collector, data: Governance, period: Period, as_of: date) -> None:
    """Meetings, resolutions and how many of them were carried out."""
    found, day = meetings_in(data.meetings, period, as_of), min(period.last, as_of)
    ids = [row.id for row in found]
    collect.add(
        "meetings", "会议", f"{len(found)}次", "会议日期在期间内", f"明细{len(found)}条", ids, ledger=MEETING.key
    )
    counts = [len(row.resolutions) for row in found]
    done = sum(item.done_by(day) for row in found for item in row.resolutions)
    collect.add(
        "resolutions", "会议决议", f"{sum(counts)}项", "各次会议决议之和", total(counts), ids, ledger=MEETING.key
    )
    formula = f"期末已落实{OVER}决议"
    collect.share("resolutions:done", "决议落实率", formula, done, sum(counts), ids, ledger=MEETING.key)


def _reviews(collect: Collector, data: Governance, period: Period, as_of: date) -> None:
    found = reviews_of(data.reviews, period, as_of, data.review_conclusions)
    for name, label, formula, group in (
        ("received", "收到消保审查", "收件日在期间内", found.received),
        ("finished", "完成消保审查", "完成日在期间内", found.finished),
        ("assessed", "消保评估产品和服务", "完成的审查中涉及产品、协议、收费的", found.assessed),
        ("waiting", "在审", "期末没有完成", found.waiting),
    ):
        told = f"明细{group.count}条"
        collect.add(f"reviews:{name}", label, f"{group.count}件", formula, told, group.ids, ledger=REVIEW.key)
