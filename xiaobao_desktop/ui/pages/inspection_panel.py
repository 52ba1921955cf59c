"""The right column of a run: what an item asks for, what was found, evidence, files, its rectification."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from PySide6.QtCore import QElapsedTimer, Qt, QTimer, Signal
from PySide6.QtGui import QIntValidator, QKeyEvent, QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from xiaobao_desktop.domain.fields import Value
from xiaobao_desktop.domain.inspection import FAULTY, NEW
from xiaobao_desktop.services.inspection_findings import Rectification
from xiaobao_desktop.services.inspection_view import ItemView
from xiaobao_desktop.ui import fonts, theme
from xiaobao_desktop.ui.delegates.inspection_item import Verdict
from xiaobao_desktop.ui.editors.text import Lines
from xiaobao_desktop.ui.widgets.buttons import LINK, button
from xiaobao_desktop.ui.widgets.cards import line_icon, mark_wrong, scrolling
from xiaobao_desktop.ui.widgets.form_field import LabelledField
from xiaobao_desktop.ui.widgets.labels import hairline, label, set_shown
from xiaobao_desktop.ui.widgets.pill import Pill

WIDTH, PAUSE_MS, LONGEST_MS, MOST = 316, 2_000, 20_000, 1_000_000
"""Pixels of the design sheet; the pause in typing after which words are kept; the most records drawn."""


class Typed(NamedTuple):
    """What was typed for an item: its key and the values that differ."""

    item: str
    values: Mapping[str, Value]


class _Note(Lines):
    """Words about an item: Enter goes on, Shift+Enter begins a line, Esc goes back to the items."""

    done = Signal()
    escaped = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Esc leave; everything else is typed."""
        shift = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not shift:
            self.done.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
        else:
            super().keyPressEvent(event)


