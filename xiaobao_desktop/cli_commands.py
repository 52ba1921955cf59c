"""The commands of the command line; each opens what it needs, calls one service and prints the result."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xiaobao_desktop import cli
from xiaobao_desktop.errors import UnknownField, UserError

if TYPE_CHECKING:
    from xiaobao_desktop.domain.fields import Ledger
    from xiaobao_desktop.services.session import Session
    from xiaobao_desktop.store.query import Condition

REPORT_NAMES = "报表名称，如 monthly；全部名称用 --list 看"
Subparsers = Any
"""argparse keeps the type of its subparsers to itself."""


def add_to(chosen: Subparsers) -> None:
    """Declare every command with its arguments."""
    _add_books(chosen)
    _add_data(chosen)
    _add_results(chosen)


def _add_books(chosen: Subparsers) -> None:
    init = chosen.add_parser("init", help="建一本新账簿，恢复密钥只显示一次")
    init.add_argument("--bank", required=True, metavar="NAME", help="银行全称")
    init.add_argument("--officer", required=True, metavar="NAME", help="消保专员姓名")
    init.set_defaults(handler=init_book)
    demo = chosen.add_parser("demo", help="建一本演示账簿（不要密码）")
    demo.add_argument("--seed", type=int, default=1, metavar="N")
    demo.add_argument("--complaints", type=_number, default=None, metavar="TOTAL", help="投诉总件数")
    demo.add_argument("--end", default="2026-10", metavar="YYYY-MM", help="数据到哪个月")
    demo.set_defaults(handler=demo_book)
    backup = chosen.add_parser("backup", help="备份成一个加密文件，写完即验证")
    backup.add_argument("--out", required=True, metavar="DIR")
    backup.set_defaults(handler=backup_book)
    restore = chosen.add_parser("restore", help="从备份文件恢复；原有账簿另存一旁")
    restore.add_argument("file", metavar="FILE")
    restore.set_defaults(handler=restore_book)
    chosen.add_parser("verify", help="检查账簿的每一页和操作记录").set_defaults(handler=verify_book)


def _add_data(chosen: Subparsers) -> None:
    fields = chosen.add_parser("fields", help="列出一本台账的项目")
    fields.add_argument("ledger", metavar="LEDGER")
    fields.set_defaults(handler=list_fields)
    load = chosen.add_parser("import", help="导入 Excel、WPS 或 CSV 台账")
    load.add_argument("ledger", metavar="LEDGER")
    load.add_argument("file", metavar="FILE")
    load.add_argument("--dry-run", action="store_true", help="只看结果，不写入")
    load.add_argument("--mapping", metavar="FILE.json", help="表头 → 项目的对应")
    load.add_argument("--rejects", metavar="FILE.xlsx", help="不能导入的行另存到这里")
    load.add_argument("--unknown", choices=("add", "empty", "reject"), default="add", help="不认识的选项怎么办")
    load.add_argument("--strict", action="store_true", help="有不能导入的行时退出码为 1")
    load.set_defaults(handler=import_file)
    rows = chosen.add_parser("list", help="列出记录（默认遮盖个人信息）")
    rows.add_argument("ledger", metavar="LEDGER")
    rows.add_argument("--where", action="append", default=[], metavar="FIELD=VALUE")
    rows.add_argument("--from", dest="first", metavar="DATE")
    rows.add_argument("--to", dest="last", metavar="DATE")
    rows.add_argument("--search", default="", metavar="TEXT")
    rows.add_argument("--reveal", action="store_true", help="不遮盖；要写明原因，并留下记录")
    rows.add_argument("--reason", default="", metavar="TEXT")
    rows.set_defaults(handler=list_records)


def _add_results(chosen: Subparsers) -> None:
    stats = chosen.add_parser("stats", help="投诉、培训、宣传教育统计")
    stats.add_argument("--period", required=True, metavar="P", help="2026-10、2026Q3、2026H1、2026 或 FROM..TO")
    stats.add_argument("--as-of", metavar="DATE", help="数据截至哪一天，默认期末")
    stats.add_argument("--basis", choices=("received", "closed"), default="received", help="按收到或办结日期")
    stats.add_argument("--merge-repeats", action="store_true", help="重复投诉合并计 1 件")
    stats.set_defaults(handler=print_statistics)
    report = chosen.add_parser("report", help="出报表")
    report.add_argument("name", nargs="?", metavar="NAME", help=REPORT_NAMES)
    report.add_argument("--list", action="store_true", help="列出全部报表")
    report.add_argument("--period", metavar="P")
    report.add_argument("--as-of", metavar="DATE")
    report.add_argument("--out", metavar="DIR")
    report.add_argument("--format", default="pdf", metavar="pdf,docx,xlsx")
    report.add_argument("--merge-repeats", action="store_true", help="重复投诉合并计 1 件")
    report.set_defaults(handler=make_report)


def _number(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"应为 0 或正整数，不能是 {text}")
    return int(text)


@contextmanager
def opened(options: argparse.Namespace) -> Iterator[Session]:
    """The session of the command's book, closed at the end."""
    from xiaobao_desktop.services import anchors, books

    directory = cli.book_directory(options)
    session = books.open_book(directory, cli.secret_of(options, directory))
    try:
        _begin_log(options, session)
        yield session
        anchors.remember(session)
    finally:
        session.close()


