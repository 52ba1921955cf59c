"""The panel of the settings that tells what the program is and what it is made of, with every licence to be read."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from xiaobao_desktop import __version__, paths, resources
from xiaobao_desktop.libraries import libraries
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import fonts, theme
from xiaobao_desktop.ui.pages.settings_panels import Panel
from xiaobao_desktop.ui.widgets import buttons
from xiaobao_desktop.ui.widgets.cards import AppMark, Card
from xiaobao_desktop.ui.widgets.labels import label


class AboutPanel(Panel):
    """Version, where the book lies, and the fonts and libraries with their licences."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        head = QHBoxLayout()
        head.setSpacing(theme.px(12))
        head.addWidget(AppMark(36))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(label("小保·消保台账", fonts.CARD_TITLE, medium=True))
        words.addWidget(label(f"第 {__version__} 版·不联网，数据只在这台电脑上", fonts.SECOND, tone="2"))
        head.addLayout(words, 1)
        card = Card("关于")
        card.body.addLayout(head)
        card.body.addWidget(label(f"账簿位置：{session.directory}", fonts.SECOND, tone="2", wrap=True))
        portable = paths.portable_dir()
        if portable is not None:
            told = f"便携方式：账簿和设置都在“{portable}”，不写到电脑上。"
            card.body.addWidget(label(told, fonts.SECOND, tone="2", wrap=True))
        self.links: dict[str, QPushButton] = {}
        self.column.addWidget(card)
        self.column.addWidget(self._fonts())
        self.column.addWidget(self._libraries())
        self.column.addStretch(1)

    def show_licence(self, title: str, text: str) -> None:
        """Show a licence text."""
        dialog = LicenceDialog(title, text, self)
        dialog.exec()
        dialog.deleteLater()

    def _fonts(self) -> Card:
        card = Card("字体和图标")
        faces = resources.json_data("fonts", "fonts.json")["faces"].values()
        shown = {face["family"]: (face["licence"], ("fonts", face["licence_file"])) for face in faces}
        shown["Lucide 图标"] = ("ISC", ("icons", "LICENSE-lucide.txt"))
        grid = _grid()
        for row, (name, (licence, file)) in enumerate(shown.items()):
            grid.addWidget(label(name), row, 0)
            grid.addWidget(label(licence, tone="2"), row, 1)
            grid.addWidget(label("字体" if file[0] == "fonts" else "图标", fonts.SECOND, tone="2"), row, 2)
            grid.addWidget(self._link(name, partial(resources.text, *file)), row, 3)
        card.body.addLayout(grid)
        return card

    def _libraries(self) -> Card:
        card = Card("用到的程序库")
        grid = _grid()
        for row, item in enumerate(libraries()):
            grid.addWidget(label(f"{item.name} {item.version}".strip()), row, 0)
            grid.addWidget(label(item.licence, tone="2", wrap=True), row, 1)
            grid.addWidget(label(item.use, fonts.SECOND, tone="2"), row, 2)
            grid.addWidget(self._link(item.name, item.text), row, 3)
        card.body.addLayout(grid)
        return card

    def _link(self, name: str, text: Callable[[], str]) -> QPushButton:
        link = buttons.button("看全文", buttons.LINK)
        link.setAccessibleName(f"看 {name} 的许可证全文")
        link.clicked.connect(lambda _on=False: self.show_licence(name, text()))
        self.links[name] = link
        return link


class LicenceDialog(QDialog):
    """The text of a licence, to be read and copied."""

    def __init__(self, title: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"{title} 的许可证")
        self.resize(theme.px(640), theme.px(480))
        view = QPlainTextEdit(text)
        view.setReadOnly(True)
        view.setFont(fonts.font(fonts.HEADER))
        view.setAccessibleName("许可证全文")
        close = buttons.button("关闭", buttons.PRIMARY)
        close.clicked.connect(self.accept)
        whole = QVBoxLayout(self)
        edge = theme.px(16)
        whole.setContentsMargins(edge, edge, edge, edge)
        whole.setSpacing(theme.px(12))
        whole.addWidget(view, 1)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(close)
        whole.addLayout(row)


def _grid() -> QGridLayout:
    """Name, licence, use, link; the columns of both cards stand one below the other."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(theme.px(16))
    grid.setVerticalSpacing(theme.px(4))
    for column, share in enumerate((4, 4, 3, 0)):
        grid.setColumnStretch(column, share)
    return grid
