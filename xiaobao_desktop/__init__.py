"""小保·消保台账: the offline desktop program of a rural bank's consumer-protection officer.

The rooms of the package and the rule of their imports: domain <- store, reports, exchange <- services <- ui, cli.
"""

from __future__ import annotations

__version__ = "0.1.0"
