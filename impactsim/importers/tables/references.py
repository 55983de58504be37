"""Who is meant: the things of an import by id, by id in other letters, or by name; and what names nothing, or several.

Nothing that is named is dropped: what no row describes becomes something unknown, and so does a name that several have.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from impactsim.importers.draft import Draft
from impactsim.importers.parts import Place
from impactsim.model.rules_lookup import Names
from impactsim.quantities import shown

_NOBODY = "say what it is in a layer of your own, or add a row"


def folded(text: str) -> str:
    """Return a text as it is compared: letter case and spaces do not count."""
    return " ".join(text.casefold().split())


class References:
    """Finds the keys of what is named.

    Parameters
    ----------
    draft
        Takes the things that are named and not described.
    """

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.has_rows = True
        """Is there a table of things at all? Without one nobody can complain of things that it lacks."""
        self._ids: dict[str, dict[str, None]] = {}
        self._names: dict[str, dict[str, None]] = {}
        self._written: list[str] = []
        self._gone: set[str] = set()
        self._made: dict[str, str] = {}
        self._near: Names | None = None
        self._ways: Counter[str] = Counter()

    def add(self, key: str, names: Sequence[str], ids: Sequence[str] = ()) -> None:
        """Say what a thing is called; its key is one of its ids."""
        self._written += (key, *ids, *names)
        for each in (key, *ids):
            self._ids.setdefault(folded(each), {})[key] = None
        for each in names:
            if each:
                self._names.setdefault(folded(each), {})[key] = None

    def leave_out(self, names: Iterable[str]) -> None:
        """Say how a thing is called that is left out on purpose."""
        self._gone.update(folded(each) for each in names if each)

    def known(self, text: str) -> list[str]:
        """Return the keys that a text may mean: one if it is clear, none if nobody is called so."""
        if text in self.draft.parts and text in self._ids.get(folded(text), ()):
            return [text]
        return list(self._ids.get(folded(text), ()) or self._names.get(folded(text), ()))

    def key(self, text: str, place: Place, spot: str, kind: str = "unknown") -> str | None:
        """Return the key of what is named; none if it was left out on purpose.

        Parameters
        ----------
        text
            As it stands in the cell.
        place, spot
            Where it stands: for problems.
        kind
            Of what must be made, because no row describes it.
        """
        found = self.known(text)
        if len(found) == 1:
            if found[0] != text:
                is_id = found[0] in self._ids.get(folded(text), ())
                self._ways[
                    "differ from an id in letter case only" if is_id else "name things by their name, not by their id"
                ] += 1
            return found[0]
        if found:
            return self._unclear(text, found, place, spot)
        if folded(text) in self._gone:
            return None
        return self._dangling(text, place, spot, kind)

    def tell(self) -> None:
        """Say in the report by what things were found."""
        for way, n in self._ways.items():
            if n:
                self.draft.remark(f"references that {way}: {n:,}")

    def _unclear(self, text: str, found: list[str], place: Place, spot: str) -> str:
        key = f"? {folded(text)}"
        if key not in self.draft.parts:
            which = ", ".join(shown(each) for each in found[:3]) + (" and more" if len(found) > 3 else "")
            fault = f"{len(found)} things are called {shown(text)}: {which}; which one is meant is not clear"
            remedy = "it is kept as something unknown; name it by its id"
            self.draft.notes.warning(place.line, "name-clash", spot, fault, remedy, file=place.source.name)
            self.draft.component(
                key, f"{text}-unclear", place, record=f"{text} (unclear)", confidence="guessed", kind="unknown",
                name=f"{text} (one of {len(found)})",
            )  # fmt: skip
        return key

    def _dangling(self, text: str, place: Place, spot: str, kind: str) -> str:
        key = self._made.get(folded(text))
        if key is None:
            key = self._made[folded(text)] = text if text not in self.draft.parts else f"{text} (named only)"
            if self.has_rows:
                self._near = self._near or Names(filter(None, self._written))
                fault = f"no row describes {shown(text)}: it is kept as something unknown"
                remedy = self._near.did_you_mean(text, _NOBODY)
                self.draft.notes.warning(place.line, "dangling", spot, fault, remedy, file=place.source.name)
            self.draft.component(
                key, text, place, confidence="guessed", kind=kind if self.has_rows or kind != "unknown" else None
            )
        return key
