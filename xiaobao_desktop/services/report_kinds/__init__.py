"""The reports there are: one module each, found by being here, with a ``REPORT``."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from xiaobao_desktop.services.report_kind import ReportKind


@cache
def kinds() -> dict[str, ReportKind]:
    """Every kind of report by its name, in the order of the list."""
    modules = [importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)]
    found: list[ReportKind] = [module.REPORT for module in modules]
    return {kind.info.name: kind for kind in sorted(found, key=lambda kind: kind.info.order)}
