"""汇总报送包: choose many packages, see what each is, take them in with one click, see what came of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QPlainTextEdit, QProgressBar, QVBoxLayout, QWidget

from xiaobao_desktop import paths
from xiaobao_desktop.services import backup_places, consolidation, exporting
from xiaobao_desktop.services.consolidation import Candidate, ConsolidationCancelled, Result, State
from xiaobao_desktop.services.consolidation_taking import TookIn
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import fonts, help_key, theme
from xiaobao_desktop.ui.bus import bus
from xiaobao_desktop.ui.dialogs.error_dialog import show_error
from xiaobao_desktop.ui.dialogs.stopping import Stop
from xiaobao_desktop.ui.tasks import Progress, Task, tasks
from xiaobao_desktop.ui.widgets.buttons import GHOST, PRIMARY, button
from xiaobao_desktop.ui.widgets.cards import Notice
from xiaobao_desktop.ui.widgets.empty_state import EmptyState
from xiaobao_desktop.ui.widgets.labels import hairline, label
from xiaobao_desktop.ui.widgets.plain_table import PlainTable

WIDTH, HEIGHT = 860, 560
KINDS = "报送包 (*.zip *.xbpack)"
_HEADS = ("机构", "期间", "制作", "记录", "状况")
_STRETCHED = 4


class ConsolidationDialog(QDialog):
    """The list of packages with what each is; after the run with what it did."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        help_key.bind(self, "consolidation")
        self.setWindowTitle("汇总报送包")
        theme.surface(self)
        self.resize(theme.px(WIDTH), theme.px(HEIGHT))
        self._session = session
        self._task: Task | None = None
        self._stop = Stop()
        self._paths: tuple[Path, ...] = ()
        self.looked: tuple[Candidate, ...] = ()
        self.result_of_run: Result | None = None
        self.table = PlainTable("报送包", _HEADS, _STRETCHED, self._check_chosen)
        self.summary = Notice("", "blue", "info")
        self.outcome = Notice("", "green", "circle-check")
        self.empty = EmptyState(
            "download",
            "选各机构送来的报送包",
            "可以一次选很多个，或选放着它们的文件夹；坏了的逐个说明，不影响其余的。\n"
            "同一个包不会重复汇总，对方重新做的包会换掉上次的。\n"
            "汇总来的记录计入统计；期限和待办由对方自己办，不会提醒你。",
        )
        self.keys = QPlainTextEdit()
        self.keys.setAccessibleName("加密包的口令")
        self.keys.setPlaceholderText("口令，一行一个，可以多写")
        self.keys.setTabChangesFocus(True)
        self.told = label("", fonts.SECOND, tone="2")
        self.bar = QProgressBar()
        self.files_button = button("选文件…", icon="file-input")
        self.folder_button = button("选文件夹…", icon="folder-open")
        self.again_button = button("用口令再看一次", icon="refresh-cw")
        self.cancel_button = button("取消", GHOST, shortcut="Esc")
        self.go_button = button("开始汇总", PRIMARY, icon="download")
        self._build()
        self._connect()
        self._show()

    @property
    def busy(self) -> bool:
        """Whether packages are being read or taken in."""
        return self._task is not None

    def look_at(self, chosen: Sequence[Path]) -> None:
        """Find the packages in files and folders, and look at each, beside the window."""
        passphrases, session, stop = self._passphrases(), self._session, Stop()
        chosen = tuple(chosen)

        def work(progress: Progress) -> tuple[Candidate, ...]:
            found = consolidation.find(chosen)
            return consolidation.look(session, found, passphrases, progress.step, stop.asked)

        def done(looked: tuple[Candidate, ...]) -> None:
            # What needs the officer stands first.
            self.looked = tuple(sorted(looked, key=lambda item: item.usable))
            self._paths, self.result_of_run = chosen, None

        self._work("正在核对报送包…", work, done, stop)

    def start(self) -> None:
        """Take in what can be taken in; a verified backup comes first."""
        looked, passphrases, session, stop = self.looked, self._passphrases(), self._session, Stop()

        def work(progress: Progress) -> Result:
            progress.step(0, 0, "汇总前正在备份")
            backup_places.backup_here(session)
            return consolidation.run(session, looked, passphrases, progress.step, stop.asked)

        def done(result: Result) -> None:
            self.result_of_run = result
            bus().settings_changed.emit()
            bus().announce(result.changed)

        self._work("汇总前正在备份…", work, done, stop)

    def reject(self) -> None:
        """Cancel what is under way; nothing was written then."""
        if self._task is None:
            super().reject()
            return
        self.told.setText("正在取消…")
        self.cancel_button.setEnabled(False)
        self._stop.wanted = True

    # Making

    def _build(self) -> None:
        edge = theme.px(20)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(edge, theme.px(14), edge, theme.px(12))
        head.setSpacing(theme.px(8))
        head.addWidget(label("汇总报送包", fonts.PAGE_TITLE, medium=True))
        head.addStretch(1)
        head.addWidget(self.files_button)
        head.addWidget(self.folder_button)
        column.addLayout(head)
        column.addWidget(hairline())
        middle = QVBoxLayout()
        middle.setContentsMargins(edge, theme.px(14), edge, theme.px(14))
        middle.setSpacing(theme.px(12))
        middle.addWidget(self.empty, 1)
        middle.addWidget(self.summary)
        middle.addWidget(self.outcome)
        middle.addWidget(self.table)
        middle.addWidget(self._key_row())
        self.rest = QWidget()
        middle.addWidget(self.rest, 1)
        column.addLayout(middle, 1)
        column.addWidget(hairline())
        foot = QHBoxLayout()
        foot.setContentsMargins(edge, theme.px(10), edge, theme.px(12))
        foot.setSpacing(theme.px(10))
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(theme.px(160))
        foot.addWidget(self.bar)
        foot.addWidget(self.told, 1)
        foot.addWidget(self.cancel_button)
        foot.addWidget(self.go_button)
        column.addLayout(foot)

    def _key_row(self) -> QWidget:
        self.key_row = QWidget()
        row = QHBoxLayout(self.key_row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(10))
        self.keys.setFixedHeight(theme.px(72))
        row.addWidget(self.keys, 1)
        row.addWidget(self.again_button)
        return self.key_row

    def _connect(self) -> None:
        self.files_button.clicked.connect(self._ask_files)
        self.folder_button.clicked.connect(self._ask_folder)
        self.again_button.clicked.connect(lambda: self.look_at(self._paths))
        self.cancel_button.clicked.connect(self.reject)
        self.go_button.clicked.connect(self.start)

    # Showing

    def _show(self) -> None:
        """The list and the buttons as they are to be now."""
        rows = [_row(item) for item in self.looked]
        faded = [not item.usable for item in self.looked]
        if self.result_of_run is not None:
            taken = {item.path: took for item, took in self.result_of_run.taken}
            reasons = {item.path: item.reason for item in self.result_of_run.refused}
            rows = [
                (*_row(item)[:-1], _did(taken[item.path]) if item.path in taken else reasons.get(item.path, ""))
                for item in self.looked
            ]
            faded = [item.path not in taken for item in self.looked]
        self.empty.setVisible(not self.looked)
        self.rest.setVisible(bool(self.looked))
        self.table.setVisible(bool(self.looked))
        self.table.fill(rows, faded)
        over = self.result_of_run is not None
        locked = any(item.state is State.LOCKED for item in self.looked)
        self.key_row.setVisible(locked and not over)
        self.summary.set_text(self._told_before() if self.looked and not over else "")
        self.outcome.set_text(_sentences(self.result_of_run) if self.result_of_run is not None else "")
        usable = sum(item.usable for item in self.looked)
        self.go_button.setVisible(not over)
        self.go_button.setEnabled(bool(usable) and not self.busy)
        self.cancel_button.setText("关闭" if over else "取消")
        self.cancel_button.setAccessibleName(self.cancel_button.text())
        self.cancel_button.setEnabled(True)
        for chooser in (self.files_button, self.folder_button, self.again_button):
            chooser.setEnabled(not self.busy)
        self.bar.setVisible(self.busy)
        self.told.setText("")

    def _told_before(self) -> str:
        """What there is to take in."""
        usable = [item for item in self.looked if item.usable]
        if all(item.state is State.KNOWN for item in self.looked):
            return f"{len(self.looked)} 个包以前都汇总过，不用再来一次。"
        banks, records = len({item.origin for item in usable}), sum(item.total for item in usable)
        others = len(self.looked) - len(usable)
        left = f"；另有 {others} 个不汇总，原因在“状况”里" if others else ""
        counted = f"：{banks} 家机构，{records:,} 条记录" if usable else ""
        told = [f"{len(self.looked)} 个包，可汇总 {len(usable)} 个{counted}{left}。"]
        alike = dict.fromkeys(item.bank for item in usable if item.namesake)
        if alike:
            told.append(
                f"“{_some(list(alike))}”这个名称有不止一本账簿：同名的两家会分开统计；"
                "如果是同一家换电脑后新建了账簿，先不要汇总，请它恢复原来的账簿再导出，免得同一件算两次。"
            )
        return "\n".join(told)

    # Doing

    def _ask_files(self) -> None:
        chosen, _kind = QFileDialog.getOpenFileNames(self, "选择报送包", self._begin(), KINDS)
        if chosen:
            self.look_at([Path(one) for one in chosen])

    def _ask_folder(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, "放着报送包的文件夹", self._begin())
        if chosen:
            self.look_at([Path(chosen)])

    def _begin(self) -> str:
        drives = exporting.drives()
        return str(drives[0].path if drives else paths.documents_dir())

    def _passphrases(self) -> tuple[str, ...]:
        return tuple(line.strip() for line in self.keys.toPlainText().splitlines() if line.strip())

    def _check_chosen(self) -> None:
        """Look into the chosen package file by file."""
        from xiaobao_desktop.ui.dialogs.export_check import check_file

        check_file(self._session, self.looked[self.table.currentRow()].path, self)

    def _work(self, words: str, work: Callable[[Progress], Any], done: Callable[[Any], None], stop: Stop) -> None:
        self._stop = stop

        def finished(result: Any) -> None:
            self._task = None
            done(result)
            self._show()
            (
                self.go_button if self.go_button.isEnabled() and self.go_button.isVisible() else self.cancel_button
            ).setFocus()

        self._task = tasks().run(work, finished, self._failed, self)
        self._task.stepped.connect(self._tell)
        self._show()
        self.bar.setRange(0, 0)
        self.told.setText(words)
        self.cancel_button.setFocus()

    def _tell(self, done: int, total: int, what: str) -> None:
        if self._task is not None and not self._stop.wanted:
            self.bar.setRange(0, total)
            self.bar.setValue(done)
            self.told.setText(f"{what}（{done + 1}/{total}）" if total else f"{what}…")

    def _failed(self, error: BaseException) -> None:
        self._task = None
        self._show()
        if isinstance(error, ConsolidationCancelled):
            self.told.setText(error.message)
        else:
            show_error(error, self)


