"""Changing the bank's settings."""

from __future__ import annotations

from xiaobao_desktop.services import retention
from xiaobao_desktop.services.session import Session
from xiaobao_desktop.settings import KEYS, BankSettings


def save_settings(session: Session, **changes: str) -> BankSettings:
    """Write the given options (keys of :class:`BankSettings`) and return all settings.

    Raises:
        KeyError: an option of that name does not exist.
        YearsRefused: records would be kept too short.
    """
    unknown = [key for key in changes if key not in KEYS]
    if unknown:
        raise KeyError(unknown[0])
    current = session.settings
    different = {key: value for key, value in changes.items() if getattr(current, key) != value}
    retention.check_settings(session, different)
    if different:
        with session.book.transaction("修改设置", session.user, session.now()) as writing:
            for key, value in different.items():
                writing.set_setting(key, value)
        session.forget()
    return session.settings
