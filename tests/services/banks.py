"""Books that send 报送包 to another, for the tests of 汇总."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.services.support import COMPLAINT, Clock, a_complaint, new_book
from xiaobao_desktop.domain.fields import Record
from xiaobao_desktop.domain.period import Period, parse_period
from xiaobao_desktop.services import consolidation, exporting, options, records
from xiaobao_desktop.services.consolidation import Result
from xiaobao_desktop.services.exporting import Order
from xiaobao_desktop.services.session import Session

OCTOBER = parse_period("2026-10")
PASSPHRASE = "4821 7390 5561 0284".replace(" ", "")


class Bank:
    """A book that sends packages."""

    def __init__(self, folder: Path, name: str) -> None:
        self.clock = Clock()
        self.session = new_book(folder / name, self.clock)
        options.save_settings(self.session, bank=name)
        self.folder = folder
        self.name = name

    def send(self, period: Period = OCTOBER, **more: Any) -> Path:
        """A package of a period, a minute later than the one before."""
        self.clock.move(minutes=1)
        order = Order(period, more.pop("ledgers", ("complaint",)), with_report=False, **more)
        made = exporting.make(exporting.prepare(self.session, order), PASSPHRASE if not order.masked else "")
        target = self.folder / f"stick-{self.name}"
        target.mkdir(exist_ok=True)
        return exporting.write(self.session, made, target).path

    def complaint(self, *steps: Any, on: str = "2026-10-08", **more: Any) -> int:
        """A complaint of October, or of another day; its id."""
        saved = records.save(self.session, COMPLAINT, a_complaint(on, *steps, **more))
        return int(str(saved.record.id))

    def change(self, record_id: int, **values: Any) -> None:
        """Change values of a complaint."""
        records.save(self.session, COMPLAINT, Record(values, id=record_id))


def take(session: Session, *paths: Path, passphrases: tuple[str, ...] = ()) -> Result:
    """Take packages in, each looked at before."""
    looked = consolidation.look(session, consolidation.find(paths), passphrases)
    return consolidation.run(session, looked, passphrases)
