"""操作记录: who did what and when, read from the one chain of changes; found, explained, looked at, exported.

Whatever is no change of a record (an opening, a backup, a printing) is a note in the same chain. Personal data is
masked; showing it whole is itself an entry.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from xiaobao_desktop.domain import roles
from xiaobao_desktop.domain.fields import Ledger, Record, Value
from xiaobao_desktop.domain.masking import is_masked, mask_named, name_fields
from xiaobao_desktop.domain.period import chinese_date
from xiaobao_desktop.domain.scrub import scrub
from xiaobao_desktop.reports.sheets import CellKind, Sheet, SheetColumn
from xiaobao_desktop.services import export_log, list_export, saved_filters
from xiaobao_desktop.services.access import USERS
from xiaobao_desktop.services.audit import COPIED, PRINTED, SAVED, anchor_text, note
from xiaobao_desktop.services.books import START_PASSWORDS
from xiaobao_desktop.services.credentials import RECOVERY_KEPT
from xiaobao_desktop.services.export_log import Export
from xiaobao_desktop.services.records import HistoryLine, differences
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.settings import OPTIONS
from xiaobao_desktop.store import audit
from xiaobao_desktop.store.audit import LogEntry, Sort
from xiaobao_desktop.store.audit import LogQuery as LogQuery
from xiaobao_desktop.store.history import ON_RECORDS, RESTORED
from xiaobao_desktop.store.records import from_snapshot
from xiaobao_desktop.store.undoing import MARK

_LOOKED = "查看"
_ON_USERS = ("添加专员用户", "添加查阅用户", "移除专员用户", "移除查阅用户", "交接开始", "交接完成", "交接没有完成")
"""What changes of the list of users begin with (``services.users``, ``services.handover``)."""

SORTS: Mapping[str, Sort] = {
    "新增": Sort(("insert",)),
    "修改": Sort(("update",)),
    "删除": Sort(("delete",)),
    "恢复记录": Sort(("restore",)),
    "附件": Sort(("attach", "detach", "caption")),
    "查看完整信息": Sort(("access",), begins=(_LOOKED,)),
    "导出": Sort(("access",), (export_log.ABOUT,)),
    "打印、另存": Sort(("access",), begins=(PRINTED, SAVED, COPIED), apart=(export_log.ABOUT,)),
    "登录、锁定": Sort(("access",), (audit.SIGN_IN, audit.LOCK)),
    "备份": Sort(("access",), (audit.BACKUP,)),
    "恢复账簿": Sort(("access",), (RESTORED,)),
    "检查": Sort(("access",), (audit.CHECK,)),
    "密码、用户": Sort(("access",), (audit.KEYS, USERS), also=(Sort(("setting",), begins=_ON_USERS),)),
    "电脑时间": Sort(("access",), (audit.CLOCK,)),
    "撤销": Sort(("access",), (MARK,)),
    "销毁": Sort(("erase",)),
    "设置": Sort(("setting", "choice"), unlike=_ON_USERS),
}
"""The kinds of operations by their Chinese name, in the order in which they are offered."""
_OTHER = "其他"

_FACTS = {
    "field": "项目",
    "fields": "项目",
    "user": "用户",
    "users": "发临时密码给",
    "role": "权限",
    "records": "条数",
    "rows": "条数",
    "masked": "个人信息",
    "reason": "原因",
    "document": "批准文号",
    "approved_on": "批准日期",
    "paper": "文书",
    "way": "方式",
    "file": "文件",
    "recipient": "报送给",
    "purpose": "用途",
    "approver": "批准人",
    "tries": "次数",
    "last_try": "最近一次",
    "wrong": "不对的项",
    "seconds": "用时（秒）",
    "anchor": "核对码",
    "sha256": "SHA-256",
    "backup_of": "备份时间",
    "moment": "电脑时间",
    "before": "上一条记录的时间",
    "entry": "操作记录第几条",
    "failed": "没有写成的文件 SHA-256",
}
Cells = tuple[str | int, ...]
"""One entry in a list for an inspector."""
_SETTING_NAMES = {
    **{option.key: option.label for option in OPTIONS},
    USERS: "用户名单",
    START_PASSWORDS: "还没改临时密码的用户",
    RECOVERY_KEPT: "恢复密钥留存",
    "demo": "演示账簿",
}
_LONGEST = 400
"""Letters of one value of a setting that are shown."""
_CHUNK = 200
_ERASED = HistoryLine("内容", "", "已按规定销毁，或读不出来")


@dataclass(frozen=True)
class Row:
    """One entry as a list shows it.

    Attributes:
        sequence: place in the chain.
        at: when.
        who: real name.
        sort: kind of operation, a key of :data:`SORTS` or 其他.
        operation: what was done, in Chinese.
        ledger: key of the record's ledger, "" for an entry about no record.
        record_id: row id, 0 for none.
        what: ledger and number in Chinese, "" for none.
        note: reason, file, count and the like in Chinese.
        mac16: first 16 hex digits of its link.
    """

    sequence: int
    at: datetime
    who: str
    sort: str
    operation: str
    ledger: str
    record_id: int
    what: str
    note: str
    mac16: str


@dataclass(frozen=True)
class Detail:
    """One entry with what it changed; ``masked`` says that personal data in it is hidden and could be shown."""

    row: Row
    lines: tuple[HistoryLine, ...]
    masked: bool
    deleted: bool = False


def find(session: Session, query: LogQuery) -> list[int]:
    """Sequences of the wanted entries, the newest first."""
    return session.book.log.sequences(query)


def people(session: Session) -> tuple[str, ...]:
    """Everyone who stands in the log."""
    return tuple(session.book.log.people())


def rows(session: Session, sequences: Sequence[int]) -> list[Row]:
    """The entries as a list shows them, in the order given."""
    return [_row(session, entry) for entry in session.book.log.entries(sequences)]


def detail(session: Session, sequence: int, *, masked: bool = True) -> Detail | None:
    """One entry with the fields it changed; None for an unknown sequence."""
    found = session.book.log.entries((sequence,))
    if not found:
        return None
    entry = found[0]
    lines = _lines(session, entry, masked=masked)
    ledger = _ledger(session, entry)
    hidden = masked and ledger is not None and entry.action in ON_RECORDS and _has_hidden(ledger, entry)
    record = session.book.record(ledger, entry.record_id) if ledger is not None and entry.record_id else None
    return Detail(_row(session, entry), lines, hidden, record is not None and record.deleted)


def reveal(session: Session, sequence: int) -> Detail | None:
    """One entry with personal data in clear; that it was shown is written down first."""
    found = session.book.log.entries((sequence,))
    if not found:
        return None
    entry = found[0]
    words = f"查看操作记录第 {sequence} 条的完整内容"
    note(session, entry.about, words, {"entry": sequence}, entry.record_id or None)
    return detail(session, sequence, masked=False)


def export(
    session: Session, query: LogQuery, target: Path, narrowed: str = "", told: Callable[[int, int], None] | None = None
) -> str:
    """Write the log, masked, as a workbook for inspectors; the export is an entry itself. Returns its SHA-256.

    Args:
        session: the open book.
        query: which entries.
        target: the ``.xlsx`` file.
        narrowed: what the log was narrowed by, in Chinese; "" for the whole log.
        told: hears (entries done, entries in all); what it raises ends the work.

    Raises:
        NotAllowed: a reader.
        TargetRefused: nothing was written.
    """
    session.require("导出操作记录")
    anchor = session.book.anchor()
    rows = cells(session, query, told)
    now = session.now()
    sheet = Sheet(
        name="操作记录",
        title="操作记录",
        columns=_COLUMNS,
        rows=tuple(rows),
        head_line=f"填报机构：{session.settings.printed_name}　　共{len(rows)}条　　{narrowed or '全部'}",
        notes=(
            f"核对码 {anchor_text(anchor)}（导出时操作记录的最后一条）。每行的“校验”是该条在校验链上的前 16 位，"
            "可在小保“数据”页“核对码”里核对。",
            f"个人信息已遮蔽。导出：{session.user}　{chinese_date(now.date())}{now.hour}时{now.minute:02d}分",
        ),
    )
    told_of = Export(
        operation="导出操作记录",
        file=target.name,
        sha256="",
        rows={"操作记录": len(rows)},
        masked=True,
        purpose=narrowed,
        anchor=(anchor.sequence, anchor.mac16),
    )
    content = list_export.content(session, sheet, list_export.XLSX)
    return export_log.written(session, told_of, target, content)


def cells(session: Session, query: LogQuery, told: Callable[[int, int], None] | None = None) -> list[Cells]:
    """The wanted entries, the oldest first, as masked cells of the columns of an inspector's list.

    Args:
        session: the open book.
        query: which entries.
        told: hears (entries done, entries in all); what it raises ends the work.
    """
    wanted = list(reversed(find(session, query)))
    found: list[Cells] = []
    for start in range(0, len(wanted), _CHUNK):
        found += [_cells(session, entry) for entry in session.book.log.entries(wanted[start : start + _CHUNK])]
        if told is not None:
            told(len(found), len(wanted))
    return found


_COLUMNS = (
    SheetColumn("序号", 9, CellKind.INTEGER),
    SheetColumn("时间", 20),
    SheetColumn("人员", 12),
    SheetColumn("类型", 14),
    SheetColumn("操作", 30, wrap=True),
    SheetColumn("台账和编号", 24),
    SheetColumn("改动", 60, wrap=True),
    SheetColumn("说明", 30, wrap=True),
    SheetColumn("校验", 20),
)


def _cells(session: Session, entry: LogEntry) -> Cells:
    row = _row(session, entry)
    changed = "\n".join(_sentence(line) for line in _lines(session, entry, masked=True))
    told = _note(session, entry, masked=True)
    texts = (row.sort, scrub(row.operation), row.what, scrub(changed), scrub(told) if "SHA" not in told else told)
    return (row.sequence, f"{row.at:%Y-%m-%d %H:%M:%S}", row.who, *texts, row.mac16)


def _sentence(line: HistoryLine) -> str:
    return f"{line.label}：{line.old} → {line.new or '（空）'}" if line.old else f"{line.label}：{line.new}"


def _row(session: Session, entry: LogEntry) -> Row:
    ledger = _ledger(session, entry)
    of_record = ledger is not None and entry.record_id > 0
    what = f"{ledger.label} {entry.number}".strip() if ledger is not None else ""
    return Row(
        entry.sequence,
        entry.at,
        entry.who,
        sort_of(entry),
        entry.operation,
        ledger.key if ledger is not None and of_record else "",
        entry.record_id if of_record else 0,
        what,
        _note(session, entry, masked=not session.role.may_change),
        entry.mac16,
    )


def sort_of(entry: LogEntry) -> str:
    """The kind of operation of an entry, a key of :data:`SORTS` or 其他."""
    return next((name for name, sort in SORTS.items() if sort.means(entry)), _OTHER)


def _ledger(session: Session, entry: LogEntry) -> Ledger | None:
    return next((item for item in session.ledgers if item.key == entry.about), None)


def _note(session: Session, entry: LogEntry, *, masked: bool) -> str:
    """What was kept about a note, in Chinese; keys that nobody knows by name are left out."""
    if entry.action not in ("access", "erase") or (entry.action == "erase" and entry.record_id):
        return ""
    facts = _json(entry.after)
    if masked and entry.about == export_log.ABOUT:
        # What a list was narrowed by may name a person.
        facts.pop("purpose", None)
    labels = {item.key: item.label for item in session.ledgers}
    told = {key: _fact(facts[key], labels) for key in _FACTS if key in facts}
    return "；".join(f"{_FACTS[key]}：{words}" for key, words in told.items() if words)


def _fact(value: object, labels: Mapping[str, str]) -> str:
    if isinstance(value, bool):
        return "已遮盖" if value else "未遮盖"
    if isinstance(value, dict):
        return "、".join(f"{labels.get(key, key)} {count}" for key, count in value.items())
    if not value:
        return ""
    if not isinstance(value, list):
        return str(value)
    if len(value) == 2 and isinstance(value[0], int):
        return "-".join(map(str, value))
    return "、".join(map(str, value))


def _lines(session: Session, entry: LogEntry, *, masked: bool) -> tuple[HistoryLine, ...]:
    ledger = _ledger(session, entry)
    if entry.action == "erase" and ledger is not None:
        return (HistoryLine("内容", "", "已按规定销毁，只留编号、日期和代码"),)
    if entry.action in ON_RECORDS and ledger is not None:
        with suppress(ValueError, KeyError, TypeError):
            before, after = (_record(ledger, entry.record_id, text) for text in (entry.before, entry.after))
            if before or after:
                return differences(session, ledger, before, after, masked=masked)
        return (_ERASED,)
    if entry.action in ("setting", "choice"):
        return _setting_lines(entry)
    if entry.action in ("attach", "detach", "caption"):
        return _file_lines(entry, _names(session, ledger, entry.record_id) if masked else [])
    return ()


def _record(ledger: Ledger, record_id: int, text: str | None) -> Record | None:
    return from_snapshot(ledger, record_id, text) if text else None


def _has_hidden(ledger: Ledger, entry: LogEntry) -> bool:
    """Whether the content of an entry holds personal data that is masked."""
    fields = (*ledger.fields, *(item for table in ledger.children for item in table.fields))
    keys = [item.key for item in fields if is_masked(item)]
    text = f"{entry.before or ''}{entry.after or ''}"
    return any(f'"{key}":' in text for key in keys)


def _setting_lines(entry: LogEntry) -> tuple[HistoryLine, ...]:
    before, after = _json(entry.before), _json(entry.after)
    if entry.action == "setting":
        key = str((after or before).get("key", ""))
        return (HistoryLine(_SETTING_NAMES.get(key, f"设置 {key}"), _setting(key, before), _setting(key, after)),)
    keys = [key for key in {**before, **after} if before.get(key) != after.get(key)]
    return tuple(HistoryLine(key, _short(before.get(key)), _short(after.get(key))) for key in keys)


def _setting(key: str, facts: Mapping[str, Any]) -> str:
    """A setting in words; a named filter may name a person, so what it looks for is not told."""
    value = facts.get("value")
    if key == USERS and value:
        return "、".join(f"{name}（{role.label}）" for name, role in roles.from_text(str(value)).items())
    if key == START_PASSWORDS and value:
        return "、".join(json.loads(str(value)))
    if key.startswith(saved_filters.SETTING) and value:
        return f"{len(json.loads(str(value)))} 个常用筛选"
    return _short(value)


def _names(session: Session, ledger: Ledger | None, record_id: int) -> list[Value]:
    """The masked names of a record; its files may be called after them."""
    record = session.book.record(ledger, record_id) if ledger is not None else None
    return [record.values.get(item.key) for item in name_fields(ledger)] if ledger and record else []


def _file_lines(entry: LogEntry, names: Sequence[Value]) -> tuple[HistoryLine, ...]:
    before, after = _json(entry.before), _json(entry.after)

    def shown(facts: Mapping[str, Any], key: str) -> str:
        return mask_named(_short(facts.get(key)), names)

    pairs = (("文件", "name"), ("说明", "caption"))
    lines = [HistoryLine(words, shown(before, key), shown(after, key)) for words, key in pairs]
    return tuple(line for line in lines if line.old != line.new or line.label == "文件")


def _json(text: str | None) -> dict[str, Any]:
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _short(value: object) -> str:
    if value is None or value == "":
        return ""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
