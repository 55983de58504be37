"""The search of what is written for customers for names that they must not read.

Sentences are made from public facts only (`incident.py`); but authors write workarounds, effects and public names, and a renderer
may err. So all that is to be written is searched, in whatever form, and one name that is found refuses all of it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from impactsim.collector import collector_paused
from impactsim.notices.incident import Redaction
from impactsim.notices.letters import Letters, read
from impactsim.notices.secrets import PublicName, Secret, SecretNames
from impactsim.notices.views import View, text_of, views_of
from impactsim.notices.wordlist import Named, Wordlist
from impactsim.problems import ImpactsimError

_AROUND = 30
"""Characters that are shown on either side of what was found."""
_SHOWN = 3
"""Places of a name that a message lists."""


@dataclass(frozen=True, slots=True)
class Leak:
    """A name that stands where it must not."""

    output: str
    """Name of the file, or label of the text."""
    line: int
    """1 is the first; 0 if the name stands in the name of the output itself."""
    found: str
    """What stands there."""
    around: str
    """The same with the words around it, on one line."""
    secrets: tuple[Secret, ...]
    """Whose name it is, one at least."""
    inside: PublicName | None = None
    """The public name that holds it; None if it stands outside of those."""

    def __str__(self) -> str:
        place = f"{self.output}:{self.line}: " if self.line else f"{self.output}: its own name: "
        first = self.secrets[0]
        places = ", ".join(dict.fromkeys(secret.place for secret in self.secrets[:_SHOWN]))
        more = f" and {len(self.secrets) - _SHOWN} more" if len(self.secrets) > _SHOWN else ""
        return f"{place}'{self.around}' holds '{_shown(first.text)}' ({first.kind} at {places}{more}); {self._remedy()} [secret-name]"

    def _remedy(self) -> str:
        if self.inside is not None:
            how = f"the public name at {self.inside.place} itself holds it: choose another"
        else:
            how = "take it out of the author's text that says it, or rename it in the model"
        return f"{how}, or list '{_shown(self.secrets[0].text)}' under notices.public_words if it is an everyday word"


class LeakFound(ImpactsimError):
    """Names stand in what was to be written; ``leaks`` holds all of them, of each name the first in a line."""

    def __init__(self, leaks: list[Leak]) -> None:
        self.leaks = leaks
        super().__init__("\n".join(str(leak) for leak in leaks))


def demand_clean(outputs: Mapping[str, str | bytes], names: SecretNames, redaction: Redaction) -> None:
    """Refuse to let anything be written that says what it must not.

    Parameters
    ----------
    outputs
        Texts by the names of their files, or by labels; the names are searched too.
    names
        All names in the model.
    redaction
        How much may be said (`Scanner`).

    Raises
    ------
    LeakFound
        With every name that was found, where, and what to do.
    """
    if redaction == Redaction.RESPONDERS:
        return
    scanner = Scanner(names, redaction)
    found = [leak for output, content in outputs.items() for leak in scanner.leaks_of_output(output, content)]
    if found:
        raise LeakFound(found)


def leaks(
    text: str | bytes, names: SecretNames, redaction: Redaction = Redaction.CUSTOMERS, output: str = "text"
) -> list[Leak]:
    """Search one text; for several, make one `Scanner`.

    Parameters
    ----------
    text
        Any text: plain, Markdown, HTML, JSON.
    names
        All names in the model.
    redaction
        How much the text may say.
    output
        What to call the text in the answer.

    Returns
    -------
    list of Leak
        In the order of the text; of each name the first in a line.
    """
    return Scanner(names, redaction).leaks(text, output)


class Scanner:
    """All names of a model, made ready for the search at a level of redaction.

    For customers (L2, L3) every name is a secret, but for the author's `public_words`. Within a public name of any component may
    stand the id, names and aliases of components that have a public name themselves, and the name of the system; never those of
    other components, crews, causes and segments, nor an operator, a site or a source. For partners (L1) sources and crews are
    secret, where they do not stand in a name that is none: of a component, operator, site, cause, segment, or the system.
    Responders (L0) may read everything.

    Parameters
    ----------
    names
        All names in the model.
    redaction
        How much may be said.
    """

    def __init__(self, names: SecretNames, redaction: Redaction) -> None:
        self._redaction = redaction
        hidden = [secret for secret in names.secrets if _is_hidden(secret, redaction)]
        known = [
            secret for secret in names.secrets if redaction == Redaction.PARTNERS and not _is_hidden(secret, redaction)
        ]
        spoken = (*names.public, *(PublicName(secret.text, secret.place) for secret in known))
        with collector_paused():
            self._secrets = Wordlist(((secret.text, secret) for secret in hidden), but=names.public_words)
            self._spoken = Wordlist((name.text, name) for name in spoken)

    def leaks(self, text: str | bytes, output: str = "text") -> list[Leak]:
        """Search a text, as the function `leaks`."""
        whole = text_of(text)
        views = [(view, read(view.text)) for view in views_of(whole)]
        spoken = _Spans(_occurrences(views, self._spoken))
        line_of = _line_starts(whole)
        first: dict[tuple[int, tuple[str, ...], PublicName | None], Leak] = {}
        for start, stop, secrets in _occurrences(views, self._secrets):
            inside = spoken.around(start, stop)
            guarded = secrets if inside is None else self._never_in_public_names(secrets)
            if guarded:
                line = bisect_right(line_of, start)
                around = _shown(whole[max(0, start - _AROUND) : stop + _AROUND])
                leak = Leak(output, line, whole[start:stop], around, tuple(guarded), inside)
                first.setdefault((line, tuple(secret.text for secret in guarded), inside), leak)
        return list(first.values())

    def leaks_of_output(self, output: str, content: str | bytes) -> Iterator[Leak]:
        """Yield the leaks in the name of an output, and in what it holds."""
        for leak in self.leaks(output, output):
            yield Leak(output, 0, leak.found, leak.around, leak.secrets, leak.inside)
        yield from self.leaks(content, output)

    def _never_in_public_names(self, secrets: list[Secret]) -> list[Secret]:
        """Return those that not even a public name may hold; at L1 the names that may be said are exempt as a whole."""
        if self._redaction == Redaction.PARTNERS:
            return []
        return [secret for secret in secrets if not secret.is_public and secret.kind != "system"]


class _Spans:
    """Where in a text public names stand."""

    def __init__(self, occurrences: list[tuple[int, int, list[PublicName]]]) -> None:
        self._starts = [start for start, _, _ in occurrences]
        # With each the one up to it that reaches farthest: if any holds a place, this one does.
        self._farthest: list[tuple[int, int, list[PublicName]]] = []
        for occurrence in occurrences:
            is_farther = not self._farthest or occurrence[1] > self._farthest[-1][1]
            self._farthest.append(occurrence if is_farther else self._farthest[-1])

    def around(self, start: int, stop: int) -> PublicName | None:
        """Return a public name that holds a place, from its first character to the one after its last."""
        before = bisect_right(self._starts, start)
        if not before or self._farthest[before - 1][1] < stop:
            return None
        return self._farthest[before - 1][2][0]


def _is_hidden(secret: Secret, redaction: Redaction) -> bool:
    if redaction == Redaction.PARTNERS:
        return secret.kind in {"source", "crew"}
    return redaction != Redaction.RESPONDERS


def _occurrences(views: list[tuple[View, Letters]], words: Wordlist[Named]) -> list[tuple[int, int, list[Named]]]:
    """Return where names stand in any view of a text: the first character, the one after the last, and whose names they are.

    In the order of the text, the longer one first.
    """
    found: dict[tuple[int, int, str], list[Named]] = {}
    for view, letters in views:
        for start, stop, named in words.found(letters):
            place = view.starts[letters.at[start]], view.stops[letters.at[stop - 1]]
            found.setdefault((*place, letters.letters[start:stop]), named)
    order = sorted(found, key=lambda place: (place[0], -place[1], place[2]))
    return [(start, stop, found[start, stop, name]) for start, stop, name in order]


def _line_starts(text: str) -> list[int]:
    """Return the index of the first character of each line."""
    return [0, *(index + 1 for index, char in enumerate(text) if char == "\n")]


def _shown(text: str) -> str:
    """Return a text on one line, of characters that any stream can carry."""
    return " ".join(text.split()).encode(errors="replace").decode()
