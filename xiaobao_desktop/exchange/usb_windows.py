"""Removable drives of Windows: those that call themselves removable, and fixed ones on a USB line (external disks)."""

from __future__ import annotations

import sys

if sys.platform == "win32":
    import ctypes
    from ctypes import wintypes

    from xiaobao_desktop.files import close_windows_handle, windows_handle

    _kernel = ctypes.WinDLL("kernel32", use_last_error=True)
    _kernel.GetLogicalDrives.restype = wintypes.DWORD
    _kernel.GetDriveTypeW.argtypes = (wintypes.LPCWSTR,)
    _kernel.GetDriveTypeW.restype = wintypes.UINT
    _kernel.GetVolumeInformationW.argtypes = (
        wintypes.LPCWSTR,
        wintypes.LPWSTR,
        wintypes.DWORD,
        wintypes.LPVOID,
        wintypes.LPVOID,
        wintypes.LPVOID,
        wintypes.LPWSTR,
        wintypes.DWORD,
    )
    _kernel.DeviceIoControl.argtypes = (
        wintypes.HANDLE,
        wintypes.DWORD,
        wintypes.LPVOID,
        wintypes.DWORD,
        wintypes.LPVOID,
        wintypes.DWORD,
        ctypes.POINTER(wintypes.DWORD),
        wintypes.LPVOID,
    )
    # fileapi.h, winioctl.h
    _REMOVABLE, _FIXED = 2, 3
    _QUERY_PROPERTY, _BUS_USB = 0x002D1400, 7
    _BUS_OFFSET, _ANSWER = 28, 1024
    """Place of BusType in STORAGE_DEVICE_DESCRIPTOR, and room for the whole of it."""

    def removable_roots() -> list[tuple[str, str]]:
        r"""(root such as ``E:\``, name of the volume) of every drive that may be pulled out and has a medium."""
        found = []
        drives = _kernel.GetLogicalDrives()
        for place in range(26):
            letter = chr(ord("A") + place)
            root = f"{letter}:\\"
            if not drives >> place & 1:
                continue
            kind = _kernel.GetDriveTypeW(root)
            if kind == _REMOVABLE or (kind == _FIXED and _on_usb(letter)):
                name = _volume(root)
                if name is not None:
                    found.append((root, f"{name}（{letter}:）" if name else f"U 盘（{letter}:）"))
        return found

    def _volume(root: str) -> str | None:
        """The name of a volume, None when the drive is empty."""
        name = ctypes.create_unicode_buffer(261)
        done = _kernel.GetVolumeInformationW(root, name, len(name), None, None, None, None, 0)
        return name.value if done else None

    def _on_usb(letter: str) -> bool:
        """Whether the storage device behind a letter hangs on a USB line."""
        handle = windows_handle(f"\\\\.\\{letter}:", 0, 0)
        if handle is None:
            return False
        try:
            query = (ctypes.c_uint32 * 3)(0, 0, 0)  # StorageDeviceProperty, PropertyStandardQuery
            answer = (ctypes.c_ubyte * _ANSWER)()
            size = wintypes.DWORD()
            done = _kernel.DeviceIoControl(
                handle,
                _QUERY_PROPERTY,
                ctypes.byref(query),
                ctypes.sizeof(query),
                ctypes.byref(answer),
                _ANSWER,
                ctypes.byref(size),
                None,
            )
            if not done or size.value < _BUS_OFFSET + 4:
                return False
            return int.from_bytes(bytes(answer[_BUS_OFFSET : _BUS_OFFSET + 4]), "little") == _BUS_USB
        finally:
            close_windows_handle(handle)
