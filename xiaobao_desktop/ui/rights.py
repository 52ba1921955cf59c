"""What a reader may not do stands there greyed, with the reason; the services refuse it all the same."""

from __future__ import annotations

from functools import cache, partial

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QAction, QShortcut
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from xiaobao_desktop.services.session import Session

WHY = "查阅人员只能看；需要时请消保专员来做"


class _Keeper(QObject):
    """Keeps a control greyed whatever else its page does with it."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Grey it again."""
        if event.type() == QEvent.Type.EnabledChange and isinstance(watched, QWidget):
            grey(watched)
        return False


@cache
def _keeper() -> _Keeper:
    return _Keeper()


def grey(thing: QWidget | QAction) -> None:
    """Grey a control and say why."""
    if thing.isEnabled():
        thing.setEnabled(False)
    if thing.toolTip() != WHY:
        thing.setToolTip(WHY)


def restrict(session: Session, *things: QWidget | QAction | QShortcut) -> None:
    """Grey controls that change the book or take data out of it, for a reader; keys for them do nothing."""
    if session.role.may_change:
        return
    for thing in things:
        if isinstance(thing, QShortcut):
            thing.setEnabled(False)
            continue
        grey(thing)
        if isinstance(thing, QAction):
            thing.changed.connect(partial(grey, thing))
        else:
            thing.installEventFilter(_keeper())


def only_read(session: Session, *editors: QLineEdit | QPlainTextEdit) -> None:
    """Let a reader read and mark what stands in a field, and type nothing."""
    if not session.role.may_change:
        for editor in editors:
            editor.setReadOnly(True)
            editor.setToolTip(WHY)


def hide(session: Session, *things: QWidget) -> None:
    """Take controls away from a reader where a greyed one would only be in the way."""
    if not session.role.may_change:
        for thing in things:
            thing.setVisible(False)
