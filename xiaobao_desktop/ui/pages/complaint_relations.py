"""What an opened complaint says of others: doubts to be judged, and the complaints that belong to it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from xiaobao_desktop.domain.fields import Record
from xiaobao_desktop.domain.ledgers.complaint import LEDGER
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.services import complaint_relations, complaint_suspicion, listing
from xiaobao_desktop.services.complaint_relations import Related
from xiaobao_desktop.services.complaint_suspicion import Crowd, Found, Suspect
from xiaobao_desktop.services.records import Changed, get
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import fonts, theme
from xiaobao_desktop.ui.bus import bus
from xiaobao_desktop.ui.pages.ledger_presenter import DetailActions
from xiaobao_desktop.ui.widgets.buttons import LINK, button
from xiaobao_desktop.ui.widgets.form_side import Note
from xiaobao_desktop.ui.widgets.labels import ElidedLabel, label
from xiaobao_desktop.ui.widgets.pill import Pill
from xiaobao_desktop.ui.widgets.suspicion_panel import Answer, Doubt, SuspicionPanel

OPEN_KEY = "Ctrl+J"
"""Opens the complaint that belongs to the one shown, or goes to the list of several."""
MERGE = "merge"
_TOLD = 300
"""Characters of a complaint's text that are shown to be compared."""
_REPEAT_CHOICES = (
    Answer(complaint_relations.REPEAT, "是重复"),
    Answer(MERGE, "并案…"),
    Answer(complaint_relations.LINKED, "只关联"),
    Answer(complaint_relations.DIFFERENT, "不是重复"),
)
_GROUP_CHOICES = (
    Answer(complaint_relations.GROUP, "是同一群体"),
    Answer(complaint_relations.APART, "不是群体"),
)


def suspicion_blocks(session: Session, record: Record, actions: DetailActions) -> list[QWidget]:
    """The doubts about a complaint; nothing when there are none."""
    found = complaint_suspicion.look(session, record)
    if not found:
        return []
    panel = SuspicionPanel(doubts(session, found))
    panel.opened.connect(actions.open)
    panel.judged.connect(partial(_judge_here, session, found, panel, actions))
    return [panel]


def relation_blocks(session: Session, record: Record, actions: DetailActions) -> list[QWidget]:
    """The complaints that belong to this one, both ways; nothing when there are none."""
    found = complaint_relations.related(session, record)
    return [RelatedList(session, found, actions.open)] if found else []


def notes(session: Session, record: Record) -> tuple[Note, ...]:
    """Boxes for the side of the form: the same doubts, to be judged when the complaint is saved.

    While nothing is known of a new complaint but who calls, that this person called before.
    """
    found = complaint_suspicion.look(session, record)
    if not found and record.id is None and (known := complaint_suspicion.before(session, record)):
        last = f"最近 {known.number}，{known.received_on:%Y-%m-%d} 收到，{known.state}"
        return (Note("这个电话或证件号近一年投诉过", f"{known.times} 件", (last,), "grey"),)
    return tuple(
        Note(doubt.title, _headline(doubt), (*doubt.why.split("\n"), "保存后可以判断"), "amber")
        for doubt in doubts(session, found)[:2]
    )


def doubts(session: Session, found: Found) -> tuple[Doubt, ...]:
    """What was found as things to judge: the group first, because it may be a major complaint."""
    crowd = (_crowd_doubt(found.crowd),) if found.crowd else ()
    return (*crowd, *(_repeat_doubt(session, item) for item in found.repeats))


def judge(session: Session, record_id: int, doubt: Doubt, key: str, parent: QWidget) -> Changed:
    """Carry out a judgement and return what changed; nothing when the officer gave up or it was refused.

    Before cases are merged she is asked: the later one ends by it.
    """
    from xiaobao_desktop.ui.dialogs.error_dialog import show_user_error

    others = [other for other, _number in doubt.others]
    try:
        if key != MERGE:
            return complaint_relations.judge(session, record_id, others, key).changed
        if not _merge_confirmed(session, record_id, others[0], parent):
            return ()
        return complaint_relations.merge(session, record_id, others[0]).changed
    except UserError as refusal:
        show_user_error(refusal, parent)
        return ()


def words_of(doubt: Doubt, key: str) -> str:
    """What was judged, for the note at the bottom: 已判断：是重复（TS-2026-0012）."""
    words = next(choice.words for choice in doubt.choices if choice.key == key).rstrip("…")
    more = f" 等 {len(doubt.others)} 件" if len(doubt.others) > 1 else ""
    return f"已判断：{words}（{doubt.others[0][1]}{more}）"


