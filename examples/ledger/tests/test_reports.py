from decimal import Decimal
from pathlib import Path

import pytest

from ledger import balance_sheet, income, read_journal, trial_balance
from ledger.__main__ import main

YEAR = Path(__file__).parent / "files" / "2026.journal"

pytestmark = pytest.mark.files


@pytest.fixture
def journal():
    return read_journal(YEAR.read_text(encoding="utf-8").splitlines())


def test_the_trial_balance_adds_up_to_nothing(journal):
    balances = trial_balance(journal)
    assert sum(balances.values()) == 0
    assert balances["assets:bank"] == Decimal("7029.50")


def test_income_is_what_is_left(journal):
    assert income(journal) == Decimal("29.50")


def test_both_sides_of_the_balance_sheet_are_equal(journal):
    sheet = balance_sheet(journal)
    assert sheet["assets"] == sheet["liabilities"] + sheet["equity"]


def test_the_command_prints_the_trial_balance(capsys):
    assert main([str(YEAR)]) == 0
    assert capsys.readouterr().out.splitlines()[-1].split() == ["income", "29.50"]


def test_the_command_names_the_file_that_it_cannot_read(tmp_path, capsys):
    broken = tmp_path / "broken.journal"
    broken.write_text("hello\n", encoding="utf-8")
    assert main([str(broken)]) == 2
    assert "broken.journal: line 1: an entry starts" in capsys.readouterr().err


def test_the_command_wants_one_file(capsys):
    assert main([]) == 2
    assert "usage" in capsys.readouterr().err
