"""What a journal says: balances, the result of a year, and the balance sheet."""

from collections import defaultdict
from decimal import Decimal

from ledger.accounts import Kind, kind_of
from ledger.journal import Journal


def trial_balance(journal: Journal) -> dict[str, Decimal]:
    """The balance of each account, debits positive, by name; accounts at nothing are left out."""
    balances: defaultdict[str, Decimal] = defaultdict(Decimal)
    for entry in journal:
        for posting in entry.postings:
            balances[posting.account] += posting.amount
    return {account: balances[account] for account in sorted(balances) if balances[account] != 0}


def income(journal: Journal) -> Decimal:
    """Income less expenses."""
    totals = _totals(journal)
    return totals[Kind.INCOME] - totals[Kind.EXPENSES]


def balance_sheet(journal: Journal) -> dict[str, Decimal]:
    """Assets on one side; liabilities, equity and the income so far on the other, just as much."""
    totals = _totals(journal)
    return {
        "assets": totals[Kind.ASSETS],
        "liabilities": totals[Kind.LIABILITIES],
        "equity": totals[Kind.EQUITY] + income(journal),
    }


def _totals(journal: Journal) -> dict[Kind, Decimal]:
    totals = dict.fromkeys(Kind, Decimal(0))
    for account, balance in trial_balance(journal).items():
        kind = kind_of(account)
        totals[kind] += kind.sign * balance
    return totals
