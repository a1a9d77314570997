"""`python -m ledger FILE` prints the trial balance and the income of a journal."""

import sys
from collections.abc import Sequence
from pathlib import Path

from ledger.reading import BadJournalError, read_journal
from ledger.reports import income, trial_balance


def main(arguments: Sequence[str]) -> int:
    """Prints what the journal says; 2 when it cannot be read."""
    if len(arguments) != 1:
        print("usage: python -m ledger FILE", file=sys.stderr)
        return 2
    path = Path(arguments[0])
    try:
        journal = read_journal(path.read_text(encoding="utf-8").splitlines())
    except (OSError, BadJournalError) as error:
        print(f"{path}: {error}", file=sys.stderr)
        return 2
    for account, balance in trial_balance(journal).items():
        print(f"{account:<30}{balance:>12,.2f}")
    print(f"{'income':<30}{income(journal):>12,.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
