"""Speed of what comes in: ``python -m tests.benchmarks.import_speed`` (Linux). Ends with 1 when a limit is missed.

10,000 complaints × 16 columns from an .xlsx into an encrypted book, against what no import can do without, measured in
the same run: calamine reading the same file, and the very rows that the book keeps afterwards (records, steps, history,
search index) inserted bare into another SQLCipher book, without a check, a key or a thought. Seconds are those of the
processor, the reading child's included: each stage keeps one core busy from begin to end, and what else the machine
does is left out. ``--profile STAGE`` prints where the time of one stage goes.
"""

from __future__ import annotations

import argparse
import cProfile
import os
import pstats
import random
import statistics
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar

from tests.services.support import COMPLAINT, new_book
from xiaobao_desktop.exchange.planning import ImportPlan
from xiaobao_desktop.services import importing
from xiaobao_desktop.store import search
from xiaobao_desktop.store.sqlite import open_database
from xiaobao_desktop.store.tables import search_table, text_table

ROWS, ROUNDS, LIMIT = 10_000, 3, 3.0
"""The promised limit: our import in times of reading and inserting bare."""
HEADS = (
    "序号", "收到日期", "投诉来源", "投诉人", "联系电话", "身份证号", "被投诉机构", "业务类别", "投诉原因", "投诉内容",
    "投诉请求", "涉及金额", "办结日期", "处理结果", "满意度", "备注",
)  # fmt: skip
_KEY = bytes(range(32))
Result = TypeVar("Result")


def main() -> int:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--profile", choices=("read", "plan", "write"), default="")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        file = make_file(Path(folder) / "台账.xlsx", options.rows)
        rounds = [one_round(Path(folder) / str(place), file, options.profile) for place in range(options.rounds)]
    seconds = {name: statistics.median(found[name] for found in rounds) for name in rounds[0]}
    bare = seconds["calamine"] + seconds["bare rows of the book"]
    ours = seconds["read"] + seconds["plan"] + seconds["write"]
    table = seconds["calamine"] + seconds["bare cells"]
    lines = [f"| {name} | {value:.2f} s |" for name, value in seconds.items()]
    lines += [
        f"| import of {options.rows:,} rows × {len(HEADS)} | {ours:.2f} s = {ours / bare:.2f} × | {LIMIT:.0f} × |",
        f"| the same against cells in one plain table | {ours / table:.2f} × | — |",
    ]
    sys.stdout.write("\n".join(["| what | measured | limit |", "| --- | --- | --- |", *lines, ""]))
    return int(ours / bare > LIMIT)


def one_round(folder: Path, file: Path, profiled: str) -> dict[str, float]:
    """Seconds of each stage of ours, and of the bare ways, once."""
    session = new_book(folder / "book")
    try:
        read, table = timed(lambda: importing.best_table(COMPLAINT, importing.read_source(file)), profiled == "read")
        mapping = importing.propose(COMPLAINT, table)

        def planned() -> ImportPlan:
            return importing.plan(session, COMPLAINT, table, mapping)

        plan, work = timed(planned, profiled == "plan")
        write, result = timed(lambda: importing.carry_out(session, work), profiled == "write")
        assert len(result.numbers) == len(table.rows) > 0, "every row comes in"
    finally:
        session.close()
    calamine, cells = timed(lambda: bare_read(file))
    return {
        "read": read,
        "plan": plan,
        "write": write,
        "calamine": calamine,
        "bare rows of the book": bare_book(folder / "book", folder / "bare.db"),
        "bare cells": bare_cells(folder / "cells.db", cells[1:]),
    }


def timed(act: Callable[[], Result], profiled: bool = False) -> tuple[float, Result]:
    """Seconds of the processor, and what came of it."""
    profile = cProfile.Profile() if profiled else None
    began = sum(os.times()[:4])
    result = profile.runcall(act) if profile else act()
    seconds = sum(os.times()[:4]) - began
    if profile:
        pstats.Stats(profile).sort_stats("tottime").print_stats(45)
    return seconds, result


