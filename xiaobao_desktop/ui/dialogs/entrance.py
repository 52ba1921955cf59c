"""What the windows before the program proper share: a grey ground with one white card in the middle."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPalette, QResizeEvent
from PySide6.QtWidgets import QDialog, QFrame, QVBoxLayout, QWidget

from xiaobao_desktop import resources
from xiaobao_desktop.ui import theme
from xiaobao_desktop.ui.dialogs.error_dialog import show_error

PROGRAM_TITLE = "小保·消保台账"
_EDGE = 12


class EntranceWindow(QDialog):
    """A window of its own with a card in its middle; the card shrinks with a small screen and then scrolls inside."""

    def __init__(self, width: int, height: int, parent: QWidget | None = None) -> None:
        """Make the window; ``width`` and ``height`` of the card are sheet pixels."""
        super().__init__(parent)
        self.setWindowTitle(PROGRAM_TITLE)
        self.setWindowIcon(QIcon(str(resources.path("icons", "app.svg"))))
        self.setWindowFlags(
            Qt.WindowType.Window
            | Qt.WindowType.WindowTitleHint
            | Qt.WindowType.WindowMinMaxButtonsHint
            | Qt.WindowType.WindowCloseButtonHint
        )
        self.busy = False
        self._card_size = QSize(theme.px(width), theme.px(height))
        self.ground = QWidget(self)
        theme.surface(self.ground, QPalette.ColorRole.Window)
        self.card = QFrame(self.ground)
        self.card.setProperty("look", "card")
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.ground)
        self.resize(self._first_size())

    def reject(self) -> None:
        """Esc and the closing button; not while a book is being opened or made."""
        if not self.busy:
            super().reject()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the card in the middle."""
        super().resizeEvent(event)
        self.place_card()

    def place_card(self) -> None:
        """Put the card into the middle, as large as it wants to be and as the window allows."""
        room = self.size() - QSize(2 * theme.px(_EDGE), 2 * theme.px(_EDGE))
        size = self._card_size.boundedTo(room)
        left, top = (self.width() - size.width()) // 2, (self.height() - size.height()) // 2
        self.card.setGeometry(QRect(left, top, size.width(), size.height()))

    def tell(self, error: BaseException) -> None:
        """Show an error that came back from work beside the window."""
        show_error(error, self)

    def _first_size(self) -> QSize:
        """A comfortable size, never larger than the screen."""
        screen = QGuiApplication.primaryScreen().availableSize()
        wanted = self._card_size + QSize(theme.px(160), theme.px(120))
        return wanted.boundedTo(QSize(screen.width(), screen.height() - theme.px(32)))
