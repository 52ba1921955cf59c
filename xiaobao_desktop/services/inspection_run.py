"""Working through a checklist: begin, judge item by item, end, open again. Each act is one operation of the history."""

from __future__ import annotations

from dataclasses import replace

from xiaobao_desktop.domain.fields import Record, Value, Values
from xiaobao_desktop.domain.inspection import VERDICTS, numbers, progress, sections
from xiaobao_desktop.domain.ledgers.inspection import ITEMS, LEDGER, VERDICT_LIST
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.services import records
from xiaobao_desktop.services.records import Saved, get
from xiaobao_desktop.services.session import Session

_WORDS = {"evidence": "填写证据", "finding": "填写问题", "sampled": "填写抽查笔数", "failed": "填写不合格笔数"}


class RunEnded(UserError):
    """{number} 已经完成，检查项不能再改。要改请先点“重新打开”。"""  # noqa: D415


class ItemGone(UserError):
    """{number} 里没有这一项检查了，请关上再打开这次自查。"""  # noqa: D415


class NothingToCheck(UserError):
    """没有开始：这次自查没有检查项。请点“修改”，选一张检查表，完成日期留空。"""  # noqa: D415


def start_run(session: Session, checklist: str, **values: Value) -> Saved:
    """Begin a run of a checklist today.

    Args:
        session: the open book.
        checklist: id of the checklist; its version in use is taken.
        values: further fields of the inspection, such as ``leader`` or ``branch``.

    Raises:
        NothingToCheck: there is no checklist of that id.
        RecordRefused: the values have faults; nothing was written.
    """
    known = session.rules.checklist(checklist)
    if known is None:
        raise NothingToCheck
    ledger = session.ledger(LEDGER.key)
    begun = Record({**records.begun(session, ledger).values, "checklist": checklist, **values})
    return records.save(session, ledger, begun, operation=f"开始自查：{known.title}")


def set_verdict(session: Session, record_id: int, item: str, verdict: str | None) -> Saved | None:
    """Judge an item; None takes the verdict back.

    Returns:
        What was saved, None when nothing differs.

    Raises:
        RunEnded, ItemGone, RecordMissing: nothing was written.
    """
    assert verdict is None or verdict in VERDICTS
    words = session.rules.catalog.list(VERDICT_LIST).label(verdict) if verdict else "去掉结论"
    return _set(session, record_id, item, {"verdict": verdict}, words)


def set_words(session: Session, record_id: int, item: str, **values: Value) -> Saved | None:
    """Keep what was written for an item.

    Args:
        session: the open book.
        record_id: the run.
        item: key of the item.
        values: any of ``evidence``, ``finding``, ``sampled``, ``failed``.

    Returns:
        What was saved, None when nothing differs.

    Raises:
        RunEnded, ItemGone, RecordMissing: nothing was written.
        RecordRefused: more failed than drawn.
    """
    kept = {key: value.strip() or None if isinstance(value, str) else value for key, value in values.items()}
    return _set(session, record_id, item, kept, "、".join(_WORDS[key] for key in kept))


def finish(session: Session, record_id: int) -> Saved:
    """End a run today; a conclusion is proposed where none was written.

    Raises:
        RecordRefused: an item was not checked, or a faulty one says nothing of what was found.
        RecordMissing: the run is gone.
    """
    ledger = session.ledger(LEDGER.key)
    record = get(session, ledger, record_id)
    values = {**record.values, "finished_on": session.today().isoformat()}
    if not values.get("conclusion"):
        values["conclusion"] = conclusion(record)
    return records.save(session, ledger, replace(record, values=values), operation=f"{record.number} 完成自查")


def reopen(session: Session, record_id: int) -> Saved:
    """Go on with a run that has ended; what was written of it stays."""
    ledger = session.ledger(LEDGER.key)
    record = get(session, ledger, record_id)
    values = {**record.values, "finished_on": None}
    return records.save(session, ledger, replace(record, values=values), operation=f"{record.number} 重新打开自查")


def conclusion(record: Record) -> str:
    """The conclusion in one sentence with its numbers, from the items of a run."""
    rows = record.children.get(ITEMS.key, ())
    told = progress(rows)
    counts = "，".join(
        f"{word} {told.counts[verdict]} 项"
        for verdict, word in zip(VERDICTS, ("符合", "部分符合", "不符合", "不涉及"), strict=True)
        if told.counts.get(verdict)
    )
    faulty = [section for section, own in sections(rows).items() if progress(own).faulty]
    if not faulty:
        return f"共检查 {told.total} 项：{counts}。没有发现问题。"
    linked = all(row.get("rectification") for row in rows if row.get("finding"))
    where = "、".join(f"“{name}”" for name in faulty)
    return f"共检查 {told.total} 项：{counts}。问题集中在{where}{'，已全部列入整改' if linked else ''}。"


def _set(session: Session, record_id: int, item: str, values: Values, words: str) -> Saved | None:
    ledger = session.ledger(LEDGER.key)
    record = get(session, ledger, record_id)
    if record.values.get("finished_on"):
        raise RunEnded(number=record.number)
    rows = record.children.get(ITEMS.key, ())
    row = next((row for row in rows if row.get("item") == item), None)
    if row is None:
        raise ItemGone(number=record.number)
    if all(row.get(key) == value for key, value in values.items()):
        return None
    changed = tuple({**one, **values} if one is row else one for one in rows)
    name = f"{record.number} {numbers(rows)[item]} {row.get('title')}：{words}"
    # Only the items are said: what else the record has stays as it is in the book.
    return records.save(session, ledger, Record({}, {ITEMS.key: changed}, record_id), operation=name)
