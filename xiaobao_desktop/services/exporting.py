"""报送包 and single tables on their way out: read from the book, made without it, proven on the stick, logged.

Reading, making and writing are three steps, so that the window can do the second and third beside the book.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from xiaobao_desktop import __version__
from xiaobao_desktop.domain.fields import Ledger
from xiaobao_desktop.domain.period import Period
from xiaobao_desktop.domain.scrub import scrub
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.exchange import package, package_reading, usb
from xiaobao_desktop.exchange.locking import locked_xlsx
from xiaobao_desktop.exchange.package import PackageFacts, PackedFile
from xiaobao_desktop.exchange.package_reading import Checked as Checked
from xiaobao_desktop.files import sha256_of
from xiaobao_desktop.services import export_log, list_export, origins, package_data, report_words, reporting
from xiaobao_desktop.services.export_log import Export
from xiaobao_desktop.services.ledger_cells import Audience
from xiaobao_desktop.services.package_data import Gathered
from xiaobao_desktop.services.report_kind import Request
from xiaobao_desktop.services.report_words import Place
from xiaobao_desktop.services.reporting import Built
from xiaobao_desktop.services.session import Session

_LEDGER = "ledger"
SPOKEN_DIGITS = 16
"""So many digits of a fingerprint are read out on the phone."""
_PERIODIC = {1: "monthly", 3: "quarterly", 6: "half-year", 12: "annual"}
"""Names of the reports on the work of a period, by its months."""
PURPOSE = "报送"

Told = Callable[[int, int, str], None]
"""Hears how far it is: (done, of, what in Chinese)."""
Cancelled = Callable[[], bool]


class ReasonMissing(UserError):
    """不遮盖个人信息的导出要写明原因{who}。请补上再导出。"""  # noqa: D415


class NothingToExport(UserError):
    """{period}没有可导出的记录。请换一个期间，或先登记、导入记录。"""  # noqa: D415


class ExportCancelled(UserError):
    """已取消，没有写任何文件。"""  # noqa: D415


@dataclass(frozen=True)
class Order:
    """What a package is to hold and for whom.

    Attributes:
        period: whose records.
        ledgers: keys of the ledgers; () for every one that has records in the period.
        masked: hide personal data and scrub the texts.
        recipient: who gets it.
        purpose: what for.
        reason: why unmasked.
        approver: who agreed to it.
        with_report: also the report on the work of the period, where there is one for its length.
        with_data: also the records with all fields as data, so that another 小保 can take them in (汇总).
        with_files: with the data also the files of the records; in a masked package the photos alone.
        for_program: the file gets the ending that opens 小保; it always has the data.
    """

    period: Period
    ledgers: tuple[str, ...] = ()
    masked: bool = True
    recipient: str = ""
    purpose: str = PURPOSE
    reason: str = ""
    approver: str = ""
    with_report: bool = True
    with_data: bool = True
    with_files: bool = False
    for_program: bool = False

    @property
    def suffix(self) -> str:
        """The ending of the package."""
        return package.PROGRAM_SUFFIX if self.for_program else package.SUFFIX

    @property
    def audience(self) -> Audience:
        """For whom the tables are made."""
        return Audience.OUTSIDE if self.masked else Audience.FULL


@dataclass(frozen=True)
class Prepared:
    """What was read from the book; the rest needs it no longer.

    Attributes:
        order: what was wanted.
        facts: what the manifest will say.
        tables: (ledger key, Chinese name, rows, its paper and workbook).
        report: the report of the period, None without one.
        data: the records for programs and their files; None without.
        name: of the file, without ending.
    """

    order: Order
    facts: PackageFacts
    tables: tuple[tuple[str, str, int, Built], ...]
    report: Built | None
    data: Gathered | None
    name: str


@dataclass(frozen=True)
class Made:
    """A file ready to be written.

    Attributes:
        name: without ending.
        suffix: its ending.
        content: its bytes.
        passphrase: that opens it, "" for none; it is kept nowhere else.
        export: what the log will say.
        parts: names of the files inside.
    """

    name: str
    suffix: str
    content: bytes
    passphrase: str
    export: Export
    parts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Written:
    """A file that was written and proven.

    Attributes:
        path: where it lies.
        sha256: of its content.
        removable: it lies on a drive that may now be pulled out.
    """

    path: Path
    sha256: str
    removable: bool


def check_reasons(order: Order, *, approver_needed: bool = True) -> None:
    """Refuse unmasked data without a reason and the name of who agreed.

    Raises:
        ReasonMissing: says what is lacking.
    """
    if not order.masked and not order.reason.strip():
        raise ReasonMissing(who="和批准人" if approver_needed else "")
    if not order.masked and approver_needed and not order.approver.strip():
        raise ReasonMissing(who="和批准人")


def ledgers_with_records(session: Session, period: Period) -> tuple[str, ...]:
    """Keys of the ledgers that have records in a period."""
    return tuple(subject.key for subject in reporting.subjects(session, _LEDGER, period))


def prepare(session: Session, order: Order) -> Prepared:
    """Read everything a package needs.

    Raises:
        ReasonMissing: unmasked without a reason.
        UnknownLedger: a key is no ledger's.
        NothingToExport: no ledger was named and none has records.
    """
    session.require("导出报送包")
    check_reasons(order, approver_needed=False)
    keys = order.ledgers or ledgers_with_records(session, order.period)
    if not keys:
        raise NothingToExport(period=order.period.title)
    tables = tuple(_table(session, session.ledger(key), order) for key in dict.fromkeys(keys))
    return Prepared(
        order=order,
        facts=_facts(session, order),
        tables=tables,
        report=_report(session, order),
        data=_data(session, order, keys),
        name=usb.safe_name(f"{session.settings.printed_name}报送包{order.period.title}"),
    )


def make(
    prepared: Prepared,
    passphrase: str = "",
    told: Told | None = None,
    cancelled: Cancelled = lambda: False,
) -> Made:
    """Draw the papers and pack them; needs no book.

    Args:
        prepared: as read.
        passphrase: of the officer's own for an unmasked package; made by the program when "".
        told: hears how far it is.
        cancelled: asked between the files.

    Raises:
        PassphraseUnfit: the passphrase is too weak.
        ExportCancelled: as asked.
    """
    locked = not prepared.order.masked
    if locked and passphrase:
        package.check_passphrase(passphrase)
    wanted = _wanted(prepared)
    files: list[PackedFile] = []
    for place, (built, file_format, name, kind, about, rows) in enumerate(wanted):
        if cancelled():
            raise ExportCancelled
        if told is not None:
            told(place, len(wanted), name)
        files.append(
            PackedFile(name, reporting.render(built, file_format), kind, about, built.title or built.info.title, rows)
        )
    if prepared.data is not None:
        files += [prepared.data.data, *prepared.data.files]
    key = (passphrase or package.new_passphrase()) if locked else ""
    content = package.build(files, prepared.facts, key)
    order = prepared.order
    export = Export(
        operation="导出报送包" if order.masked else "导出报送包（未遮盖，加密）",
        file="",
        sha256="",
        rows={about: rows for about, _title, rows, _built in prepared.tables},
        masked=order.masked,
        purpose=order.purpose,
        recipient=order.recipient,
        reason=order.reason,
        approver=order.approver,
        period=order.period.code,
        anchor=prepared.facts.anchor,
    )
    name = prepared.name if order.masked else f"{prepared.name}（加密）"
    return Made(name, order.suffix, content, key, export, tuple(item.name for item in files))


def write(
    session: Session, made: Made, folder: Path, told: usb.Told | None = None, cancelled: Cancelled = lambda: False
) -> Written:
    """Write a made file into a folder under a name that is free there, prove it and log it.

    Raises:
        ExportCancelled: as asked.
        TargetRefused: one of its kinds; nothing is left of the file, those that were there are as they were.
    """
    target = usb.free_target(folder, made.name, made.suffix)
    try:
        digest = export_log.written(session, made.export, target, made.content, told=told, cancelled=cancelled)
    except usb.WritingCancelled as error:
        raise ExportCancelled from error
    return Written(target, digest, usb.is_removable(folder))


def table(session: Session, ledger: Ledger, order: Order, file_format: str) -> Made:
    """One whole ledger as a single file: ``xlsx`` or ``csv``; an unmasked ``xlsx`` has an opening password.

    Raises:
        ReasonMissing: unmasked without a reason and an approver.
    """
    session.require(f"导出{ledger.label}台账")
    check_reasons(order)
    made = list_export.sheet(session, list_export.whole(session, ledger, order.audience))
    content = list_export.content(session, made, file_format if order.masked else list_export.XLSX)
    key = "" if order.masked else package.new_passphrase()
    export = Export(
        operation=f"导出{ledger.label}台账" if order.masked else f"导出{ledger.label}台账（未遮盖，加密）",
        file="",
        sha256="",
        rows={ledger.key: len(made.rows)},
        masked=order.masked,
        purpose=order.purpose,
        recipient=order.recipient,
        reason=order.reason,
        approver=order.approver,
    )
    name = usb.safe_name(f"{session.settings.printed_name}{made.title}{session.today():%Y%m%d}")
    suffix = f".{file_format}" if order.masked else ".xlsx"
    return Made(name, suffix, locked_xlsx(content, key) if key else content, key, export)


def verify(path: Path, passphrase: str = "") -> Checked:
    """Check a package wherever it lies; errors as in ``exchange.package_reading.opened``."""
    return package_reading.check(path, passphrase)


def fingerprint(path: Path) -> str:
    """The beginning of a file's SHA-256 as the 导出台账 shows it, in groups to be read out; "" for a folder."""
    if path.is_dir():
        return ""
    head = sha256_of(path)[:SPOKEN_DIGITS]
    return " ".join(head[start : start + 4] for start in range(0, len(head), 4))


