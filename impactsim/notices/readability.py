"""How easily a notice reads: lengths of sentences, and the usual score where its language has one.

A warning only; nothing is ever held back for it. Lists of authors' words and public names do not count. Limits: sentences of 20 words
on average and 25 at most, 60 characters in Japanese. Scores: Flesch (1948), reading ease, for English; Lucisano and
Piemontese (1988), Gulpease, for Italian. Syllables are groups of vowels, which is within a few percent for English.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from statistics import fmean

from impactsim.notices.compose import Notice

LONGEST_MEAN, LONGEST = 20, 25
"""Words a sentence, on average and at most."""
LONGEST_JAPANESE = 60
"""Characters a sentence; plain Japanese counts no spaces."""
EASY = 60
"""A score below that is hard to read."""

_END = re.compile(r"(?<=[.!?:]) +(?=\S)|(?<=。)")  # within dates and figures stand spaces that do not break
_WORD = re.compile(r"[^\W_]+(?:[.,:\u2019'\-/+\u202f\u00a0]\w+)*")


@dataclass(frozen=True, slots=True)
class Readability:
    """What was measured of a notice."""

    mean: float
    """Words a sentence; characters in Japanese."""
    longest: int
    """Words of the longest sentence; characters in Japanese."""
    score: float | None
    """0 (hard) to 100 (easy); None where the language has no usual score here."""

    def warnings(self, language: str) -> list[str]:
        """Return what is against the limits, in words."""
        if language == "ja":
            return [f"a sentence of {self.longest} characters"] if self.longest > LONGEST_JAPANESE else []
        found = [f"a sentence of {self.longest} words"] if self.longest > LONGEST else []
        found += [f"{self.mean:.0f} words a sentence"] if self.mean > LONGEST_MEAN else []
        return found + ([f"a score of {self.score:.0f}"] if self.score is not None and self.score < EASY else [])


def readability(notice: Notice) -> Readability:
    """Measure the sentences of a notice, without its title and its lists."""
    found = [sentence for paragraph in notice.paragraphs for sentence in sentences(paragraph.text)]
    if notice.language == "ja":
        lengths = [len(re.sub(r"\s", "", sentence)) for sentence in found]
        return Readability(fmean(lengths), max(lengths), None)
    words = [_WORD.findall(sentence) for sentence in found]
    lengths = [len(each) for each in words]
    return Readability(
        fmean(lengths), max(lengths), _score(notice.language, [word for each in words for word in each], len(found))
    )


def sentences(text: str) -> list[str]:
    """Split a text of ours into its sentences."""
    return [sentence.strip() for sentence in _END.split(text) if sentence.strip()]


def _score(language: str, words: list[str], count: int) -> float | None:
    if language == "en":
        syllables = sum(max(1, len(re.findall(r"[aeiouy]+", re.sub(r"e$", "", word.lower())))) for word in words)
        return 206.835 - 1.015 * len(words) / count - 84.6 * syllables / len(words)
    if language == "it":
        letters = sum(letter.isalnum() for word in words for letter in word)
        return 89 + (300 * count - 10 * letters) / len(words)
    return None
