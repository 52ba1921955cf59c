"""The manual: contents at the left, a chapter at the right, search over all of it, the way back.

It is no dialog that has to be closed first: it stays open beside the work.
"""

from __future__ import annotations

import re
from typing import Any

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, QUrl
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QResizeEvent,
    QShortcut,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QTextBrowser,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from xiaobao_desktop import resources
from xiaobao_desktop.ui import fonts, icons, theme
from xiaobao_desktop.ui.models import manual
from xiaobao_desktop.ui.models.manual import Chapter
from xiaobao_desktop.ui.widgets.buttons import icon_button
from xiaobao_desktop.ui.widgets.labels import hairline, label
from xiaobao_desktop.ui.widgets.search_box import SearchBox

SIZE, SMALLEST = (1000, 660), (640, 420)
CONTENTS, MARGIN, WIDEST_PICTURE = 208, 28, 860
_KEY_ROLE = int(Qt.ItemDataRole.UserRole)

_STYLE = """
h1 {{ font-size: 15pt; font-weight: 500; color: {text}; margin-top: 6px; margin-bottom: 10px; }}
h2 {{ font-size: 11pt; font-weight: 500; color: {text}; margin-top: 18px; margin-bottom: 6px; }}
p, li {{ color: {text}; line-height: 150%; margin-top: 4px; margin-bottom: 6px; }}
p.note {{ color: {text2}; }}
p.picture {{ margin-top: 10px; margin-bottom: 14px; line-height: 100%; }}
td, th {{ color: {text}; padding: 5px 14px 5px 0px; }}
th {{ color: {text2}; font-weight: 500; text-align: left; }}
a {{ color: {link}; text-decoration: none; }}
.key {{ background-color: {press}; color: {text}; font-weight: 500; }}
"""


