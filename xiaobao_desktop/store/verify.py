"""The full check of a book: pages, structure, history, and whether the records still say what history says."""

from __future__ import annotations

import hashlib
import re
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
_PAGE = re.compile(r"[Pp]age (\d+)")
"""As the pages are named in what SQLCipher and SQLite find."""


class Finding(NamedTuple):
    """One thing that was checked, in Chinese.

    Attributes:
        ok: it is in order.
        what: its name.
        detail: what was found.
        how: how it was checked and what that shows, in plain words.
        advice: what a fault means and what to do; "" when all is well.
    """

    ok: bool
    what: str
    detail: str
    how: str = ""
    advice: str = ""


PAGES, GUARDS, HISTORY, ANCHORS, FILES = "文件页", "历史保护", "修改历史", "历史锚点", "附件"
"""Names of the checks besides those of the ledgers."""

_KEEP_FIRST = "先把整个账簿文件夹另外拷贝一份，留给科技或合规部门查原因；"
_TAMPERED = (
    f"程序自己不会这样改：多半有人或别的程序绕开小保动过账簿。{_KEEP_FIRST}"
    "再到“数据”点“从备份恢复…”，选改动以前的一份，恢复后再检查一次。"
)
_EXPLAINED = {
    PAGES: (
        "账簿的每一页写入时都带密码学校验码，现在逐页重新算过。能发现坏盘、拷贝出错、别的程序改过文件。",
        "账簿文件坏了，多半是硬盘、U 盘或断电造成。先不要登记；到“数据”点“从备份恢复…”选最近的一份。"
        "现在的账簿会整本移到一旁，不会删除。硬盘报过警的，请科技人员换盘。",
    ),
    GUARDS: ("操作记录不许改写、不许删除，这由账簿里的保护规则把住。现在核对规则都在、没有被换掉。", _TAMPERED),
    HISTORY: (
        "每条操作记录都和上一条锁在一起，用账簿的密钥逐条重新算过。少一条、改一个字、换一个时间，都会断开。",
        _TAMPERED,
    ),
    ANCHORS: (
        "和记在账簿以外的核对码比对：备份文件名、这台电脑记下的、另备的位置。能发现账簿被换成旧的、最后几条被截掉。",
        "账簿比记下的旧，或不是同一本。如果是您自己拷回了旧文件，请到“数据”点“从备份恢复…”选最新的一份；"
        f"如果不是，{_KEEP_FIRST}并查谁动过账簿文件夹。",
    ),
    FILES: (
        "每个附件解密出来，和放进来时的 SHA-256 比对。",
        "记录还在，附件的文件缺了或坏了。到“数据”点“从备份恢复…”选最近的一份，缺的附件会一起补回来。",
    ),
}
_RECORDS = (
    "每条记录和它最后一条操作记录逐项比对，并核对搜索索引和重复比对的索引。能发现绕开程序改过的数字。",
    _TAMPERED,
)


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
    findings = [_guarded(PAGES, lambda: check_pages(db, header_fits=header_fits))]
    findings.append(_guarded(GUARDS, lambda: check_triggers(db)))
    chain: list[ChainCheck] = []

    def read_chain() -> Finding:
        chain.append(history.check(db, audit_key))
        return check_chain(chain[0])

    findings.append(_guarded(HISTORY, read_chain))
    if chain:
        replaced = history.left_behind(db)
        known = [anchor for anchor in anchors if anchor not in replaced]
        findings.append(_guarded(ANCHORS, lambda: check_anchors(chain[0], known)))
    for ledger in ledgers:
        findings.append(_guarded(ledger.label, partial(check_records, db, ledger, match_key)))
    findings.append(_guarded(FILES, lambda: check_attachments(db, pool)))
    return findings


def _guarded(what: str, check: Callable[[], Finding]) -> Finding:
    how, advice = _EXPLAINED.get(what, _RECORDS)
    try:
        found = check()
    except DriverError as error:
        if not is_damage(error):
            raise
        found, advice = Finding(False, what, "有损坏，读不出来。请从最近的备份恢复"), _EXPLAINED[PAGES][1]
    return found._replace(how=how, advice="" if found.ok else advice)


def check_pages(db: Database, *, header_fits: bool) -> Finding:
    """Every page authenticated and in order, as it lies in the file now."""
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    faults = page_faults(db)
    if not header_fits:
        faults.insert(0, "page 1: the salt differs")
    pages = int(db.execute("PRAGMA page_count").fetchone()[0])
    if faults:
        found = dict.fromkeys(number for fault in faults for number in _PAGE.findall(fault))
        where = f"（第 {'、'.join(list(found)[:_SHOWN])} 页）" if found else ""
        return Finding(False, PAGES, f"{len(faults)} 处损坏{where}。请从最近的备份恢复")
    return Finding(True, PAGES, f"{pages} 页逐页校验，和写入时一致")


def check_triggers(db: Database) -> Finding:
    """The triggers that keep history append-only."""
    faults = schema.trigger_faults(db)
    if faults:
        return Finding(False, GUARDS, f"防改写的保护有 {len(faults)} 条缺了或被换掉，请从最近的备份恢复")
    return Finding(True, GUARDS, "修改历史只能添加，不能改写或删除")


def check_chain(chain: ChainCheck) -> Finding:
    """The chain of history and its contents."""
    if chain.faults:
        return Finding(False, HISTORY, "；".join(chain.faults[:_SHOWN]) + "。请从最近的备份恢复，并查明原因")
    erased = f"；其中 {chain.erased} 件记录的内容已按规定销毁，校验链不受影响" if chain.erased else ""
    rekeyed = f"；前 {chain.retired} 条是重新加密以前的，用当时的密钥校验" if chain.retired else ""
    return Finding(True, HISTORY, f"{len(chain.macs)} 条逐条校验，首尾相接，没有改动{rekeyed}{erased}")


def check_anchors(chain: ChainCheck, anchors: Sequence[Anchor]) -> Finding:
    """Anchors kept outside the book: what they saw must still be part of the chain."""
    for anchor in sorted(set(anchors), key=lambda item: item.sequence):
        if anchor.sequence > len(chain.macs):
            lost = anchor.sequence - len(chain.macs)
            return Finding(
                False,
                ANCHORS,
                f"账簿外面记到第 {anchor.sequence} 条，现在少了 {lost} 条。账簿被换成了旧的，请查明原因",
            )
        if anchor.sequence and chain.macs[anchor.sequence - 1][:16] != anchor.mac16:
            return Finding(False, ANCHORS, f"第 {anchor.sequence} 条历史和账簿外面记的不一样，请查明原因")
    if not anchors:
        return Finding(True, ANCHORS, "账簿外面还没有可比的核对码；做过一次备份就有了")
    return Finding(True, ANCHORS, f"和账簿外面记下的 {len(set(anchors))} 个核对码一致")


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
        return Finding(False, FILES, f"{len(faults)} 个有问题：{'；'.join(faults[:_SHOWN])}")
    return Finding(True, FILES, f"{words}，逐个解密比对，和放入时一致" if listed else f"{words}")


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
