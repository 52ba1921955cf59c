"""生成本年报送计划: what is owed for the rest of the year, looked at before it becomes pending filings."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from xiaobao_desktop.domain.ledgers.filing import LEDGER
from xiaobao_desktop.services import obligations
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.ui import fonts, theme
from xiaobao_desktop.ui.bus import bus
from xiaobao_desktop.ui.dialogs.scrolled import ScrolledDialog
from xiaobao_desktop.ui.widgets.buttons import PRIMARY, button
from xiaobao_desktop.ui.widgets.labels import label
from xiaobao_desktop.ui.widgets.plain_table import PlainTable

TITLE = "生成本年报送计划"
_WIDTH, _HEIGHT = 720, 500
_HINT = (
    "按“设置→报送事项”算出从今天起到年底要报的，每件记为“待报”；已经在台账里的、删掉过的不再生成。"
    "期限只是通常的日子，请先按当地通知改好报送事项。"
)
_NOTHING = "今天起到年底该报的，台账里都有了，没有要生成的。"


class YearPlanDialog(ScrolledDialog):
    """Shows what would be added and adds it."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(TITLE, LEDGER.key, _WIDTH, _HEIGHT, parent)
        self._session = session
        self.owed = [owed for year in obligations.years(session.today()) for owed in obligations.missing(session, year)]
        self.table = PlainTable("要生成的报送", ("应报日", "报告", "主送"), 1, self.generate)
        words = f"生成 {len(self.owed)} 件" if self.owed else "生成"
        self.make_button = button(words, PRIMARY, icon="calendar-plus")
        self.make_button.setEnabled(bool(self.owed))
        self.make_button.setDefault(True)
        self.make_button.clicked.connect(self.generate)
        self.count.setText(f"{len(self.owed)} 件" if self.owed else "")
        self.close_button.setText("取消  Esc" if self.owed else "关闭  Esc")
        self.show_body(self._made())
        self.foot.addStretch(1)
        self.foot.addWidget(self.close_button)
        self.foot.addWidget(self.make_button)

    def generate(self) -> None:
        """Add them all as pending filings."""
        made = obligations.generate(self._session)
        bus().announce(made.changed)
        self.accept()

    def _made(self) -> QWidget:
        body = QWidget()
        column = QVBoxLayout(body)
        edge = theme.px(20)
        column.setContentsMargins(edge, theme.px(14), edge, theme.px(14))
        column.setSpacing(theme.px(12))
        column.addWidget(label(_HINT if self.owed else _NOTHING, fonts.SECOND, tone="2", wrap=True))
        if self.owed:
            rows = [
                (owed.due_on.isoformat(), owed.title, obligations.addressee(self._session, owed.obligation) or "待填")
                for owed in self.owed
            ]
            self.table.fill(rows, [False] * len(rows))
            column.addWidget(self.table)
        column.addStretch(1)
        return body
