"""Forbids this process and its children to make an internet socket: the kernel ends whoever tries (Linux, x86-64, ARM).

A seccomp filter sees every system call, whichever library makes it: Python, Qt, SQLite, a program that was started.
"""

from __future__ import annotations

import ctypes
import platform
import struct
import sys

NUMBERS = {"x86_64": (41, 0xC000003E), "aarch64": (198, 0xC00000B7)}
"""Number of socket(2) and the kernel's name of the architecture (linux/audit.h)."""
_INTERNET = (2, 10)  # AF_INET, AF_INET6
_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _FILTER = 38, 22, 2
_ALLOW, _KILL = 0x7FFF0000, 0x80000000
_LOAD, _EQUAL, _RETURN = 0x20, 0x15, 0x06
_AT_NUMBER, _AT_ARCHITECTURE, _AT_FIRST_ARGUMENT = 0, 4, 16


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def possible() -> bool:
    """Whether the filter is written for this machine."""
    return sys.platform == "linux" and platform.machine() in NUMBERS


def forbid_internet() -> None:
    """Install the filter; it cannot be taken off again.

    Raises:
        OSError: the kernel refuses.
    """
    number, architecture = NUMBERS[platform.machine()]
    steps = [
        (_LOAD, 0, 0, _AT_ARCHITECTURE),
        (_EQUAL, 0, 5, architecture),
        (_LOAD, 0, 0, _AT_NUMBER),
        (_EQUAL, 0, 3, number),
        (_LOAD, 0, 0, _AT_FIRST_ARGUMENT),
        (_EQUAL, 2, 0, _INTERNET[0]),
        (_EQUAL, 1, 0, _INTERNET[1]),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _KILL),
    ]
    packed = b"".join(struct.pack("HBBI", *step) for step in steps)
    program = _Program(len(steps), packed)
    libc = ctypes.CDLL(None, use_errno=True)
    for arguments in ((_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), (_PR_SET_SECCOMP, _FILTER, ctypes.byref(program), 0, 0)):
        if libc.prctl(*arguments) != 0:
            raise OSError(ctypes.get_errno(), "the kernel refuses the filter")