def make_file(path: Path, rows: int) -> Path:
    """A ledger of complaints as a bank keeps it, every row another one."""
    import xlsxwriter

    draw = random.Random(7)
    book = xlsxwriter.Workbook(path)
    page = book.add_worksheet("投诉台账")
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    page.write_row(0, 0, HEADS)
    for row in range(1, rows + 1):
        received = date(2021, 1, 1) + timedelta(days=draw.randrange(1800))
        closed = received + timedelta(days=draw.randrange(1, 15))
        for column, cell in enumerate(_row(draw, row, received, closed)):
            if isinstance(cell, date):
                page.write_datetime(row, column, cell, day)
            else:
                page.write(row, column, cell)
    book.close()
    return path


def _row(draw: random.Random, row: int, received: date, closed: date) -> Sequence[Any]:
    family, given = draw.choice("王李张刘陈杨赵黄周吴"), "".join(draw.choices("秀兰国强晓明丽华建军", k=2))
    branch = f"{draw.choice('东西南北城')}{draw.choice('关街桥门')}支行"
    place = draw.choice(("柜面", "自助设备", "手机银行", "电话"))
    content = f"客户反映{received:%m月%d日}在{branch}{place}办理业务第 {row} 次，等候时间过长，工作人员解释不清。"
    return (
        row, received, draw.choice(("来电", "来访", "人民银行转办")), family + given, 13_900_000_000 + row,
        f"41012219{draw.randrange(50, 99)}0101{draw.randrange(1000, 9999)}", branch, draw.choice(("贷款", "支付结算")),
        "因服务态度及服务质量引起的投诉", content, "请尽快答复并说明理由", draw.randrange(100, 90_000) / 100, closed,
        "已向客户解释说明，客户表示理解", draw.choice(("满意", "基本满意")), f"原台账第 {row} 号",
    )  # fmt: skip


def bare_read(file: Path) -> list[list[Any]]:
    """The cells as calamine gives them."""
    import python_calamine

    return python_calamine.load_workbook(str(file)).get_sheet_by_index(0).to_python()


def bare_cells(path: Path, rows: Sequence[Sequence[Any]]) -> float:
    """Seconds to insert the cells into one plain table of an encrypted database."""
    db = open_database(path, _KEY, "rwc")
    db.execute(f"CREATE TABLE t ({', '.join(f'c{place}' for place in range(len(HEADS)))})")
    values = [tuple(str(cell) if isinstance(cell, date) else cell for cell in row) for row in rows]

    def insert() -> None:
        with db.atomic():
            db.conn.executemany(f"INSERT INTO t VALUES ({', '.join('?' * len(HEADS))})", values)

    seconds, _ = timed(insert)
    db.conn.close()
    return seconds


def bare_book(book: Path, path: Path) -> float:
    """Seconds to insert every row of a book's tables, bare and table by table, into an empty one of the same make."""
    source, made = _opened(book), open_database(path, _KEY, "rwc")
    schema = source.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type <> 'table', rowid"
    ).fetchall()
    indexed = {name for _kind, name, sql in schema if sql.startswith("CREATE VIRTUAL")}
    rows: dict[str, list[Sequence[Any]]] = {}
    for kind, name, sql in schema:
        if name.startswith("sqlite_") or any(name.startswith(f"{other}_") for other in indexed):
            continue
        made.execute(sql)
        if kind == "table" and name not in indexed:
            rows[name] = source.execute(f'SELECT * FROM "{name}"').fetchall()
    texts, index = text_table(COMPLAINT), search_table(COMPLAINT)
    grams = [(row[0], search.grams(f"{row[1]} {row[2]}")) for row in rows[texts]]
    made.conn.execute("PRAGMA foreign_keys = OFF")

    def insert() -> None:
        with made.atomic():
            for name, found in rows.items():
                if found:
                    marks = ", ".join("?" * len(found[0]))
                    made.conn.executemany(f'INSERT INTO "{name}" VALUES ({marks})', found)
            made.conn.executemany(f'INSERT INTO "{index}" (rowid, grams) VALUES (?, ?)', grams)

    seconds, _ = timed(insert)
    made.conn.close()
    source.conn.close()
    return seconds


def _opened(book: Path) -> Any:
    from xiaobao_desktop.store import keyslots
    from xiaobao_desktop.store.layout import BOOK_FILE, KEY_FILE

    return open_database(book / BOOK_FILE, keyslots.unlock(book / KEY_FILE, None).data_key, "rw")


if __name__ == "__main__":
    sys.exit(main())
