"""Entries, and the journal that only takes what balances."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from ledger.accounts import kind_of


class UnbalancedError(ValueError):
    """The postings of an entry do not add up to nothing."""


@dataclass(frozen=True)
class Posting:
    """An amount on an account: debits are positive, credits negative."""

    account: str
    amount: Decimal


@dataclass(frozen=True)
class Entry:
    """What happened on a day, as two postings or more."""

    day: date
    text: str
    postings: tuple[Posting, ...]

    def __post_init__(self) -> None:
        if len(self.postings) < 2:
            raise UnbalancedError(f"{self.text!r} has fewer than two postings")
        rest = sum((posting.amount for posting in self.postings), Decimal(0))
        if rest != 0:
            raise UnbalancedError(f"{self.text!r} is off by {rest}")
        for posting in self.postings:
            kind_of(posting.account)


@dataclass
class Journal:
    """Entries in the order of their days; those of one day stay in the order in which they came."""

    _entries: list[Entry] = field(default_factory=list)

    def add(self, entry: Entry) -> None:
        """Takes an entry in."""
        at = len(self._entries)
        while at > 0 and self._entries[at - 1].day > entry.day:
            at -= 1
        self._entries.insert(at, entry)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def until(self, day: date) -> "Journal":
        """The journal as it was at the end of a day."""
        return Journal([entry for entry in self._entries if entry.day <= day])