class ManualText(QTextBrowser):
    """Shows one chapter; pictures are drawn as wide as the column."""

    def __init__(self) -> None:
        super().__init__()
        self.setOpenLinks(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setProperty("look", "manual")
        self.setAccessibleName("手册正文")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.document().setDocumentMargin(theme.px(MARGIN))
        self._chapter: Chapter | None = None
        self._again = QTimer(self, singleShot=True, interval=120)
        self._again.timeout.connect(self.redraw)
        self._drawn_at = 0

    def show_chapter(self, chapter: Chapter) -> None:
        """Show a chapter from its beginning."""
        self._chapter = chapter
        self._drawn_at = self._picture_width()
        names = ("text", "text2", "link", "press")
        colours = {name: theme.color(name).name() for name in names}
        self.document().setDefaultStyleSheet(_STYLE.format(**colours))
        text = re.sub(r'<img src="([^"]+)"', rf'<img src="\g<1>?{self._drawn_at}"', chapter.text)
        # Half a blank at both sides keeps the words of a key off the edge of its ground.
        text = re.sub(r'<span class="key">([^<]+)</span>', '<span class="key">\u2009\\g<1>\u2009</span>', text)
        self.setHtml(f"<h1>{chapter.title}</h1>{text}")

    def mark(self, words: list[str]) -> None:
        """Mark every place where one of the words occurs."""
        marks: list[QTextEdit.ExtraSelection] = []
        for word in words:
            cursor = self.document().find(word, 0)
            while not cursor.isNull():
                made = QTextEdit.ExtraSelection()
                made.cursor = cursor  # type: ignore[attr-defined]
                made.format.setBackground(theme.color("amber_tint"))  # type: ignore[attr-defined]
                marks.append(made)
                cursor = self.document().find(word, cursor)
        self.setExtraSelections(marks)

    def next_mark(self, word: str) -> bool:
        """Go to the next place of a word, from the end to the beginning again; False when there is none."""
        if self.find(word):
            return True
        self.moveCursor(QTextCursor.MoveOperation.Start)
        return self.find(word)

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        """A picture of the manual in the width asked for, with a thin edge."""
        url = QUrl(name) if isinstance(name, str) else name
        if kind != QTextDocument.ResourceType.ImageResource.value:
            return super().loadResource(kind, url)
        picture = QImage(str(resources.path(manual.FOLDER, manual.PICTURES, url.path())))
        ratio = self.devicePixelRatioF()
        wide = min(picture.width(), round(int(url.query()) * ratio))
        drawn = picture.convertToFormat(QImage.Format.Format_RGB32)
        drawn = drawn.scaledToWidth(wide, Qt.TransformationMode.SmoothTransformation)
        painter = QPainter(drawn)
        painter.setPen(QColor(theme.color("button_edge")))
        painter.drawRect(0, 0, drawn.width() - 1, drawn.height() - 1)
        painter.end()
        drawn.setDevicePixelRatio(ratio)
        return drawn

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw the pictures anew when the width has settled."""
        super().resizeEvent(event)
        if self._chapter is not None and self._picture_width() != self._drawn_at:
            self._again.start()

    def redraw(self) -> None:
        """Draw the chapter anew in the colours and the width of now; its place stays."""
        if self._chapter is not None:
            place = self.verticalScrollBar().value()
            self.show_chapter(self._chapter)
            self.verticalScrollBar().setValue(place)

    def _picture_width(self) -> int:
        return min(theme.px(WIDEST_PICTURE), max(200, self.viewport().width() - 2 * theme.px(MARGIN)))


class ManualWindow(QWidget):
    """The window of the manual; :func:`manual_of` gives the one of a main window or dialog."""

    def __init__(self, owner: QWidget) -> None:
        super().__init__(owner, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("小保使用手册")
        self.setWindowIcon(icons.app_icon())
        self.setMinimumSize(theme.px(SMALLEST[0]), theme.px(SMALLEST[1]))
        theme.surface(self)
        self._past: list[str] = []
        self._key = ""
        self._words: list[str] = []
        self.contents = QListWidget()
        self.text = ManualText()
        self.search_box = SearchBox("搜索手册…")
        self.back_button = icon_button("arrow-left", "返回上一页（Alt+←）")
        self._nothing = label("", tone="2", wrap=True)
        self._build()
        self._connect()
        self.resize(self._size())

    @property
    def key(self) -> str:
        """Key of the chapter that is shown."""
        return self._key

    def open_topic(self, topic: str) -> None:
        """Come to the front with the chapter that explains a page or dialog."""
        self.show()
        self.go_to(manual.chapter_for(topic).key)
        self.raise_()
        self.activateWindow()
        self.text.setFocus()

    def go_to(self, key: str) -> None:
        """Show a chapter; the one shown before is remembered for the way back."""
        if key == self._key:
            return
        if self._key:
            self._past.append(self._key)
        self._show(key)

    def back(self) -> None:
        """Show the chapter before."""
        if self._past:
            self._show(self._past.pop())

    # Making

    def _build(self) -> None:
        self.contents.setProperty("look", "menu")
        self.contents.setAccessibleName("目录")
        self.contents.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for item in manual.chapters():
            line = QListWidgetItem(item.title)
            line.setData(_KEY_ROLE, item.key)
            line.setSizeHint(QSize(0, theme.px(34)))
            self.contents.addItem(line)
        side = QWidget()
        side.setFixedWidth(theme.px(CONTENTS))
        column = QVBoxLayout(side)
        column.setContentsMargins(theme.px(10), theme.px(10), theme.px(10), theme.px(10))
        column.addWidget(self._nothing)
        column.addWidget(self.contents, 1)
        self._nothing.hide()
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(side)
        middle.addWidget(hairline(vertical=True))
        middle.addWidget(self.text, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._top())
        whole.addWidget(hairline())
        whole.addLayout(middle, 1)

    def _top(self) -> QWidget:
        bar = QWidget()
        bar.setFixedHeight(theme.px(56))
        row = QHBoxLayout(bar)
        row.setContentsMargins(theme.px(14), 0, theme.px(20), 0)
        row.setSpacing(theme.px(8))
        row.addWidget(self.back_button)
        row.addWidget(label("使用手册", fonts.PAGE_TITLE, medium=True))
        row.addStretch(1)
        self.search_box.setFixedWidth(theme.px(260))
        row.addWidget(self.search_box)
        return bar

    def _connect(self) -> None:
        self.back_button.clicked.connect(self.back)
        self.contents.currentItemChanged.connect(self._chosen)
        self.search_box.searched.connect(self._search)
        self.search_box.returnPressed.connect(self._next)
        self.text.anchorClicked.connect(self._follow)
        theme.notifier().changed.connect(self.text.redraw)
        for keys, act in {"Alt+Left": self.back, "Ctrl+F": self.search_box.setFocus, "F1": self.text.setFocus}.items():
            QShortcut(QKeySequence(keys), self).activated.connect(act)

    def _size(self) -> QSize:
        free = self.screen().availableGeometry()
        wide, high = (theme.px(side) for side in SIZE)
        return QSize(min(wide, free.width() - theme.px(40)), min(high, free.height() - theme.px(60)))

    # What happens

    def _show(self, key: str) -> None:
        self._key = key
        self.text.show_chapter(manual.chapter(key))
        self.text.mark(self._words)
        self.contents.blockSignals(True)
        keys = [item.key for item in manual.chapters()]
        self.contents.setCurrentRow(keys.index(key))
        self.contents.blockSignals(False)
        self.back_button.setEnabled(bool(self._past))

    def _chosen(self, line: QListWidgetItem | None) -> None:
        if line is not None and not line.isHidden():
            self.go_to(str(line.data(_KEY_ROLE)))

    def _follow(self, url: QUrl) -> None:
        target = url.toString()
        if target.startswith(manual.LINK):
            self.go_to(target.removeprefix(manual.LINK))

    def _search(self, text: str) -> None:
        found = manual.hits(text)
        self._words = text.split()
        for row, item in enumerate(manual.chapters()):
            line = self.contents.item(row)
            line.setHidden(bool(text) and item.key not in found)
            line.setText(f"{item.title}　{found[item.key]}" if item.key in found else item.title)
        self._nothing.setText(f"手册里没有“{text}”，换个说法试试。")
        self._nothing.setVisible(bool(text) and not found)
        if found and self._key not in found:
            self.go_to(next(iter(found)))
        self.text.mark(self._words)
        if self._words:
            self.text.moveCursor(QTextCursor.MoveOperation.Start)
            self.text.next_mark(self._words[0])

    def _next(self) -> None:
        if self._words:
            self.text.next_mark(self._words[0])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Draw the pictures for the screen the window has come to."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self.text.redraw()


def manual_of(owner: QWidget) -> ManualWindow:
    """The manual that belongs to a top-level window, made now when there is none.

    A dialog has one of its own: while it is open, every window that is not its child hears nothing.
    """
    for child in owner.children():
        if isinstance(child, ManualWindow) and child.isVisible():
            return child
    return ManualWindow(owner)
