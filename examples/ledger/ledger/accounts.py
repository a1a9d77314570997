"""Accounts are names with colons, such as `assets:bank`; the first part says what kind they are."""

from enum import Enum


class Kind(Enum):
    """The five kinds of account; `sign` is how people read a balance that is debited positive."""

    ASSETS = ("assets", 1)
    LIABILITIES = ("liabilities", -1)
    EQUITY = ("equity", -1)
    INCOME = ("income", -1)
    EXPENSES = ("expenses", 1)

    def __init__(self, prefix: str, sign: int) -> None:
        self.prefix = prefix
        self.sign = sign


def kind_of(account: str) -> Kind:
    """The kind of an account; a ValueError for a name that has none."""
    prefix = account.split(":", 1)[0]
    for kind in Kind:
        if kind.prefix == prefix:
            return kind
    kinds = ", ".join(kind.prefix for kind in Kind)
    raise ValueError(f"{account!r} starts with none of: {kinds}")