class _Number(QLineEdit):
    """A count of records."""

    escaped = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setValidator(QIntValidator(0, MOST, self))
        self.setAccessibleName(name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc goes back to the items."""
        if event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
        else:
            super().keyPressEvent(event)

    def number(self) -> int | None:
        """The count, None for nothing."""
        return int(self.text()) if self.text().isdigit() else None


class _Tint(QFrame):
    """A tinted box with lines of words and perhaps a button."""

    def __init__(self, tone: str) -> None:
        super().__init__()
        self.setProperty("look", tone)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(theme.px(12), theme.px(8), theme.px(12), theme.px(8))
        self.column.setSpacing(theme.px(4))


class RectificationCard(_Tint):
    """What became of a finding: number, who, by when, state; ``opened`` asks for it."""

    opened = Signal(int)

    def __init__(self) -> None:
        super().__init__("blue")
        self._shown: Rectification | None = None
        self.link = button("", LINK)
        self.link.clicked.connect(self._open)
        self.words = label("", fonts.SECOND, tone="2", wrap=True)
        self.pill = Pill()
        head = QHBoxLayout()
        head.setSpacing(theme.px(4))
        head.addWidget(line_icon("wrench", "link"))
        head.addWidget(self.link)
        head.addStretch(1)
        head.addWidget(self.pill)
        self.column.addLayout(head)
        self.column.addWidget(self.words)

    def _open(self) -> None:
        if self._shown is not None:
            self.opened.emit(self._shown.record_id)

    def show_rectification(self, known: Rectification | None) -> None:
        """Show one, or hide."""
        self._shown = known
        set_shown(self, shown=known is not None)
        if known is None:
            return
        self.link.setText(f"已生成整改 {known.number}")
        self.link.setAccessibleName(f"打开整改 {known.number}")
        due = f"计划 {known.planned_on} 完成" if known.planned_on else "还没有定责任人和计划完成日，点上面补填"
        self.words.setText("·".join(part for part in (known.department, due) if part))
        self.pill.show_text(known.state, known.tone)


class InspectionPanel(QWidget):
    """One item.

    Signals:
        typed: words or numbers are to be kept; carries :class:`Typed`.
        done: Enter in the last words, or Esc: back to the items; true asks for the next one.
        rectify_asked: make a rectification of the finding.
        rectification_opened: id of the rectification to show.
        adopt_asked: take over what the ledgers say.
        files_asked: add files to the item.
    """

    typed = Signal(object)
    done = Signal(bool)
    rectify_asked = Signal()
    rectification_opened = Signal(int)
    adopt_asked = Signal()
    files_asked = Signal()

    def __init__(self, verdicts: Mapping[str, Verdict]) -> None:
        super().__init__()
        theme.surface(self, QPalette.ColorRole.AlternateBase)
        self.setFixedWidth(theme.px(WIDTH))
        self.setAccessibleName("检查项的内容")
        self._verdicts, self._ended = verdicts, False
        self.item: ItemView | None = None
        self.title, self.pill = label("", fonts.CARD_TITLE, medium=True, wrap=True), Pill()
        self.text = label("", fonts.SECOND, tone="2", wrap=True)
        self.source, self.how = label("", wrap=True), label("", wrap=True)
        self.finding, self.evidence = _Note(6), _Note(8)
        self.finding.setPlaceholderText("写明在哪里、差什么，一句话")
        self.sampled, self.failed = _Number("抽查笔数"), _Number("不合格笔数")
        self.failed_part = LabelledField("不合格笔数", self.failed)
        self.rectify = button("转为整改", icon="wrench", shortcut="F6")
        self.card = RectificationCard()
        self.offer, self.offered = _Tint("blue"), label("", fonts.SECOND, wrap=True)
        self.adopt = button("采用", LINK, shortcut="F7")
        self.before_box, self.before = _Tint("grey"), label("", fonts.SECOND, tone="2", wrap=True)
        self.files = QVBoxLayout()
        self.add_files = button("添加照片或文件", icon="plus")
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._since = QElapsedTimer()
        self._loading = False
        self._area = self._build()
        self._bind()
        self.show_item(None, ended=False)

    def show_item(self, item: ItemView | None, *, ended: bool, before: str = "") -> None:
        """Show an item; what is being typed for the same one stays. ``before`` names the run it is compared with."""
        same = item is not None and self.item is not None and item.key == self.item.key
        typing = self._differing() if same else {}
        self.item, self._ended = item, ended
        self._area.setVisible(item is not None)
        if item is None:
            return
        self._loading = True
        self.title.setText(f"{item.number} {item.title}")
        verdict = self._verdicts.get(item.verdict)
        self.pill.show_text(verdict.name if verdict else "未检查", verdict.tone if verdict else "grey")
        for words, text in ((self.text, item.text), (self.source, item.source), (self.how, item.how)):
            words.setText(text)
        for part, text in ((self._source_part, item.source), (self._how_part, item.how)):
            part.setVisible(bool(text))
        for key, editor in self._notes.items():
            kept = getattr(item, key)
            # What is being typed stays; a text that is shown already keeps its cursor.
            if not same or (key not in typing and editor.toPlainText().strip() != kept):
                editor.setPlainText(kept)
            editor.setReadOnly(ended)
        for key, line in self._counts.items():
            number = getattr(item, key)
            if key not in typing:
                line.setText("" if number is None else str(number))
            line.setReadOnly(ended)
        self._sample_part.setVisible(item.draws)
        self._check_counts()
        self._loading = False
        self._show_finding()
        self._show_before(item, before)
        if not same:
            self._area.verticalScrollBar().setValue(0)

    def show_offer(self, words: str) -> None:
        """Offer what the ledgers say; nothing where it stands in the evidence already."""
        self.offered.setText(words)
        wanted = bool(words) and words not in self.evidence.toPlainText() and not self._ended
        set_shown(self.offer, shown=wanted)

    def show_files(self, chips: list[QWidget]) -> None:
        """Show the files of the item."""
        while self.files.count():
            if (widget := self.files.takeAt(0).widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for chip in chips:
            self.files.addWidget(chip)

    def take_offer(self) -> None:
        """Put what the ledgers say behind the evidence that is there."""
        if self.offer.isHidden() or self._ended:
            return
        written = self.evidence.toPlainText().strip()
        self.evidence.setPlainText(f"{written}\n{self.offered.text()}" if written else self.offered.text())
        self.commit()

    def focus_first(self) -> None:
        """Go to the finding of a faulty item, else to the evidence."""
        wanted = self.finding if not self._finding_part.isHidden() else self.evidence
        wanted.setFocus(Qt.FocusReason.OtherFocusReason)
        self._area.ensureWidgetVisible(wanted)

    def typed_values(self) -> dict[str, Value]:
        """What differs from what is kept; numbers that cannot be are left out."""
        found = self._differing()
        fits = self._check_counts()
        return {key: value for key, value in found.items() if fits or key not in self._counts}

    def _differing(self) -> dict[str, Value]:
        """What is typed and differs from what is kept."""
        item = self.item
        if item is None or self._ended:
            return {}
        typed: dict[str, Value] = {key: note.toPlainText().strip() for key, note in self._notes.items()}
        typed.update({key: line.number() for key, line in self._counts.items()})
        return {key: None if value == "" else value for key, value in typed.items() if value != getattr(item, key)}

    def commit(self) -> None:
        """Have kept what was typed."""
        self._pause.stop()
        values = self.typed_values()
        if self.item is not None and values:
            self.typed.emit(Typed(self.item.key, values))

    def _check_counts(self) -> bool:
        """Say at the field when more failed than were drawn; whether the numbers can be kept."""
        fits = (self.failed.number() or 0) <= (self.sampled.number() or 0)
        self.failed_part.complain("" if fits else "多于抽查笔数，请核对")
        return fits

    @property
    def _notes(self) -> dict[str, _Note]:
        return {"finding": self.finding, "evidence": self.evidence}

    @property
    def _counts(self) -> dict[str, _Number]:
        return {"sampled": self.sampled, "failed": self.failed}

    def _show_finding(self) -> None:
        """The finding shows where there is something to be put right, or something was written."""
        item = self.item
        if item is None:
            return
        faulty, written = item.verdict in FAULTY, bool(self.finding.toPlainText().strip())
        self._finding_part.setVisible(faulty or written)
        mark_wrong(self.finding, wrong=False)
        self.card.show_rectification(item.rectification)
        set_shown(self.rectify, shown=item.rectification is None and (faulty or written))
        self.rectify.setEnabled(written)
        self.rectify.setToolTip("" if written else "先写发现的问题")

    def _show_before(self, item: ItemView, before: str) -> None:
        change = item.change
        known = change is not None and change.kind != NEW
        set_shown(self.before_box, shown=change is not None)
        if change is None:
            return
        verdict = self._verdicts.get(change.verdict)
        words = (
            f"上次{verdict.name if verdict else '没有结论'}（{before}）" if known else f"上次没有查这一项（{before}）"
        )
        self.before.setText(f"{words}\n{change.finding}" if change.finding else words)

    # Making

    def _build(self) -> QScrollArea:
        sheet = QWidget()
        column = QVBoxLayout(sheet)
        edge = theme.px(16)
        column.setContentsMargins(edge, theme.px(14), edge, edge)
        column.setSpacing(theme.px(12))
        head = QHBoxLayout()
        head.setSpacing(theme.px(8))
        head.addWidget(self.title, 1)
        head.addWidget(self.pill, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(head)
        column.addWidget(self.text)
        self._source_part, self._how_part = _told("检查依据", self.source), _told("怎么查", self.how)
        self.before_box.column.addWidget(self.before)
        self._sample_part = self._samples()
        self._finding_part = LabelledField("发现的问题", self.finding, required=True)
        for part in (self._source_part, self._how_part, self.before_box, self._sample_part, self._finding_part):
            column.addWidget(part)
        column.addWidget(self.rectify)
        column.addWidget(self.card)
        column.addWidget(hairline())
        column.addWidget(LabelledField("证据", self.evidence))
        self.offer.column.addWidget(label("台账里有", fonts.HEADER, medium=True, tone="2"))
        self.offer.column.addWidget(self.offered)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.adopt)
        self.offer.column.addLayout(row)
        column.addWidget(self.offer)
        self.files.setSpacing(theme.px(6))
        column.addLayout(self.files)
        column.addWidget(self.add_files)
        column.addStretch(1)
        area = scrolling(sheet)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(area)
        return area

    def _samples(self) -> QWidget:
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(12))
        row.addWidget(LabelledField("抽查笔数", self.sampled), 1, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.failed_part, 1, Qt.AlignmentFlag.AlignTop)
        return box

    def _bind(self) -> None:
        for note in self._notes.values():
            note.textChanged.connect(self._changed)
            note.left.connect(self.commit)
            note.escaped.connect(lambda: self.done.emit(False))
        self.finding.done.connect(self.evidence.setFocus)
        self.evidence.done.connect(lambda: self.done.emit(True))
        for line in self._counts.values():
            line.textEdited.connect(lambda _text: self._counted())
            line.editingFinished.connect(self.commit)
            line.escaped.connect(lambda: self.done.emit(False))
        self.rectify.clicked.connect(lambda: self.rectify_asked.emit())
        self.adopt.clicked.connect(lambda: self.adopt_asked.emit())
        self.add_files.clicked.connect(lambda: self.files_asked.emit())
        self.card.opened.connect(self.rectification_opened)
        self._pause.timeout.connect(self.commit)

    def _counted(self) -> None:
        self._check_counts()
        self._wait()

    def _changed(self) -> None:
        if not self._loading:
            self._wait()
            self._show_finding()

    def _wait(self) -> None:
        """Wait for a pause in the typing; it is not waited for longer than :data:`LONGEST_MS`."""
        if not self._pause.isActive():
            self._since.start()
        if self._since.hasExpired(LONGEST_MS):
            self.commit()
        else:
            self._pause.start()


def _told(title: str, words: QWidget) -> QWidget:
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(theme.px(2))
    column.addWidget(label(title, fonts.SECOND, tone="2"))
    column.addWidget(words)
    return box
