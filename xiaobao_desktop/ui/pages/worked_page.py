"""The page of a ledger whose records are worked through on a page of their own, which lies over the list."""

from __future__ import annotations

from xiaobao_desktop.domain.fields import Ledger, Record
from xiaobao_desktop.services import recycle_bin
from xiaobao_desktop.services.records import Saved
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui.pages.ledger_page import LedgerPage
from xiaobao_desktop.ui.pages.work_page import WorkPage
from xiaobao_desktop.ui.widgets.toast import Toast


class WorkedPage(LedgerPage):
    """As any ledger's, with the records' own page."""

    work: WorkPage | None = None
    """The record that is worked on."""

    def __init__(self, session: Session, ledger: Ledger) -> None:
        super().__init__(session, ledger)
        self._list_toast = self.toast
        self.detail.work_asked.connect(self._work_on_opened)

    def work_on(self, record_id: int) -> WorkPage | None:
        """Go to a record's own page; None when it has none or is gone."""
        self.close_work()
        made = self.presenter.work_page(record_id)
        if made is None or not made.reload():
            return None
        made.closed.connect(self.close_work)
        made.told.connect(self.tell_undoable)
        made.record_asked.connect(self.record_asked)
        made.edit_asked.connect(self._edit_worked)
        made.status_changed.connect(lambda: self.status_changed.emit(self.status_text()))
        self.work = made
        self._stack.addWidget(made)
        self._stack.setCurrentWidget(made)
        self.toast = Toast(made)
        made.focus_first()
        self.status_changed.emit(self.status_text())
        return made

    def close_work(self) -> None:
        """Back to the list, with the record opened."""
        work, self.work = self.work, None
        if work is None:
            return
        work.commit()
        record_id = work.record_id
        self.toast = self._list_toast
        self._stack.removeWidget(work)
        work.deleteLater()
        if not recycle_bin.holds(self.session, self.ledger, record_id):
            self.open_record(record_id)
            self.detail.focus_first()
        self.status_changed.emit(self.status_text())

    # What the window asks

    def status_text(self) -> str:
        """Words of the record that is worked on, else of the list."""
        return self.work.status_text() if self.work is not None and not self.editing else super().status_text()

    def focus_main(self) -> None:
        """Where work goes on."""
        if self.work is not None and not self.editing:
            self.work.focus_first()
        else:
            super().focus_main()

    def focus_search(self) -> bool:
        """The search field is that of the list."""
        return self.work is None and super().focus_search()

    def help_topic(self) -> str:
        """The record's own page has a chapter."""
        return self.work.help_topic() if self.work is not None and not self.editing else super().help_topic()

    def print_page(self) -> bool:
        """Print what is shown."""
        return self.work.print_page() if self.work is not None and not self.editing else super().print_page()

    def create_record(self) -> bool:
        """A new record begins at the list."""
        self.close_work()
        return super().create_record()

    def begin_record(self, begun: Record) -> None:
        """A new record begins at the list."""
        self.close_work()
        super().begin_record(begun)

    def may_leave(self) -> bool:
        """What was typed is kept first."""
        if self.work is not None:
            self.work.commit()
        return super().may_leave()

    def has_unsaved(self) -> bool:
        """Whether a form, or the record that is worked on, holds what is not kept."""
        return super().has_unsaved() or (self.work is not None and self.work.has_unsaved())

    def open_record(self, record_id: int) -> None:
        """Another record is shown at the list."""
        if self.work is not None:
            self.close_work()
        super().open_record(record_id)

    def show_ids(self, ids: object, title: str) -> None:
        """Other records are shown in the list."""
        self.close_work()
        super().show_ids(ids, title)  # type: ignore[arg-type]

    # Between list and record

    def _work_on_opened(self) -> None:
        record = self.detail.record
        if record is not None and record.id is not None:
            self.work_on(record.id)

    def _edit_worked(self) -> None:
        """Open the form of the record; its own page comes back when the form is closed."""
        if self.work is not None and not self.editing:
            self.work.commit()
            super().open_record(self.work.record_id)
            self._edit()

    def _saved(self, saved: Saved) -> None:
        """After its form a record goes on at its own page, or offers to begin."""
        work = self.work
        super()._saved(saved)
        if work is not None and saved.record.id is not None:
            self.work_on(saved.record.id)
        else:
            self.detail.focus_first()

    def _close_form(self) -> None:
        super()._close_form()
        if self.work is not None:
            self._stack.setCurrentWidget(self.work)
            self.work.focus_first()

    def _refresh_all(self) -> None:
        """The record that is worked on; the list below it is read when it shows again."""
        if self.work is None:
            super()._refresh_all()
        elif not self.work.reload():
            self.close_work()
