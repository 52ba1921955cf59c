"""The full check of a book: pages, structure, history, and whether the records still say what history says."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

from xiaobao_desktop.domain.fields import Ledger, Record
from xiaobao_desktop.store import attachments, history, matching, records, schema, search
from xiaobao_desktop.store.backup import page_faults
from xiaobao_desktop.store.errors import AttachmentDamaged, AttachmentMissing
from xiaobao_desktop.store.history import Anchor, ChainCheck
from xiaobao_desktop.store.pool import Pool
from xiaobao_desktop.store.sqlite import Database, DriverError, is_damage
from xiaobao_desktop.store.tables import quoted, text_table

_SHOWN = 5
"""Faults named in one finding."""
_BATCH = 500


class Finding(NamedTuple):
    """One thing that was checked: whether it is in order, what it is, and what was found, in Chinese."""

    ok: bool
    what: str
    detail: str


def run(
    db: Database,
    audit_key: bytes,
    match_key: bytes,
    ledgers: Sequence[Ledger],
    anchors: Sequence[Anchor],
    pool: Pool,
    *,
    header_fits: bool,
) -> list[Finding]:
    """Every check, in the order in which faults explain each other; a part that cannot be read is a finding too.

    Args:
        db: the open book.
        audit_key: key of the history's chain.
        match_key: key of the hashes of persons and tickets.
        ledgers: declarations.
        anchors: kept outside the book.
        pool: the files of the attachments.
        header_fits: whether the file begins as it should.
    """
    findings = [_guarded("文件页", lambda: check_pages(db, header_fits=header_fits))]
    findings.append(_guarded("历史保护", lambda: check_triggers(db)))
    chain: list[ChainCheck] = []

    def read_chain() -> Finding:
        chain.append(history.check(db, audit_key))
        return check_chain(chain[0])

    findings.append(_guarded("修改历史", read_chain))
    if chain:
        replaced = history.left_behind(db)
        findings.append(check_anchors(chain[0], [anchor for anchor in anchors if anchor not in replaced]))
    for ledger in ledgers:
        findings.append(_guarded(ledger.label, partial(check_records, db, ledger, match_key)))
    findings.append(_guarded("附件", lambda: check_attachments(db, pool)))
    return findings


def _guarded(what: str, check: Callable[[], Finding]) -> Finding:
    try:
        return check()
    except DriverError as error:
        if not is_damage(error):
            raise
        return Finding(False, what, "有损坏，读不出来。请从最近的备份恢复")


def check_pages(db: Database, *, header_fits: bool) -> Finding:
    """Every page authenticated and in order, as it lies in the file now."""
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    faults = page_faults(db)
    if not header_fits:
        faults.insert(0, "page 1: the salt differs")
    pages = int(db.execute("PRAGMA page_count").fetchone()[0])
    if faults:
        return Finding(False, "文件页", f"{len(faults)} 处损坏：{'；'.join(faults[:_SHOWN])}。请从最近的备份恢复")
    return Finding(True, "文件页", f"{pages} 页逐页校验，和写入时一致")


def check_triggers(db: Database) -> Finding:
    """The triggers that keep history append-only."""
    faults = schema.trigger_faults(db)
    if faults:
        return Finding(False, "历史保护", f"防改写的保护不全（{'、'.join(faults)}），请从最近的备份恢复")
    return Finding(True, "历史保护", "修改历史只能添加，不能改写或删除")


def check_chain(chain: ChainCheck) -> Finding:
    """The chain of history and its contents."""
    if chain.faults:
        return Finding(False, "修改历史", "；".join(chain.faults[:_SHOWN]) + "。请从最近的备份恢复，并查明原因")
    return Finding(True, "修改历史", f"{len(chain.macs)} 条逐条校验，首尾相接，没有改动")


def check_anchors(chain: ChainCheck, anchors: Sequence[Anchor]) -> Finding:
    """Anchors kept outside the book: what they saw must still be part of the chain."""
    for anchor in sorted(set(anchors), key=lambda item: item.sequence):
        if anchor.sequence > len(chain.macs):
            lost = anchor.sequence - len(chain.macs)
            return Finding(
                False,
                "历史锚点",
                f"备份里记到第 {anchor.sequence} 条，现在少了 {lost} 条。台账被换成了旧的，请查明原因",
            )
        if anchor.sequence and chain.macs[anchor.sequence - 1][:16] != anchor.mac16:
            return Finding(False, "历史锚点", f"第 {anchor.sequence} 条历史和备份里记的不一样，请查明原因")
    if not anchors:
        # Backups elsewhere are proven when they are written; their names are not read here.
        return Finding(True, "历史锚点", "账簿自带的备份文件夹是空的，没有可比的锚点；备到别处的，备份时已逐份查验")
    return Finding(True, "历史锚点", f"和 {len(set(anchors))} 个锚点一致")


def check_attachments(db: Database, pool: Pool) -> Finding:
    """Every file of every attachment is there and is what was put in; files that nothing needs are counted."""
    listed = attachments.contents(db)
    faults = []
    for content, (digest, name) in listed.items():
        try:
            if hashlib.sha256(pool.read(content, name)).hexdigest() != digest:
                raise AttachmentDamaged(name=name)
        except (AttachmentMissing, AttachmentDamaged) as error:
            faults.append(error.message)
    spare = len(pool.contents() - listed.keys())
    words = f"{len(listed)} 个文件" + (f"，另有 {spare} 个不再用到的文件" if spare else "")
    if faults:
        return Finding(False, "附件", f"{len(faults)} 个有问题：{'；'.join(faults[:_SHOWN])}")
    return Finding(True, "附件", f"{words}，逐个解密比对，和放入时一致" if listed else f"{words}")


def check_records(db: Database, ledger: Ledger, match_key: bytes) -> Finding:
    """Every record says what its last entry in history says, and can be found by the search and by its marks."""
    last = _last_snapshots(db, ledger)
    faults: list[str] = []
    total = 0
    marks = matching.of_all(db, ledger)
    for record, text in _all_records(db, ledger):
        total += 1
        snapshot = last.pop(record.id or 0, None)
        if snapshot is None or not _same(ledger, record, snapshot):
            faults.append(f"{record.number} 和它的修改历史不一致")
        if text is None or text != search.searchable_text(ledger, record):
            faults.append(f"{record.number} 的搜索索引不一致")
        # A hash may outlast its value, never the other way round.
        if not matching.hashes(match_key, ledger, record.values).items() <= marks.get(record.id or 0, {}).items():
            faults.append(f"{record.number} 的重复比对索引不一致")
    faults.extend(f"第 {record_id} 条记录不见了" for record_id in last)
    if faults:
        return Finding(False, ledger.label, f"{len(faults)} 处：{'；'.join(faults[:_SHOWN])}。请从最近的备份恢复")
    return Finding(True, ledger.label, f"{total} {ledger.unit}，和修改历史一致")


def _same(ledger: Ledger, record: Record, snapshot: str) -> bool:
    """Compared over the declared fields: a field that was added or given up since does not matter."""
    then = records.from_snapshot(ledger, record.id or 0, snapshot)
    return records.snapshot(then) == records.snapshot(record)


def _last_snapshots(db: Database, ledger: Ledger) -> dict[int, str]:
    rows = db.execute(
        "SELECT c.record_id, t.after FROM change c JOIN change_content t ON t.seq = c.seq"
        " WHERE c.ledger = ? AND c.action IN (SELECT value FROM json_each(?)) ORDER BY c.seq",
        (ledger.key, records.canonical(history.ON_RECORDS)),
    )
    return {record_id: after for record_id, after in rows if after is not None}


def _all_records(db: Database, ledger: Ledger) -> Iterator[tuple[Record, str | None]]:
    record_ids = [row[0] for row in db.execute(f"SELECT id FROM {quoted(ledger.key)} ORDER BY id")]
    for start in range(0, len(record_ids), _BATCH):
        batch = record_ids[start : start + _BATCH]
        texts = _texts(db, ledger, batch)
        for record in records.load_many(db, ledger, batch):
            yield record, texts.get(record.id or 0)


def _texts(db: Database, ledger: Ledger, batch: Iterable[int]) -> dict[int, str]:
    sql = f"SELECT id, text FROM {quoted(text_table(ledger))} WHERE id IN (SELECT value FROM json_each(?))"
    return dict(db.execute(sql, (records.canonical(list(batch)),)).fetchall())
