"""Adding, changing, ordering and retiring the fields of the bank's own. Each is one transaction with its history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from xiaobao_desktop.domain import custom_fields as rules
from xiaobao_desktop.domain.catalog import plain
from xiaobao_desktop.domain.custom_fields import CustomField
from xiaobao_desktop.domain.fields import Kind, Ledger
from xiaobao_desktop.domain.ledgers import all_ledgers
from xiaobao_desktop.errors import UserError
from xiaobao_desktop.services.session import OWN_FIELDS, Session


class CustomFieldRefused(UserError):
    """{reason}"""  # noqa: D415


@dataclass(frozen=True)
class Entry:
    """An entry of an own choice list: ``id`` "" for a new one; one that is out of use is not offered any more."""

    id: str
    name: str
    active: bool = True


def own_fields(session: Session, ledger_key: str) -> tuple[CustomField, ...]:
    """The own fields of a ledger in order, retired ones too."""
    return session.own_fields.get(ledger_key, ())


def entries(session: Session, ledger_key: str, item: CustomField) -> tuple[Entry, ...]:
    """The entries of an own choice list, those out of use too; () for other kinds."""
    if item.kind is not Kind.CHOICE or not item.key:
        return ()
    found = session.rules.catalog.list(rules.list_name(ledger_key, item.key))
    return tuple(Entry(choice.id, choice.name, choice.active) for choice in found.items)


def put(session: Session, ledger_key: str, item: CustomField, choices: Sequence[Entry] = ()) -> CustomField:
    """Add a field (its key is "") or change one, with the entries of its list.

    Args:
        session: the open book.
        ledger_key: whose field.
        item: as it shall be; the kind of a kept field cannot change.
        choices: all entries in order, for a field that takes from a list.

    Returns:
        The field as kept, with its key.

    Raises:
        CustomFieldRefused: something is missing, double or not possible; the sentence says what.
    """
    present = own_fields(session, ledger_key)
    whole = replace(item, label=" ".join(item.label.split()), key=item.key or rules.next_key(present))
    named = [replace(entry, name=" ".join(entry.name.split())) for entry in choices]
    reason = refusal(session, ledger_key, replace(whole, key=item.key), named)
    if reason:
        raise CustomFieldRefused(reason=reason)
    changed = tuple(whole if old.key == item.key else old for old in present) if item.key else (*present, whole)
    _write(session, ledger_key, changed, _operation(present, whole), {whole.key: named})
    return whole


def arrange(session: Session, ledger_key: str, keys: Sequence[str]) -> None:
    """Put the own fields into the order of ``keys`` (all of them)."""
    by_key = {item.key: item for item in own_fields(session, ledger_key)}
    _write(session, ledger_key, tuple(by_key[key] for key in keys), "自定义字段：调整顺序", {})


def refusal(session: Session, ledger_key: str, item: CustomField, choices: Sequence[Entry]) -> str:
    """Why a field cannot be kept like this, "" when it can."""
    ledger = session.ledger(ledger_key)
    present = own_fields(session, ledger_key)
    old = next((known for known in present if known.key == item.key), None)
    if reason := _label_refusal(ledger, item):
        return reason
    if item.kind not in rules.KINDS or (old is not None and old.kind is not item.kind):
        return "类型建好以后不能改：已经填的内容会对不上。请停用这一项，另加一项"
    if not item.retired and (old is None or old.retired) and rules.in_use(present) >= rules.MOST:
        return f"{ledger.label}已有 {rules.MOST} 个自定义字段在用，先停用一个再加"
    return _choices_refusal(choices) if item.kind is Kind.CHOICE else ""


def _label_refusal(ledger: Ledger, item: CustomField) -> str:
    if not item.label.strip():
        return "请填写名称"
    if len(item.label) > rules.LONGEST_LABEL:
        return f"名称有 {len(item.label)} 个字，最多 {rules.LONGEST_LABEL} 个，请缩短"
    taken = {plain(name): field.label for field in ledger.fields if field.key != item.key for name in (field.label,)}
    if plain(item.label) in {*taken, plain("编号")}:
        return f"{ledger.label}里已有“{item.label}”，请换一个名称"
    return ""


def _choices_refusal(choices: Sequence[Entry]) -> str:
    if not any(entry.active for entry in choices):
        return "请至少加一个选项"
    names: set[str] = set()
    for entry in choices:
        if not plain(entry.name):
            return "有一个选项没有名称，请填写或停用"
        if plain(entry.name) in names:
            return f"选项“{entry.name}”有两个，请去掉一个"
        names.add(plain(entry.name))
    return ""


def _operation(present: Sequence[CustomField], item: CustomField) -> str:
    old = next((known for known in present if known.key == item.key), None)
    if old is None:
        return f"添加自定义字段：{item.label}"
    if old.retired != item.retired:
        return f"{'停用' if item.retired else '重新启用'}自定义字段：{item.label}"
    return f"修改自定义字段：{item.label}"


def _write(
    session: Session,
    ledger_key: str,
    items: tuple[CustomField, ...],
    operation: str,
    choices: Mapping[str, Sequence[Entry]],
) -> None:
    """Keep the fields of a ledger, their columns and lists, all in one transaction."""
    definitions = {**session.own_fields, ledger_key: items}
    with session.book.transaction(operation, session.user, session.now()) as changes:
        # The column and what is said about it belong together: one without the other would stand in the way later.
        changes.declare(rules.merge_all(all_ledgers(), definitions))
        changes.set_setting(OWN_FIELDS, rules.to_text(definitions))
        for key, listed in choices.items():
            name = rules.list_name(ledger_key, key)
            for place, entry in enumerate(_numbered(listed)):
                changes.put_choice(
                    {
                        "list_name": name,
                        "id": entry.id,
                        "name": entry.name,
                        "active": entry.active,
                        "position": place,
                    }
                )
    session.forget()


def _numbered(listed: Sequence[Entry]) -> list[Entry]:
    """Entries with ids: new ones get the next number, so that an id never means two things."""
    last = max((int(entry.id[1:]) for entry in listed if entry.id[1:].isdecimal()), default=0)
    found = []
    for entry in listed:
        if not entry.id:
            last += 1
        found.append(entry if entry.id else replace(entry, id=f"c{last}"))
    return found
