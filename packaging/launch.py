"""What the frozen program runs first; everything else is the package's."""

from __future__ import annotations

import os
import sys

from xiaobao_desktop.__main__ import main

# Some desktops name the plug-ins of their own Qt there; another Qt's plug-ins must not get into this one.
os.environ.pop("QT_PLUGIN_PATH", None)
sys.exit(main())
