"""Sticks: drives told from /proc/mounts, names that FAT32 takes, room asked for before, writing that is proven."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from xiaobao_desktop.exchange import usb
from xiaobao_desktop.exchange.csv_sheets import csv_bytes, guarded
from xiaobao_desktop.files import TargetMissing

MOUNTS = r"""sysfs /sys sysfs rw,nosuid 0 0
/dev/nvme0n1p2 / ext4 rw,relatime 0 0
/dev/nvme0n1p1 /boot/efi vfat rw 0 0
/dev/sdb1 /media/zhou/\346\212\245\351\200\201\040U\347\233\230 vfat rw,nosuid,nodev 0 0
/dev/sdb1 /media/zhou/\346\212\245\351\200\201\040U\347\233\230 vfat rw 0 0
/dev/sdc /media/zhou/A\134B exfat rw 0 0
/dev/sda1 /data ext4 rw 0 0
//server/share /mnt/share cifs rw 0 0
broken
"""


def test_mounts_are_read_with_their_chinese_names() -> None:
    found = usb.parse_mounts(MOUNTS)
    assert ("/dev/sdb1", "/media/zhou/报送 U盘", "vfat") in found
    assert ("/dev/sdc", "/media/zhou/A\\B", "exfat") in found
    assert len(found) == 8


def test_only_what_can_be_pulled_out_is_offered_and_once() -> None:
    found = usb.removable_mounts(usb.parse_mounts(MOUNTS), lambda device: device in {"sdb1", "sdc", "nvme0n1p1"})
    assert [mount.place for mount in found] == ["/media/zhou/报送 U盘", "/media/zhou/A\\B"]


def test_the_drives_of_this_machine_are_asked_without_trouble() -> None:
    for drive in usb.drives():
        assert drive.path.is_absolute()
        assert drive.free >= 0


def test_names_that_every_stick_takes() -> None:
    assert usb.safe_name('云岭<行>:"报/送\\包|？*.') == "云岭_行___报_送_包_？_"
    assert usb.safe_name(" . ") == "小保"
    assert len(f"{usb.safe_name('长' * 300)}（12）.zip.part".encode()) <= 255


def test_a_file_that_is_there_keeps_its_name(tmp_path: Path) -> None:
    assert usb.free_target(tmp_path, "包", ".zip").name == "包.zip"
    (tmp_path / "包.zip").write_bytes(b"old")
    (tmp_path / "包（2）.zip").write_bytes(b"old")
    assert usb.free_target(tmp_path, "包", ".zip").name == "包（3）.zip"


def test_room_is_asked_for_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(usb.FileTooLargeForStick, match="4 GB"):
        usb.check_room(tmp_path, "包.zip", usb.FAT32_LARGEST + 1)
    with pytest.raises(TargetMissing):
        usb.check_room(tmp_path / "没有", "包.zip", 1)
    tight = pytest.MonkeyPatch()
    with tight.context() as patch:
        patch.setattr("shutil.disk_usage", lambda _path: type("Usage", (), {"free": 2 * 1024 * 1024})())
        with pytest.raises(usb.StickTooSmall, match=r"要 3 MB，“.*”只剩 2 MB"):
            usb.check_room(tmp_path, "包.zip", 1024 * 1024 + 1)


def test_written_read_back_and_told(tmp_path: Path) -> None:
    content = bytes(range(256)) * 4000
    heard: list[tuple[int, int]] = []
    digest = usb.write_proven(tmp_path / "包.zip", content, told=lambda done, total: heard.append((done, total)))
    assert digest == hashlib.sha256(content).hexdigest()
    assert (tmp_path / "包.zip").read_bytes() == content
    assert heard[-1] == (len(content), len(content))
    assert [path.name for path in tmp_path.iterdir()] == ["包.zip"]


def test_cancelled_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "旧.zip").write_bytes(b"old")
    heard: list[int] = []
    with pytest.raises(usb.WritingCancelled, match="已取消"):
        usb.write_proven(
            tmp_path / "包.zip",
            bytes(900_000),
            told=lambda done, _of: heard.append(done),
            cancelled=lambda: len(heard) > 1,
        )
    assert [path.name for path in tmp_path.iterdir()] == ["旧.zip"]


def test_no_folder_is_made_where_a_stick_was(tmp_path: Path) -> None:
    with pytest.raises(TargetMissing, match="U 盘可能已经拔出"):
        usb.write_proven(tmp_path / "U 盘" / "包.zip", b"x")
    assert list(tmp_path.iterdir()) == []


def test_what_the_caller_does_before_the_name_decides(tmp_path: Path) -> None:
    def refuse() -> None:
        assert [path.name for path in tmp_path.iterdir()] == ["包.zip.part"]
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        usb.write_proven(tmp_path / "包.zip", b"x", ready=refuse)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+cmd|' /C calc'!A0",
        "-2+3",
        "@SUM(A1)",
        "\tx",
        "\r=x",
        "＝1+1",
        "＋1a",
        "  =1",
        "\u200b=1",
        "\ufeff@x",
        "　=1",
    ],
)
def test_formulas_are_guarded(text: str) -> None:
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize(
    "text", ["-12.50", "+86 139 0799 1234", "138-1234-5621", "刘=秀", "3-5天", "", "-3.5%", "410121"]
)
def test_numbers_and_phones_are_left_alone(text: str) -> None:
    assert guarded(text) == text


def test_csv_has_a_mark_and_whole_cells() -> None:
    made = csv_bytes(["编号", "内容"], [("TS-2026-0001", '说“年费”\n,"没有"'), ("=x", None)])
    assert made.startswith(b"\xef\xbb\xbf")
    assert made.decode("utf-8-sig") == '编号,内容\r\nTS-2026-0001,"说“年费”\n,""没有"""\r\n\'=x,\r\n'
