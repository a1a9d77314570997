from datetime import date
from decimal import Decimal

import pytest

from ledger import Entry, Journal, Posting, UnbalancedError


def entry(day: int, text: str, *amounts: tuple[str, str]) -> Entry:
    postings = tuple(Posting(account, Decimal(amount)) for account, amount in amounts)
    return Entry(date(2026, 1, day), text, postings)


def test_an_entry_that_balances_is_taken():
    journal = Journal()
    journal.add(entry(2, "opening", ("assets:bank", "10.00"), ("equity:owner", "-10.00")))
    assert len(journal) == 1


def test_an_entry_that_is_off_is_refused():
    with pytest.raises(UnbalancedError, match=r"'rent' is off by 0\.01"):
        entry(2, "rent", ("expenses:rent", "400.01"), ("assets:bank", "-400"))


def test_one_posting_is_no_entry():
    with pytest.raises(UnbalancedError, match="fewer than two postings"):
        entry(2, "nothing", ("assets:bank", "0"))


def test_an_account_of_no_kind_is_refused():
    with pytest.raises(ValueError, match="'bank' starts with none of: assets, liabilities"):
        entry(2, "opening", ("bank", "1"), ("equity:owner", "-1"))


def test_entries_are_in_the_order_of_their_days():
    journal = Journal()
    for day, text in [(5, "c"), (2, "a"), (5, "d"), (3, "b")]:
        journal.add(entry(day, text, ("assets:bank", "1"), ("equity:owner", "-1")))
    assert [each.text for each in journal] == ["a", "b", "c", "d"]


def test_the_journal_of_a_day_holds_what_came_before():
    journal = Journal()
    for day in (2, 3, 4):
        journal.add(entry(day, str(day), ("assets:bank", "1"), ("equity:owner", "-1")))
    assert [each.text for each in journal.until(date(2026, 1, 3))] == ["2", "3"]
