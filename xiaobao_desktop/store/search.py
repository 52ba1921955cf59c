"""Search in Chinese: pairs of neighbouring characters in an index, checked against the text itself.

Word-wise indexes find nothing inside a Chinese sentence. Each text is folded (NFKC, lower case), cut at white space,
and every word's neighbouring pairs and its last single character are indexed. A typed word of one character is the
beginning of a pair, of two a pair, of more several pairs plus a comparison with the kept text: exactly what LIKE finds.
Pairs are written as hexadecimal code points, so that the tokenizer of FTS5 leaves every character of Unicode alone.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from itertools import pairwise
from struct import unpack_from

from xiaobao_desktop.domain.fields import HasFields, Kind, Ledger, Record, Values
from xiaobao_desktop.store.sqlite import Database
from xiaobao_desktop.store.tables import quoted, search_table, text_table

_SEARCHED = frozenset(
    {
        Kind.TEXT,
        Kind.LONG_TEXT,
        Kind.PERSON_NAME,
        Kind.PHONE,
        Kind.ID_NUMBER,
        Kind.ACCOUNT,
        Kind.ADDRESS,
        Kind.CODE,
    }
)


class _CodePoints(dict[int, str]):
    """Each character as five hexadecimal digits, made when it is first met; a blank as nothing."""

    def __missing__(self, character: int) -> str:
        self[character] = f"{character:05x}"
        return self[character]


_CODE_POINTS = _CodePoints({ord(" "): ""})


class _Grams(dict[int, str]):
    """Pairs of characters as they are indexed, the usual ones kept.

    A pair is one number: the code point of its first character, plus 2³² times that of its second. One that ends with
    a blank stands for its character alone, one that begins with a blank for nothing.
    """

    def __missing__(self, pair: int) -> str:
        if len(self) >= _MOST_KEPT:
            self.clear()
        second, first = divmod(pair, _SECOND)
        self[pair] = "" if first == _BLANK else f"{chr(first)}{chr(second)}".translate(_CODE_POINTS)
        return self[pair]


_MOST_KEPT = 50_000
_SECOND, _BLANK = 2**32, ord(" ")
_GRAMS = _Grams()
_EXACT = 2
"""Words up to this many characters are answered by the index alone."""


def folded(text: str) -> str:
    """Text as it is compared: NFKC, lower case, each run of white space one blank."""
    return " ".join(_alike(text).split())


def _alike(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()


def searchable_text(ledger: Ledger, record: Record) -> str:
    """The folded text of a record: its number, its text fields and those of its child rows, one a line."""
    parts = [record.number or "", *_texts(ledger, record.values)]
    for child in ledger.children:
        for row in record.children.get(child.key, ()):
            parts += _texts(child, row)
    lines = _alike("\n".join([part.replace("\n", " ") for part in parts if part])).split("\n")
    return "\n".join([" ".join(line.split()) for line in lines])


def write(db: Database, ledger: Ledger, record_id: int, text: str, extra: str) -> None:
    """Index a record anew.

    Args:
        db: inside a transaction.
        ledger: of the record.
        record_id: its row id.
        text: from :func:`searchable_text`.
        extra: more words to find it by (names of choices, codes and linked records).
    """
    write_many(db, ledger, [(record_id, text, extra)])


def write_many(db: Database, ledger: Ledger, found: Iterable[tuple[int, str, str]]) -> None:
    """Index records anew, each given as row id, text and further words."""
    rows = [(record_id, text, folded(extra)) for record_id, text, extra in found]
    db.conn.executemany(f"INSERT OR REPLACE INTO {quoted(text_table(ledger))} (id, text, extra) VALUES (?, ?, ?)", rows)
    db.conn.executemany(
        f"INSERT OR REPLACE INTO {quoted(search_table(ledger))} (rowid, grams) VALUES (?, ?)",
        [(record_id, grams(f"{text} {extra}")) for record_id, text, extra in rows],
    )


def grams(text: str) -> str:
    """What the index holds of a folded text: each pair of neighbours and each last character once, in any order."""
    line = " ".join(text.split()) + " "
    # With four bytes a character, each eight are a pair as one number (made and found sooner than a string of two):
    # the 1st and 2nd character, the 3rd and 4th and so on; then the 2nd and 3rd, the 4th and 5th and so on.
    code_points = line.encode("utf-32-le", "surrogatepass")
    odd, even = len(line) // 2, (len(line) - 1) // 2
    pairs = {*unpack_from(f"<{odd}Q", code_points), *unpack_from(f"<{even}Q", code_points, 4)}
    return " ".join(map(_GRAMS.__getitem__, pairs))


def extra_of(db: Database, ledger: Ledger, record_id: int) -> str:
    """The further words a record is indexed under now, "" when there are none."""
    row = db.execute(f"SELECT extra FROM {quoted(text_table(ledger))} WHERE id = ?", (record_id,)).fetchone()
    return str(row[0]) if row else ""


def condition(ledger: Ledger, typed: str, *, in_list_order: bool) -> tuple[str, list[str]]:
    """SQL that is true for records holding every typed word, and its parameters; ("", []) when nothing was typed.

    Args:
        ledger: whose records.
        typed: words divided by white space.
        in_list_order: the list is read from an index anyway: compare along the way instead of fetching each hit.
    """
    words = folded(typed).split()
    if not words:
        return "", []
    index, kept = quoted(search_table(ledger)), quoted(text_table(ledger))
    # The plus keeps SQLite from looking up every hit in the wide table: four times faster where hits are many.
    tested = "+id" if in_list_order else "id"
    asked = " ".join(_asked(words))
    hits = f"SELECT rowid FROM {index} WHERE {index} MATCH ?"
    long_words = [word for word in words if len(word) > _EXACT]
    if not long_words:
        return f"{tested} IN ({hits})", [asked]
    # The line break keeps a word from matching across the end of the text and the beginning of the extra words.
    checks = " AND ".join("instr(text || char(10) || extra, ?) > 0" for _word in long_words)
    return f"{tested} IN (SELECT id FROM {kept} WHERE id IN ({hits}) AND {checks})", [asked, *long_words]


def _texts(declared: HasFields, values: Values) -> list[str]:
    found = [values.get(field.key) for field in declared.of_kinds(_SEARCHED)]
    return [value for value in found if isinstance(value, str) and value]


def _asked(words: Iterable[str]) -> Iterator[str]:
    """The index query: all pairs of all words; a single character as a beginning."""
    for word in words:
        if len(word) == 1:
            yield f"{word.translate(_CODE_POINTS)}*"
        else:
            yield from ((first + second).translate(_CODE_POINTS) for first, second in pairwise(word))
