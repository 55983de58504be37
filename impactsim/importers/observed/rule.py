"""The rule by which calls that were seen become needs.

* The share of a pair is its calls, divided by the calls that were seen coming in to the caller, and 1 at most. Where none came in,
  the caller is where requests begin, and the pair that it called most stands for its requests.
* From ``hard_from`` on the need is hard. Below, it is soft, with the share as its impact: so many of the caller's requests go with
  the one that is called.
* Left out is a share below ``leave_out_below``; and a soft need of fewer than ``fewest_calls`` calls, unless most pairs have fewer,
  because little was watched. A hard one stays however few they were: what is called rarely, and calls another each time, needs it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

Number = int | float

MOST = 10**18
"""A larger number of calls is none: no counter holds it."""


@dataclass(frozen=True)
class Rule:
    """How calls become needs."""

    hard_from: float
    """Shares, as the settings of the same names."""
    leave_out_below: float
    fewest_calls: int
    """0 where counts are no reason."""

    def __str__(self) -> str:
        least = f", nor is a soft one of fewer than {self.fewest_calls:,} calls" if self.fewest_calls > 1 else ""
        return (
            f"Calls for at least {percent(self.hard_from)} of what the caller served are a hard need, fewer a soft one with that share as "
            f"its impact; a share below {percent(self.leave_out_below)} is no need{least}."
        )

    def why_left_out(self, calls: Number, share: float | None) -> str:
        """Return the reason for which a pair is no need, as such pairs are counted; empty if it is one."""
        if share is None:
            return ""
        if not calls:
            return "pairs without a single call"
        if share < self.leave_out_below:
            return f"pairs with calls for less than {percent(self.leave_out_below)} of what the caller served"
        if share < self.hard_from and calls < self.fewest_calls:
            return f"pairs with fewer than {self.fewest_calls:,} calls that would be soft needs"
        return ""


def number_of_calls(value: Any) -> Number | None:
    """Return a number of calls, or a rate of them, from whatever a file has in its place; None if it is none.

    Examples
    --------
    >>> number_of_calls(54), number_of_calls("54"), number_of_calls("0.25"), number_of_calls(-1), number_of_calls("NaN")
    (54, 54, 0.25, None, None)
    """
    if isinstance(value, str) and len(value) <= 40:
        try:
            value = float(value)
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= MOST:
        return None
    return int(value) if value == math.floor(value) else value


def percent(share: float) -> str:
    """Write a share for people.

    Examples
    --------
    >>> percent(0.5), percent(0.005)
    ('50%', '0.5%')
    """
    return f"{100 * share:.4g}%"


def share_of(part: Number, whole: Number) -> float:
    """Return how much of a whole a part is, at most 1, to four figures."""
    return 1.0 if part >= whole else float(f"{part / whole:.4g}")