def is_locked(path: Path) -> bool:
    """Whether checking a package takes a passphrase; PackageUnreadable when it is none."""
    return package_reading.is_locked(path)


def drives() -> tuple[usb.Drive, ...]:
    """The removable drives that are plugged in."""
    return usb.drives()


def together(file: Path, folder: Path) -> bool:
    """Whether whoever gets hold of ``folder`` gets ``file`` too: it lies in it, or on the same stick."""
    place, target = file.absolute(), folder.absolute()
    on_stick = any(drive.path in place.parents and drive.path in (target, *target.parents) for drive in usb.drives())
    return target in place.parents or on_stick


def spoken(passphrase: str) -> str:
    """A passphrase in groups, to be read out."""
    return package.grouped(passphrase)


def _facts(session: Session, order: Order) -> PackageFacts:
    origin = origins.own(session)
    anchor = session.book.anchor()
    return PackageFacts(
        origin=origin,
        bank=session.settings.bank,
        period=order.period.code,
        period_title=order.period.title,
        masked=order.masked,
        program=f"xiaobao-desktop {__version__}",
        made_at=session.now(),
        made_by=session.user,
        recipient=order.recipient,
        purpose=order.purpose,
        reason=order.reason,
        approver=order.approver,
        anchor=(anchor.sequence, anchor.mac16),
    )


