"""The chip that says and changes whose records count: all 来源机构, or those that are ticked."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from xiaobao_desktop.services import origins
from xiaobao_desktop.services.charts import subjects
from xiaobao_desktop.services.origins import OWN_SIGN, Chosen
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui.models.filters import Filter
from xiaobao_desktop.ui.models.query import Query
from xiaobao_desktop.ui.pages.ledger_presenter import presenter_for
from xiaobao_desktop.ui.widgets.filter_panel import FilterPanel
from xiaobao_desktop.ui.widgets.labels import set_tone

ALL = "全部"


class OriginButton(QPushButton):
    """Shown only where there are records of other books; ``chosen`` tells that others count now."""

    chosen = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._ledger = subjects()[0].key
        self._filter: Filter | None = None
        self.setProperty("look", "chip")
        self.setAutoDefault(False)
        self.setToolTip("只统计勾选的机构；不勾就是全部")
        self.clicked.connect(self._open)
        if not session.banks:
            self.hide()
        self._show_words()

    @property
    def signs(self) -> Chosen:
        """Signs of the 来源机构 that count; () for all."""
        picked = self._filter.picked if self._filter is not None else ()
        return tuple(str(sign) if sign else OWN_SIGN for sign in picked)

    @property
    def words(self) -> str:
        """Their names in a few words."""
        return origins.names(self._session, self.signs) if self.signs else ALL

    def count_in(self, ledger_key: str) -> None:
        """Offer those that have records in this ledger."""
        self._ledger = ledger_key

    def follow(self) -> None:
        """The other books may have come or gone: let go of what is no longer there."""
        if any(sign not in (*self._session.banks, OWN_SIGN) for sign in self.signs):
            self._filter = None
        self.setVisible(bool(self._session.banks))
        self._show_words()

    def _open(self) -> None:
        presenter = presenter_for(self._session, self._session.ledger(self._ledger))
        panel = FilterPanel(self.window(), presenter, origins.FIELD, Query(), self._filter)
        panel.changed.connect(self._use)
        panel.open_below(self, panel.first_focus)

    def _use(self, chosen: Filter | None) -> None:
        self._filter = chosen
        self._show_words()
        self.chosen.emit()

    def _show_words(self) -> None:
        set_tone(self, "true" if self.signs else "false", "filled")
        self.setText(f"来源机构：{self.words}")
        self.setAccessibleName(self.text())