def _begin_log(options: argparse.Namespace, session: Session) -> None:
    """Write down which command opened the book; a clock that went back is told, nobody is asked."""
    from xiaobao_desktop.services import audit
    from xiaobao_desktop.services.clock_watch import ClockWatch, Jump

    odd = ClockWatch(session).look()
    if odd is not None and odd.jump is Jump.BACK:
        print(f"{odd.title}。请先把电脑时间改对。", file=sys.stderr)
    audit.signed_in(session, f"命令行打开账簿：{options.command}")


def init_book(options: argparse.Namespace) -> int:
    """Make a new book; the recovery key is printed once."""
    from xiaobao_desktop.services import books, credentials

    directory = cli.book_directory(options)
    secret = cli.password(options)
    if len(secret) < books.PASSWORD_LENGTH:
        raise UserError(message=f"密码至少要 {books.PASSWORD_LENGTH} 位，现在是 {len(secret)} 位。账簿没有建立。")
    weakness = credentials.password_weakness(secret, (options.officer,))
    if weakness:
        raise UserError(message=f"{weakness}。账簿没有建立。")
    session, recovery = books.create_book(directory, bank=options.bank, officer=options.officer, password=secret)
    session.close()
    result = {"book": str(directory), "recovery_key": recovery}
    cli.emit(options, result, f"账簿：{directory}\n恢复密钥（只显示这一次，请抄写并锁进柜子）：{recovery}")
    return 0


def demo_book(options: argparse.Namespace) -> int:
    """Make a demo book."""
    from xiaobao_desktop.domain.ledgers import all_ledgers
    from xiaobao_desktop.services import demo

    directory = cli.book_directory(options)
    made = demo.make_demo(directory, seed=options.seed, complaints=options.complaints, end=options.end)
    counts = "、".join(f"{item.label} {made[item.key]} {item.unit}" for item in all_ledgers() if item.key in made)
    cli.emit(options, {"book": str(directory), **made}, f"演示账簿：{directory}（{counts}）")
    return 0


def _as_declared(options: argparse.Namespace) -> Ledger:
    """The ledger with the fields that the bank has added, where its book can be opened without asking anybody."""
    from xiaobao_desktop.domain.ledgers import ledger
    from xiaobao_desktop.services import books
    from xiaobao_desktop.store.errors import BookInUse

    found = ledger(options.ledger)
    directory = cli.book_directory(options)
    if not books.book_at(directory) or (books.needs_password(directory) and not cli.password_given(options)):
        return found
    try:
        with opened(options) as session:
            return session.ledger(found.key)
    except BookInUse:
        print("账簿正在另一个窗口里打开，没有列出本行自定义的项目。", file=sys.stderr)
        return found


def list_fields(options: argparse.Namespace) -> int:
    """Print a ledger's field keys and labels."""
    found = _as_declared(options)
    rows = [
        {
            "key": item.key,
            "label": item.label,
            "kind": item.kind.value,
            "grade": item.grade.value,
            "entered": item.entered,
        }
        for item in found.fields
    ]
    cli.emit(options, rows, "\n".join(f"{row['key']}\t{row['label']}" for row in rows))
    return 0


