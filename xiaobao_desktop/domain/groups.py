"""The groups of ledgers that share one page: one entry of the sidebar, one tab for each of their ledgers.

A ledger says in its declaration which group it belongs to; one that says none has a page of its own.
"""

from __future__ import annotations

from xiaobao_desktop.domain.fields import Group

RULES_AND_MEETINGS = Group("governance", "制度与会议", "book-text")
INSPECTION_AND_RECTIFICATION = Group("supervision", "自查整改", "clipboard-check")
FILING_AND_PLAN = Group("schedule", "报送与计划", "send")