def _row(item: Candidate) -> tuple[str, ...]:
    state = item.state.value if item.usable else item.reason
    if item.usable and not item.masked:
        state += "，未遮盖"
    if item.namesake:
        state += "，另有同名账簿"
    made = item.made_at[:16].replace("T", " ")
    rows = f"{item.total:,}" if item.rows is not None else ""
    return (item.bank or item.path.name, item.period_title, made, rows, state)


def _did(took: TookIn) -> str:
    """What a package did, in a few words."""
    parts = [f"新增 {took.added - took.listed}"]
    parts += [f"网点人员名单 {took.listed}"] if took.listed else []
    parts += [f"更新 {took.changed}"] if took.changed else []
    parts += [f"没有变化 {took.same}"] if took.same else []
    parts += [f"撤下 {took.gone}"] if took.gone else []
    parts += [f"附件 {took.files}"] if took.files else []
    return "，".join([*parts, *took.left_out])


def _sentences(result: Result) -> str:
    """What the whole run did, and what the officer should look at."""
    names = {"added": "新增", "changed": "更新", "gone": "撤下"}
    listed = result.total("listed")
    numbers = {part: result.total(part) - (listed if part == "added" else 0) for part in names}
    counts = "，".join(f"{names[part]} {number:,} 条" for part, number in numbers.items())
    lists = f"；另有记录里提到的网点、人员名单 {listed:,} 条" if listed else ""
    told = [f"已汇总 {len(result.taken)} 个包：{counts}{lists}。要退回按 Ctrl+Z，整次一起撤销。"]
    replaced = [number for _item, took in result.taken for number in took.replaced]
    kept = [number for _item, took in result.taken for number in took.kept]
    if replaced:
        told.append(
            f"在这里改过、对方也改了的 {len(replaced)} 条已换成对方的：{_some(replaced)}；原来写的在“修改记录”里。"
        )
    if kept:
        told.append(f"只在这里改过的 {len(kept)} 条没有动：{_some(kept)}。")
    return "\n".join(told)


def _some(numbers: Sequence[str]) -> str:
    return "、".join(numbers[:5]) + ("等" if len(numbers) > 5 else "")