def list_records(options: argparse.Namespace) -> int:
    """Print records as JSON rows, masked unless revealed with a reason."""
    import json

    from xiaobao_desktop.domain.ledgers import ledger
    from xiaobao_desktop.domain.masking import OPEN, hider
    from xiaobao_desktop.services import listing
    from xiaobao_desktop.services.access import reveal
    from xiaobao_desktop.store.query import Query

    ledger(options.ledger)
    if options.reveal and not options.reason.strip():
        raise UserError(message="不遮盖个人信息要写明原因：请加 --reason。")
    with opened(options) as session:
        found = session.ledger(options.ledger)
        where = (*_conditions(session, found, options.where), *_dates(found, options))
        query = Query(where=where, search=options.search, order=(*found.sort, ("number", False)))
        chosen = listing.ids(session, found, query)
        if options.reveal:
            session.require("列出完整信息")
            reveal(session, found, len(chosen), options.reason.strip())
        rows = []
        for row in listing.rows(session, found, chosen, tuple(item.key for item in found.fields)):
            shown: dict[str, object] = {"number": row["number"]}
            hide = OPEN if options.reveal else hider(found, row)
            for item in found.fields:
                text = listing.display(session, item, row[item.key], masked=not options.reveal)
                shown[item.key] = hide(text, item.kind)
            rows.append(shown)
    print(json.dumps(rows, ensure_ascii=False, indent=2))
    return 0


def _conditions(session: Session, ledger: Ledger, wanted: Sequence[str]) -> list[Condition]:
    from xiaobao_desktop.store.query import Condition

    found = []
    for text in wanted:
        key, equals, value = text.partition("=")
        if not equals:
            raise UserError(message=f"“{text}”不是条件。请写成 项目=值，例如 state=已办结。")
        if key != "number" and not ledger.has(key):
            raise UnknownField(ledger=ledger.label, key=key, ledger_key=ledger.key)
        if not value:
            found.append(Condition(key, "empty", ()))
        elif key == "number":
            found.append(Condition(key, "eq", (value,)))
        else:
            found.append(_condition(session, ledger, key, value))
    return found


def _condition(session: Session, ledger: Ledger, key: str, text: str) -> Condition:
    """Equal to a typed value; a code takes everything below it along, of several choices any one has to match."""
    from xiaobao_desktop.domain.fields import Kind
    from xiaobao_desktop.services import listing, reading
    from xiaobao_desktop.store.query import Condition

    item = ledger.field(key)
    value = reading.read_for_search(session, item, text)
    if item.kind is Kind.CODE:
        return listing.under(session, ledger, key, str(value))
    return Condition(key, "in", value) if isinstance(value, tuple) else Condition(key, "eq", (value,))


def _dates(ledger: Ledger, options: argparse.Namespace) -> list[Condition]:
    from xiaobao_desktop.store.query import Condition

    if not (options.first or options.last):
        return []
    if not ledger.dated_by:
        raise UserError(message=f"{ledger.label}没有日期，不能用 --from 和 --to。")
    first = cli.parse_day(options.first).isoformat() if options.first else "0000-01-01"
    last = cli.parse_day(options.last).isoformat() if options.last else "9999-12-31"
    return [Condition(ledger.dated_by, "between", (first, last))]


def import_file(options: argparse.Namespace) -> int:
    """Import a workbook and print exactly what came in and what did not."""
    import json

    from xiaobao_desktop.domain.ledgers import ledger
    from xiaobao_desktop.services import backup_places, import_names, importing, suspicion

    ledger(options.ledger)
    named = importing.read_mapping_file(Path(options.mapping)) if options.mapping else {}
    file = Path(options.file)
    source = importing.read_source(file)
    with opened(options) as session:
        found = session.ledger(options.ledger)
        table = importing.best_table(found, source)
        kept = import_names.columns(session, found, table)
        mapping = importing.propose(found, table, named={**kept, **named})
        plan = importing.plan(session, found, table, mapping, unknown=options.unknown)
        if options.rejects and plan.rejected:
            # Before anything comes in: where the refused rows cannot be handed back, nothing is imported.
            importing.write_rejects(session, plan, Path(options.rejects), source=file)
        saved = backup_places.backup_here(session) if plan.rows and not options.dry_run else None
        result = None if options.dry_run else importing.carry_out(session, plan, file=file.name)
        suspected = suspicion.told(session, found, result.changed) if result else []
    report = {**importing.as_json(plan, result), "suspected": suspected, "backup": str(saved) if saved else None}
    print(json.dumps(report, ensure_ascii=False, indent=2) if options.json else importing.as_text(plan, result))
    if saved and not options.json:
        print(f"导入前已备份：{saved}")
    if suspected and not options.json:
        print(f"有 {len(suspected)} {found.unit}看起来和别的重复，或属于群体。请打开窗口逐件判断。")
    return 1 if options.strict and plan.rejected else 0


