"""Makes resources/rules/holidays.json from the package chinesecalendar: legal days off and make-up workdays by year.

Run again after the package has learned a new year (the State Council publishes the next year's days each November):

    python packaging/make_holidays.py
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from importlib import metadata
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "resources" / "rules" / "holidays.json"
FIRST_YEAR = 2020  # order 3 of CBIRC and order 5 of PBOC are of that year


def main() -> None:
    """Write the file."""
    from chinese_calendar import constants

    names = {item.value: item.chinese for item in constants.Holiday}
    off = {day: names[name] for day, name in constants.holidays.items() if day.year >= FIRST_YEAR}
    years = sorted({day.year for day in off})
    data = {
        "_about": "Legal days off (swapped weekdays and weekends included) and make-up workdays, as the State Council"
        " set them. A year that is not here is unknown: nothing is moved, and the program says so.",
        "_source": f"chinesecalendar {metadata.version('chinesecalendar')} (MIT), packaging/make_holidays.py",
        "_dated": "2026-11-23",
        "years": {
            str(year): {
                "days_off": _runs({day: name for day, name in off.items() if day.year == year}),
                "workdays": [str(day) for day in sorted(constants.workdays) if day.year == year],
            }
            for year in years
        },
    }
    TARGET.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"{TARGET.name}: {years[0]}-{years[-1]}")


def _runs(off: dict[date, str]) -> list[dict[str, str]]:
    """Neighbouring days of one name as one entry."""
    found: list[dict[str, str]] = []
    for day in sorted(off):
        last = found[-1] if found else None
        if last and last["name"] == off[day] and date.fromisoformat(last["last"]) + timedelta(days=1) == day:
            last["last"] = str(day)
        else:
            found.append({"name": off[day], "first": str(day), "last": str(day)})
    return found


if __name__ == "__main__":
    main()
