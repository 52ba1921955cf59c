"""Whether two complaints may be one matter told twice, or several people complain of the same thing. Pure functions.

Nothing is decided here: what looks alike is shown with its reasons, and the officer judges. The limits are dated data
(``resources/rules/suspicion.json``); the regulations speak of repeated and of joint complaints without numbers, except
for the twenty people face to face of a major complaint (CBIRC order 3 of 2020).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cached_property

from xiaobao_desktop.domain.likeness import Pairs, likeness, pairs
from xiaobao_desktop.domain.numbers import percent

PATH_MARK = "."
"""Between the levels of a code: B.01.02 lies under B.01."""
PHONE, ID_NUMBER, TICKET = "phone", "id_number", "source_number"
MARK_WORDS = {ID_NUMBER: "同一证件号", PHONE: "同一电话", TICKET: "工单号相同"}
"""Kinds of marks, the surest first, with the words of the reason."""
_NEVER = Fraction(2)
"""More than any likeness."""


@dataclass(frozen=True)
class Limits:
    """From which likeness on, and within how many days, two complaints are worth a look.

    Attributes:
        repeat_days: days between the receipts of a complaint and its repetition.
        same_person: likeness of the texts that is enough for one person (ID number, phone or ticket are the same).
        like_person: likeness for one who may be the same (equal name, or the phone under another name).
        nobody: likeness where one of the two names nobody, or neither category nor branch agree.
        group_days: days within which the complaints of a group come in.
        group_people: different people that make a group.
        group: likeness of the texts of a group.
        major_people: people complaining together face to face that make a major complaint.
    """

    repeat_days: int
    same_person: Fraction
    like_person: Fraction
    nobody: Fraction
    group_days: int
    group_people: int
    group: Fraction
    major_people: int


@dataclass(frozen=True)
class Matter:
    """What is compared of a complaint. Empty texts and None say that nothing is known.

    Attributes:
        id: its record, None while it is being typed.
        received_on: day of receipt.
        name: complainant, in the form in which names are compared.
        marks: what tells a person or ticket for certain: kind -> keyed hash. The kinds are keys of ``MARK_WORDS``.
        category: code of the business category.
        branch: record of the branch complained of.
        product: name of the product, in the form in which names are compared.
        text: what is complained of.
        people: how many people complain in it.
    """

    id: int | None
    received_on: date
    name: str = ""
    marks: dict[str, str] = field(default_factory=dict)
    category: str = ""
    branch: int | None = None
    product: str = ""
    text: str = ""
    people: int = 1

    @cached_property
    def told(self) -> Pairs:
        """The text in the form in which it is compared; most complaints never come so far."""
        return pairs(self.text)

    @property
    def nameless(self) -> bool:
        """Whether nothing tells who complains."""
        return not (self.name or self.marks.get(PHONE) or self.marks.get(ID_NUMBER))


def repeat_reasons(one: Matter, other: Matter, limits: Limits) -> tuple[str, ...]:
    """Why two complaints may be the same one, in Chinese; empty when nothing speaks for it."""
    if abs((one.received_on - other.received_on).days) > limits.repeat_days:
        return ()
    same = {kind for kind in MARK_WORDS if one.marks.get(kind) and one.marks.get(kind) == other.marks.get(kind)}
    named = bool(one.name) and one.name == other.name
    needed = Fraction(0) if TICKET in same else _needed(one, other, same, limits, named=named)
    if needed == _NEVER:
        return ()
    alike = likeness(one.told, other.told)
    if alike < needed:
        return ()
    who = [MARK_WORDS[kind] for kind in MARK_WORDS if kind in same]
    if named:
        who.append("同名")
    elif same and one.name and other.name:
        who.append("姓名不同")
    return (*who, *_matter_words(one, other, alike))


def _needed(one: Matter, other: Matter, same: set[str], limits: Limits, *, named: bool) -> Fraction:
    """How alike the texts have to be for these two people; :data:`_NEVER` where nothing speaks for one matter."""
    if _differ(one.marks.get(ID_NUMBER), other.marks.get(ID_NUMBER)):
        return _NEVER
    if ID_NUMBER in same or (PHONE in same and not _differ(one.name, other.name)):
        if one.text and other.text:
            return limits.same_person
        # One person: the category alone is enough where a text is missing.
        return Fraction(0) if same_category(one, other) else _NEVER
    matter = same_category(one, other) or same_branch(one, other)
    if named or PHONE in same:
        return limits.like_person if matter else limits.nobody
    return limits.nobody if matter and (one.nameless or other.nameless) else _NEVER


def _matter_words(one: Matter, other: Matter, alike: Fraction) -> list[str]:
    words = ["同一业务类别"] if same_category(one, other) else []
    words += ["同一机构"] if same_branch(one, other) else []
    if one.product and one.product == other.product:
        words.append("同一产品")
    return [*words, f"内容相似 {percent(alike, 0)}%"] if alike else words


def same_category(one: Matter, other: Matter) -> bool:
    """Whether two categories are the same, or one lies under the other."""
    first, second = sorted((one.category, other.category), key=len)
    return bool(first) and (first == second or second.startswith(first + PATH_MARK))


def same_branch(one: Matter, other: Matter) -> bool:
    """Whether both name the same branch."""
    return one.branch is not None and one.branch == other.branch


def same_matter(one: Matter, other: Matter, limits: Limits) -> bool:
    """Whether two complaints of a short time speak of the same thing, whoever complains."""
    if abs((one.received_on - other.received_on).days) > limits.group_days or not same_category(one, other):
        return False
    place = same_branch(one, other) or (bool(one.product) and one.product == other.product)
    return place and likeness(one.told, other.told) >= limits.group


def different_people(matters: Iterable[Matter]) -> int:
    """How many different people complain in these cases; equal name, phone or ID number means the same person.

    A case that names nobody counts as one person more.
    """
    known: list[set[str]] = []
    for matter in matters:
        marks = {f"{kind} {matter.marks[kind]}" for kind in (PHONE, ID_NUMBER) if matter.marks.get(kind)}
        signs = marks | ({f"name {matter.name}"} if matter.name else set())
        joined = [person for person in known if person & signs]
        known = [person for person in known if not person & signs]
        known.append(signs.union(*joined))
    return len(known)


def _differ(one: str | None, other: str | None) -> bool:
    return bool(one and other) and one != other
