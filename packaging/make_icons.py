"""Copy the icons that the program uses from the npm package ``lucide-static`` into ``resources/icons``.

In: the folder of the unpacked package (``npm pack lucide-static@1.62.0``, then ``tar -xzf``). Out: one SVG for each
name below, with our stroke width and without the package's comment, and the licence. ``app.svg`` is our own and stays.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

STROKE = "1.75"
LICENCE = "LICENSE-lucide.txt"

NAMES = (
    "arrow-down",
    "arrow-left",
    "arrow-right",
    "arrow-up",
    "book-text",
    "bookmark",
    "building-2",
    "calendar",
    "calendar-check",
    "calendar-plus",
    "chart-column",
    "check",
    "chevron-down",
    "chevron-left",
    "chevron-right",
    "chevron-up",
    "circle",
    "circle-alert",
    "circle-check",
    "circle-question-mark",
    "circle-x",
    "clipboard-check",
    "clipboard-paste",
    "clock",
    "cloud-check",
    "columns-3",
    "copy",
    "database",
    "download",
    "ellipsis",
    "external-link",
    "eye",
    "eye-off",
    "file-check",
    "file-down",
    "file-input",
    "file-output",
    "file-pen-line",
    "file-spreadsheet",
    "file-text",
    "file-up",
    "filter",
    "folder-open",
    "graduation-cap",
    "hard-drive",
    "history",
    "image",
    "info",
    "key-round",
    "layout-dashboard",
    "list",
    "lock",
    "log-out",
    "megaphone",
    "message-square-warning",
    "monitor",
    "moon",
    "paperclip",
    "pencil",
    "play",
    "plus",
    "printer",
    "refresh-cw",
    "rotate-cw",
    "save",
    "scroll-text",
    "search",
    "send",
    "settings-2",
    "shield-check",
    "sliders-horizontal",
    "stamp",
    "sun",
    "table",
    "trash-2",
    "triangle-alert",
    "undo-2",
    "upload",
    "usb",
    "user",
    "users",
    "wrench",
    "x",
    "zoom-in",
    "zoom-out",
)


def tidy(svg: str) -> str:
    """Return an icon with our stroke width, without the licence comment (it lies beside) and the class attribute."""
    svg = re.sub(r"<!--.*?-->\s*", "", svg, flags=re.DOTALL)
    svg = re.sub(r'\s*class="[^"]*"', "", svg)
    return re.sub(r'stroke-width="[^"]*"', f'stroke-width="{STROKE}"', svg).strip() + "\n"


def main() -> None:
    """Read the two folder names and copy the icons."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("package", type=Path, help="folder of the unpacked npm package")
    parser.add_argument("out", type=Path, help="icon folder to write")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    for name in NAMES:
        svg = (args.package / "icons" / f"{name}.svg").read_text(encoding="utf-8")
        (args.out / f"{name}.svg").write_text(tidy(svg), encoding="utf-8", newline="\n")
    licence = (args.package / "LICENSE").read_text(encoding="utf-8")
    (args.out / LICENCE).write_text(licence, encoding="utf-8", newline="\n")
    print(f"{len(NAMES)} icons")


if __name__ == "__main__":
    main()
