"""Draw the program's icon from ``resources/icons/app.svg`` into ``packaging/icons``.

Out: ``xiaobao.ico`` with all sizes Windows asks for, and one PNG for each size that Linux desktops look up. The same
drawing gives the same bytes with the pinned Qt and Pillow.
"""

from __future__ import annotations

import io
import os
from pathlib import Path

PACKAGING = Path(__file__).resolve().parent
SOURCE = PACKAGING.parent / "resources" / "icons" / "app.svg"
TARGET = PACKAGING / "icons"
ICO = "xiaobao.ico"
ICO_SIZES = (16, 20, 24, 32, 40, 48, 64, 128, 256)
PNG_SIZES = (16, 24, 32, 48, 64, 128, 256, 512)


def drawn(size: int) -> bytes:
    """The icon as a PNG of ``size`` × ``size`` pixels with a clear background."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    picture = QImage(size, size, QImage.Format.Format_ARGB32)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    QSvgRenderer(str(SOURCE)).render(painter)
    painter.end()
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG")  # type: ignore[call-overload]  # it takes text, the stubs say bytes
    return bytes(data.data())


def icon_file() -> bytes:
    """All sizes of Windows in one ICO file, each drawn from the vector, none scaled down from another."""
    from PIL import Image

    pictures = [Image.open(io.BytesIO(drawn(size))) for size in ICO_SIZES]
    whole = io.BytesIO()
    sizes = [(size, size) for size in ICO_SIZES]
    pictures[-1].save(whole, "ICO", sizes=sizes, append_images=pictures[:-1])
    return whole.getvalue()


def files() -> dict[str, bytes]:
    """Name and content of every icon file."""
    return {ICO: icon_file(), **{f"xiaobao-{size}.png": drawn(size) for size in PNG_SIZES}}


def main() -> None:
    """Write all files."""
    TARGET.mkdir(exist_ok=True)
    for name, content in files().items():
        (TARGET / name).write_bytes(content)
        print(name, len(content))


if __name__ == "__main__":
    main()
