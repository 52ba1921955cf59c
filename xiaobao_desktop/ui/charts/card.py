"""A card with one chart and the buttons that take it along: copy, PNG, SVG, into a report."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Signal
from PySide6.QtGui import QGuiApplication, QImage, QImageWriter
from PySide6.QtWidgets import QFileDialog, QWidget

from xiaobao_desktop import paths
from xiaobao_desktop.domain.charts import Chart
from xiaobao_desktop.services import chart_pictures
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import rights
from xiaobao_desktop.ui.charts.view import ChartView
from xiaobao_desktop.ui.tasks import Progress, tasks
from xiaobao_desktop.ui.widgets.buttons import icon_button
from xiaobao_desktop.ui.widgets.titled_card import TitledCard

_KINDS = {"png": "PNG 图片 (*.png)", "svg": "SVG 图片 (*.svg)"}


class ChartCard(TitledCard):
    """One chart of the page.

    Signals:
        told: words for the officer, such as where a picture was saved.
        report_asked: the chart is to be put into a report.
    """

    told = Signal(str)
    report_asked = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("")
        self.setParent(parent)
        self._session = session
        self.view = ChartView()
        self.note = ""
        self._digits = 2
        self.copy_button = icon_button("copy", "复制图片")
        self.png_button = icon_button("image", "存成 PNG 图片")
        self.svg_button = icon_button("file-down", "存成 SVG 图片（可放大不变糊）")
        self.report_button = icon_button("file-input", "放进报告")
        for made in (self.copy_button, self.png_button, self.svg_button, self.report_button):
            self.head.addWidget(made)
        rights.restrict(session, self.copy_button, self.png_button, self.svg_button)
        self.column.addWidget(self.view, 1)
        self.copy_button.clicked.connect(self.copy)
        self.png_button.clicked.connect(lambda: self.save("png"))
        self.svg_button.clicked.connect(lambda: self.save("svg"))
        self.report_button.clicked.connect(self.report_asked)

    @property
    def chart(self) -> Chart | None:
        """The chart shown."""
        return self.view.chart

    def show_chart(self, chart: Chart, digits: int, note: str) -> None:
        """Show a chart; ``note`` (period and 口径) goes onto pictures that are taken along."""
        self.note, self._digits = note, digits
        self.title.setText(chart.title)
        self.hint.set_text(chart.hint)
        for made, words in (
            (self.copy_button, "复制图片"),
            (self.png_button, "存成 PNG 图片"),
            (self.svg_button, "存成 SVG 图片"),
            (self.report_button, "放进报告"),
        ):
            made.setAccessibleName(f"{words}：{chart.title}")
        self.view.show_chart(chart, digits)

    def copy(self) -> None:
        """Put the picture on the clipboard."""
        chart, note, digits, session, name = self.chart, self.note, self._digits, self._session, self._name()
        if chart is None:
            return

        def work(_progress: Progress) -> QImage:
            chart_pictures.copied(session, name)
            return image_of(chart, note, digits)

        tasks().run(work, self._copied, self._failed, self)

    def save(self, kind: str) -> None:
        """Ask where to, and write the picture as ``png`` or ``svg``."""
        if self.chart is None:
            return
        proposed = paths.documents_dir() / f"{self._name()}.{kind}"
        chosen, _kind = QFileDialog.getSaveFileName(self, "图表另存为", str(proposed), _KINDS[kind])
        if chosen:
            self.save_to(Path(chosen), kind)

    def save_to(self, target: Path, kind: str) -> None:
        """Write the picture to ``target``; an existing file is replaced only when the new one is whole."""
        chart, note, digits, session, name = self.chart, self.note, self._digits, self._session, self._name()
        if chart is None:
            return
        target = target if target.suffix else target.with_suffix(f".{kind}")

        def work(_progress: Progress) -> Path:
            content = png_of(chart, note, digits) if kind == "png" else chart_pictures.svg_of(chart, note, digits)
            chart_pictures.save(session, name, target, content, kind)
            return target

        tasks().run(work, lambda saved: self.told.emit(f"已另存：{saved.name}"), self._failed, self)

    def _name(self) -> str:
        """The chart with its period."""
        return f"{self.chart.title if self.chart else ''}-{self.note.split('，')[0]}"

    def _copied(self, image: QImage) -> None:
        QGuiApplication.clipboard().setImage(image)
        self.told.emit("已复制图片，可以粘贴到文档里")

    def _failed(self, error: BaseException) -> None:
        from xiaobao_desktop.ui.dialogs.error_dialog import show_error

        show_error(error, self)


def image_of(chart: Chart, note: str, digits: int) -> QImage:
    """A chart with its title, dark on white whatever the window looks like."""
    made = chart_pictures.pixels_of(chart, note, digits)
    line = 4 * made.width
    return QImage(made.rgba, made.width, made.height, line, QImage.Format.Format_RGBA8888).copy()


def png_of(chart: Chart, note: str, digits: int) -> bytes:
    """The same as a PNG file."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, QByteArray(b"png")).write(image_of(chart, note, digits))
    return bytes(buffer.data().data())
