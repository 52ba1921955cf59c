"""What a new record begins with and must not keep: the present time, once the record is dated another day."""

from __future__ import annotations

from collections.abc import Mapping

from xiaobao_desktop.domain.fields import Record
from xiaobao_desktop.ui.pages.record_form_cell import FieldCell


class BeginsNow:
    """The times of a new record that are the present one; a time that was typed is left alone."""

    def __init__(self, record: Record, cells: Mapping[str, FieldCell]) -> None:
        """Watch over the ``cells`` of a form that shows ``record`` from its start."""
        fields = [cell.field for cell in cells.values()] if record.id is None else []
        self._pairs = [
            (cells[day.key], cells[day.time_field])
            for day in fields
            if day.time_field in cells and cells[day.time_field].field.begins_now
        ]
        self._start = dict(record.values)
        self._taken: set[str] = set()

    def follow(self) -> None:
        """Take the present time away while the day is not that of the start, and give it back with that day."""
        for day, time in self._pairs:
            now, key = self._start.get(time.field.key), time.field.key
            away = day.editor.value() != self._start.get(day.field.key)
            if away == (key in self._taken):
                continue
            if away:
                self._taken.add(key)
                if time.editor.value() == now:
                    time.editor.set_value(None)
            else:
                self._taken.discard(key)
                if time.editor.value() is None and not time.editor.problem():
                    time.editor.set_value(now)
