"""The page of a run: sections at the left, items with their verdicts, the chosen item at the right."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from xiaobao_desktop.domain.fields import Ledger
from xiaobao_desktop.domain.inspection import BETTER, FAULTY, NEW, OTHER, WORSE, resume_at
from xiaobao_desktop.domain.ledgers.inspection import ITEMS, VERDICT_LIST
from xiaobao_desktop.domain.numbers import plain_decimal
from xiaobao_desktop.errors import RecordMissing
from xiaobao_desktop.services import (
    attachments,
    inspection_evidence,
    inspection_findings,
    inspection_run,
    inspection_view,
    papers,
)
from xiaobao_desktop.services.inspection_view import ItemView, RunView
from xiaobao_desktop.services.records import Saved
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import fonts, icons, rights, theme
from xiaobao_desktop.ui.bus import bus
from xiaobao_desktop.ui.delegates.inspection_item import Verdict
from xiaobao_desktop.ui.dialogs.error_dialog import carried_out
from xiaobao_desktop.ui.pages.attachment_chips import chip
from xiaobao_desktop.ui.pages.attachment_desk import AttachmentDesk
from xiaobao_desktop.ui.pages.inspection_panel import InspectionPanel, Typed
from xiaobao_desktop.ui.pages.work_page import WorkPage
from xiaobao_desktop.ui.widgets.buttons import PRIMARY, SECONDARY, button, icon_button, relabel
from xiaobao_desktop.ui.widgets.inspection_list import InspectionList
from xiaobao_desktop.ui.widgets.inspection_progress import InspectionProgress
from xiaobao_desktop.ui.widgets.labels import ElidedLabel, hairline, label, set_shown
from xiaobao_desktop.ui.widgets.segmented import Segmented

ALL, LEFT, FAULTS, CHANGED = "all", "left", "faults", "changed"
_FILTERS = ((ALL, "全部"), (LEFT, "未检查"), (FAULTS, "有问题"), (CHANGED, "与上次比较"))
_WANTED: dict[str, Callable[[ItemView], bool]] = {
    LEFT: lambda item: not item.verdict,
    FAULTS: lambda item: item.verdict in FAULTY or bool(item.finding),
    CHANGED: lambda item: item.change is not None and item.change.kind in (BETTER, WORSE, OTHER, NEW),
}
_EMPTY = {LEFT: "每一项都查过了", FAULTS: "没有查出问题", CHANGED: "和上次相比没有变化"}


def verdicts_of(session: Session) -> tuple[Verdict, ...]:
    """The verdicts in the order of the keys 1 to 4."""
    known = session.rules.catalog.list(VERDICT_LIST)
    return tuple(Verdict(item.id, item.name, item.extra.get("tone", "grey")) for item in known.items if item.active)


class InspectionWork(WorkPage):
    """One run. What is judged or written is kept at once; there is nothing to save."""

    def __init__(self, session: Session, ledger: Ledger, record_id: int) -> None:
        super().__init__()
        self.session, self.ledger, self._record_id = session, ledger, record_id
        self.verdicts = verdicts_of(session)
        self.run: RunView | None = None
        self._section, self._kept_at = "", ""
        self.title, self.about = label("", fonts.PAGE_TITLE, medium=True), ElidedLabel("", token="text2")  # noqa: S106
        self.back = icon_button("arrow-left", "回到自查台账（Esc）")
        self.edit = button("修改登记", icon="pencil")
        self.print_button = button("打印底稿", icon="printer")
        self.print_button.setToolTip("Ctrl+P")
        self.end = button("完成自查", PRIMARY, icon="check")
        self.progress = InspectionProgress(self.verdicts)
        self.head, self.head_note = label("", medium=True), ElidedLabel("", fonts.SECOND, token="text2")  # noqa: S106
        self.filter = Segmented(_FILTERS)
        self.list = InspectionList(self.verdicts)
        self.nothing = label("", tone="2")
        self.panel = InspectionPanel({item.key: item for item in self.verdicts})
        self.desk = AttachmentDesk(session, ledger, self)
        self._build()
        self._bind()

    # What the page of the ledger asks

    @property
    def record_id(self) -> int:
        """The run."""
        return self._record_id

    def focus_first(self) -> None:
        """The items."""
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def commit(self) -> None:
        """Keep what was typed for the item."""
        self.panel.commit()

    def has_unsaved(self) -> bool:
        """Whether something typed waits for the pause after which it is kept."""
        return bool(self.panel.typed_values())

    def help_topic(self) -> str:
        """Its chapter of the manual."""
        return f"{self.ledger.key}.run"

    def status_text(self) -> str:
        """Who checks where, and when it was kept last."""
        values = self.run.record.values if self.run else {}
        named = (("检查人", values.get("members")), ("抽查网点", values.get("places")))
        words = [f"{name}：{value}" for name, value in named if value]
        return "　".join([*words, *([f"已自动保存 {self._kept_at}"] if self._kept_at else [])])

    def print_page(self) -> bool:
        """Show the sheet of the run for printing."""
        from xiaobao_desktop.ui.dialogs.paper_dialog import PaperDialog

        offered = papers.papers(self.ledger)
        if not offered:
            return False
        self.commit()
        paper = offered[0]

        def show() -> None:
            built = papers.build(self.session, self.ledger, self._record_id, paper.key)
            way = papers.way_out(self.session, self.ledger, self._record_id, paper.label)
            PaperDialog(way, built, self.window()).exec()

        self._guard(show)
        return True

    def reload(self) -> bool:
        """Read the run again; what is chosen stays. The first time it goes on where it was left."""
        first = self.run is None
        try:
            self.run = inspection_view.view(self.session, self._record_id)
        except RecordMissing:
            return False
        if self.run.record.deleted:
            return False
        self._show_head()
        self.progress.show_run(self.run)
        self.list.items.take(self.run.items)
        if first:
            self._resume()
        self._show_list_head()
        self._show_item()
        self.list.viewport().update()
        self.status_changed.emit()
        return True

    # Showing

    def _show_head(self) -> None:
        run = self._run()
        values = run.record.values
        self.title.setText(run.title)
        days = "—".join(_day(str(values[key])) for key in ("begun_on", "finished_on") if values.get(key))
        begun = days if values.get("finished_on") else f"{days}起"
        self.about.set_text("·".join(part for part in (run.record.number, run.basis, begun) if part))
        left = run.progress.left
        relabel(self.end, "重新打开" if run.ended else "完成自查", SECONDARY if run.ended else PRIMARY)
        icons.put(self.end, "rotate-cw" if run.ended else "check", "text2" if run.ended else "on_accent")
        self.end.setEnabled(run.ended or not left)
        self.end.setToolTip(f"还有 {left} 项没有查" if left and not run.ended else "")
        self.list.painter_of_rows.enabled = not self._closed
        self.list.painter_of_rows.compared = bool(run.before)
        self.filter.offer([key for key, _name in _FILTERS if key != CHANGED or run.before])

    def _resume(self) -> None:
        """Go to where the run was left."""
        run = self._run()
        if run.items:
            rows = run.record.children[ITEMS.key]
            self.go_to(run.items[resume_at(rows)].key)

    def go_to(self, key: str) -> None:
        """Choose an item by its key, with its section when the filter does not show it."""
        if not self.list.choose(key):
            item = next(item for item in self._run().items if item.key == key)
            self.filter.choose(ALL)
            self._show_section(item.section)
            self.list.choose(key)

    def _show_section(self, section: str) -> None:
        """Show the items of a section."""
        self._section = section
        self.filter.choose(ALL)
        self.progress.choose(section)
        self._show_keys([item.key for item in self._run().items if item.section == section])

    def show_filter(self, key: str) -> None:
        """Show the items of all sections that a filter wants; for 全部, the section of the chosen item."""
        self.commit()
        self.filter.choose(key)
        run, current = self._run(), self.list.current()
        if key == ALL:
            self._show_section(current.section if current else self._section or run.sections[0].name)
        else:
            self.progress.choose("")
            self._show_keys([item.key for item in run.items if _WANTED[key](item)])
        self.focus_first()

    def _show_keys(self, keys: list[str]) -> None:
        current = self.list.current()
        self.list.items.show_keys(keys)
        if keys:
            self.list.choose(current.key if current is not None and current.key in keys else keys[0])
        self._show_list_head()
        self._show_item()

    def _show_list_head(self) -> None:
        run, chosen = self._run(), self.filter.current()
        count = len(self.list.items.keys)
        self.nothing.setText(_EMPTY.get(chosen, "") if not count else "")
        set_shown(self.nothing, shown=not count and chosen != ALL)
        if chosen != ALL:
            self.head.setText(dict(_FILTERS)[chosen])
            self.head_note.set_text(f"{count} 项")
            return
        names = [section.name for section in run.sections]
        if self._section not in names:
            return
        section = run.sections[names.index(self._section)]
        weight = f"，权重 {_points(section.weight)}" if section.weight else ""
        least = f"（下限 {_points(section.minimum)}）" if section.minimum and section.weight else ""
        self.head.setText(f"{names.index(self._section) + 1}　{section.name}")
        self.head_note.set_text(f"{section.progress.total} 项{weight}{least}")

    def _show_item(self) -> None:
        run, item = self._run(), self.list.current()
        self.panel.show_item(item, ended=self._closed, before=run.before)
        if item is None:
            return
        entries = attachments.list_of(self.session, self.ledger, self._record_id) if item.files else ()
        self.panel.show_files([chip(self.desk, entry) for entry in entries if entry.step_id == item.row_id])
        words = ""
        if item.evidence_from and not self._closed:
            begun = date.fromisoformat(str(run.record.values["begun_on"]))
            day = self.session.today() if begun.year == self.session.today().year else begun
            words = inspection_evidence.suggestion(self.session, item.evidence_from, day)
        self.panel.show_offer(words)

    # Doing

    def judge(self, key: str, verdict: str) -> None:
        """Keep the verdict on an item; an empty one takes it back."""
        if not self.session.role.may_change:
            return
        self.commit()
        wanted = verdict or None
        self._guard(lambda: self._keep(inspection_run.set_verdict(self.session, self.record_id, key, wanted)))

    def rectify(self) -> None:
        """Make a rectification of what was found at the chosen item."""
        self.commit()
        item = self.list.current()
        if item is None:
            return
        if item.rectification is not None:
            self._open_rectification(item.rectification.record_id)
            return
        if item.verdict not in FAULTY and not item.finding:
            # Nothing was found here: the button is not shown, and its key has nothing to refuse.
            return
        made: list[str] = []

        def act() -> None:
            saved = inspection_findings.rectify(self.session, self.record_id, item.key)
            made.append(saved.record.number or "")
            bus().announce(saved.changed)

        if self._guard(act):
            self.told.emit(f"已生成整改 {made[0]}，责任人和期限请到整改台账补填")

    def finish(self) -> None:
        """End the run, or open it again."""
        self.commit()
        run = self._run()
        act = inspection_run.reopen if run.ended else inspection_run.finish
        if self._guard(lambda: self._keep(act(self.session, self.record_id))):
            # The same button would open the run again: the keyboard does not stay on it.
            self.focus_first()
            self.told.emit("已重新打开，可以接着改" if run.ended else self._ended_words())
        elif not run.ended:
            self._go_to_unwritten()

    def _go_to_unwritten(self) -> None:
        """After a refused end: to the first faulty item that says nothing of what was found, ready to write it."""
        items = self._run().items
        item = next((item for item in items if item.verdict in FAULTY and not item.finding), None)
        if item is not None:
            self.go_to(item.key)
            self.panel.focus_first()

    def _ended_words(self) -> str:
        """What to say at the end: whether findings still wait to be rectified."""
        waiting = sum(bool(item.finding) and item.rectification is None for item in self._run().items)
        return f"自查已完成，还有 {waiting} 个问题没有转为整改" if waiting else "自查已完成，检查结论已写进登记"

    def next_left(self) -> None:
        """Go to the next item that has no verdict; when there is none left, to the button that ends the run."""
        self.commit()
        items = self._run().items
        if all(item.verdict for item in items) and not self._run().ended:
            self.end.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return
        keys, current = [item.key for item in items], self.list.current()
        start = keys.index(current.key) + 1 if current is not None else 0
        for item in (*items[start:], *items[:start]):
            if not item.verdict:
                self.go_to(item.key)
                break
        self.focus_first()

    def event(self, event: QEvent) -> bool:
        """The digits are verdicts wherever nothing is typed, and no keys of the window."""
        override = event.type() == QEvent.Type.ShortcutOverride
        if override and isinstance(event, QKeyEvent) and self.list.verdict_of(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc goes back to the list of runs; a digit that nobody took judges the chosen item."""
        verdict, item = self.list.verdict_of(event), self.list.current()
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif verdict and item is not None:
            self.judge(item.key, verdict)
        else:
            super().keyPressEvent(event)

    def _keep(self, saved: Saved | None) -> None:
        if saved is not None:
            self._kept_at = f"{self.session.now():%H:%M}"
            bus().announce(saved.changed)

    def _typed(self, typed: Typed) -> None:
        self._guard(
            lambda: self._keep(inspection_run.set_words(self.session, self.record_id, typed.item, **typed.values))
        )

    def _left_panel(self, *, on: bool) -> None:
        """Back to the items, on to the next one when the words were done."""
        self.commit()
        self.focus_first()
        row = self.list.currentIndex().row()
        if on and row + 1 < len(self.list.items.keys):
            self.list.choose(self.list.items.keys[row + 1])

    def _moved(self, _key: str) -> None:
        self.commit()
        self._show_item()

    def _add_files(self) -> None:
        self.commit()
        item = self.list.current()
        if item is not None:
            at = self.panel.add_files.mapToGlobal(self.panel.add_files.rect().bottomLeft())
            self.desk.kind_menu(at, lambda kind: self.desk.choose(self.record_id, kind, item.row_id))

    def _open_rectification(self, record_id: int) -> None:
        self.commit()
        self.record_asked.emit(inspection_findings.TARGET, record_id)

    def _guard(self, act: Callable[[], object]) -> bool:
        return carried_out(act, self.window())

    @property
    def _closed(self) -> bool:
        """Whether nothing may be judged or written: the run has ended, or somebody only reads it."""
        return self._run().ended or not self.session.role.may_change

    def _run(self) -> RunView:
        assert self.run is not None
        return self.run

    # Making

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._top_bar())
        column.addWidget(hairline())
        body = QHBoxLayout()
        body.setSpacing(0)
        body.addWidget(self.progress)
        body.addWidget(hairline(vertical=True))
        body.addLayout(self._middle(), 1)
        body.addWidget(hairline(vertical=True))
        body.addWidget(self.panel)
        column.addLayout(body, 1)

    def _top_bar(self) -> QWidget:
        bar = QWidget()
        bar.setFixedHeight(theme.px(56))
        row = QHBoxLayout(bar)
        row.setContentsMargins(theme.px(16), 0, theme.px(20), 0)
        row.setSpacing(theme.px(8))
        row.addWidget(self.back)
        row.addWidget(self.title)
        row.addSpacing(theme.px(4))
        row.addWidget(self.about, 1)
        row.addWidget(self.edit)
        row.addWidget(self.print_button)
        row.addWidget(self.end)
        self.print_button.setVisible(bool(papers.papers(self.ledger)))
        return bar

    def _middle(self) -> QVBoxLayout:
        head = QWidget()
        head.setFixedHeight(theme.px(42))
        row = QHBoxLayout(head)
        row.setContentsMargins(theme.px(20), 0, theme.px(16), 0)
        row.setSpacing(theme.px(8))
        row.addWidget(self.head)
        row.addWidget(self.head_note, 1)
        row.addWidget(self.filter)
        self.nothing.setContentsMargins(theme.px(20), theme.px(16), 0, 0)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(hairline())
        column.addWidget(self.nothing)
        column.addWidget(self.list, 1)
        return column

    def _bind(self) -> None:
        bus().locking.connect(self.commit)
        self.back.clicked.connect(self.closed)
        self.edit.clicked.connect(self.edit_asked)
        self.print_button.clicked.connect(self.print_page)
        self.end.clicked.connect(self.finish)
        self.progress.chosen.connect(self._section_chosen)
        self.progress.entered.connect(self.focus_first)
        self.filter.chosen.connect(self.show_filter)
        self.list.judged.connect(self.judge)
        self.list.opened.connect(self.panel.focus_first)
        self.list.moved.connect(self._moved)
        self.list.left.connect(self.closed)
        self.panel.typed.connect(self._typed)
        self.panel.done.connect(lambda on: self._left_panel(on=on))
        self.panel.rectify_asked.connect(self.rectify)
        self.panel.rectification_opened.connect(self._open_rectification)
        self.panel.adopt_asked.connect(self.panel.take_offer)
        self.panel.files_asked.connect(self._add_files)
        self.desk.told.connect(self.told)
        changing = (self.edit, self.print_button, self.end, self.panel.rectify, self.panel.adopt, self.panel.add_files)
        rights.restrict(self.session, *changing)
        for key, act in (("F6", self.rectify), ("F7", self.panel.take_offer), ("F8", self.next_left)):
            shortcut = QShortcut(QKeySequence(key), self)
            if key != "F8":
                rights.restrict(self.session, shortcut)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(partial(act))

    def _section_chosen(self, section: str) -> None:
        self.commit()
        self._show_section(section)


def _day(day: str) -> str:
    """An ISO day as 11月16日."""
    return f"{int(day[5:7])}月{int(day[8:10])}日"


def _points(hundredths: int) -> str:
    return f"{plain_decimal(hundredths)}%"
