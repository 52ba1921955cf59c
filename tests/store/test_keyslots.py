from __future__ import annotations

import json
import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.store.books import PASSWORD, QUICK, WHO
from xiaobao_desktop.store import keyslots, recovery
from xiaobao_desktop.store.errors import BookExists, KeyFileDamaged, KeyFileMissing, WrongPassword
from xiaobao_desktop.store.subkeys import new_data_key


@pytest.fixture
def slots(tmp_path: Path) -> tuple[Path, bytes, str]:
    path, data_key = tmp_path / "keys.json", new_data_key()
    words = keyslots.create(path, password=PASSWORD, user=WHO, data_key=data_key, cost=QUICK)
    return path, data_key, words


def test_password_and_recovery_key_both_give_the_data_key(slots: tuple[Path, bytes, str]) -> None:
    path, data_key, words = slots
    assert keyslots.unlock(path, PASSWORD) == keyslots.Unlocked(data_key, WHO, by_recovery=False)
    assert keyslots.unlock(path, words) == keyslots.Unlocked(data_key, "", by_recovery=True)
    assert keyslots.unlock(path, words.replace(" ", "-")).data_key == data_key
    assert keyslots.unlock(path, words.translate(str.maketrans("0123456789", "０１２３４５６７８９"))).by_recovery
    assert keyslots.users(path) == (WHO,)
    assert keyslots.needs_password(path)
    assert path.stat().st_size < 1024
    assert data_key.hex() not in path.read_text("utf-8")


def test_full_width_letters_of_the_input_method_are_the_same_password(slots: tuple[Path, bytes, str]) -> None:
    path, data_key, _words = slots
    assert keyslots.unlock(path, PASSWORD.replace("2026", "２０２６")).data_key == data_key


@pytest.mark.parametrize("secret", ["", None, "消保 xiaobao 2026", PASSWORD + " ", "0" * 48])
def test_wrong_password_is_said_plainly(slots: tuple[Path, bytes, str], secret: str | None) -> None:
    with pytest.raises(WrongPassword, match="密码不对"):
        keyslots.unlock(slots[0], secret)


def test_the_default_cost_is_what_was_promised(tmp_path: Path, real_cost: None) -> None:
    path, data_key = tmp_path / "keys.json", new_data_key()
    keyslots.create(path, password=PASSWORD, user=WHO, data_key=data_key)
    assert {tuple(slot["argon2id"]) for slot in json.loads(path.read_text("utf-8"))["slots"]} == {(65536, 3, 1)}
    assert keyslots.unlock(path, PASSWORD).data_key == data_key


def test_new_password_replaces_the_old_one_in_the_copy_too(slots: tuple[Path, bytes, str]) -> None:
    path, data_key, words = slots
    keyslots.change_password(path, PASSWORD, "新密码 8 位以上", cost=QUICK)
    for _ in range(2):
        assert keyslots.unlock(path, "新密码 8 位以上").data_key == data_key
        assert keyslots.unlock(path, words).data_key == data_key
        with pytest.raises(WrongPassword):
            keyslots.unlock(path, PASSWORD)
        path.unlink(missing_ok=True)


def test_recovery_key_gives_a_new_password(slots: tuple[Path, bytes, str]) -> None:
    path, data_key, words = slots
    keyslots.change_password(path, words, "新密码 8 位以上", cost=QUICK)
    assert keyslots.unlock(path, "新密码 8 位以上").user == WHO
    with pytest.raises(WrongPassword):
        keyslots.change_password(path, PASSWORD, "别的", cost=QUICK)
    assert keyslots.unlock(path, "新密码 8 位以上").data_key == data_key


def test_new_recovery_key_ends_the_old_one(slots: tuple[Path, bytes, str]) -> None:
    path, data_key, words = slots
    new = keyslots.new_recovery_key(path, data_key, cost=QUICK)
    assert keyslots.unlock(path, new).data_key == data_key
    assert keyslots.unlock(path, PASSWORD).data_key == data_key
    with pytest.raises(WrongPassword):
        keyslots.unlock(path, words)
    with pytest.raises(ValueError, match="another book"):
        keyslots.new_recovery_key(path, new_data_key(), cost=QUICK)


