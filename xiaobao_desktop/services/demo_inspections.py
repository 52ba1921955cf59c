"""Inspections of the demo book: one that has ended with findings under rectification, one under way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from xiaobao_desktop import resources
from xiaobao_desktop.domain.fields import Record, Value, Values
from xiaobao_desktop.domain.ledgers import inspection, rectification
from xiaobao_desktop.domain.ledgers.inspection import ITEMS
from xiaobao_desktop.services import inspection_findings, inspection_run, records
from xiaobao_desktop.services.session import Session


def add(session: Session, branches: Mapping[str, int], until: date) -> dict[str, int]:
    """Write them.

    Args:
        session: the open book, on the last day of the demo.
        branches: ids of the outlets by name.
        until: the last day of the demo.

    Returns:
        How many records were made, by ledger.
    """
    runs = resources.json_data("demo", "inspections.json")["runs"]
    made = sum(_add_run(session, branches, until, run) for run in runs)
    return {inspection.LEDGER.key: len(runs), rectification.LEDGER.key: made}


def _add_run(session: Session, branches: Mapping[str, int], until: date, run: Mapping[str, Any]) -> int:
    """One run; how many rectifications came of it."""
    begun = until - timedelta(days=run["days_ago"])
    words = {"year": begun.year, "before": begun.year - 1}
    values: dict[str, Value] = {key: run[key].format(**words) or None for key in ("period", "basis")}
    values.update({key: run[key] or None for key in ("deputy", "members", "places")})
    values["branch"] = branches.get(run["branch"])
    values["leader"] = session.settings.executive or None
    started = inspection_run.start_run(session, run["checklist"], begun_on=begun.isoformat(), **values).record
    rows = tuple(_judged(row, run, words) for row in started.children[ITEMS.key])
    ended = begun + timedelta(days=run["days"]) if run["days"] else None
    judged = replace(started, children={ITEMS.key: rows})
    record_id = int(str(started.id))
    records.save(session, inspection.LEDGER, judged)
    found = [key for key, told in run["items"].items() if "measure" in told]
    for key in found:
        _rectify(session, record_id, key, run["items"][key], ended or until)
    if ended is not None:
        whole = records.get(session, inspection.LEDGER, record_id)
        ending: Values = {"finished_on": ended.isoformat(), "conclusion": inspection_run.conclusion(whole)}
        records.save(session, inspection.LEDGER, Record(ending, {}, record_id))
    return len(found)


def _judged(row: Values, run: Mapping[str, Any], words: Mapping[str, int]) -> Values:
    """An item with what is told of it, else with the usual verdict."""
    told = run["items"].get(row["item"], {})
    verdict = told.get("verdict") or run["usual"] or None
    evidence = told.get("evidence", run["evidence"] if verdict else "").format(**words)
    return {**row, "verdict": verdict, "evidence": evidence or None, "finding": told.get("finding")}


def _rectify(session: Session, record_id: int, item: str, told: Mapping[str, Any], found_on: date) -> None:
    made = inspection_findings.rectify(session, record_id, item).record
    values: Values = {
        "found_on": found_on.isoformat(),
        "measure": told["measure"],
        "department": told["department"],
        "planned_on": (found_on + timedelta(days=told["days"])).isoformat(),
    }
    records.save(session, rectification.LEDGER, Record(values, {}, made.id))