def summary(session: Session, record_id: int) -> QWidget:
    """A complaint in a few lines, to be compared with another: number, day, person, category, branch and text."""
    ledger = session.ledger(LEDGER.key)
    record = get(session, ledger, record_id)

    def shown(key: str) -> str:
        return listing.display(session, ledger.field(key), record.values.get(key))

    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(theme.px(4))
    column.addWidget(label(f"{record.number}　{shown('received_on')} 收到", medium=True))
    parts = [shown(key) for key in ("complainant", "phone", "category", "branch", "state")]
    column.addWidget(label("·".join(part for part in parts if part), fonts.SECOND, tone="2", wrap=True))
    column.addWidget(label(" ".join(shown("content").split())[:_TOLD] or "没有写投诉内容", wrap=True))
    return box


class RelatedList(QWidget):
    """The complaints that belong to one, a line each; Ctrl+J opens the only one or goes to the first."""

    def __init__(self, session: Session, found: tuple[Related, ...], opened: Callable[[int], None]) -> None:
        super().__init__()
        self.setObjectName("related")
        self._opened = opened
        self.links = [button(item.number, LINK) for item in found]
        self._found = found
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(6))
        head = QHBoxLayout()
        head.setSpacing(theme.px(6))
        head.addWidget(label("关联的投诉", medium=True, tone="2"))
        head.addWidget(label(f"{len(found)} 件·{OPEN_KEY} 打开", fonts.SECOND, tone="2"))
        head.addStretch(1)
        column.addLayout(head)
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.px(8))
        grid.setVerticalSpacing(theme.px(6))
        grid.setColumnStretch(2, 1)
        for place, (item, link) in enumerate(zip(found, self.links, strict=True)):
            self._line(grid, place, item, link, session.today().year)
        column.addLayout(grid)
        keys = QShortcut(QKeySequence(OPEN_KEY), self)
        keys.activated.connect(self.open_by_key)

    def open_by_key(self) -> None:
        """Open the only one, or go to the lines."""
        if len({item.record_id for item in self._found}) == 1:
            self._later(self._found[0].record_id)
        else:
            self.links[0].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _line(self, grid: QGridLayout, place: int, item: Related, link: QWidget, year: int) -> None:
        day = item.received_on.removeprefix(f"{year}-")
        tone = "blue" if item.kind in (complaint_relations.MERGED_INTO, complaint_relations.MERGED_HERE) else "grey"
        grid.addWidget(Pill(item.words, tone), place, 0)
        link.setAccessibleName(f"打开 {item.words} {item.number} {item.subject}")
        self.links[place].clicked.connect(lambda: self._later(item.record_id))
        grid.addWidget(link, place, 1)
        grid.addWidget(ElidedLabel(f"{day} {item.subject}", fonts.SECOND), place, 2)
        grid.addWidget(label(item.state, fonts.SECOND, tone="2"), place, 3)

    def _later(self, record_id: int) -> None:
        """Open it when the click is over: this list vanishes by it."""
        QTimer.singleShot(0, self, lambda: self._opened(record_id))


def _judge_here(
    session: Session, found: Found, panel: SuspicionPanel, actions: DetailActions, doubt: Doubt, key: str
) -> None:
    assert found.record_id is not None
    changed = judge(session, found.record_id, doubt, key, panel.window())
    if changed:
        bus().announce(changed)
        actions.told(words_of(doubt, key))


def _merge_confirmed(session: Session, record_id: int, other_id: int, parent: QWidget) -> bool:
    from xiaobao_desktop.ui.dialogs.confirm import confirm

    first, later = complaint_relations.merger(session, record_id, other_id)
    ended = bool(later.values.get("closed_on"))
    text = (
        f"两件都保留，“合并重复”的统计里只算一件。{'' if ended else f'{later.number} 今天以并案结束，不再单独计时。'}"
    )
    if first.values.get("closed_on"):
        text += f"\n{first.number} 已经办结：如果这次有新的事实或理由，应当单独办理，不要并案。"
    return confirm(parent, f"把 {later.number} 并入 {first.number}？", text, yes="并案")


def _repeat_doubt(session: Session, item: Suspect) -> Doubt:
    day = item.received_on.isoformat().removeprefix(f"{session.today().year}-")
    about = "·".join(text for text in (f"{day} 收到", item.state) if text)
    return Doubt(((item.record_id, item.number),), "可能重复", about, "·".join(item.reasons), _REPEAT_CHOICES)


def _crowd_doubt(crowd: Crowd) -> Doubt:
    people = f"{crowd.days} 天内 {crowd.people} 人投诉同一件事"
    major = f"{crowd.major_people} 人以上当面共同投诉属于重大消费投诉，要报告"
    if crowd.major:
        major = f"已到 {crowd.major_people} 人：当面共同投诉的，等级应为“重大”，按应急预案处理并报告"
    others = tuple(zip(crowd.others, crowd.numbers, strict=True))
    return Doubt(others, "可能是群体投诉", "", f"{people}\n{major}", _GROUP_CHOICES)


def _headline(doubt: Doubt) -> str:
    more = f" 等 {len(doubt.others)} 件" if len(doubt.others) > 1 else ""
    return f"{doubt.others[0][1]}{more}"
