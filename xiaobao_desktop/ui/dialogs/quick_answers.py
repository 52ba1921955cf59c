"""随手查: a leader asks, the officer picks the question, Enter copies one sentence with exact numbers."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from xiaobao_desktop import pinyin
from xiaobao_desktop.services import quick_answers
from xiaobao_desktop.services.quick_answers import Question
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import fonts, help_key, rights, theme
from xiaobao_desktop.ui.dialogs.error_dialog import show_error
from xiaobao_desktop.ui.tasks import Task, tasks
from xiaobao_desktop.ui.widgets.buttons import PRIMARY, button
from xiaobao_desktop.ui.widgets.labels import card, hairline, label
from xiaobao_desktop.ui.widgets.segmented import Segmented

_WIDTH, _HEIGHT, _ROW, _ANSWER = 600, 480, 32, 76
COPIED = "已复制，可以直接粘贴"
_STEPS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class QuickAnswersDialog(QDialog):
    """Question field over the list, period, and the sentence below; arrow keys choose, Enter copies, Esc closes.

    Attributes:
        answers: the sentence of each question for the chosen period; empty while they are being read.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        help_key.bind(self, "workbench")
        self._session = session
        self._spans = quick_answers.spans(session.today())
        self._task: Task | None = None
        self.answers: dict[str, str] = {}
        self.words = QLineEdit()
        self.words.setPlaceholderText("输几个字或拼音首字母找问题，如 网点、csl")
        self.words.setAccessibleName("找问题")
        self.words.installEventFilter(self)
        self.spans = Segmented([(str(place), span.label) for place, span in enumerate(self._spans)])
        self.spans.setAccessibleName("期间")
        self.list = QListWidget()
        self.list.setProperty("look", "menu")
        self.list.setAccessibleName("问题")
        self.answer = label("", fonts.BODY, wrap=True)
        self.answer.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.hint = label("", fonts.SECOND, tone="green")
        self.copy_button = button("复制", PRIMARY, icon="copy", shortcut="Enter")
        self.close_button = button("关闭", shortcut="Esc")
        self._build()
        self._fill()
        self.words.textChanged.connect(self._narrow)
        self.spans.chosen.connect(lambda _key: self.read())
        self.list.currentRowChanged.connect(lambda _row: self._show_answer())
        self.list.itemActivated.connect(lambda _item: self.copy())
        self.words.returnPressed.connect(self.copy)
        self.copy_button.clicked.connect(self.copy)
        rights.restrict(session, self.copy_button)
        self.close_button.clicked.connect(self.reject)
        self.words.setFocus()
        self.read()

    def read(self) -> None:
        """Let the worker answer every question for the chosen period."""
        if self._task is not None:
            self._task.cancel()
        self.answers = {}
        self._show_answer()
        session, period = self._session, self._spans[int(self.spans.current())].period
        self._task = tasks().run(
            lambda _progress: quick_answers.answers(session, period), self._take, self._failed, self
        )

    @property
    def question(self) -> Question | None:
        """The chosen question; None when the words find none."""
        if self.list.currentRow() < 0:
            return None
        found: Question = self.list.currentItem().data(Qt.ItemDataRole.UserRole)
        return found

    def copy(self) -> None:
        """Put the sentence on the clipboard."""
        if self.answer.text() and self.answers and self._session.role.may_change:
            QGuiApplication.clipboard().setText(self.answer.text())
            self.hint.setText(COPIED)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The arrow keys choose a question while the words are typed."""
        pressed = watched is self.words and event.type() == QEvent.Type.KeyPress
        if pressed and isinstance(event, QKeyEvent) and event.key() in _STEPS:
            self._step(-1 if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_PageUp) else 1)
            return True
        return super().eventFilter(watched, event)

    def _take(self, found: dict[str, str]) -> None:
        self._task = None
        self.answers = found
        self._show_answer()

    def _failed(self, error: BaseException) -> None:
        self._task = None
        show_error(error, self)

    def _show_answer(self) -> None:
        self.hint.setText("")
        question = self.question
        if question is None:
            self.answer.setText("没有这个问题，请换几个字")
        else:
            self.answer.setText(self.answers.get(question.id, "正在计算…"))
        self.copy_button.setEnabled(question is not None and bool(self.answers))

    def _narrow(self, text: str) -> None:
        """Show the questions that hold the words, or whose initials do."""
        wanted = text.strip().lower()
        shown = []
        for row in range(self.list.count()):
            item = self.list.item(row)
            question: Question = item.data(Qt.ItemDataRole.UserRole)
            fits = not wanted or wanted in f"{question.question} {question.keys}".lower()
            fits = fits or any(wanted in pinyin.initials(part) for part in (question.question, *question.keys.split()))
            item.setHidden(not fits)
            if fits:
                shown.append(row)
        self.list.setCurrentRow(shown[0] if shown else -1)
        self._show_answer()

    def _step(self, by: int) -> None:
        rows = [row for row in range(self.list.count()) if not self.list.item(row).isHidden()]
        if rows:
            now = rows.index(self.list.currentRow()) if self.list.currentRow() in rows else 0
            self.list.setCurrentRow(rows[max(0, min(len(rows) - 1, now + by))])

    def _fill(self) -> None:
        for question in quick_answers.questions():
            item = QListWidgetItem(question.question)
            item.setData(Qt.ItemDataRole.UserRole, question)
            item.setSizeHint(QSize(0, theme.px(_ROW)))
            self.list.addItem(item)
        self.list.setCurrentRow(0)

    def _build(self) -> None:
        self.setWindowTitle("随手查")
        theme.surface(self)
        self.resize(theme.px(_WIDTH), theme.px(_HEIGHT))
        edge = theme.px(20)
        body = QVBoxLayout()
        body.setContentsMargins(edge, theme.px(14), edge, theme.px(14))
        body.setSpacing(theme.px(10))
        head = QHBoxLayout()
        head.addWidget(label("随手查", fonts.PAGE_TITLE, medium=True))
        head.addStretch(1)
        head.addWidget(self.spans)
        body.addLayout(head)
        body.addWidget(self.words)
        body.addWidget(self.list, 1)
        box = card()
        inner = QVBoxLayout(box)
        inner.setContentsMargins(theme.px(14), theme.px(12), theme.px(14), theme.px(12))
        inner.addWidget(self.answer)
        box.setMinimumHeight(theme.px(_ANSWER))
        body.addWidget(box)
        foot = QHBoxLayout()
        foot.setContentsMargins(edge, theme.px(10), edge, theme.px(10))
        foot.setSpacing(theme.px(8))
        foot.addWidget(self.hint, 1)
        foot.addWidget(self.close_button)
        foot.addWidget(self.copy_button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(body, 1)
        whole.addWidget(hairline())
        whole.addLayout(foot)
