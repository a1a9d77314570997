from decimal import Decimal

import pytest

from ledger import BadJournalError, read_journal, trial_balance


def read(text: str):
    return read_journal(text.splitlines())


def test_one_posting_takes_the_rest():
    journal = read("2026-01-02 lunch\n  expenses:food  12.40\n  assets:cash\n")
    assert trial_balance(journal)["assets:cash"] == Decimal("-12.40")


def test_comments_and_empty_lines_say_nothing():
    assert len(read("; nothing\n\n   ; nothing either\n")) == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("  assets:bank 5", "line 1: an entry starts with a day and a text"),
        ("2026-01-02 a\n  bank five", "line 2: a posting is an account and an amount"),
        ("2026-13-02 a\n  assets:a 1\n  equity:b", "line 1: month must be in"),
        ("\n2026-01-02 a\n  assets:a\n  equity:b", "line 2: only one posting can take the rest"),
        ("2026-01-02 a\n  assets:a 1\n  equity:b 1", "line 1: 'a' is off by 2"),
    ],
)
def test_a_mistake_is_named_with_its_line(text: str, message: str):
    with pytest.raises(BadJournalError) as caught:
        read(text)
    assert message in str(caught.value)
