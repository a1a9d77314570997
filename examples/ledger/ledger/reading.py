"""Reads journals that people write by hand."""

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from ledger.journal import Entry, Journal, Posting

_HEAD = re.compile(r"(\d{4}-\d{2}-\d{2})\s+(\S.*)")
_POSTING = re.compile(r"\s+([a-z][\w:-]*)(?:\s+(-?\d+(?:\.\d{1,2})?))?")


class BadJournalError(ValueError):
    """A line that cannot be understood, or an entry that is off; the message names the line."""


def read_journal(lines: Iterable[str]) -> Journal:
    """The journal in some lines.

    An entry is a line with a day and a text, and below it a posting a line, indented; one of them
    may go without an amount and takes the rest. `;` starts a comment.
    """
    journal = Journal()
    block: list[tuple[int, str]] = []
    for number, raw in enumerate(lines, start=1):
        line = raw.split(";", 1)[0].rstrip()
        if not line:
            continue
        if not line[0].isspace() and block:
            journal.add(_read_entry(block))
            block = []
        block.append((number, line))
    if block:
        journal.add(_read_entry(block))
    return journal


def _read_entry(block: list[tuple[int, str]]) -> Entry:
    number, line = block[0]
    head = _HEAD.fullmatch(line)
    if not head:
        raise BadJournalError(f"line {number}: an entry starts with a day and a text")
    amounts = [_read_posting(*numbered) for numbered in block[1:]]
    if sum(1 for _, amount in amounts if amount is None) > 1:
        raise BadJournalError(f"line {number}: only one posting can take the rest")
    rest = -sum((amount for _, amount in amounts if amount is not None), Decimal(0))
    postings = tuple(
        Posting(account, rest if amount is None else amount) for account, amount in amounts
    )
    try:
        return Entry(date.fromisoformat(head[1]), head[2], postings)
    except ValueError as error:
        raise BadJournalError(f"line {number}: {error}") from error


def _read_posting(number: int, line: str) -> tuple[str, Decimal | None]:
    posting = _POSTING.fullmatch(line)
    if not posting:
        raise BadJournalError(f"line {number}: a posting is an account and an amount")
    return posting[1], None if posting[2] is None else Decimal(posting[2])
