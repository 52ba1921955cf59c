"""The head of the report page: period, 口径, and what can be done with the report.

Where the window has no room for every button, the kinds of files go into the menu of one button 另存.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from xiaobao_desktop.services.report_kind import ReportKind
from xiaobao_desktop.ui import theme
from xiaobao_desktop.ui.widgets import buttons
from xiaobao_desktop.ui.widgets.cards import TopBar
from xiaobao_desktop.ui.widgets.labels import set_shown
from xiaobao_desktop.ui.widgets.method_button import MethodButton
from xiaobao_desktop.ui.widgets.period_selector import PeriodSelector
from xiaobao_desktop.ui.widgets.segmented import Segmented

LENGTHS = {1: "月", 3: "季", 6: "半年", 12: "年"}
"""Lengths of periods by their months, as the switch names them."""
FILES = {"docx": ("Word", "file-down"), "pdf": ("PDF 另存", "download"), "xlsx": ("Excel", "file-spreadsheet")}
"""What a report can be saved as: format, words on its button, icon."""
FILE_KEY = "Ctrl+G"
"""Files the report (定稿)."""
MENU_WORDS = {"docx": "Word 文档", "pdf": "PDF 文件", "xlsx": "Excel 工作簿"}


class ReportBar(TopBar):
    """The bar.

    Signals:
        period_chosen: another period.
        method_chosen: another 口径.
        save_asked: the format to save the report in.
    """

    period_chosen = Signal()
    method_chosen = Signal()
    save_asked = Signal(str)

    def __init__(self, today: date) -> None:
        super().__init__("报表")
        self.lengths = Segmented([(str(months), name) for months, name in LENGTHS.items()])
        self.lengths.setAccessibleName("期间长短")
        self.period = PeriodSelector(today)
        self.method = MethodButton()
        self.again_button = buttons.button("重新生成", icon="refresh-cw")
        self.file_buttons = {key: buttons.button(words, icon=icon) for key, (words, icon) in FILES.items()}
        self.save_button = buttons.button("另存", icon="download")
        self.print_button = buttons.button("打印", icon="printer")
        self.file_button = buttons.button("定稿", buttons.PRIMARY, icon="stamp")
        self._menu = QMenu(self.save_button)
        self._formats: tuple[str, ...] = ()
        self._again_words = self.again_button.text()
        self._build()
        self._connect()

    @property
    def taking(self) -> tuple[QPushButton, ...]:
        """The buttons that need a report."""
        return (*self.file_buttons.values(), self.save_button, self.print_button, self.file_button)

    def offer(self, kind: ReportKind) -> None:
        """Turn to a report: its lengths of periods (the usual one is chosen), whether it has a 口径, its files."""
        months = kind.info.months or tuple(LENGTHS)
        keys = [str(length) for length in sorted(months)]
        set_shown(self.lengths, shown=len(keys) > 1)
        self.lengths.offer(keys)
        self.lengths.choose(str(months[0]))
        self.period.set_length(months[0])
        set_shown(self.method, shown=kind.follows_method)
        self._formats = kind.info.formats
        self._menu.clear()
        for key in (key for key in FILES if key in self._formats):
            self._menu.addAction(MENU_WORDS[key]).setData(key)
        self.fit()

    def choose_length(self, months: int) -> None:
        """Turn to periods of another length."""
        self.lengths.choose(str(months))
        self.period.set_length(months)

    def fit(self) -> None:
        """Arrange the buttons for the width there is: each by itself, the files in a menu, at last bare icons."""
        files = [self.file_buttons[key] for key in self._formats if key in self.file_buttons]
        hidden = [button for key, button in self.file_buttons.items() if key not in self._formats]
        self.again_button.setText(self._again_words)
        roomy = self._needs([*files], without=[self.save_button, *hidden]) <= self.width()
        for button in files:
            set_shown(button, shown=roomy)
        for button in hidden:
            set_shown(button, shown=False)
        set_shown(self.save_button, shown=not roomy)
        if not roomy and self._needs([self.save_button], without=[*files, *hidden]) > self.width():
            self.again_button.setText("")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Use the new width."""
        super().resizeEvent(event)
        self.fit()

    def _needs(self, also: Sequence[QWidget], without: Sequence[QWidget]) -> int:
        """Width of the bar with ``also`` shown and ``without`` hidden; all others as they are."""
        margins = self.row.contentsMargins()
        direct = Qt.FindChildOption.FindDirectChildrenOnly
        shown = [
            child
            for child in self.findChildren(QWidget, options=direct)
            if child not in without and (child in also or not child.isHidden()) and self.row.indexOf(child) >= 0
        ]
        widths = [max(child.sizeHint().width(), child.minimumWidth()) + self.row.spacing() for child in shown]
        # The blank behind the title and the one that stretches stand between two spacings of their own.
        return margins.left() + margins.right() + sum(widths) + theme.px(8) + 2 * self.row.spacing()

    def _build(self) -> None:
        self.save_button.setMenu(self._menu)
        self.save_button.setToolTip("把报表存成 Word、PDF 等文件")
        self.again_button.setToolTip("重新生成")
        self.print_button.setToolTip("Ctrl+P")
        QShortcut(QKeySequence(FILE_KEY), self).activated.connect(self.file_button.click)
        self.file_button.setToolTip(f"定稿：文件逐字节存进账簿（{FILE_KEY}）")
        for widget in (self.lengths, self.period, self.method):
            self.row.addWidget(widget)
        self.row.addStretch(1)
        for button in (self.again_button, *self.file_buttons.values(), self.save_button):
            self.row.addWidget(button)
        for button in (self.print_button, self.file_button):
            self.row.addWidget(button)
        self.row.setSpacing(theme.px(8))

    def _connect(self) -> None:
        self.lengths.chosen.connect(self._length_chosen)
        self.period.chosen.connect(lambda _period: self.period_chosen.emit())
        self.method.chosen.connect(lambda _method: self.method_chosen.emit())
        self._menu.triggered.connect(lambda action: self.save_asked.emit(action.data()))
        for key, button in self.file_buttons.items():
            button.clicked.connect(partial(self._save, key))

    def _save(self, key: str, _checked: bool = False) -> None:
        self.save_asked.emit(key)

    def _length_chosen(self, key: str) -> None:
        self.period.set_length(int(key))
        self.period_chosen.emit()
