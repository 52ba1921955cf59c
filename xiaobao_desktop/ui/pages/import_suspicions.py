"""After an import: records that look like others, compared beside the window a few at a time, then shown to be judged.

A ledger whose records are compared has a dialog ``ui/dialogs/<key>_suspicions.py`` with ``ask(session, found,
parent)``; it is found by its name.
"""

from __future__ import annotations

import importlib

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from xiaobao_desktop.domain.fields import Ledger
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.services.suspicion import Comparing, comparison
from xiaobao_desktop.ui import theme
from xiaobao_desktop.ui.tasks import Progress, Task, tasks
from xiaobao_desktop.ui.widgets.buttons import button
from xiaobao_desktop.ui.widgets.cards import line_icon
from xiaobao_desktop.ui.widgets.labels import label, set_shown

AT_A_TIME = 40
"""Records compared in one go; other work of the window gets its turn between."""


class SuspicionLine(QFrame):
    """A strip on the page of the result: how far the comparison is, then how many look alike, and a button."""

    finished = Signal()

    def __init__(self, session: Session, ledger: Ledger, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._ledger = session, ledger
        self._comparing: Comparing | None = None
        self._task: Task | None = None
        self.setProperty("look", "amber")
        self.words = label("", wrap=True)
        self.look_button = button("逐件判断…", icon="copy")
        self.look_button.clicked.connect(self.ask)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(12), theme.px(8), theme.px(12), theme.px(8))
        row.setSpacing(theme.px(8))
        row.addWidget(line_icon("copy", "amber_text", self))
        row.addWidget(self.words, 1)
        row.addWidget(self.look_button)
        self.forget()

    @property
    def busy(self) -> bool:
        """Whether records are still being compared."""
        return self._task is not None

    def forget(self) -> None:
        """Show nothing; a comparison under way is dropped."""
        if self._task is not None:
            self._task.cancel()
        self._comparing = self._task = None
        set_shown(self, shown=False)

    def compare(self, record_ids: tuple[int, ...]) -> None:
        """Begin to compare these records; the strip shows itself when something looks alike."""
        self.forget()
        self._comparing = comparison(self._session, self._ledger, record_ids)
        if self._comparing is not None:
            self._go_on(self._comparing)

    def ask(self) -> None:
        """Show what was found, to be judged one by one."""
        if self._comparing is None:
            return
        name = f"xiaobao_desktop.ui.dialogs.{self._ledger.key}_suspicions"
        self._comparing.found = importlib.import_module(name).ask(self._session, self._comparing.found, self.window())
        self._tell(self._comparing)

    def _go_on(self, comparing: Comparing) -> None:
        def work(_progress: Progress) -> Comparing:
            comparing.go_on(AT_A_TIME)
            return comparing

        self._task = tasks().run(work, self._done, self._failed, self)

    def _done(self, comparing: Comparing) -> None:
        self._task = None
        self._tell(comparing)
        if comparing.done < comparing.total:
            self._go_on(comparing)
        else:
            self.finished.emit()

    def _tell(self, comparing: Comparing) -> None:
        count = len(comparing.found)
        still = comparing.done < comparing.total
        words = f"有 {count} {self._ledger.unit}看起来和别的重复，或属于群体，由您判断"
        if still:
            words = f"正在比对有没有重复：{comparing.done} / {comparing.total} {self._ledger.unit}"
        elif not count and comparing.done:
            words = ""
        self.words.setText(words)
        self.look_button.setVisible(not still and count > 0)
        set_shown(self, shown=bool(words))

    def _failed(self, error: BaseException) -> None:
        from xiaobao_desktop.ui.dialogs.error_dialog import show_bug

        self.forget()
        show_bug(error, parent=self)


def imported_ids(changed: tuple[tuple[str, int], ...], ledger: Ledger) -> tuple[int, ...]:
    """Ids of the records of a ledger among what an import changed."""
    return tuple(record_id for key, record_id in changed if key == ledger.key and record_id)
