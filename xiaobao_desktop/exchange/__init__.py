"""Data in and out: any workbook read safely, tables found in it, and files for other programs."""

from __future__ import annotations
