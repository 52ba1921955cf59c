"""查敏感用语: a text at the left with its sensitive words marked, each with its place, reason and advice at the right.

The list follows the text while it is typed or pasted. Nothing is saved here: what was found goes into a review.
"""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QTimer
from PySide6.QtGui import QColor, QGuiApplication, QKeySequence, QShortcut, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QTextEdit, QVBoxLayout, QWidget

from xiaobao_desktop.domain import sensitive
from xiaobao_desktop.domain.fields import Ledger, Record
from xiaobao_desktop.domain.sensitive import Hit
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import fonts, help_key, rights, theme
from xiaobao_desktop.ui.dialogs import two_sided
from xiaobao_desktop.ui.typed_draft import Parts, TypedDraft
from xiaobao_desktop.ui.widgets.buttons import GHOST, PRIMARY, button
from xiaobao_desktop.ui.widgets.labels import label
from xiaobao_desktop.ui.widgets.plain_table import PlainTable

_WIDTH, _HEIGHT = 1000, 500
_PATIENCE_MS = 150
_NO_LIMIT = 16777215
_NOTE = "查的用语在“设置→选项→敏感用语”里增删；没有查到不等于没有问题"
_TEXT, _OPINION = "checked_text", "opinion"
_EMPTY = "把宣传折页、海报、短信、条款的文字粘贴到左边（Ctrl+V），查到的敏感用语列在右边。"


class HitTable(PlainTable):
    """The hits: line, words, kind with the reason; as high as there is room."""

    def __init__(self) -> None:
        super().__init__("查到的敏感用语", ("行", "用语", "为什么不行"), stretched=2, opened=lambda: None)

    def show_hits(self, hits: tuple[Hit, ...]) -> None:
        """Show hits; the row stood on stays."""
        rows = [(str(hit.line), hit.text, f"{hit.kind}：{hit.reason}" if hit.kind else hit.reason) for hit in hits]
        self.fill(rows, [False] * len(rows))
        self.setMinimumHeight(0)
        self.setMaximumHeight(_NO_LIMIT)


class ReviewWordsDialog(QDialog):
    """Text and hits; when it is accepted, they go into a new review or into the one given."""

    def __init__(
        self, session: Session, ledger: Ledger, parent: QWidget | None = None, record: Record | None = None
    ) -> None:
        """Prepare the dialog with the text of ``record``; for a new review with the text on the clipboard."""
        super().__init__(parent)
        help_key.bind(self, f"{ledger.key}.words")
        self._session, self._ledger, self._record = session, ledger, record
        self._words = session.rules.catalog.list(sensitive.LIST).items
        self.hits: tuple[Hit, ...] = ()
        self.text = QPlainTextEdit()
        self.table = HitTable()
        self.advice = label("", fonts.SECOND, wrap=True)
        self.use_button = button("写进审查意见" if record else "填入审查单", PRIMARY, shortcut="Ctrl+Enter")
        self.cancel_button = button("取消", GHOST, shortcut="Esc")
        self._told = label("", fonts.SECOND, tone="2", wrap=True)
        self._patience = QTimer(self, singleShot=True, interval=_PATIENCE_MS)
        self._build()
        self._bind()
        draft = TypedDraft(self, session, Parts({"text": self.text}), given_up=self._begin)
        if not draft.begin(f"review_words.{record.id if record else 'new'}", "查敏感用语"):
            self._begin()
        self._look()

    def _begin(self) -> None:
        record = self._record
        self.text.setPlainText(str(record.values.get(_TEXT) or "") if record else QGuiApplication.clipboard().text())

    def new_record(self) -> Record:
        """An unsaved review of the text, its opinion begun with what was found."""
        values = {_TEXT: self.text.toPlainText().strip() or None, _OPINION: sensitive.opinion(self.hits) or None}
        return Record(values)

    def changed_record(self) -> Record:
        """The review given, with the text as it is now; what was found stands below its opinion."""
        assert self._record is not None
        before = str(self._record.values.get(_OPINION) or "")
        found = sensitive.opinion(self.hits)
        opinion = before if found in before else "\n".join(part for part in (before, found) if part)
        changed = {_TEXT: self.text.toPlainText().strip() or None, _OPINION: opinion or None}
        return replace(self._record, values={**self._record.values, **changed})

    def accept(self) -> None:
        """Hand over text and hits; without a text nothing happens."""
        self._look()
        if self.text.toPlainText().strip() and self.use_button.isEnabled():
            super().accept()

    def _build(self) -> None:
        self.setWindowTitle("查敏感用语")
        self.resize(theme.px(_WIDTH), theme.px(_HEIGHT))
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName("送审文字")
        self.text.setPlaceholderText("在这里粘贴送审的文字")
        right = QVBoxLayout()
        right.setSpacing(theme.px(8))
        right.addWidget(self.table, 1)
        right.addWidget(self.advice)
        two_sided.lay_out(self, self._told, self.text, right, _NOTE, (self.cancel_button, self.use_button))

    def _bind(self) -> None:
        self.text.textChanged.connect(self._patience.start)
        self._patience.timeout.connect(self._look)
        self.table.currentCellChanged.connect(lambda *_cells: self._stand())
        self.use_button.clicked.connect(self.accept)
        rights.restrict(self._session, self.use_button)
        rights.only_read(self._session, self.text)
        self.cancel_button.clicked.connect(self.reject)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.activated.connect(self.accept)
            rights.restrict(self._session, shortcut)

    def _look(self) -> None:
        """Bring hits and marks in line with the text."""
        self._patience.stop()
        text = self.text.toPlainText()
        self.hits = sensitive.find(text, self._words)
        self.table.show_hits(self.hits)
        some = bool(text.strip())
        self.use_button.setEnabled(some)
        self.use_button.setToolTip("" if some else "先在左边粘贴文字")
        words = f"查到 {len(self.hits)} 处，请逐处核对。" if self.hits else "没有查到敏感用语。"
        self._told.setText(words if some else _EMPTY)
        self._stand()

    def _stand(self) -> None:
        """Show the advice for the hit stood on, and mark every hit in the text, that one strongest."""
        row = self.table.currentRow()
        here = self.hits[row] if 0 <= row < len(self.hits) else None
        self.advice.setText(_told(here) if here else "")
        self.text.setExtraSelections([self._mark(hit, strong=hit is here) for hit in self.hits])
        if here is not None and not self.text.hasFocus():
            cursor = QTextCursor(self.text.document())
            cursor.setPosition(here.start)
            self.text.setTextCursor(cursor)
            self.text.ensureCursorVisible()

    def _mark(self, hit: Hit, *, strong: bool) -> QTextEdit.ExtraSelection:
        made = QTextEdit.ExtraSelection()
        cursor = QTextCursor(self.text.document())
        cursor.setPosition(hit.start)
        cursor.setPosition(hit.end, QTextCursor.MoveMode.KeepAnchor)
        look = QTextCharFormat()
        look.setBackground(QColor(theme.color("red_tint" if strong else "amber_tint")))
        look.setForeground(QColor(theme.color("red_text" if strong else "amber_text")))
        made.cursor, made.format = cursor, look  # type: ignore[attr-defined]
        return made


def _told(hit: Hit) -> str:
    """Reason and advice in full; a row of the table may be too narrow for them."""
    return f"{hit.reason}。建议：{hit.advice}。" if hit.advice else f"{hit.reason}。"
