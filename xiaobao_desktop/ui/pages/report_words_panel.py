"""The officer's own words of a report: a box for each of its sections, sentences suggested by the figures.

Below them stand the charts that she put in.

What is typed is kept as a draft after a short quiet, and for good when the box or the report is left.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from xiaobao_desktop.errors import UserError
from xiaobao_desktop.services import report_words
from xiaobao_desktop.services.report_kind import WordsSection
from xiaobao_desktop.services.report_suggestions import Suggestion
from xiaobao_desktop.services.report_words import Earlier, KeptChart, Place, Words
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import fonts, rights, theme
from xiaobao_desktop.ui.bus import bus
from xiaobao_desktop.ui.editors.text import Lines
from xiaobao_desktop.ui.pages.report_kept_charts import KeptCharts
from xiaobao_desktop.ui.widgets import buttons
from xiaobao_desktop.ui.widgets.cards import scrolling
from xiaobao_desktop.ui.widgets.labels import label, set_shown

QUIET_MS: Final = 2_000
"""Nothing typed for so long: the draft is kept."""
MOST_LINES: Final = 14


class SuggestionCard(QFrame):
    """One suggested sentence with 采用 and 不用; ``decided`` carries whether it is wanted."""

    decided = Signal(bool)

    def __init__(self, suggestion: Suggestion) -> None:
        super().__init__()
        self.suggestion = suggestion
        self.setProperty("look", "card")
        self.text = label(suggestion.text, fonts.SECOND, wrap=True)
        self.accept_button = buttons.button("采用", buttons.LINK)
        self.drop_button = buttons.button("不用", buttons.LINK)
        self.accept_button.setAccessibleName(f"采用：{suggestion.text}")
        self.drop_button.setAccessibleName(f"不用：{suggestion.text}")
        row = QHBoxLayout()
        row.setSpacing(theme.px(12))
        row.addStretch(1)
        row.addWidget(self.accept_button)
        row.addWidget(self.drop_button)
        column = QVBoxLayout(self)
        edge = theme.px(8)
        column.setContentsMargins(theme.px(10), edge, theme.px(10), theme.px(4))
        column.setSpacing(theme.px(2))
        column.addWidget(self.text)
        column.addLayout(row)
        self.accept_button.clicked.connect(lambda: self.decided.emit(True))
        self.drop_button.clicked.connect(lambda: self.decided.emit(False))


class SectionBox(QWidget):
    """A section: its heading, the box, what is suggested for it."""

    def __init__(self, section: WordsSection) -> None:
        super().__init__()
        self.section = section
        self.lines = Lines(MOST_LINES)
        self.lines.setPlaceholderText(section.hint)
        self.lines.setAccessibleName(section.label)
        self.cards: list[SuggestionCard] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.px(6))
        head: QLabel = label(section.label, medium=True, wrap=True)
        head.setBuddy(self.lines)
        self._column.addWidget(head)
        self._column.addWidget(self.lines)

    def show_cards(self, cards: Sequence[SuggestionCard]) -> None:
        """Show these suggestions instead of those before."""
        for card in self.cards:
            self._column.removeWidget(card)
            card.deleteLater()
        self.cards = list(cards)
        for card in self.cards:
            self._column.addWidget(card)

    def append(self, sentence: str) -> None:
        """Put a sentence on a line of its own at the end."""
        text = self.lines.toPlainText().rstrip()
        self.write(f"{text}\n{sentence}" if text else sentence)

    def write(self, text: str) -> None:
        """Put a text into the box as if typed: the box can take it back, and the cursor stands behind it."""
        cursor = self.lines.textCursor()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)
        self.lines.setTextCursor(cursor)


class ReportWordsPanel(QWidget):
    """The boxes of one report; ``writing`` is the heading of the section that was changed last.

    Signals:
        edited: something was typed, accepted or carried on: the preview is out of date.
        kept: the words were written into the book.
        failed: they could not be written; carries the error.
    """

    edited = Signal()
    kept = Signal()
    failed = Signal(object)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._place: Place | None = None
        self._title = ""
        self._settled: tuple[str, ...] = ()
        self._charts: tuple[KeptChart, ...] = ()
        self._suggestions: tuple[Suggestion, ...] = ()
        self._earlier: Earlier | None = None
        self._texts: Mapping[str, str] = {}
        self.writing = ""
        self._dirty = False
        self._loading = False
        self.boxes: dict[str, SectionBox] = {}
        self.earlier_button = buttons.button("从上期带入", icon="history")
        self.charts = KeptCharts()
        self.note = label("", fonts.SECOND, tone="3")
        self._quiet = QTimer(self)
        self._quiet.setSingleShot(True)
        self._quiet.setInterval(QUIET_MS)
        self._quiet.timeout.connect(self.keep_draft)
        bus().locking.connect(self.keep_draft)
        self.earlier_button.clicked.connect(self._carry_on)
        self.charts.taken_out.connect(self._take_out)
        rights.restrict(session, self.earlier_button)
        self._build()

    @property
    def words(self) -> Words:
        """What stands in the boxes now."""
        texts = {key: box.lines.toPlainText() for key, box in self.boxes.items()}
        return Words(texts, self._settled, self._charts)

    @property
    def typed(self) -> tuple[Place, Words] | None:
        """What stands here and is not kept for good yet, and where it belongs; None when everything is kept."""
        return (self._place, self.words) if self._place is not None and self._dirty else None

    @property
    def written(self) -> tuple[str, ...]:
        """Headings of the sections in which something stands."""
        return tuple(box.section.label for box in self.boxes.values() if box.lines.toPlainText().strip())

    def give_up(self) -> None:
        """Let go of what could not be kept; what the book has is shown with the next report."""
        self._quiet.stop()
        self._dirty = False

    def show_words(
        self,
        place: Place,
        title: str,
        sections: Sequence[WordsSection],
        words: Words,
        earlier: Earlier | None,
        suggestions: Sequence[Suggestion],
    ) -> None:
        """Show the words of a report; what is being typed for the same one stays.

        Args:
            place: where the words belong.
            title: what the report is called, with its period.
            sections: its sections in order.
            words: what is kept.
            earlier: words of an earlier period, None for none.
            suggestions: what the figures suggest, also what was settled before.
        """
        if place != self._place:
            self.keep()
        if tuple(box.section for box in self.boxes.values()) != tuple(sections):
            self._make_boxes(sections)
        self._earlier, self._suggestions = earlier, tuple(suggestions)
        if place != self._place or not self._dirty:
            self._place, self._title = place, title
            self._load(words)
        self._show_cards()
        self._show_earlier()

    def keep_draft(self) -> None:
        """Keep at once what was typed, as a draft."""
        self._quiet.stop()
        if self._place is None or not self._dirty or self._session.book.closed:
            return
        try:
            report_words.keep_draft(self._session, self._place, self.words)
        except UserError as error:
            self.note.setText("草稿没有保存")
            self.note.setToolTip(error.message)
            return
        self.note.setText(f"草稿已自动保存 {self._session.now():%H:%M}")
        self.note.setToolTip("")

    def keep(self) -> bool:
        """Keep the words for good, when they changed; False when the book did not take them."""
        self._quiet.stop()
        if self._place is None or not self._dirty or self._session.book.closed:
            return True
        try:
            report_words.keep(self._session, self._place, self.words, self._title)
        except UserError as error:
            self.note.setText("没有保存")
            self.failed.emit(error)
            return False
        self._dirty = False
        self.note.setText(f"已保存 {self._session.now():%H:%M}")
        self.kept.emit()
        return True

    # Making

    def _build(self) -> None:
        content = QWidget()
        self._column = QVBoxLayout(content)
        edge = theme.px(16)
        self._column.setContentsMargins(edge, theme.px(14), edge, edge)
        self._column.setSpacing(theme.px(16))
        self._column.addWidget(self.earlier_button)
        self._sections = QVBoxLayout()
        self._sections.setSpacing(theme.px(18))
        self._column.addLayout(self._sections)
        self._column.addWidget(self.charts)
        self._column.addWidget(self.note)
        self._column.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scrolling(content))

    def _make_boxes(self, sections: Sequence[WordsSection]) -> None:
        for box in self.boxes.values():
            self._sections.removeWidget(box)
            box.hide()
            box.deleteLater()
        self.boxes = {section.key: SectionBox(section) for section in sections}
        for box in self.boxes.values():
            self._sections.addWidget(box)
            box.lines.textChanged.connect(partial(self._changed, box.section.label))
            box.lines.left.connect(self.keep)
            rights.only_read(self._session, box.lines)

    # What happens

    def _load(self, words: Words) -> None:
        """Put kept words into the boxes; a box that says the same already keeps its cursor and its own undo."""
        self._loading = True
        self._settled, self._charts = words.settled, words.charts
        self._show_charts()
        for key, box in self.boxes.items():
            text = words.texts.get(key, "")
            if box.lines.toPlainText().strip() != text.strip():
                box.lines.setPlainText(text)
        self._loading = False
        self._texts = self.words.texts
        self._dirty = False
        self.note.clear()

    def _show_charts(self) -> None:
        self.charts.show_charts(self._charts, {key: box.section.label for key, box in self.boxes.items()})
        rights.restrict(self._session, *(card.out_button for card in self.charts.cards))

    def _take_out(self, chart: KeptChart) -> None:
        """Take a chart out of the report, at once and for good; undoing brings it back."""
        self._charts = tuple(one for one in self._charts if one != chart)
        if self.boxes:
            # Before the card goes: Qt would hand its keyboard to whatever comes next.
            next(iter(self.boxes.values())).lines.setFocus()
        self._dirty = True
        self._show_charts()
        self.keep()
        self.edited.emit()

    def _changed(self, heading: str) -> None:
        texts = self.words.texts
        # Letters that an input method only shows are no words yet, although Qt calls that a change.
        if self._loading or texts == self._texts:
            return
        self._texts = texts
        self.writing = heading
        self._dirty = True
        # However long the typing goes on, the draft is kept two seconds after it began.
        if not self._quiet.isActive():
            self._quiet.start()
        self._show_earlier()
        self.edited.emit()

    def _show_cards(self) -> None:
        """Make the cards anew, when other sentences are to be seen than before."""
        for key, box in self.boxes.items():
            open_ones = [item for item in self._suggestions if item.section == key and item.id not in self._settled]
            if open_ones == [card.suggestion for card in box.cards]:
                continue
            cards = [SuggestionCard(item) for item in open_ones]
            for card in cards:
                rights.restrict(self._session, card.accept_button, card.drop_button)
                card.decided.connect(partial(self._decide, card.suggestion))
            box.show_cards(cards)

    def _decide(self, suggestion: Suggestion, wanted: bool) -> None:
        """Take the sentence over or drop it; either way it is not offered again for this report."""
        self._settled = (*self._settled, suggestion.id)
        box = self.boxes[suggestion.section]
        # Before the card goes: Qt would hand its keyboard to whatever comes next.
        box.lines.setFocus()
        self._dirty = True
        if wanted:
            box.append(suggestion.text)
        self._show_cards()
        self.keep()

    def _show_earlier(self) -> None:
        found = self._earlier
        fitting = found is not None and any(self._free(key) for key in found.words.texts)
        if found is not None:
            self.earlier_button.setText(f" 从上期带入（{found.title}）")
            self.earlier_button.setToolTip(f"把{found.title}写的文字放进还空着的框里，再改")
        set_shown(self.earlier_button, shown=fitting)

    def _free(self, key: str) -> bool:
        return key in self.boxes and not self.boxes[key].lines.toPlainText().strip()

    def _carry_on(self) -> None:
        """Begin with the words of the earlier period, where nothing is written yet."""
        if self._earlier is None:
            return
        free = [key for key in self._earlier.words.texts if self._free(key)]
        if free:
            self.boxes[free[0]].lines.setFocus()
        for key in free:
            self.boxes[key].write(self._earlier.words.texts[key])
        self.keep()
