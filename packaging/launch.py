"""What the frozen program runs first; everything else is the package's."""

from __future__ import annotations

import sys

from xiaobao_desktop.__main__ import main

sys.exit(main())
