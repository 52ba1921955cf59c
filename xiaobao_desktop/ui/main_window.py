"""The main window: sidebar, pages made at their first visit, status bar, keys, place on the screen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QByteArray, Qt, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeySequence, QPalette, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QHBoxLayout,
    QMainWindow,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from xiaobao_desktop.domain.fields import Ledger, Record
from xiaobao_desktop.domain.period import parse_period
from xiaobao_desktop.services import books
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import clipboard, fonts, help_key, icons, state, theme, undoing
from xiaobao_desktop.ui.bus import bus
from xiaobao_desktop.ui.idle import IdleWatch
from xiaobao_desktop.ui.lock import Lock
from xiaobao_desktop.ui.navigation import PRODUCT, NavEntry, NavItem, Sidebar
from xiaobao_desktop.ui.pages.ledger_presenter import presenter_for, presenter_type
from xiaobao_desktop.ui.pages.page import DATA, Page
from xiaobao_desktop.ui.pages.workbench import WorkbenchPage
from xiaobao_desktop.ui.tasks import tasks
from xiaobao_desktop.ui.widgets.book_notices import BookNotices
from xiaobao_desktop.ui.widgets.labels import ElidedLabel, hairline, label
from xiaobao_desktop.ui.widgets.progress_line import ProgressLine
from xiaobao_desktop.ui.widgets.search_box import SearchBox
from xiaobao_desktop.ui.widgets.toast import Toast

if TYPE_CHECKING:
    from xiaobao_desktop.ui.pages.ledger_page import LedgerPage

SLIM_BELOW, NARROW_BELOW = 1320, 1100
"""Logical window widths of the design sheet: icons only, opened record over the list."""
STATUS_BAR = 26
START_SIZE = (1366, 738)
WORKBENCH, REPORTS, SETTINGS = "workbench", "reports", "settings"
SMALLEST = (760, 480)
_DIGITS = "1234567890"
"""Keys of the first ten entries of the sidebar, in their order."""
_PREVIEW_DIGIT = "0"
"""With Ctrl it belongs to the preview of papers (适合宽度)."""
_GROUP = "group"
"""Name under which the ledger of a group shown last is kept."""
TITLE_BAR = 32
"""Height left free for the title bar, so that the foot of the window stays on a low screen."""


class PageSpec(NamedTuple):
    """A page of the window: key, words and icon, maker, number of its section in the sidebar, its ledger if any.

    Ledgers of one group share an entry of the sidebar (:func:`nav_entries`).
    """

    key: str
    label: str
    icon: str
    factory: Callable[[Session], QWidget]
    section: int
    ledger: Ledger | None = None

    @property
    def entry(self) -> NavEntry:
        """Where the sidebar shows it: its own entry, or that of its group."""
        group = self.ledger.group if self.ledger is not None else None
        if group is not None:
            return NavEntry(group.key, group.label, group.icon, self.section)
        return NavEntry(self.key, self.label, self.icon, self.section)


def nav_entries(specs: Iterable[PageSpec]) -> tuple[NavEntry, ...]:
    """The entries of the sidebar in order; a group stands where its first ledger does."""
    return tuple(dict.fromkeys(spec.entry for spec in specs))


def page_specs(session: Session) -> tuple[PageSpec, ...]:
    """The pages there are, in order: ledgers of the daily work first, lists are kept in the settings."""
    daily = [ledger for ledger in session.ledgers if ledger.dated_by]
    return (
        PageSpec(WORKBENCH, "工作台", "layout-dashboard", _workbench_page, 1),
        *(PageSpec(item.key, item.label, item.icon, partial(_ledger_page, ledger=item), 1, item) for item in daily),
        PageSpec("charts", "图表", "chart-column", _charts_page, 2),
        PageSpec(REPORTS, "报表", "file-text", _report_page, 2),
        PageSpec(DATA, "数据", "database", _data_page, 3),
        PageSpec(SETTINGS, "设置", "settings-2", _settings_page, 3),
    )


class MainWindow(QMainWindow):
    """The window on one open book.

    ``closed`` is sent when the window was closed.
    """

    closed = Signal()

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self._state = state.state_for(session.directory)
        self._specs = {spec.key: spec for spec in page_specs(session)}
        self._banks = frozenset(session.banks)
        self._pages: dict[str, QWidget] = {}
        self._outdated: set[str] = set()
        self._lockable = books.needs_password(session.directory)
        self._lock = Lock(session, self)
        self._watch = IdleWatch(self._minutes_to_lock, self)
        entries = nav_entries(self._specs.values())
        self.sidebar = Sidebar(session.settings.printed_name, session.user, entries)
        self.stack = QStackedWidget()
        self.notices = BookNotices(session)
        self._status = ElidedLabel("", fonts.HEADER, token="text2")  # noqa: S106 - a colour
        self.undo_label = label("", fonts.HEADER, tone="2")
        self._build()
        self.toast = Toast(self.stack)
        self._connect()
        self._add_keys()
        self.sidebar.show_lock(shown=self._lockable)
        if not session.role.may_change:
            self.sidebar.set_role("查阅人员")
        self._restore_place()
        self._refresh_badges()
        self.show_page(WORKBENCH)

    def page(self, key: str) -> QWidget:
        """The page called ``key``, made now if it was never shown; KeyError when there is none."""
        self._drop_outdated(key)
        if key not in self._pages:
            made = self._pages[key] = self._made(key)
            self.stack.addWidget(made)
            if isinstance(made, Page):
                made.status_changed.connect(lambda _text: self._show_status())
                made.page_asked.connect(self.show_page)
                made.record_asked.connect(self.open_record)
                made.records_asked.connect(self.show_records)
                made.begin_asked.connect(self.begin_record)
                made.set_narrow(narrow=self._is_narrow())
            if isinstance(made, WorkbenchPage):
                made.create_asked.connect(self.create_record)
                made.report_asked.connect(self.show_report)
                made.overdue_found.connect(self._tell_overdue)
                made.settings_asked.connect(self.show_settings)
                made.quick_asked.connect(self.ask_quickly)
        return self._pages[key]

    def _made(self, key: str) -> QWidget:
        """A new page. Its parts are loaded and its list is read first, which a large book takes its time for."""
        QApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
        try:
            return self._specs[key].factory(self.session)
        finally:
            QApplication.restoreOverrideCursor()

    def show_page(self, key: str) -> bool:
        """Go to a page, unless something unsaved is to be kept; False when the officer stays."""
        now = self.current_page()
        if isinstance(now, Page) and self._pages.get(key) is not now and not now.may_leave():
            self._mark(self.current_key())
            return False
        # Before the page that has the focus is hidden: Qt would hand its focus to the sidebar.
        walking_sidebar = isinstance(self.focusWidget(), NavItem)
        walking_group = isinstance(now, Page) and now.has_switch_focus()
        self.stack.setCurrentWidget(self.page(key))
        self._mark(key)
        page = self.current_page()
        if isinstance(page, Page) and not walking_sidebar:
            (page.focus_switch if walking_group else page.focus_main)()
        self._show_status()
        return True

    def show_entry(self, entry: str) -> bool:
        """Go to an entry of the sidebar: of a group to the ledger shown last; False when the officer stays."""
        mates = [spec.key for spec in self._specs.values() if spec.entry.key == entry]
        kept = self._state.get_for(_GROUP, entry, mates[0])
        return self.show_page(kept if kept in mates else mates[0])

    def show_next(self, entry: str) -> bool:
        """Go to an entry of the sidebar; when it is shown already, to the next ledger of its group."""
        mates = [spec.key for spec in self._specs.values() if spec.entry.key == entry]
        now = self.current_key()
        if now not in mates:
            return self.show_entry(entry)
        return self.show_page(mates[(mates.index(now) + 1) % len(mates)])

    def _mark(self, key: str) -> None:
        """Mark the entry of a page in the sidebar; a group remembers it."""
        entry = self._specs[key].entry.key
        self.sidebar.show_page(entry)
        if entry != key:
            self._state.put_for(_GROUP, entry, key)

    def current_page(self) -> QWidget | None:
        """The page that is shown."""
        return self.stack.currentWidget()

    def current_key(self) -> str:
        """Key of the page that is shown, "" before the first."""
        shown = self.current_page()
        return next((key for key, page in self._pages.items() if page is shown), "")

    def open_manual(self) -> None:
        """Open the manual at what is shown; the window stays usable beside it."""
        page = self.current_page()
        topic = page.help_topic() if isinstance(page, Page) else ""
        help_key.open_manual(self, topic or self.current_key())

    def ledger_page(self, key: str) -> LedgerPage:
        """The page of a ledger; KeyError when the ledger has none."""
        # Not with the window: the workbench is seen first, and the start should not wait for the lists.
        from xiaobao_desktop.ui.pages.ledger_page import LedgerPage

        page = self.page(key)
        assert isinstance(page, LedgerPage)
        return page

    def open_record(self, ledger_key: str, record_id: int) -> None:
        """Show one record in its ledger; KeyError when the ledger has no page."""
        page = self._free_page(ledger_key)
        if page is not None:
            page.open_record(record_id)
            page.detail.focus_first()

    def show_records(self, ledger_key: str, ids: Sequence[int], title: str) -> None:
        """Show some records in the list of their ledger; ``title`` says where they come from."""
        page = self._free_page(ledger_key)
        if page is not None:
            page.show_ids(ids, title)

    def create_record(self, ledger_key: str) -> None:
        """Begin a new record on the page of a ledger."""
        page = self._free_page(ledger_key)
        if page is not None:
            page.create_record()

    def begin_record(self, ledger_key: str, begun: Record) -> None:
        """Open the form of a ledger with what is known of a new record; nothing is saved yet."""
        page = self._free_page(ledger_key)
        if page is not None:
            page.begin_record(begun)

    def _free_page(self, ledger_key: str) -> LedgerPage | None:
        """Go to the page of a ledger and close a form left open there, which would hide what is to be shown.

        None when the officer stays where she is, because something unsaved would be lost.
        """
        if not self.show_page(ledger_key):
            return None
        page = self.ledger_page(ledger_key)
        return page if page.leave_form() else None

    def show_report(self, period: str) -> None:
        """Go to the monthly report of the month with this code."""
        from xiaobao_desktop.ui.pages.report_page import ReportPage

        if self.show_page(REPORTS):
            page = self.page(REPORTS)
            assert isinstance(page, ReportPage)
            page.show_report("monthly", parse_period(period))

    def ask_quickly(self) -> None:
        """随手查: a sentence with numbers for a leader's question."""
        from xiaobao_desktop.ui.dialogs.quick_answers import QuickAnswersDialog

        dialog = QuickAnswersDialog(self.session, self)
        dialog.exec()
        dialog.deleteLater()

    def show_ledger(self, ledger_key: str) -> None:
        """Go to the list of a ledger: its page, or its place among the lists of the settings."""
        if ledger_key in self._specs:
            self.show_page(ledger_key)
        else:
            self.show_settings(ledger_key)

    def show_settings(self, tab: str) -> None:
        """Go to a tab of the settings."""
        from xiaobao_desktop.ui.pages.settings_page import SettingsPage

        if self.show_page(SETTINGS):
            page = self.page(SETTINGS)
            assert isinstance(page, SettingsPage)
            page.open_tab(tab)

    # Making

    def _build(self) -> None:
        self.setWindowTitle(f"{PRODUCT} — {self.session.settings.printed_name}")
        self.setWindowIcon(icons.app_icon())
        self.setMinimumSize(theme.px(SMALLEST[0]), theme.px(SMALLEST[1]))
        work = QWidget()
        theme.surface(work)
        self._work = work
        column = QVBoxLayout(work)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.notices)
        column.addWidget(self.stack, 1)
        column.addWidget(hairline())
        column.addWidget(self._status_bar())
        self._progress = ProgressLine(work)
        whole = QWidget()
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.sidebar)
        row.addWidget(hairline(vertical=True))
        row.addWidget(work, 1)
        self.setCentralWidget(whole)

    def _status_bar(self) -> QWidget:
        bar = QWidget()
        theme.surface(bar, QPalette.ColorRole.AlternateBase)
        bar.setFixedHeight(theme.px(STATUS_BAR))
        row = QHBoxLayout(bar)
        row.setContentsMargins(theme.px(20), 0, theme.px(16), 0)
        row.setSpacing(theme.px(6))
        row.addWidget(self._status, 1)
        row.addWidget(self.undo_label)
        return bar

    def _connect(self) -> None:
        self.sidebar.chosen.connect(self.show_entry)
        self.sidebar.lock_asked.connect(self.lock)
        self.sidebar.help_asked.connect(self.open_manual)
        bus().changed.connect(self._news)
        bus().settings_changed.connect(self._settings_changed)
        tasks().busy_changed.connect(self._progress.set_busy)
        clipboard.watch_all().watching.connect(self._tell_copied)
        self._watch.due.connect(self._lock_idle)
        self._watch.jumped.connect(lambda: self.lock(f"电脑睡眠或时间有变动，已于 {self.session.now():%H:%M} 锁定"))

    def _add_keys(self) -> None:
        for digit, entry in zip(_DIGITS, nav_entries(self._specs.values()), strict=False):
            if digit != _PREVIEW_DIGIT:
                self._key(f"Ctrl+{digit}", partial(self.show_next, entry.key))
            self._key(digit, partial(self._go_by_digit, entry.key))
        self._key("Ctrl+,", partial(self.show_page, SETTINGS))
        self._key("Ctrl+N", lambda: self._ask_page(lambda page: page.create_record()))
        self._key("Ctrl+F", self.search)
        self._key("Ctrl+P", self.print_page)
        self._key("Ctrl+L", self.lock)
        self._key("Ctrl+K", self.ask_quickly)
        self._key("Ctrl+Z", self.undo)
        self._key(help_key.KEY, self.open_manual)

    def _go_by_digit(self, entry: str) -> None:
        """A bare digit goes to a page, unless it may be meant for a choice that is looked for by typing."""
        if not isinstance(QApplication.focusWidget(), (QComboBox, QAbstractSpinBox)):
            self.show_next(entry)

    def _key(self, keys: str, act: Callable[[], object]) -> None:
        shortcut = QShortcut(QKeySequence(keys), self)
        shortcut.activated.connect(act)

    def undo(self) -> None:
        """Take the last operation back; not behind an open form, and a field's own undo comes first."""
        if undoing.is_typing() or any(isinstance(page, Page) and page.editing for page in self._pages.values()):
            return
        name = undoing.undo_last(self.session, self)
        if name:
            self.toast.tell(f"已撤销：{name}")

    def search(self) -> None:
        """Go to the search field; from words in that of one ledger on to the search through all of them."""
        field, key = QApplication.focusWidget(), self.current_key()
        if not isinstance(field, SearchBox) or not field.text().strip() or key == WORKBENCH:
            self._ask_page(lambda page: page.focus_search())
            return
        words = field.text()
        if self.show_page(WORKBENCH):
            self._ask_page(lambda page: isinstance(page, WorkbenchPage) and page.search_for(words))

    def print_page(self) -> None:
        """Print what is shown; where nothing opened has a paper, say where the whole ledger is printed."""
        page, spec = self.current_page(), self._specs.get(self.current_key())
        if not isinstance(page, Page) or page.editing or page.print_page() or spec is None or spec.ledger is None:
            return
        title = spec.ledger.print_title or f"{spec.ledger.label}台账"
        self.toast.tell(f"要打印{title}，请到“报表”里选“台账”", icon="info")

    def _ask_page(self, act: Callable[[Page], bool]) -> None:
        page = self.current_page()
        if isinstance(page, Page):
            act(page)

    # What happens

    def lock(self, why: str = "") -> None:
        """Put every window away and close the book until the password is given again (``ui/lock.py``).

        Giving up at the lock closes the program, unless something unsaved would be lost: then it stays locked.
        """
        if not self._lockable or self._lock.locked:
            return
        while not self._lock.hold(why, lambda: not self._has_unsaved()):
            if self.close():
                QApplication.quit()
                return
        self.notices.look_at_clock()
        self._watch.begin_anew()
        self._show_status()

    def _tell_copied(self) -> None:
        self.toast.tell(clipboard.NOTE)

    def _minutes_to_lock(self) -> int | None:
        """After how many idle minutes the program locks; None when the book is closed already."""
        return None if self.session.book.closed else int(self.session.settings.lock_minutes)

    def _lock_idle(self, minutes: int) -> None:
        self.lock(f"空闲 {minutes} 分钟，已于 {self.session.now():%H:%M} 锁定")

    def _has_unsaved(self) -> bool:
        return any(isinstance(page, Page) and page.has_unsaved() for page in self._pages.values())

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep the place; stay when something unsaved is to be kept."""
        for page in self._pages.values():
            if isinstance(page, Page) and not page.may_leave():
                event.ignore()
                return
        self._keep_place()
        self._watch.timer.stop()
        event.accept()
        self.closed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Slim sidebar and narrow pages on small windows."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        self.sidebar.set_slim(slim=self.width() < theme.px(SLIM_BELOW))
        self._progress.setGeometry(0, theme.px(56), self._work.width(), self._progress.height())
        for page in self._pages.values():
            if isinstance(page, Page):
                page.set_narrow(narrow=self._is_narrow())

    def _is_narrow(self) -> bool:
        return self.width() < theme.px(NARROW_BELOW)

    def _show_status(self) -> None:
        page = self.current_page()
        self._status.set_text(page.status_text() if isinstance(page, Page) else "")
        editing = isinstance(page, Page) and page.editing
        self.undo_label.setText("" if editing else undoing.status_words(self.session))

    def _news(self, _changed: object) -> None:
        self._refresh_badges()
        self._show_status()

    def _tell_overdue(self, words: str) -> None:
        """The quiet note after the start; it never takes the place of a note that can still be acted on."""
        if any(note.isVisible() for note in self.findChildren(Toast)):
            return
        self.toast.tell(words, "查看", self._show_overdue, icon="triangle-alert")

    def _show_overdue(self) -> None:
        if self.show_page(WORKBENCH):
            page = self.page(WORKBENCH)
            assert isinstance(page, WorkbenchPage)
            page.show_overdue()

    def _drop_outdated(self, key: str) -> None:
        """Let a page be made anew that was made before fields were added, unless something unsaved is on it."""
        page = self._pages.get(key)
        if key not in self._outdated or (isinstance(page, Page) and page.has_unsaved()):
            return
        self._outdated.discard(key)
        if page is not None:
            del self._pages[key]
            self.stack.removeWidget(page)
            page.deleteLater()

    def _follow_declarations(self) -> None:
        """Fields of the bank's own may have been added, or another book may have come back."""
        specs = {spec.key: spec for spec in page_specs(self.session)}
        banks = frozenset(self.session.banks)
        same = [spec.ledger for spec in specs.values()] == [spec.ledger for spec in self._specs.values()]
        if not same or banks != self._banks:
            self._specs, self._banks = specs, banks
            self._outdated = set(self._pages) - {self.current_key()}

    def _settings_changed(self) -> None:
        self._follow_declarations()
        name = self.session.settings.printed_name
        self.setWindowTitle(f"{PRODUCT} — {name}")
        self.sidebar.set_bank(name)
        self.sidebar.set_officer(self.session.user)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            theme.apply(app, self.session.settings.theme)

    def _refresh_badges(self) -> None:
        badges: dict[str, tuple[int, bool]] = {}
        for spec in self._specs.values():
            if spec.ledger is not None:
                count, alert = presenter_for(self.session, spec.ledger).badge()
                before, alerted = badges.get(spec.entry.key, (0, False))
                badges[spec.entry.key] = (before + count, alerted or alert)
        for entry, (total, alert) in badges.items():
            self.sidebar.set_badge(entry, total, alert=alert)

    # Place on the screen

    def _restore_place(self) -> None:
        """Take the kept place, clamped to a screen that is there."""
        kept = QByteArray.fromBase64(self._state.get("geometry", "").encode())
        if kept.isEmpty() or not self.restoreGeometry(kept):
            self.resize(theme.px(START_SIZE[0]), theme.px(START_SIZE[1]))
        screen = QGuiApplication.screenAt(self.frameGeometry().center()) or QGuiApplication.primaryScreen()
        # The title bar is added above; how high it is, is known only when the window stands.
        free = screen.availableGeometry().adjusted(0, 0, 0, -theme.px(TITLE_BAR))
        frame = self.geometry()
        self.resize(min(frame.width(), free.width()), min(frame.height(), free.height()))
        left = max(free.left(), min(frame.left(), free.right() + 1 - self.width()))
        top = max(free.top(), min(frame.top(), free.bottom() + 1 - self.height()))
        self.move(left, top)

    def _keep_place(self) -> None:
        place = self.saveGeometry().toBase64().data()
        self._state.put("geometry", bytes(place).decode())


def _workbench_page(session: Session) -> QWidget:
    return WorkbenchPage(session)


def _ledger_page(session: Session, ledger: Ledger) -> QWidget:
    from xiaobao_desktop.ui.pages.ledger_page import LedgerPage
    from xiaobao_desktop.ui.pages.worked_page import WorkedPage

    return (WorkedPage if presenter_type(ledger.key).worked_through else LedgerPage)(session, ledger)


def _charts_page(session: Session) -> QWidget:
    from xiaobao_desktop.ui.pages.charts_page import ChartsPage

    return ChartsPage(session)


def _report_page(session: Session) -> QWidget:
    from xiaobao_desktop.ui.pages.report_page import ReportPage

    return ReportPage(session)


def _data_page(session: Session) -> QWidget:
    from xiaobao_desktop.ui.pages.data_page import DataPage

    return DataPage(session)


def _settings_page(session: Session) -> QWidget:
    from xiaobao_desktop.ui.pages.settings_page import SettingsPage

    return SettingsPage(session)
