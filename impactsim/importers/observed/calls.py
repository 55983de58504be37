"""Calls that were seen while somebody watched, and the needs that they show.

An importer tells which services there are and who called whom how often; ``observed_rule.py`` says which needs that shows, for all
formats alike. A message that waits in a queue is no call: the receiver needs the sender, with an impact of 0 until somebody says how
long it can do without new ones, and the sender does not need the receiver.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from statistics import median
from typing import Any, Literal

from impactsim.importers.draft import Draft
from impactsim.importers.observed.effect import Pairs, tell_effect
from impactsim.importers.observed.rule import Number, Rule, share_of
from impactsim.importers.parts import Place
from impactsim.model.provenance import Confidence

Sort = Literal["service", "data", "queue", "provider"]
"""What a callee is: the first of these that any record says."""

_RANK: dict[Sort, int] = {"service": 0, "data": 1, "queue": 2, "provider": 3}


@dataclass
class _Node:
    name: str
    place: Place
    sort: Sort
    confidence: Confidence
    words: dict[str, str]


@dataclass
class _Pair:
    calls: Number = 0
    errors: Number = 0
    is_measured: bool = False
    """Do its calls count? Bytes of a connection do not."""
    places: dict[str, Place] = field(default_factory=dict)


class Calls:
    """Who called whom, while it is gathered.

    Parameters
    ----------
    draft
        Takes the components and needs.
    settings
        ``hard_from``, ``leave_out_below``, ``fewest_calls``.
    """

    def __init__(self, draft: Draft, settings: Mapping[str, Any]) -> None:
        self._draft = draft
        self._rule = Rule(
            float(settings["hard_from"]), float(settings["leave_out_below"]), int(settings["fewest_calls"])
        )
        self._nodes: dict[str, _Node] = {}
        self._calls: dict[tuple[str, str], _Pair] = {}
        self._messages: dict[tuple[str, str], _Pair] = {}
        self._served: defaultdict[str, Number] = defaultdict(int)
        self._to_itself: set[str] = set()
        self.are_counted = True
        """Are the numbers of calls counts? Rates give shares only."""

    def service(
        self,
        key: str,
        name: str,
        place: Place,
        sort: Sort = "service",
        confidence: Confidence = "observed",
        **words: str,
    ) -> None:
        """Say that something is there; said twice, it is the first `Sort` of the two.

        Parameters
        ----------
        key
            What it is called in this import.
        name
            Its wished id.
        words
            ``within`` and ``record``, as in `Draft.component`.
        """
        known = self._nodes.get(key)
        if known is None or _RANK[sort] < _RANK[known.sort]:
            self._nodes[key] = _Node(name, known.place if known else place, sort, confidence, words)

    def knows(self, key: str) -> bool:
        """Is anything called so?"""
        return key in self._nodes

    def call(self, caller: str, callee: str, calls: Number | None, errors: Number, place: Place) -> None:
        """Add calls of a pair; None if nobody knows how many."""
        self._add(self._calls, caller, callee, calls, errors, place)

    def message(self, sender: str, receiver: str, messages: Number, errors: Number, place: Place) -> None:
        """Add messages that waited in between."""
        self._add(self._messages, sender, receiver, messages, errors, place)

    def served(self, key: str, calls: Number) -> None:
        """Add calls that came in from nobody who is there: users, timers."""
        self._served[key] += calls

    def _add(
        self,
        pairs: dict[tuple[str, str], _Pair],
        caller: str,
        callee: str,
        calls: Number | None,
        errors: Number,
        place: Place,
    ) -> None:
        if caller == callee:
            self._to_itself.add(caller)
            return
        pair = pairs.setdefault((caller, callee), _Pair())
        pair.is_measured |= calls is not None
        pair.calls += calls or 0
        pair.errors += errors
        pair.places.setdefault(place.source.name, place)

    # At the end.

    def finish(self) -> None:
        """Give components and needs to the draft, and say what the rule did."""
        if self._to_itself:
            self._draft.leave_out("services that called themselves, which is no need", len(self._to_itself))
        for key, node in self._nodes.items():
            kind = {} if node.sort == "service" else {"kind": node.sort}
            self._draft.component(key, node.name, node.place, confidence=node.confidence, **node.words, **kind)
        self._settle_calls()
        self._settle_messages()
        guessed = sum(node.sort == "provider" and node.confidence == "guessed" for node in self._nodes.values())
        if guessed:
            told = "1 callee was" if guessed == 1 else f"{guessed:,} callees were"
            self._draft.remark(
                f"{told} never seen at work: taken for a third party (kind provider, a guess), often rightly."
            )

    def _settle_calls(self) -> None:
        served, n_above = self._requests()
        rule = self._rule_here()
        hard, soft, left_out = Pairs(), Pairs(), Counter[str]()
        for names, pair in self._calls.items():
            share = share_of(pair.calls, served[names[0]]) if pair.is_measured else None
            why = rule.why_left_out(pair.calls, share)
            if why:
                left_out[why] += 1
            elif share is None or share >= rule.hard_from:
                hard.append(names)
                self._need(*names, pair, share)
            else:
                soft.append(names)
                self._need(*names, pair, share, impact=share)
        if self._calls:
            self._tell_rule(rule, hard, soft, left_out)
            self._tell_doubts(n_above)
            tell_effect(self._draft, list(self._calls), hard)

    def _rule_here(self) -> Rule:
        """Return the rule without the fewest calls, where most pairs have fewer or nobody counted."""
        counts = [pair.calls for pair in self._calls.values() if pair.is_measured]
        if not self.are_counted or not counts:
            return replace(self._rule, fewest_calls=0)
        if median(counts) >= self._rule.fewest_calls:
            return self._rule
        self._draft.remark(
            f"Most pairs have fewer than {self._rule.fewest_calls:,} calls: little was watched, shares are rough, and few calls are no "
            "reason to leave a pair out."
        )
        return replace(self._rule, fewest_calls=0)

    def _requests(self) -> tuple[dict[str, Number], int]:
        """Return what each caller served, and how many callers called one of the others more often than that."""
        served: defaultdict[str, Number] = defaultdict(int, self._served)
        for pairs in (self._calls, self._messages):
            for (_, callee), pair in pairs.items():
                served[callee] += pair.calls
        most: defaultdict[str, Number] = defaultdict(int)
        for (caller, _), pair in self._calls.items():
            most[caller] = max(most[caller], pair.calls)
        above = sum(0 < served[caller] < calls for caller, calls in most.items())
        return {caller: served[caller] or calls for caller, calls in most.items()}, above

    def _tell_rule(self, rule: Rule, hard: Pairs, soft: Pairs, left_out: Counter[str]) -> None:
        n_bare = len({caller for caller, _ in self._calls}.difference(caller for caller, _ in (*hard, *soft)))
        bare = f", which leaves {_n(n_bare, 'caller')} without any need" if n_bare else ""
        self._draft.remark(str(rule))
        self._draft.remark(
            f"{_n(len(self._calls), 'pair')} of caller and callee: {_n(len(hard), 'hard need')}, {_n(len(soft), 'soft need')}, "
            f"{sum(left_out.values()):,} left out{bare}."
        )
        for why, n in sorted(left_out.items()):
            self._draft.leave_out(why, n)

    def _tell_doubts(self, n_above: int) -> None:
        if n_above:
            self._draft.remark(
                f"{_n(n_above, 'service')} made more calls of one sort than came in: one call or more for each request is taken as all "
                "requests, which is too much where requests came in that nobody saw."
            )
        n_unmeasured = sum(not pair.is_measured for pair in self._calls.values())
        if n_unmeasured:
            self._draft.remark(f"Nobody counted the calls of {_n(n_unmeasured, 'pair')} (TCP): hard needs, to be sure.")

    def _settle_messages(self) -> None:
        told = 0
        for (sender, receiver), pair in self._messages.items():
            if (receiver, sender) not in self._calls:
                self._need(receiver, sender, pair, None, impact=0)
                told += 1
        if told:
            self._draft.remark(
                f"{_n(told, 'pair')} of sender and receiver of messages: the receiver needs the sender with an impact of 0, which does "
                "nothing until you say in a layer of your own how long it can do without new messages (holdover) and what is lost then."
            )

    def _need(self, owner: str, member: str, pair: _Pair, share: float | None, **words: Any) -> None:
        seen: dict[str, Number] = {}
        if self.are_counted and pair.is_measured:
            seen["calls"] = round(pair.calls)
        if share is not None:
            seen["share"] = share
        if pair.errors and pair.calls:
            seen["errors"] = share_of(pair.errors, pair.calls)
        for place in pair.places.values():
            self._draft.need(owner, member, place, confidence="observed", seen=seen, **words)


def _n(n: int, what: str) -> str:
    return f"{n:,} {what}{'' if n == 1 else 's'}"
