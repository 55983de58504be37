"""Which of very many words a text goes on with, from a given place on.

The words are sorted, and each knows the longest other word that it begins with. Take the last word that is not behind the text
in this order: every word with which the text begins stands before it or is it, and so it begins with that word too. Hence all
of them are met on its chain of beginnings. One bisection and a short walk for a place, whatever the number of words.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator


class Prefixes:
    """A set of words, none of them empty."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = sorted(set(words) - {""})
        self._beginnings = _beginnings(self._words)
        self._longest = max(map(len, self._words), default=0)

    def at(self, text: str, start: int) -> Iterator[str]:
        """Yield every word that stands in `text` at `start`, the longest first.

        Examples
        --------
        >>> list(Prefixes(["isp", "ispa", "ispb", "spa"]).at("theispabout", 3))
        ['ispa', 'isp']
        """
        rest = text[start : start + self._longest]
        number = bisect_right(self._words, rest) - 1
        while number >= 0:
            if rest.startswith(self._words[number]):
                yield self._words[number]
            number = self._beginnings[number]


def _beginnings(words: list[str]) -> list[int]:
    """Return for each of the sorted words the index of the longest other one that it begins with, or -1."""
    found: list[int] = []
    open_: list[int] = []
    for number, word in enumerate(words):
        while open_ and not word.startswith(words[open_[-1]]):
            open_.pop()
        found.append(open_[-1] if open_ else -1)
        open_.append(number)
    return found
