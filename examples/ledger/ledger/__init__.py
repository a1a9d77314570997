"""A small ledger in double entry: every entry's postings add up to nothing."""

from ledger.accounts import Kind, kind_of
from ledger.journal import Entry, Journal, Posting, UnbalancedError
from ledger.reading import BadJournalError, read_journal
from ledger.reports import balance_sheet, income, trial_balance

__all__ = [
    "BadJournalError",
    "Entry",
    "Journal",
    "Kind",
    "Posting",
    "UnbalancedError",
    "balance_sheet",
    "income",
    "kind_of",
    "read_journal",
    "trial_balance",
]