def print_statistics(options: argparse.Namespace) -> int:
    """Print the statistics of a period."""
    import json

    from xiaobao_desktop.domain.period import parse_period
    from xiaobao_desktop.domain.statistics import Method
    from xiaobao_desktop.services import complaint_statistics, denominators, outreach_statistics, training_statistics

    period = parse_period(options.period)
    day = cli.parse_day(options.as_of) if options.as_of else None
    with opened(options) as session:
        method = Method(options.basis, options.merge_repeats)
        counted = complaint_statistics.statistics(session, period, day, method)
        result = {**complaint_statistics.as_json(counted), **denominators.rates(session, period, counted.total)}
        for part in (training_statistics, outreach_statistics):
            result[part.LEDGER.key] = part.as_json(part.statistics(session, period, day))
    print(json.dumps(result, ensure_ascii=False, indent=2))
    return 0


def make_report(options: argparse.Namespace) -> int:
    """Write a report's files and print their paths."""
    from xiaobao_desktop.domain.period import parse_period
    from xiaobao_desktop.domain.statistics import Method
    from xiaobao_desktop.services import reporting

    if options.list:
        rows = [{"name": info.name, "title": info.title, "formats": info.formats} for info in reporting.reports()]
        cli.emit(options, rows, "\n".join(f"{row['name']}\t{row['title']}" for row in rows))
        return 0
    formats = [item.strip() for item in options.format.split(",") if item.strip()]
    if not (options.name and options.period and options.out and formats):
        print(
            "命令写法不对：出报表要写明名称、--period 和 --out，例如 report monthly --period 2026-10 --out 报表。",
            file=sys.stderr,
        )
        return 2
    for item in formats:
        reporting.check_format(reporting.info(options.name), item)
    day = cli.parse_day(options.as_of) if options.as_of else None
    period = parse_period(options.period)
    with opened(options) as session:
        session.require("导出报表")
        made = reporting.build_all(session, options.name, period, day, Method(merge_repeats=options.merge_repeats))
        out = Path(options.out)
        files = [str(reporting.save_into(session, built, out, item)) for built in made for item in formats]
    for mistake in dict.fromkeys(mistake for built in made for mistake in built.mistakes):
        print(mistake, file=sys.stderr)
    cli.emit(options, files, "\n".join(files))
    return 0


def backup_book(options: argparse.Namespace) -> int:
    """Write a verified backup and print its path."""
    from xiaobao_desktop.services import backups

    with opened(options) as session:
        file = backups.backup(session, Path(options.out))
    cli.emit(options, {"file": str(file)}, str(file))
    return 0


def restore_book(options: argparse.Namespace) -> int:
    """Restore a backup file into the book's folder."""
    from xiaobao_desktop.services import backups

    directory = cli.book_directory(options)
    secret = cli.password(options) if backups.backup_needs_password(Path(options.file)) else None
    result = backups.restore(Path(options.file), directory, secret)
    if backups.restored_before_reencryption(directory):
        print("这份备份是重新加密以前的，旧密码又能打开账簿。请再重新加密一次（reencrypt）。", file=sys.stderr)
    data = {"book": str(directory), "kept_aside": str(result.replaced) if result.replaced else None}
    text = f"已恢复到 {directory}" + (f"\n原来的账簿另存在 {result.replaced}" if result.replaced else "")
    cli.emit(options, data, text)
    return 0


def verify_book(options: argparse.Namespace) -> int:
    """Check the book; exit code 1 when something is wrong."""
    from xiaobao_desktop.services import backups

    with opened(options) as session:
        findings = backups.verify(session)
    rows = [item._asdict() for item in findings]
    lines = [f"{'正常' if item.ok else '有问题'}\t{item.what}\t{item.detail}" for item in findings]
    text = "\n".join([*lines, *(f"{item.what}：{item.advice}" for item in findings if item.advice)])
    cli.emit(options, rows, text)
    return 0 if all(item.ok for item in findings) else 1
