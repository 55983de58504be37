"""Names, found in a text in any of their spellings.

A name stands in a text where its letters do, from border to border (`letters.py`), if the text has gaps only where the name has a
border, and hard ones only where the name has a hard one. So ``isp-a``, ``isp_a``, ``ISP A``, ``IspA`` and ``ispa`` are found for the name
``isp-a``; for the name ``ispa`` only what has no gap between its letters ("ISP A" has one, and so has "is pa").
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

from impactsim.notices.letters import HARD, SOFT, Letters, letters_of, read
from impactsim.notices.prefixes import Prefixes
from impactsim.notices.views import undone

Named = TypeVar("Named")


class Wordlist(Generic[Named]):
    """Names, each with what it is the name of.

    Parameters
    ----------
    names
        Names and what they stand for; a name may stand for several things. Names without letters and digits are left out.
    but
        Names that are not looked for, in whatever spelling.
    """

    def __init__(self, names: Iterable[tuple[str, Named]], but: Iterable[str] = ()) -> None:
        left_out = {letters_of(form) for word in but for form in forms_of(word)}
        self._forms: dict[str, dict[str, list[Named]]] = {}
        """By letters, then by spelling."""
        for name, named in names:
            for form in forms_of(name):
                letters = letters_of(form)
                if letters and letters not in left_out:
                    self._forms.setdefault(letters, {}).setdefault(form, []).append(named)
        self._prefixes = Prefixes(self._forms)

    def found(self, text: Letters) -> Iterator[tuple[int, int, list[Named]]]:
        """Yield each occurrence: from which letter to before which, and all that the name stands for."""
        for start, is_border in enumerate(text.borders[:-1]):
            if is_border:
                for letters in self._prefixes.at(text.letters, start):
                    stop = start + len(letters)
                    if text.borders[stop] and (named := self._named(letters, text, start)):
                        yield start, stop, named

    def _named(self, letters: str, text: Letters, start: int) -> list[Named]:
        """Return what the names stand for that have these letters, and gaps as the text has them from `start` on."""
        fitting = [named for form, named in self._forms[letters].items() if _fits(read(form), text, start)]
        # A site may stand at a hundred thousand places: no copy unless spellings differ.
        return fitting[0] if len(fitting) == 1 else [each for named in fitting for each in named]


def forms_of(name: str) -> list[str]:
    """Return a name and what else stands for it: its escapes undone, and umlauts written as two letters."""
    meant = undone(name) if "&" in name or "%" in name or "\\" in name else name
    if not meant.isascii():
        meant = unicodedata.normalize("NFC", meant)
    if meant == name and not _UMLAUT.search(name):
        return [name]
    return list(dict.fromkeys((name, meant, meant.translate(_TWO_LETTERS))))


_UMLAUT = re.compile("[äöüÄÖÜ]")
_TWO_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})


def _fits(name: Letters, text: Letters, start: int) -> bool:
    """Tell whether the gaps of a text, from a letter on, are such as the spellings of a name have."""
    for index in range(1, len(name.letters)):
        gap = text.gaps[start + index]
        if (gap == SOFT and not name.borders[index]) or (gap == HARD and name.gaps[index] != HARD):
            return False
    return True
