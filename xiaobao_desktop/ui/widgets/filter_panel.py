"""The panel that drops from a filter chip or a header's ▾: sort, then tick values, choose a period, or type a part."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QListWidget, QListWidgetItem, QWidget

from xiaobao_desktop.domain.catalog import plain
from xiaobao_desktop.domain.dates import read_date
from xiaobao_desktop.domain.fields import Field, Kind, Value
from xiaobao_desktop.ui import fonts, theme
from xiaobao_desktop.ui.delegates.tick_item import COUNT_ROLE, LEVEL_ROLE, LINE, TickDelegate
from xiaobao_desktop.ui.models import filters
from xiaobao_desktop.ui.models.filters import Facet, Filter
from xiaobao_desktop.ui.models.query import Query
from xiaobao_desktop.ui.pages.ledger_presenter import Presenter
from xiaobao_desktop.ui.widgets.buttons import GHOST, button
from xiaobao_desktop.ui.widgets.labels import hairline, label, set_tone
from xiaobao_desktop.ui.widgets.popup_panel import PopupPanel

FIND_FROM, LINES_SHOWN, WIDTH = 9, 9, 264
_VALUE_ROLE = int(Qt.ItemDataRole.UserRole) + 3


class FilterPanel(PopupPanel):
    """Changes take effect at once: ``changed`` carries the new :class:`Filter` or None; ``sorted_by`` a direction."""

    changed = Signal(object)
    sorted_by = Signal(bool)

    def __init__(
        self,
        window: QWidget,
        presenter: Presenter,
        item: Field,
        query: Query,
        current: Filter | None,
        *,
        with_sort: bool = False,
    ) -> None:
        """Offer the values of ``item`` under ``query``, in which the field's own filter is left out."""
        super().__init__(window)
        self._presenter, self._item, self._query, self._current = presenter, item, query, current
        self.frame.setMinimumWidth(theme.px(WIDTH))
        self._first: QWidget = self
        if with_sort:
            self._add_sorting()
        self._list: QListWidget | None = None
        if item.kind in filters.TICKED:
            self._add_ticks()
        elif item.kind is Kind.DATE:
            self._add_period()
        else:
            self._add_text()
        self.add_foot("清除", self._clear)

    @property
    def first_focus(self) -> QWidget:
        """The widget that should get the focus when the panel opens."""
        return self._first

    # Sorting

    def _add_sorting(self) -> None:
        for words, descending, icon in (("升序", False, "arrow-up"), ("降序", True, "arrow-down")):
            made = button(words, GHOST, icon=icon)
            made.clicked.connect(lambda _checked=False, down=descending: self._sort(down))
            row = QHBoxLayout()
            row.addWidget(made)
            row.addStretch(1)
            self.body.addLayout(row)
        self.body.addWidget(hairline())

    def _sort(self, descending: bool) -> None:
        self.sorted_by.emit(descending)
        self.close_panel()

    # Ticked values

    def _add_ticks(self) -> None:
        found = filters.facets(self._presenter.session, self._presenter.ledger, self._item, self._query)
        self._list = QListWidget()
        self._list.setItemDelegate(TickDelegate(self._list))
        self._list.setAccessibleName(self._item.label)
        self._list.setMouseTracking(True)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setFixedHeight(theme.px(LINE) * max(1, min(LINES_SHOWN, len(found))) + 2)
        self._fill(found)
        self._list.itemChanged.connect(lambda _item: self._send_ticks())
        self._list.itemActivated.connect(lambda _item: self.close_panel())
        self._first = self._list
        if len(found) >= FIND_FROM:
            find = _FindField("输入名称、代码或拼音首字母")
            find.textChanged.connect(self._find)
            find.down.connect(self._list.setFocus)
            find.returnPressed.connect(self._tick_only_visible)
            self.body.addWidget(find)
            self._first = find
        self.body.addWidget(self._list)
        if not found:
            self.body.addWidget(label("没有可选的值", fonts.SECOND, tone="3"))

    def _fill(self, found: Sequence[Facet]) -> None:
        assert self._list is not None
        picked = self._current.picked if self._current else ()
        for facet in found:
            line = QListWidgetItem(facet.name)
            line.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable)
            line.setCheckState(Qt.CheckState.Checked if facet.value in picked else Qt.CheckState.Unchecked)
            line.setData(COUNT_ROLE, facet.count)
            line.setData(LEVEL_ROLE, facet.level)
            line.setData(_VALUE_ROLE, [facet.value])
            self._list.addItem(line)
        if found:
            self._list.setCurrentRow(0)

    def _find(self, text: str) -> None:
        from xiaobao_desktop.pinyin import initials

        assert self._list is not None
        wanted = plain(text)
        for line in self._lines():
            name, value = line.text(), line.data(_VALUE_ROLE)[0]
            fits = (
                wanted in plain(name) or wanted in initials(name) or str(value or "").lower().startswith(text.lower())
            )
            line.setHidden(bool(wanted) and not fits)

    def _tick_only_visible(self) -> None:
        """Enter in the search field ticks the one line that is left."""
        left = [line for line in self._lines() if not line.isHidden()]
        if len(left) == 1:
            _toggle(left[0])

    def _lines(self) -> list[QListWidgetItem]:
        assert self._list is not None
        return [self._list.item(row) for row in range(self._list.count())]

    def _send_ticks(self) -> None:
        picked: list[Value] = [
            line.data(_VALUE_ROLE)[0] for line in self._lines() if line.checkState() is Qt.CheckState.Checked
        ]
        self._set(filters.ticked(self._presenter.session, self._presenter.ledger, self._item, picked))

    # Periods

    def _add_period(self) -> None:
        today = self._presenter.session.today()
        grid = QGridLayout()
        grid.setSpacing(theme.px(6))
        for place, span in enumerate(filters.spans(today)):
            made = button(span.name)
            made.clicked.connect(lambda _checked=False, chosen=span: self._choose_span(chosen))
            grid.addWidget(made, place // 3, place % 3)
            if place == 0:
                self._first = made
        self.body.addLayout(grid)
        ends = self._current.picked if self._current and len(self._current.picked) == 2 else ("", "")
        self._from, self._to = (_FindField("如 2026.3.1") for _end in ends)
        row = QHBoxLayout()
        for field, end, name in ((self._from, ends[0], "从"), (self._to, ends[1], "到")):
            field.setText(str(end or ""))
            field.setAccessibleName(name)
            field.editingFinished.connect(self._read_period)
            row.addWidget(label(name, fonts.SECOND, tone="2"))
            row.addWidget(field, 1)
        self.body.addLayout(row)
        self._fault = label("", fonts.HEADER, tone="red", wrap=True)
        self._fault.hide()
        self.body.addWidget(self._fault)
        missing = button("未填写", GHOST)
        missing.clicked.connect(lambda: self._set(filters.unfilled(self._item.key)))
        line = QHBoxLayout()
        line.addWidget(missing)
        line.addStretch(1)
        self.body.addLayout(line)

    def _choose_span(self, span: filters.Span) -> None:
        self._set(filters.in_period(self._item.key, span.first, span.last, span.words))
        self.close_panel()

    def _read_period(self) -> None:
        days: list[date | None] = []
        for field in (self._from, self._to):
            reading = read_date(field.text())
            faulty = bool(field.text().strip()) and reading.value is None
            set_tone(field, "true" if faulty else "false", "wrong")
            if faulty:
                self._tell_fault(reading.problem or "请写全年月日，如 2026-3-1")
                return
            days.append(reading.value)
        first, last = days
        if first and last and first > last:
            self._tell_fault(f"开始（{first}）晚于结束（{last}），请核对")
            return
        self._tell_fault("")
        self._set(filters.in_period(self._item.key, first, last))

    def _tell_fault(self, text: str) -> None:
        self._fault.setText(text)
        self._fault.setVisible(bool(text))

    # Text

    def _add_text(self) -> None:
        field = _FindField(f"{self._item.label}里含有…")
        field.setText(str(self._current.picked[0] or "") if self._current and self._current.picked else "")
        field.settled.connect(lambda text: self._set(filters.containing(self._item.key, text)))
        field.returnPressed.connect(self.close_panel)
        self.body.addWidget(field)
        self._first = field
        missing = button("未填写", GHOST)
        missing.clicked.connect(lambda: self._set(filters.unfilled(self._item.key)))
        row = QHBoxLayout()
        row.addWidget(missing)
        row.addStretch(1)
        self.body.addLayout(row)

    # All

    def _clear(self) -> None:
        self._set(None)
        self.close_panel()

    def _set(self, chosen: Filter | None) -> None:
        if chosen != self._current:
            self._current = chosen
            self.changed.emit(chosen)


class _FindField(QLineEdit):
    """A field that is deaf while the input method composes; ``settled`` carries finished text, ``down`` the ↓ key."""

    settled = Signal(str)
    down = Signal()

    def __init__(self, hint: str) -> None:
        super().__init__()
        self._composing = False
        self.setPlaceholderText(hint)
        self.setAccessibleName(hint)
        self.textChanged.connect(self._tell)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Note whether letters are still being composed."""
        self._composing = bool(event.preeditString())
        super().inputMethodEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """↓ goes to the list."""
        if event.key() == Qt.Key.Key_Down:
            self.down.emit()
            return
        super().keyPressEvent(event)

    def _tell(self, text: str) -> None:
        if not self._composing:
            self.settled.emit(text)


def _toggle(line: QListWidgetItem) -> None:
    ticked = line.checkState() is Qt.CheckState.Checked
    line.setCheckState(Qt.CheckState.Unchecked if ticked else Qt.CheckState.Checked)
