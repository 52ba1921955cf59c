"""The opened record beside the list: head, what is due, what to do, facts, timeline, gaps, history."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPalette,
    QShortcut,
)
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMenu, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from xiaobao_desktop.domain.fields import Ledger, Record, Section
from xiaobao_desktop.services import attachments, records
from xiaobao_desktop.services.papers import papers
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import fonts, icons, theme
from xiaobao_desktop.ui.pages.attachment_block import AttachmentBlock
from xiaobao_desktop.ui.pages.attachment_desk import AttachmentDesk
from xiaobao_desktop.ui.pages.ledger_facts import Facts, filled, missing
from xiaobao_desktop.ui.pages.ledger_presenter import DetailActions, Presenter
from xiaobao_desktop.ui.pages.ledger_rows import child_blocks
from xiaobao_desktop.ui.widgets.buttons import LINK, PRIMARY, button, icon_button
from xiaobao_desktop.ui.widgets.flow import FlowLayout
from xiaobao_desktop.ui.widgets.labels import hairline, label
from xiaobao_desktop.ui.widgets.pill import Pill

WIDTH, WIDE_WIDTH, WIDE_FROM, WIDEST = 384, 440, 1900, 680
"""Pixels of the design sheet: the panel, the panel on wide screens, the width of such windows, the widest text."""


class RecordDetail(QWidget):
    """Shows one record at a time.

    Signals:
        closed: × or Esc.
        stepped: −1 or 1, the neighbour in the list is wanted.
        edit_asked: open the form.
        step_asked: record one dated step (object: None for a new one, else the place of the row).
        delete_asked: move the record to the recycle bin.
        history_asked: show what was changed.
        paper_asked: print a paper of the record; carries its key.
        copy_asked: begin a new record with the values of this one.
        told: a file was added or taken away, in Chinese; it can be undone.
    """

    closed = Signal()
    stepped = Signal(int)
    edit_asked = Signal()
    step_asked = Signal(object)
    delete_asked = Signal()
    history_asked = Signal()
    paper_asked = Signal(str)
    copy_asked = Signal()
    told = Signal(str)

    def __init__(self, session: Session, ledger: Ledger, presenter: Presenter) -> None:
        super().__init__()
        self._session, self._ledger, self._presenter = session, ledger, presenter
        self.record: Record | None = None
        theme.surface(self, QPalette.ColorRole.AlternateBase)
        self.setAccessibleName(f"{ledger.label}详情")
        self._number = label("", 12.0, medium=True)
        self._pill = Pill()
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._head())
        column.addWidget(self._area, 1)
        self._menu = self._make_menu()
        self._papers = self._make_paper_menu()
        self.desk = AttachmentDesk(session, ledger, self)
        self.desk.told.connect(self.told)
        self.setAcceptDrops(bool(ledger.evidence))
        self._add_keys()

    def show_record(self, record_id: int) -> None:
        """Read a record and show it; keeps the place of the scroll bar for the same record."""
        same = self.record is not None and self.record.id == record_id
        place = self._area.verticalScrollBar().value() if same else 0
        record = records.get(self._session, self._ledger, record_id)
        self.record = record
        self._number.setText(record.number or "")
        head = self._presenter.head(record)
        self._pill.show_text(head.text, head.tone)
        body = QWidget()
        theme.surface(body, QPalette.ColorRole.AlternateBase)
        body.setMaximumWidth(theme.px(WIDEST))
        self._fill(QVBoxLayout(body), record)
        focused = QApplication.focusWidget()
        inside = focused is not None and self._area.isAncestorOf(focused)
        self._area.setWidget(body)
        self._area.verticalScrollBar().setValue(place)
        if inside:
            self.focus_first()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files may be dropped here."""
        if self.record is not None and _files(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Ask what the files are and add them."""
        files, record = _files(event.mimeData()), self.record
        if record is None or record.id is None or not files:
            return
        event.acceptProposedAction()
        record_id = record.id
        at = self.mapToGlobal(event.position().toPoint())
        self.desk.kind_menu(at, lambda kind: self.desk.add(record_id, kind, files))

    def _add_keys(self) -> None:
        """↑ and ↓ go to the neighbours from anywhere in the panel; a button would take them for moving the focus."""
        for key, by in ((Qt.Key.Key_Up, -1), (Qt.Key.Key_Down, 1)):
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(partial(self.stepped.emit, by))

    def focus_first(self) -> None:
        """Put the focus on the main button."""
        for found in self._area.findChildren(QWidget, "main_action"):
            found.setFocus(Qt.FocusReason.OtherFocusReason)

    # Making

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(theme.px(16), theme.px(10), theme.px(8), theme.px(6))
        row.setSpacing(theme.px(8))
        row.addWidget(self._number)
        row.addWidget(self._pill)
        row.addStretch(1)
        for icon, tip, act in (
            ("chevron-up", "上一条", lambda: self.stepped.emit(-1)),
            ("chevron-down", "下一条", lambda: self.stepped.emit(1)),
            ("x", "关闭（Esc）", self.closed.emit),
        ):
            made = icon_button(icon, tip)
            made.clicked.connect(act)
            row.addWidget(made)
        return row

    def _make_menu(self) -> QMenu:
        menu = QMenu(self)
        for words, icon, act in (
            ("复制编号", "copy", self._copy_number),
            ("复制为新记录", "file-input", self.copy_asked.emit),
            ("修改记录", "history", self.history_asked.emit),
            ("删除（移到回收站）", "trash-2", self.delete_asked.emit),
        ):
            action = QAction(words, menu)
            icons.put(action, icon)
            action.triggered.connect(act)
            menu.addAction(action)
        return menu

    def _make_paper_menu(self) -> QMenu:
        """The papers that can be printed of a record; empty for most ledgers."""
        menu = QMenu(self)
        for paper in papers(self._ledger):
            action = QAction(paper.label, menu)
            icons.put(action, "printer")
            action.triggered.connect(partial(self.paper_asked.emit, paper.key))
            menu.addAction(action)
        return menu

    def ask_paper(self) -> bool:
        """Open the choice of papers, or the only one; False when there is none."""
        found = self._papers.actions()
        if len(found) == 1:
            found[0].trigger()
        elif found:
            self._papers.popup(self.mapToGlobal(self.rect().topLeft()))
            self._papers.setActiveAction(found[0])
        return bool(found)

    def _copy_number(self) -> None:
        if self.record is not None:
            QGuiApplication.clipboard().setText(self.record.number or "")

    def _fill(self, column: QVBoxLayout, record: Record) -> None:
        column.setContentsMargins(theme.px(16), theme.px(4), theme.px(16), theme.px(16))
        column.setSpacing(theme.px(10))
        actions = DetailActions(step=self.step_asked.emit, edit=self.edit_asked.emit)
        for block in self._presenter.top_blocks(record, actions):
            column.addWidget(block)
        column.addLayout(self._buttons())
        self._add_gaps(column, record)
        leading = self._presenter.leading_facts()
        if leading:
            column.addWidget(Facts(self._session, self._ledger, record, filled(self._ledger, record, leading)))
        for block in self._presenter.middle_blocks(record, actions):
            column.addWidget(hairline())
            column.addWidget(block)
        if self._presenter.takes_steps:
            self._add_files(column, record)
        for section in self._ledger.sections:
            self._add_section(column, record, section, leading)
        for block in child_blocks(self._session, self._ledger, record):
            column.addWidget(hairline())
            column.addWidget(block)
        if not self._presenter.takes_steps:
            self._add_files(column, record)
        column.addWidget(hairline())
        column.addLayout(self._foot())
        column.addStretch(1)

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(theme.px(8))
        edit = button("修改", PRIMARY if not self._presenter.takes_steps else "secondary", icon="pencil")
        edit.clicked.connect(self.edit_asked.emit)
        main = edit
        if self._presenter.takes_steps:
            main = button("记一步", PRIMARY, icon="plus")
            main.clicked.connect(lambda: self.step_asked.emit(None))
            main.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            row.addWidget(main, 2)
        main.setObjectName("main_action")
        row.addWidget(edit, 1)
        if self._papers.actions():
            printing = icon_button("printer", "打印（Ctrl+P）", edged=True)
            printing.clicked.connect(lambda: self._papers.popup(printing.mapToGlobal(printing.rect().bottomLeft())))
            row.addWidget(printing)
        more = icon_button("ellipsis", "更多操作", edged=True)
        more.clicked.connect(lambda: self._menu.popup(more.mapToGlobal(more.rect().bottomLeft())))
        row.addWidget(more)
        return row

    def _add_gaps(self, column: QVBoxLayout, record: Record) -> None:
        """What is still to be filled in, as chips that open the form."""
        gaps = [item.label for item in missing(self._ledger, record)]
        gaps += [kind.label for kind in attachments.missing_evidence(self._session, self._ledger, record)]
        if not gaps:
            return
        flow = FlowLayout(theme.px(6))
        flow.addWidget(label("待补", fonts.SECOND, tone="2"))
        for words in gaps:
            flow.addWidget(Pill(words, "amber"))
        column.addLayout(flow)

    def _add_files(self, column: QVBoxLayout, record: Record) -> None:
        """The attachments: right after the timeline where there is one, else after the facts."""
        if self._ledger.evidence:
            column.addWidget(hairline())
            column.addWidget(AttachmentBlock(self._session, self._ledger, record, self.desk))

    def _add_section(self, column: QVBoxLayout, record: Record, section: Section, leading: Sequence[str]) -> None:
        fields = filled(self._ledger, record, [key for key in section.fields if key not in leading])
        if not fields:
            return
        column.addWidget(hairline())
        column.addWidget(label(section.title, medium=True, tone="2"))
        column.addWidget(Facts(self._session, self._ledger, record, fields))

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addWidget(label("修改记录", medium=True, tone="2"))
        row.addStretch(1)
        look = button("查看", LINK)
        look.setAccessibleName("查看修改记录")
        look.clicked.connect(self.history_asked.emit)
        row.addWidget(look)
        return row


def _files(data: QMimeData) -> list[Path]:
    """The files that something dragged stands for; folders and addresses on the net are none."""
    paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    return [path for path in paths if path.is_file()]
