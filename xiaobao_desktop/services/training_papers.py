"""Papers of a training: the sign-in sheet, empty or with names."""

from __future__ import annotations

from xiaobao_desktop.domain.fields import Record, Value
from xiaobao_desktop.domain.ledgers import ledger
from xiaobao_desktop.domain.ledgers.training import ATTENDEES, GROUP_COUNTS
from xiaobao_desktop.domain.numbers import plain_decimal
from xiaobao_desktop.reports import sign_in
from xiaobao_desktop.reports.document import Document
from xiaobao_desktop.reports.forms import Box
from xiaobao_desktop.services.papers import Paper, when
from xiaobao_desktop.services.session import Session

BLANK, NAMED = "sign-in-blank", "sign-in"
PAPERS = (
    Paper(BLANK, "签到表（空白）", "培训签到表"),
    Paper(NAMED, "签到表（已填）", "培训签到表（已填）"),
)


def document(session: Session, record: Record, paper: str) -> Document:
    """The sign-in sheet of a training; with names when ``paper`` says so and there are attendees."""
    values = record.values
    groups = session.rules.catalog.list("staff_group")
    audience = values.get("audience")
    chosen = audience if isinstance(audience, tuple) else ()
    hours, expected, attended = (values.get(key) for key in ("hours", "expected", "attended"))
    signers = _signers(session, record) if paper == NAMED else ()
    held = any(row.get("attended") for row in record.children.get(ATTENDEES.key, ()))
    return sign_in.build(
        sign_in.SignInInput(
            number=record.number or "",
            department=str(values.get("department") or ""),
            topic=str(values.get("topic") or ""),
            time=when(values),
            place=str(values.get("place") or ""),
            lecturer=str(values.get("lecturer") or ""),
            hours=f"{plain_decimal(hours)}学时" if isinstance(hours, int) else "",
            groups=tuple(Box(groups.label(group), group in chosen) for group in GROUP_COUNTS),
            expected=expected if isinstance(expected, int) else 0,
            attended=str(attended) if paper == NAMED and attended is not None and (held or not signers) else "",
            signers=signers,
        )
    )


def _signers(session: Session, record: Record) -> tuple[sign_in.Signer, ...]:
    """Those invited; once someone is recorded as present, the others carry 未到."""
    rows = record.children.get(ATTENDEES.key, ())
    held = any(row.get("attended") for row in rows)
    ids = [number for row in rows if isinstance(number := row.get("staff"), int)]
    staff = session.book.rows(ledger("staff"), ids, ("name", "branch", "department", "post"))
    found = {int(str(item["id"])): item for item in staff}
    branches = session.link_names("branch")

    def unit(person: dict[str, Value]) -> str:
        branch = person["branch"]
        return str(person["department"] or "") or (branches.get(branch, "") if isinstance(branch, int) else "")

    return tuple(
        sign_in.Signer(
            str(person["name"] or ""),
            unit(person),
            str(person["post"] or ""),
            "未到" if held and not row.get("attended") else "",
        )
        for row in rows
        if (person := found.get(int(str(row.get("staff") or 0)))) is not None
    )
