"""Long work beside the window: the only place with threads.

One worker thread takes plain callables one after the other. Results come back by one signal in the window's thread.
``busy_changed`` is sent when work has lasted 300 ms, for the thin bar under the top bar, and again when it is over.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from threading import Event
from typing import Any

import shiboken6
from PySide6.QtCore import QObject, Qt, QTimer, Signal

PATIENCE_MS = 300


class Progress:
    """Handed to work that wants to report how far it is and to hear that it is no longer wanted."""

    def __init__(self, task: Task) -> None:
        self._task = task

    @property
    def cancelled(self) -> bool:
        """Whether the officer pressed 取消; the work should then return soon without writing."""
        return self._task.cancel_event.is_set()

    def step(self, done: int, total: int, what: str = "") -> None:
        """Report ``done`` of ``total`` (0 = unknown) and what is being done, in Chinese."""
        self._task.stepped.emit(done, total, what)


class Task(QObject):
    """One piece of work under way.

    ``ended`` carries (result, error): exactly one of them is not None unless the work returned None.
    """

    ended = Signal(object, object)
    stepped = Signal(int, int, str)

    def __init__(self) -> None:
        super().__init__()
        self.cancel_event = Event()

    def cancel(self) -> None:
        """Ask the work to stop; its result is dropped."""
        self.cancel_event.set()


class Tasks(QObject):
    """The worker and what waits for it. ``quiet`` is sent when the last work that a lock met has ended."""

    busy_changed = Signal(bool)
    quiet = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._held: set[Task] = set()
        self._waiting: list[Callable[[], None]] = []
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="work")
        self._running: set[Task] = set()
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(PATIENCE_MS)
        self._patience.timeout.connect(lambda: self.busy_changed.emit(True))

    @property
    def busy(self) -> bool:
        """Whether work is under way or waiting."""
        return bool(self._running)

    def run(
        self,
        work: Callable[[Progress], Any],
        done: Callable[[Any], None],
        failed: Callable[[BaseException], None],
        owner: QObject | None = None,
    ) -> Task:
        """Do ``work`` in the worker thread.

        Args:
            work: plain callable; gets a :class:`Progress`.
            done: called in the window's thread with the result.
            failed: called in the window's thread with what was raised.
            owner: when this object is gone by then, or the task was cancelled, nobody is called.

        Returns:
            The task, for ``cancel`` and ``stepped``.
        """
        task = Task()
        self._running.add(task)
        if len(self._running) == 1:
            self._patience.start()
        task.ended.connect(
            lambda result, error: self._finish(task, result, error, done, failed, owner),
            Qt.ConnectionType.QueuedConnection,
        )
        future = self._executor.submit(work, Progress(task))
        future.add_done_callback(lambda ended: _report(task, ended))
        return task

    @property
    def holding(self) -> bool:
        """Whether work that was under way at :meth:`hold` still goes on."""
        return bool(self._held)

    def hold(self) -> None:
        """Tell nobody of the end of the work now under way until :meth:`release`: the program is locked."""
        self._held = set(self._running)

    def release(self) -> None:
        """Tell what ended meanwhile, in its order; what is still under way is told when it ends."""
        self._held = set()
        waiting, self._waiting = self._waiting, []
        for tell in waiting:
            tell()

    def close(self) -> None:
        """End the worker of this process: ask everything to stop and wait for the work under way."""
        self.end()
        tasks.cache_clear()

    def end(self) -> None:
        """Ask everything to stop, wait for the work under way and end the thread."""
        for task in self._running:
            task.cancel()
        self._executor.shutdown(wait=True, cancel_futures=True)
        self._running.clear()
        self._patience.stop()

    def _finish(
        self,
        task: Task,
        result: Any,
        error: BaseException | None,
        done: Callable[[Any], None],
        failed: Callable[[BaseException], None],
        owner: QObject | None,
    ) -> None:
        self._running.discard(task)
        if not self._running:
            self._patience.stop()
            self.busy_changed.emit(False)

        def tell() -> None:
            if task.cancel_event.is_set() or (owner is not None and not shiboken6.isValid(owner)):
                return
            if error is not None:
                failed(error)
            else:
                done(result)

        if task not in self._held:
            tell()
            return
        self._held.discard(task)
        self._waiting.append(tell)
        if not self._held:
            self.quiet.emit()


def _report(task: Task, ended: Future[Any]) -> None:
    """Hand the outcome over to the window's thread; runs in the worker thread."""
    if ended.cancelled():
        return
    error = ended.exception()
    task.ended.emit(None if error else ended.result(), error)


@cache
def tasks() -> Tasks:
    """The worker of this process, made when first needed."""
    return Tasks()
