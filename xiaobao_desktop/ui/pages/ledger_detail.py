"""The opened record beside the list: head, what is due, what to do, facts, timeline, gaps, history."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import (
    QAction,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPalette,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import QHBoxLayout, QMenu, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from xiaobao_desktop.domain.fields import Field, Ledger, Record, Section
from xiaobao_desktop.services import access, attachments, erasing, records, step_files
from xiaobao_desktop.services.attachments import FileEntry
from xiaobao_desktop.services.papers import offers, papers
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import fonts, icons, rights, theme
from xiaobao_desktop.ui.pages.attachment_block import AttachmentBlock
from xiaobao_desktop.ui.pages.attachment_chips import chip
from xiaobao_desktop.ui.pages.attachment_desk import AttachmentDesk
from xiaobao_desktop.ui.pages.ledger_facts import Facts, filled, label_width, missing
from xiaobao_desktop.ui.pages.ledger_origin import origin_blocks
from xiaobao_desktop.ui.pages.ledger_presenter import DetailActions, Presenter
from xiaobao_desktop.ui.pages.ledger_rows import child_blocks
from xiaobao_desktop.ui.pages.related_panel import RelatedPanel
from xiaobao_desktop.ui.widgets.buttons import LINK, PRIMARY, button, icon_button
from xiaobao_desktop.ui.widgets.file_chip import row_of
from xiaobao_desktop.ui.widgets.file_drop import dropped_files
from xiaobao_desktop.ui.widgets.focus_place import place_of
from xiaobao_desktop.ui.widgets.labels import label
from xiaobao_desktop.ui.widgets.pill import Pill
from xiaobao_desktop.ui.widgets.two_columns import TwoColumns

WIDTH, WIDE_WIDTH, WIDE_FROM, TWO_FROM = 384, 440, 1900, 760
"""Pixels of the design sheet: the panel, the panel on wide screens, the width of such windows; from ``TWO_FROM`` on
(the panel over the list) the record stands in two columns."""

STEPS = "step"
"""Key of the child table that holds the dated steps of a case."""


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
        way_asked: show what else is made of the record; carries its :class:`PaperWay`.
        copy_asked: begin a new record with the values of this one.
        told: something was done, in Chinese; it can be undone.
        other_asked: another record of the ledger is wanted; carries its id.
        work_asked: the record's own page is wanted.
    """

    closed = Signal()
    stepped = Signal(int)
    edit_asked = Signal()
    step_asked = Signal(object)
    delete_asked = Signal()
    history_asked = Signal()
    paper_asked = Signal(str)
    way_asked = Signal(object)
    copy_asked = Signal()
    told = Signal(str)
    other_asked = Signal(int)
    work_asked = Signal()

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
        self.setAcceptDrops(bool(ledger.evidence) and session.role.may_change)
        self._add_keys()

    def show_record(self, record_id: int) -> None:
        """Read a record and show it; keeps the place of the scroll bar for the same record."""
        same = self.record is not None and self.record.id == record_id
        scrolled = self._area.verticalScrollBar().value() if same else 0
        record = records.get(self._session, self._ledger, record_id)
        access.opened(self._session, self._ledger, record)
        # Of the window: while a file is chosen in a dialog, the program has no widget with the keyboard.
        focused = self.window().focusWidget()
        inside = self._area.isAncestorOf(focused)
        place = place_of(focused, self._area.widget()) if same else None
        self.record = record
        self._number.setText(record.number or "")
        head = self._presenter.head(record)
        self._pill.show_text(head.text, head.tone)
        body = TwoColumns()
        theme.surface(body, QPalette.ColorRole.AlternateBase)
        self._fill(body, record)
        body.arrange(self._columns())
        # What is shown now may be what is being pressed: it goes when that is over.
        old = self._area.takeWidget()
        self._area.setWidget(body)
        if old is not None:
            old.deleteLater()
        self._area.verticalScrollBar().setValue(scrolled)
        target = place.find(body) if place is not None else None
        if target is not None:
            target.setFocus(Qt.FocusReason.OtherFocusReason)
        elif inside:
            self.focus_first()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Use the room there is."""
        super().resizeEvent(event)
        body = self._area.widget()
        if isinstance(body, TwoColumns):
            body.arrange(self._columns())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files may be dropped here."""
        if self.record is not None and dropped_files(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Ask what the files are and add them."""
        files, record = dropped_files(event.mimeData()), self.record
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
            if act in (self.copy_asked.emit, self.delete_asked.emit):
                rights.restrict(self._session, action)
        return menu

    def _make_paper_menu(self) -> QMenu:
        """The papers that can be printed of a record, and what else is made of it; empty for most ledgers."""
        menu = QMenu(self)
        for paper in papers(self._ledger):
            action = QAction(paper.label, menu)
            icons.put(action, "printer")
            action.setData(paper.key)
            action.triggered.connect(partial(self.paper_asked.emit, paper.key))
            menu.addAction(action)
        ways = self._presenter.paper_ways()
        if ways:
            menu.addSeparator()
        for way in ways:
            action = QAction(way.label, menu)
            icons.put(action, way.icon)
            action.triggered.connect(partial(self.way_asked.emit, way))
            menu.addAction(action)
        menu.aboutToShow.connect(self._offer_papers)
        rights.restrict(self._session, *(action for action in menu.actions() if not action.isSeparator()))
        return menu

    def _offer_papers(self) -> None:
        """Grey what makes no sense yet for the record shown, with the reason beside it."""
        if self.record is None:
            return
        offered = {offer.paper.key: offer for offer in offers(self._session, self._ledger, self.record)}
        for action in self._papers.actions():
            offer = offered.get(action.data())
            if offer is not None:
                action.setEnabled(not offer.refusal)
                action.setText(f"{offer.paper.label}　{offer.refusal}" if offer.refusal else offer.paper.label)

    def ask_paper(self) -> bool:
        """Open the choice of papers, or the only one; False when there is none."""
        found = self._papers.actions()
        if found:
            self._session.require(f"打印{self._ledger.label}")
        if len(found) == 1:
            found[0].trigger()
        elif found:
            self._papers.popup(self.mapToGlobal(self.rect().topLeft()))
            self._papers.setActiveAction(next(action for action in found if action.isEnabled()))
        return bool(found)

    def _copy_number(self) -> None:
        if self.record is not None:
            QGuiApplication.clipboard().setText(self.record.number or "")

    def _columns(self) -> int:
        return 2 if self.width() >= theme.px(TWO_FROM) else 1

    def _fill(self, sheet: TwoColumns, record: Record) -> None:
        """What is to be done and the facts; at the side where there is room: timeline, files, rows, history."""
        entries = attachments.list_of(self._session, self._ledger, record.id or 0) if self._ledger.evidence else ()
        actions = DetailActions(
            step=self.step_asked.emit,
            edit=self.edit_asked.emit,
            attach=self._attach_to_step,
            files=lambda step_id: [chip(self.desk, entry) for entry in entries if entry.step_id == step_id],
            open=self.other_asked.emit,
            told=self.told.emit,
            work=self.work_asked.emit,
        )
        # What is due is the other bank's business.
        top = origin_blocks(self._session, self._ledger, record) or self._presenter.top_blocks(record, actions)
        for block in (*top, self._buttons()):
            sheet.add(block)
        self._add_gaps(sheet, record)
        leading = self._presenter.leading_facts()
        sections = {section.title: self._section_fields(record, section, leading) for section in self._ledger.sections}
        first = filled(self._ledger, record, leading)
        names = label_width([*first, *(item for fields in sections.values() for item in fields)])
        if first:
            sheet.add(Facts(self._session, self._ledger, record, first, names))
        related = RelatedPanel(
            self._session, self._ledger, record, actions, self._presenter.related_blocks(record, actions)
        )
        if self._presenter.takes_steps:
            # What is to be made of a case is asked for before its long timeline.
            sheet.add(related, side=True, line=True)
        for block in self._presenter.middle_blocks(record, actions):
            sheet.add(block, side=True, line=True)
        if self._presenter.takes_steps:
            self._add_files(sheet, record, entries)
        # Beside a timeline there is no room for facts; without one they fill both columns.
        beside = not self._presenter.takes_steps
        for place, (title, fields) in enumerate((title, fields) for title, fields in sections.items() if fields):
            sheet.add(self._section(record, title, fields, names), side=beside and place > 0, line=True)
        for block in child_blocks(self._session, self._ledger, record):
            sheet.add(block, side=True, line=True)
        if not self._presenter.takes_steps:
            sheet.add(related, side=True, line=True)
            self._add_files(sheet, record, entries)
        sheet.add(self._foot(), side=True, line=True)

    def _buttons(self) -> QWidget:
        box, row = _line_box("buttons")
        # Items to work through have the main button, in the block above.
        worked = self._presenter.worked_through and any(self.record.children.values()) if self.record else False
        edit = button("修改", "secondary" if self._presenter.takes_steps or worked else PRIMARY, icon="pencil")
        edit.clicked.connect(self.edit_asked.emit)
        main = edit
        if self._presenter.takes_steps:
            main = button("记一步", PRIMARY, icon="plus")
            main.clicked.connect(lambda: self.step_asked.emit(None))
            main.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            row.addWidget(main, 2)
        rights.restrict(self._session, edit, main)
        if self._erased():
            for thing in (edit, main):
                thing.setEnabled(False)
                thing.setToolTip("内容已按规定销毁，不能再改")
        main.setObjectName("" if worked else "main_action")
        row.addWidget(edit, 1)
        if self._papers.actions():
            printing = icon_button("printer", "打印（Ctrl+P）", edged=True)
            printing.clicked.connect(lambda: self._papers.popup(printing.mapToGlobal(printing.rect().bottomLeft())))
            rights.restrict(self._session, printing)
            row.addWidget(printing)
        more = icon_button("ellipsis", "更多操作", edged=True)
        more.clicked.connect(lambda: self._menu.popup(more.mapToGlobal(more.rect().bottomLeft())))
        row.addWidget(more)
        return box

    def _erased(self) -> bool:
        """Whether the content of the record was destroyed as the rules ask: nothing is put into it again."""
        return self.record is not None and bool(erasing.told(self._session, self._ledger, self.record))

    def _add_gaps(self, sheet: TwoColumns, record: Record) -> None:
        """What is still to be filled in, as chips."""
        if self._erased():
            return
        gaps = [item.label for item in missing(self._ledger, record)]
        gaps += [kind.label for kind in attachments.missing_evidence(self._session, self._ledger, record)]
        if gaps:
            words = label("待补", fonts.SECOND, tone="2")
            sheet.add(row_of([words, *(Pill(gap, "amber") for gap in gaps)], gap=6))

    def _add_files(self, sheet: TwoColumns, record: Record, entries: Sequence[FileEntry]) -> None:
        """The attachments that stand at no step of the record."""
        if self._ledger.evidence and record.id is not None:
            steps = {row.get("id") for row in record.children.get(STEPS, ())}
            own = [entry for entry in entries if not self._presenter.takes_steps or entry.step_id not in steps]
            block = AttachmentBlock(self._ledger, record.id, own, len(entries) - len(own), self.desk)
            rights.restrict(self._session, block.add_button)
            sheet.add(block, side=True, line=True)

    def _attach_to_step(self, place: int, files: Sequence[Path]) -> None:
        """Add files to the step at a place among the rows; without files, ask for them."""
        record = self.record
        if record is None or record.id is None:
            return
        row = record.children[STEPS][place]
        kind = step_files.kind_for(self._session, self._ledger, str(row.get("kind") or ""))
        step_id = int(str(row["id"]))
        if files:
            self.desk.add(record.id, kind, files, step_id)
        else:
            self.desk.choose(record.id, kind, step_id)

    def _section_fields(self, record: Record, section: Section, leading: Sequence[str]) -> list[Field]:
        return filled(self._ledger, record, [key for key in section.fields if key not in leading])

    def _section(self, record: Record, title: str, fields: Sequence[Field], names: int) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(10))
        column.addWidget(label(title, medium=True, tone="2"))
        column.addWidget(Facts(self._session, self._ledger, record, fields, names))
        return box

    def _foot(self) -> QWidget:
        box, row = _line_box("foot")
        row.addWidget(label("修改记录", medium=True, tone="2"))
        row.addStretch(1)
        look = button("查看", LINK)
        look.setAccessibleName("查看修改记录")
        look.clicked.connect(self.history_asked.emit)
        row.addWidget(look)
        return box


def _line_box(name: str) -> tuple[QWidget, QHBoxLayout]:
    """A block of widgets side by side."""
    box = QWidget()
    box.setObjectName(name)
    row = QHBoxLayout(box)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(theme.px(8))
    return box, row