def _table(session: Session, ledger: Ledger, order: Order) -> tuple[str, str, int, Built]:
    kind = reporting.kind(_LEDGER)
    request = Request(
        order.period,
        reporting.day_of_view(session, order.period),
        subject=ledger.key,
        audience=order.audience,
        purpose=order.purpose,
    )
    assert kind.sheets is not None
    document, sheets = kind.build(session, request), kind.sheets(session, request)
    name = sheets[0].title
    info = replace(kind.info, title=name)
    built = Built(info, document, reporting.metadata(session, document), name, sheets, request, name)
    return ledger.key, name, len(sheets[0].rows), built


def _data(session: Session, order: Order, keys: Iterable[str]) -> Gathered | None:
    if not (order.with_data or order.for_program):
        return None
    wanted = tuple(dict.fromkeys(keys))
    return package_data.gather(session, wanted, order.period, masked=order.masked, with_files=order.with_files)


def _report(session: Session, order: Order) -> Built | None:
    name = _PERIODIC.get(order.period.months)
    if not order.with_report or name is None:
        return None
    kept = report_words.read(session, Place(name, order.period.code, "")).paragraphs
    words = {key: tuple(map(scrub, texts)) for key, texts in kept.items()} if order.masked else kept
    return reporting.build(session, name, order.period, words=words)


def _wanted(prepared: Prepared) -> list[tuple[Built, str, str, str, str, int | None]]:
    """Every file: what is drawn, its format, name, kind, what it is about, its rows."""
    found: list[tuple[Built, str, str, str, str, int | None]] = []
    for key, title, rows, built in prepared.tables:
        for file_format in ("xlsx", "pdf"):
            found.append((built, file_format, f"{usb.safe_name(title)}.{file_format}", _LEDGER, key, rows))
    if prepared.report is not None:
        report = prepared.report
        found.append((report, "pdf", f"{usb.safe_name(report.title)}.pdf", "report", report.info.name, None))
    return found
