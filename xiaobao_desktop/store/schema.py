"""The fixed tables of a book, their numbered migrations and the triggers that keep history as it was written.

A migration that has left the house is never edited; a change of the fixed tables, or a rename or retype in a ledger's
table, is a new migration at the end of this file. Tables of ledgers follow their declarations (``tables.py``).
"""

from __future__ import annotations

from xiaobao_desktop.store import library
from xiaobao_desktop.store.sqlite import APPLICATION_ID, Database

MIGRATIONS = library.Migrations("xiaobao")

SCHEMA_VERSION = 2
"""Number of the last migration, kept as ``user_version``: a program refuses books with a higher one."""

SETTING, CHOICE_ITEM = "setting", "choice_item"
ATTACHMENT, ATTACHMENT_LINK, DRAFT = "attachment", "attachment_link", "draft"

RETIRED_KEY, RETIRED_CONTENT = "retired_key", "retired_content"
"""Only in books that were re-encrypted (``retired.py``)."""

FIXED_TABLES = frozenset(
    {
        *(SETTING, CHOICE_ITEM, ATTACHMENT, ATTACHMENT_LINK, DRAFT, RETIRED_KEY, RETIRED_CONTENT),
        *("change", "change_content", "import_row"),
    }
)
"""Names that no ledger may have."""

_SCHEMA_1 = (
    """CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID""",
    # "group" and "aliases" as in the choice lists of the program; code_parent and official for entries of code trees.
    """CREATE TABLE choice_item (
        list_name TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL, aliases TEXT NOT NULL DEFAULT '[]',
        "group" TEXT NOT NULL DEFAULT '', active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
        position INTEGER, code_parent TEXT NOT NULL DEFAULT '', official TEXT NOT NULL DEFAULT '',
        extra TEXT NOT NULL DEFAULT '{}', PRIMARY KEY (list_name, id)
    ) STRICT, WITHOUT ROWID""",
    # One row per changed record, setting or choice. The chain covers every column but mac, and the mac before.
    """CREATE TABLE change (
        seq INTEGER PRIMARY KEY, operation_id INTEGER NOT NULL, operation TEXT NOT NULL, at TEXT NOT NULL,
        who TEXT NOT NULL, action TEXT NOT NULL, ledger TEXT NOT NULL, record_id INTEGER NOT NULL,
        digest TEXT NOT NULL, mac TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX change_record ON change (ledger, record_id)",
    # What the record said before and after, apart from the chain: it can be erased one day, the chain stays whole.
    """CREATE TABLE change_content (
        seq INTEGER PRIMARY KEY REFERENCES change (seq), salt TEXT NOT NULL, before TEXT, after TEXT
    ) STRICT""",
    """CREATE TABLE import_row (
        ledger TEXT NOT NULL, fingerprint TEXT NOT NULL, record_id INTEGER NOT NULL, PRIMARY KEY (ledger, fingerprint)
    ) STRICT, WITHOUT ROWID""",
)

_SCHEMA_2 = (
    # A file that was added. "content" names it in the pool beside the book (a keyed hash of its bytes): the same
    # content may have been added under several names.
    """CREATE TABLE attachment (
        id INTEGER PRIMARY KEY, content TEXT NOT NULL, sha256 TEXT NOT NULL, name TEXT NOT NULL,
        media_type TEXT NOT NULL, size INTEGER NOT NULL, width INTEGER, height INTEGER,
        added_at TEXT NOT NULL, added_by TEXT NOT NULL
    ) STRICT""",
    "CREATE INDEX attachment_content ON attachment (content)",
    # Where it belongs: a record, and perhaps one of its child rows (child_id).
    """CREATE TABLE attachment_link (
        id INTEGER PRIMARY KEY, attachment_id INTEGER NOT NULL REFERENCES attachment (id), ledger TEXT NOT NULL,
        record_id INTEGER NOT NULL, child_id INTEGER, evidence TEXT NOT NULL, caption TEXT NOT NULL,
        position INTEGER NOT NULL
    ) STRICT""",
    "CREATE INDEX attachment_link_record ON attachment_link (ledger, record_id, position)",
    # What was typed and not saved; record_id is NULL for a new record.
    """CREATE TABLE draft (
        id INTEGER PRIMARY KEY, ledger TEXT NOT NULL, record_id INTEGER, saved_at TEXT NOT NULL, who TEXT NOT NULL,
        body TEXT NOT NULL
    ) STRICT""",
)


def _refuse(table: str, verb: str) -> str:
    return (
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    )


TRIGGERS = {
    f"{table}_no_{verb.lower()}": _refuse(table, verb)
    for table in ("change", "change_content")
    for verb in ("UPDATE", "DELETE")
}
"""Every trigger of a book by name. Rebuilding a table (``transform``) drops its triggers: see ``trigger_faults``."""


@MIGRATIONS()
def schema_1(db: library.Database) -> None:
    """The first schema."""
    for statement in (*_SCHEMA_1, *TRIGGERS.values()):
        db.execute(statement)


@MIGRATIONS()
def schema_2(db: library.Database) -> None:
    """Attachments and drafts."""
    for statement in _SCHEMA_2:
        db.execute(statement)


def statement(table: str) -> str:
    """The statement that makes a fixed table."""
    return next(sql for sql in (*_SCHEMA_1, *_SCHEMA_2) if sql.startswith(f"CREATE TABLE {table} "))


def migrate(db: Database) -> None:
    """Apply the migrations that are pending."""
    MIGRATIONS.apply(db)


def stamp(db: Database) -> None:
    """Mark the file as a book of this schema version."""
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def version_of(db: Database) -> tuple[int, int]:
    """(application id, schema version) as stamped in the file."""
    application = int(db.execute("PRAGMA application_id").fetchone()[0])
    return application, int(db.execute("PRAGMA user_version").fetchone()[0])


def trigger_faults(db: Database) -> tuple[str, ...]:
    """Names of triggers that are missing, changed or not ours; empty when all is as it should be."""
    found = dict(db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall())
    return tuple(sorted(name for name in TRIGGERS.keys() | found.keys() if TRIGGERS.get(name) != found.get(name)))
