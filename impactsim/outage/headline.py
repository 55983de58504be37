"""The first lines of the report, which are the answer: how bad it is, what was reported, who is affected, until when."""

from __future__ import annotations

import math

from impactsim.outage.facts import Reported
from impactsim.outage.sheet import FEW, Sheet
from impactsim.outage.words import lost_words, median_left, range_left, users_now, zone_of
from impactsim.quantities import about_duration, about_share
from impactsim.reports.layout import wrapped
from impactsim.reports.words import clean, counted, is_exact, joined, people

AHEAD_DAYS = 7


class Head(Sheet):
    """The first lines in the making."""

    def lines(self) -> list[str]:
        """Return the lines."""
        facts = self.facts
        looks = "down" if any(each.level == 0.0 for each in facts.services) else "degraded" if facts.services else "up"
        since = about_duration(facts.at_ms) if facts.at_ms else "just now"
        lines = [
            (f"{clean(facts.system)}, {self.clock.now()} ({zone_of(facts)}): {self._how_many()}", looks),
            (f"Reported: {self._reported()}; the outage has lasted {since}", ""),
            (self._users(), ""),
            (self._remaining(), ""),
        ]
        lines = [each for each in lines if each[0]]
        return [self.screen.paint(part, look) for text, look in lines for part in wrapped(text, self.screen.columns, 2)]

    def _how_many(self) -> str:
        n_down = sum(each.level == 0.0 for each in self.facts.services)
        n_degraded = len(self.facts.services) - n_down
        if not self.facts.services:
            return f"none of {counted(self.facts.n_services, 'service')} is affected yet"
        of = f" of {counted(self.facts.n_services, 'service')}"
        parts = [f"{n_down}{of} down"] if n_down else []
        if n_degraded:
            parts.append(f"{n_degraded}{'' if n_down else of} degraded")
        return ", ".join(parts)

    def _reported(self) -> str:
        return joined([self._report(each) for each in self.facts.reported], None if self.is_whole else FEW)

    def _report(self, each: Reported) -> str:
        what = "down" if each.level == 0.0 else f"at {about_share(each.level)}"
        cause = f", {self.name(each.cause)}" if each.cause else ""
        return f"{self.name(each.component)} {what} since {self.clock.at(each.since_ms)}{cause}"

    def _users(self) -> str:
        facts = self.facts
        if not facts.has_users:
            return "Users affected now: unknown, the system does not say who uses its services"
        affected = "none that is counted" if facts.uncounted and facts.users.high <= 0 else users_now(facts.users)
        text = f"Users affected now: {affected}"
        if facts.people and facts.users.high > 0:
            share = about_share(min(1.0, facts.users.high / facts.people))
            text += f" of {people(facts.people, 3)} ({share}{'' if is_exact(facts.users) else ' at most'})"
        if facts.uncounted:
            text += f"; nobody says who uses {self.names(facts.uncounted)}"
        if facts.lost_user_minutes is not None and facts.lost_user_minutes[2] > 0:
            text += f"; {lost_words(facts.lost_user_minutes)}"
        return text

    def _remaining(self) -> str:
        facts = self.facts
        if not facts.services:
            return f"No service falls within {AHEAD_DAYS} days, even without repairs" if not facts.runs_out else ""
        if facts.remaining is None:
            reason = (
                "" if facts.is_estimated else f": only {facts.n_usable:,} of {facts.n_trials:,} trials agree with it"
            )
            return f"Remaining time: no estimate{reason}"
        left = facts.remaining
        if not math.isfinite(left.p20_ms):
            return f"No end in sight: {self._basis()}"
        text = f"All services whole again in {range_left(left)}"
        if left.is_known:
            low, high = (self.clock.at(facts.at_ms + each) for each in (left.p20_ms, left.p90_ms))
            text += f" ({low})" if low == high else f" ({low} to {high}; P20 to P90), median {median_left(left)}"
        return text + f"; {self._basis()}"

    def _basis(self) -> str:
        kinds = {each.basis.kind for each in self.facts.repairs}
        words = {
            "missed": "an estimate was missed",
            "none": "of some repairs nobody says how long they take",
            "typical": "in part by typical values" if len(kinds) > 1 else "by typical values",
        }
        found = [f"{self.names(each)} will wait for one another" for each in self.facts.deadlocks[:1]]
        found += [text for kind, text in words.items() if kind in kinds]
        if any(each.basis.is_guessed for each in self.facts.repairs):
            found.append("in part by guesses")
        return "; ".join(found) if found else "by the laws of the repairs"