def test_a_demo_book_opens_without_a_password(tmp_path: Path) -> None:
    path, data_key = tmp_path / "keys.json", new_data_key()
    keyslots.create(path, password="", user=WHO, data_key=data_key, open_without_password=True, cost=QUICK)
    assert not keyslots.needs_password(path)
    assert keyslots.unlock(path, None) == keyslots.Unlocked(data_key, WHO, by_recovery=False)
    with pytest.raises(ValueError, match="needs a password"):
        keyslots.create(tmp_path / "other.json", password="", user=WHO, data_key=data_key, cost=QUICK)


def test_keys_of_an_existing_book_are_never_written_over(slots: tuple[Path, bytes, str]) -> None:
    path, data_key, _words = slots
    keyslots.create(path, password="x", user=WHO, data_key=data_key, cost=QUICK)  # no book yet: a creation cut off
    (path.parent / "book.db").write_bytes(b"book")
    before = path.read_bytes()
    with pytest.raises(BookExists):
        keyslots.create(path, password="y", user=WHO, data_key=new_data_key(), cost=QUICK)
    assert path.read_bytes() == before


def test_missing_and_damaged_key_files_are_told_apart(slots: tuple[Path, bytes, str]) -> None:
    path, data_key, _words = slots
    copy = path.with_name("keys.json.bak")
    path.write_bytes(b"")
    assert keyslots.unlock(path, PASSWORD).data_key == data_key  # from the copy
    copy.write_bytes(b"{}")
    with pytest.raises(KeyFileDamaged, match="钥匙文件有损坏"):
        keyslots.unlock(path, PASSWORD)
    path.unlink()
    copy.unlink()
    with pytest.raises(KeyFileMissing, match=r"keys\.json"):
        keyslots.unlock(path, PASSWORD)


def test_any_flipped_bit_is_damage_and_not_a_wrong_password(slots: tuple[Path, bytes, str]) -> None:
    path, _data_key, _words = slots
    path.with_name("keys.json.bak").unlink()
    content = path.read_bytes()
    for bit in random.Random(4).sample(range(len(content) * 8), 60):
        flipped = bytearray(content)
        flipped[bit // 8] ^= 1 << bit % 8
        path.write_bytes(flipped)
        with pytest.raises(KeyFileDamaged):
            keyslots.unlock(path, PASSWORD)


def test_recovery_key_names_the_mistyped_group() -> None:
    draw = random.Random(7)
    for _ in range(20):
        words = recovery.new_recovery_key()
        groups = words.split()
        assert [len(group) for group in groups] == [6] * 8
        assert recovery.digits_of(words) == words.replace(" ", "")
        place, position = draw.randrange(8), draw.randrange(6)
        old = groups[place][position]
        new = draw.choice([digit for digit in "0123456789" if digit != old])
        groups[place] = groups[place][:position] + new + groups[place][position + 1 :]
        assert recovery.wrong_groups(" ".join(groups)) == (place + 1,)
        assert recovery.digits_of(" ".join(groups)) is None
        assert not recovery.group_fits(place + 1, groups[place])


def test_groups_in_the_wrong_order_are_noticed() -> None:
    groups = recovery.new_recovery_key().split()
    swapped = " ".join([groups[1], groups[0], *groups[2:]])
    assert groups[0] == groups[1] or recovery.wrong_groups(swapped)
    assert recovery.wrong_groups(" ".join(groups[:7])) == (8,)


def test_key_slots_load_no_database_library() -> None:
    code = (
        "import sys; import xiaobao_desktop.store.keyslots;"
        "print([name for name in ('sqlite_utils', 'sqlcipher3', 'sqlite3') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_threads_may_try_a_password_at_the_same_time(tmp_path: Path, real_cost: None) -> None:
    data_key = new_data_key()
    keyslots.create(tmp_path / "keys.json", password=PASSWORD, user=WHO, data_key=data_key)
    with ThreadPoolExecutor(4) as pool:
        tries = [pool.submit(keyslots.unlock, tmp_path / "keys.json", PASSWORD) for _number in range(4)]
        assert {task.result(timeout=30).data_key for task in tries} == {data_key}
