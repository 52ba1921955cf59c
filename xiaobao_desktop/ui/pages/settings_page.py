"""设置: this bank, the lists (branches, staff), appearance, password, about."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui.bus import bus
from xiaobao_desktop.ui.dialogs.leave import may_leave
from xiaobao_desktop.ui.pages.ledger_page import LedgerPage
from xiaobao_desktop.ui.pages.page import Page
from xiaobao_desktop.ui.pages.settings_about import AboutPanel
from xiaobao_desktop.ui.pages.settings_checklists import ChecklistsPanel
from xiaobao_desktop.ui.pages.settings_custom_fields import CustomFieldsPanel
from xiaobao_desktop.ui.pages.settings_denominators import DenominatorsPanel
from xiaobao_desktop.ui.pages.settings_letters import LettersPanel
from xiaobao_desktop.ui.pages.settings_lists import ListsPanel
from xiaobao_desktop.ui.pages.settings_obligations import ObligationsPanel
from xiaobao_desktop.ui.pages.settings_panels import BankPanel, LookPanel, Panel, PasswordPanel
from xiaobao_desktop.ui.pages.settings_rules import RulesPanel
from xiaobao_desktop.ui.pages.settings_users import UsersPanel
from xiaobao_desktop.ui.widgets.cards import TopBar
from xiaobao_desktop.ui.widgets.labels import hairline
from xiaobao_desktop.ui.widgets.segmented import TabStrip
from xiaobao_desktop.ui.widgets.toast import Toast

RULES, OBLIGATIONS, CHECKLISTS = "rules", "obligations", "checklists"
BANK, CHOICES, YEARLY, OWN_FIELDS = "bank", "choices", "yearly", "own_fields"
LETTERS, LOOK, USERS, PASSWORD, ABOUT = "letters", "look", "users", "password", "about"

AnyPanel = Panel | ListsPanel | LettersPanel | ChecklistsPanel
"""What stands on a tab besides the lists; all say what is unsaved and let it go."""


class SettingsPage(Page):
    """Tabs over panels; a panel is made when it is first seen. Lists are the ledgers that no date orders."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self._lists = {ledger.key: ledger for ledger in session.ledgers if not ledger.dated_by}
        names = [(key, ledger.label) for key, ledger in self._lists.items()]
        more = (
            (RULES, "规则"),
            (OBLIGATIONS, "报送事项"),
            (CHECKLISTS, "检查表"),
            (CHOICES, "选项"),
            (YEARLY, "年度基数"),
            (OWN_FIELDS, "自定义字段"),
            (LETTERS, "文书"),
            (LOOK, "外观"),
            (USERS, "用户与权限"),
            (PASSWORD, "密码"),
            (ABOUT, "关于"),
        )
        tabs = [(BANK, "本行信息"), *names, *more]
        if not session.role.may_change:
            tabs = [tab for tab in tabs if tab[0] in (USERS, PASSWORD, ABOUT)]
        self.tabs = TabStrip(tabs)
        self.stack = QStackedWidget()
        self._panels: dict[str, QWidget] = {}
        self._narrow = False
        bar = TopBar("设置")
        bar.row.addWidget(self.tabs)
        bar.row.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(bar)
        whole.addWidget(hairline())
        whole.addWidget(self.stack, 1)
        self.toast = Toast(self)
        self.tabs.chosen.connect(self._tab_chosen)
        bus().settings_changed.connect(self._reload)
        self._now = tabs[0][0]
        self.open_tab(self._now)

    def open_tab(self, key: str) -> QWidget:
        """Show a tab; ``bank``, ``look``, ``password``, ``about`` or the key of a list. Returns its panel."""
        self._now = key
        self.tabs.choose(key)
        panel = self.panel(key)
        self.stack.setCurrentWidget(panel)
        self.status_changed.emit(self.status_text())
        return panel

    def panel(self, key: str) -> QWidget:
        """The panel of a tab, made now if it was never shown."""
        if key not in self._panels:
            made = self._make(key)
            self._panels[key] = made
            self.stack.addWidget(made)
        return self._panels[key]

    def status_text(self) -> str:
        """Words of the list that is shown."""
        shown = self._panels.get(self._now)
        return shown.status_text() if isinstance(shown, Page) else ""

    def focus_search(self) -> bool:
        """Go to the search field of the list that is shown."""
        shown = self._panels[self._now]
        return isinstance(shown, Page) and shown.focus_search()

    def create_record(self) -> bool:
        """Begin a new branch or person."""
        shown = self._panels[self._now]
        return isinstance(shown, Page) and shown.create_record()

    def set_narrow(self, *, narrow: bool) -> None:
        """Hand the layout on to the lists."""
        self._narrow = narrow
        for panel in self._panels.values():
            if isinstance(panel, Page):
                panel.set_narrow(narrow=narrow)

    def has_unsaved(self) -> bool:
        """Whether something typed on a tab is not saved, or a form of a list is open with changes."""
        return any(
            panel.has_unsaved() if isinstance(panel, Page) else bool(_typed(panel)) for panel in self._panels.values()
        )

    def help_topic(self) -> str:
        """Tabs that a chapter other than that of the settings explains."""
        return {
            PASSWORD: "password",
            USERS: "users",
            LETTERS: "papers",
            CHECKLISTS: "checklists",
            OBLIGATIONS: "obligations",
        }.get(self._now, "")

    def may_leave(self) -> bool:
        """Ask when something typed is not saved."""
        shown = self._panels[self._now]
        if isinstance(shown, Page):
            return shown.may_leave()
        typed = _typed(shown)
        if not may_leave(typed, self):
            return False
        if typed and isinstance(shown, AnyPanel):
            shown.give_up()
        return True

    def _make(self, key: str) -> QWidget:
        if key in self._lists:
            page = LedgerPage(self.session, self._lists[key], embedded=True)
            page.status_changed.connect(lambda _text: self.status_changed.emit(self.status_text()))
            page.record_asked.connect(self.record_asked)
            page.records_asked.connect(self.records_asked)
            page.set_narrow(narrow=self._narrow)
            return page
        makers: dict[str, Callable[[Session], AnyPanel]] = {
            BANK: BankPanel,
            RULES: RulesPanel,
            OBLIGATIONS: ObligationsPanel,
            CHECKLISTS: ChecklistsPanel,
            CHOICES: ListsPanel,
            YEARLY: DenominatorsPanel,
            OWN_FIELDS: CustomFieldsPanel,
            LETTERS: LettersPanel,
            LOOK: LookPanel,
            USERS: UsersPanel,
            PASSWORD: PasswordPanel,
            ABOUT: AboutPanel,
        }
        panel = makers[key](self.session)
        panel.done.connect(self._told)
        return panel

    def _told(self, text: str) -> None:
        self.toast.tell(text)
        self.toast.raise_()

    def _tab_chosen(self, key: str) -> None:
        if self.may_leave():
            self.open_tab(key)
        else:
            self.tabs.choose(self._now)

    def _reload(self) -> None:
        """The book may be another one after a restore, and lists may have got fields of the bank's own."""
        for key, ledger in self._lists.items():
            self._lists[key] = self.session.ledger(key)
            panel = self._panels.get(key)
            if self._lists[key] != ledger and panel is not None and not panel.isVisible():
                self.stack.removeWidget(self._panels.pop(key))
                panel.deleteLater()
        bank = self._panels.get(BANK)
        if isinstance(bank, BankPanel) and not bank.isVisible():
            bank.load()


def _typed(panel: QWidget) -> list[str]:
    """Names of what was typed on a tab and is not saved."""
    return panel.unsaved() if isinstance(panel, AnyPanel) else []
