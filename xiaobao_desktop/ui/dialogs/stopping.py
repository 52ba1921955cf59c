"""A wish to stop, said in the window and heard in the worker's thread."""

from __future__ import annotations


class Stop:
    """Whether the officer wants the work to stop; one for each piece of work."""

    wanted = False

    def asked(self) -> bool:
        """Whether to stop; asked for by the work between its steps."""
        return self.wanted
