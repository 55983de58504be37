"""How far backups are from failing independently of one another, in figures.

What independence would promise is the probability that so many members are down if each failed on its own: the product of their
probabilities, for quorums the tail of the Poisson-binomial distribution. What is between that and the exact probability is shared.

The beta factor (K. N. Fleming, 1975) puts what is shared into one number: the share of a member's failures that strike all
members at once. *Today's* share is the one with which a single cause common to all members, besides failures of their own, gives
the exact probability of all being down while each member keeps its own. At the *break-even* share common failures are as likely
to be the end as independent ones are: ``beta q = C(n, m) ((1 - beta) q)^m`` for m of n members to lose, each down with probability
q. Beyond it what is shared decides, and more members of the same sort do not help.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from impactsim.audit.estate import Estate
from impactsim.audit.facts import Probability
from impactsim.exact.formula import Node

_MOST_STEPS = 1_000_000  # of the sum over members and losses; beyond it nothing is promised
_HALVINGS = 1_100  # down to the smallest double: the shares of large quorums are tiny


@dataclass(frozen=True, slots=True)
class Independence:
    """What the members of a redundancy promise on paper, and what they give."""

    n: int
    """How many members there are."""
    to_lose: int
    """How many must be down until the rest is too few."""
    all_down: Probability
    """That so many are down at a random time."""
    promised: Probability
    """The same, if each failed independently of the others."""
    common_share: float
    """Share of the failures of a mean member that are common to all, in [0, 1]."""
    break_even: float
    """The share at which common failures are as likely to take down so many as independent ones."""
    is_known: bool
    """Does somebody say of everything behind the members how often it fails? If not the figures are of what is known."""

    @property
    def factor(self) -> float | None:
        """How many times as likely it is as promised, at least; None where nothing is promised to happen."""
        return self.all_down.low / self.promised.high if self.promised.high > 0.0 else None


def independence(estate: Estate, members: Sequence[int], to_lose: int) -> Independence | None:
    """Compare a redundancy with independent members.

    Parameters
    ----------
    estate
        The system.
    members
        Components, by number.
    to_lose
        How many of them must be down until the rest is too few, at least 2.

    Returns
    -------
    Independence or None
        None where nobody says how often anything behind the members fails, or where they are too many to tell.
    """
    if to_lose < len(members) and len(members) * to_lose > _MOST_STEPS:
        return None
    structure, answers = estate.structure(), estate.answers()
    nodes = [structure.down(member) for member in members]
    node = structure.formula.at_least(to_lose, nodes)
    all_down = probability_of(estate, node)
    if all_down.high == 0.0:
        return None
    each = [answers.probability(member) for member in nodes]
    low, high = [interval.low for interval in each], [interval.high for interval in each]
    return Independence(
        n=len(members),
        to_lose=to_lose,
        all_down=all_down,
        promised=Probability(at_least_down(low, to_lose), at_least_down(high, to_lose)),
        common_share=common_share(low, to_lose, all_down.low),
        break_even=break_even_share(len(members), to_lose, math.fsum(low) / len(low)),
        is_known=is_known(estate, node),
    )


def probability_of(estate: Estate, node: Node) -> Probability:
    """Return the probability of a node: one figure, or what it is proven to lie between."""
    interval = estate.answers().probability(node)
    return Probability(interval.low, interval.high)


def is_known(estate: Estate, node: Node) -> bool:
    """Tell whether somebody says of each event behind a node how often it happens."""
    events = estate.structure().formula.events(node)
    return all(estate.chances[event].is_known for event in events if event < estate.n_events)


def at_least_down(probabilities: Sequence[float], m: int) -> float:
    """Return the probability that at least m of independent things are down (the tail of the Poisson-binomial distribution).

    Parameters
    ----------
    probabilities
        Of each being down.
    m
        How many, at least 1.
    """
    if m == len(probabilities):
        return math.prod(probabilities)
    exactly = [1.0] + [0.0] * m  # the last one: m or more
    for p in probabilities:
        exactly[m] += exactly[m - 1] * p
        for count in range(m - 1, 0, -1):
            exactly[count] = exactly[count] * (1.0 - p) + exactly[count - 1] * p
        exactly[0] *= 1.0 - p
    return min(1.0, exactly[m])


def common_share(probabilities: Sequence[float], m: int, all_down: float) -> float:
    """Return the share of a mean member's failures that one cause common to all would have to be (beta of today).

    Parameters
    ----------
    probabilities
        Of each member being down, for whatever reason.
    m
        How many must be down until the rest is too few.
    all_down
        Probability that so many are.

    Returns
    -------
    float
        In [0, 1]; 0 if they are independent, or fail together even less often.
    """
    most = min(probabilities)
    mean = math.fsum(probabilities) / len(probabilities)
    if most <= 0.0 or most >= 1.0 or all_down <= at_least_down(probabilities, m):
        return 0.0

    def missing(common: float) -> float:
        own = [max(0.0, 1.0 - (1.0 - p) / (1.0 - common)) for p in probabilities]
        return all_down - (common + (1.0 - common) * at_least_down(own, m))

    return min(1.0, _root(missing, most) / mean)


def break_even_share(n: int, m: int, q: float) -> float:
    """Return the share of common failures from which on a redundancy is worth little (beta at break-even).

    Parameters
    ----------
    n
        How many members there are.
    m
        How many of them must be down until the rest is too few, at least 2.
    q
        Probability that a member is down, in [0, 1].

    Returns
    -------
    float
        The root of ``beta q = C(n, m) ((1 - beta) q)^m`` in [0, 1]: for a pair about q.

    Examples
    --------
    >>> round(break_even_share(2, 2, 0.01), 4)
    0.0098
    """
    if q <= 0.0:
        return 0.0
    # In logarithms, because C(1000, 500) is no float.
    ways = math.lgamma(n + 1) - math.lgamma(m + 1) - math.lgamma(n - m + 1) + (m - 1) * math.log(q)

    def missing(share: float) -> float:
        if share <= 0.0 or share >= 1.0:
            return 1.0 - 2.0 * share
        return ways + m * math.log1p(-share) - math.log(share)

    return _root(missing, 1.0)


def _root(missing: Callable[[float], float], high: float) -> float:
    """Return where a falling function that is positive at 0 becomes 0; `high` if it does not before."""
    low = 0.0
    if missing(high) > 0.0:
        return high
    for _ in range(_HALVINGS):
        middle = (low + high) / 2.0
        if not low < middle < high:
            break
        if missing(middle) > 0.0:
            low = middle
        else:
            high = middle
    return (low + high) / 2.0
