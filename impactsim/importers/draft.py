"""A system while it is imported: records become components and needs, with where they come from and how sure they are.

An importer names what it finds by *keys* of its own (``dcim.device 12``, ``component:default/orders``), which must be the same
when the same thing is imported again; ids are given at the end, when all names are known. Nothing here knows a format.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from impactsim.files.reading import validate_system
from impactsim.importers.ids import Ids
from impactsim.importers.notes import Notes
from impactsim.importers.parts import Drafted, Form, Link, Part, Place, names_in, need_data, seen_of
from impactsim.model.provenance import SURENESS, Confidence
from impactsim.model.rules_lookup import Names
from impactsim.model.system import System
from impactsim.problems import InvalidInput, Problem
from impactsim.quantities import shown


class Draft:
    """A system while it is imported.

    Parameters
    ----------
    name
        Name of the system.
    known_ids
        The id that each origin record had when it was imported before: it keeps it.
    """

    def __init__(self, name: str, known_ids: Mapping[str, str] | None = None) -> None:
        self.name = name
        self.notes = Notes("")
        self.remarks: list[str] = []
        self.left_out: Counter[str] = Counter()
        self.parts: dict[str, Part] = {}
        self.crews: dict[str, int] = {}
        """Members of the crews that components name."""
        self.known_ids = dict(known_ids or {})
        self._mentioned: dict[str, tuple[str, Place]] = {}
        self._adopted: dict[str, Any] | None = None

    # What importers call.

    def component(
        self,
        key: str,
        id: str,  # noqa: A002 - the word of the format
        place: Place,
        *,
        within: str = "",
        record: str = "",
        confidence: Confidence = "declared",
        **words: Any,
    ) -> Part:
        """Add a component, or what a second record says of one.

        Parameters
        ----------
        key
            What it is called within this import. A second record with the same key adds what the first did not say.
        id
            The id that it wishes, in any letters; the ones that no id may have are changed.
        place
            Where the record stands.
        within
            What tells it from another component that wishes the same id: its site, its namespace.
        record
            How a person finds the record in the file; the key if empty.
        confidence
            How sure its facts are; of two records the surer.
        words
            Whatever a component of a system file may say, as an author would write it; ``at`` is a key. What is None or empty is
            left out.
        """
        said = {word: value for word, value in words.items() if value not in (None, "", [], {})}
        origin = f"{place.source.short}: {record or key}"
        part = self.parts.get(key)
        if part is None:
            part = self.parts[key] = Part(key, id, within, place, confidence, said, [origin])
            return part
        if origin not in part.origin:
            part.origin.append(origin)
        if SURENESS[confidence] > SURENESS[part.confidence]:
            part.confidence, part.words = confidence, part.words | said
        else:
            part.words = said | part.words
        return part

    def need(
        self,
        owner: str,
        members: str | Sequence[str],
        place: Place,
        *,
        form: Form = "all_of",
        k: int = 1,
        record: str = "",
        confidence: Confidence = "declared",
        **words: Any,
    ) -> None:
        """Add a need of a component.

        Parameters
        ----------
        owner, members
            Keys, which may be of components that come later. One member makes a simple need, whatever the form. Those that stand
            twice count once.
        place, record
            Where it stands, and how a person finds it.
        form
            All of the members, any of them (the primary first), or `k` of them.
        confidence
            How sure it is. Said twice, the surer counts with what it says; of equals the first.
        words
            ``to``, ``impact``, ``holdover``, ``seen`` and what else a need may say, as an author would write it.
        """
        keys = (members,) if isinstance(members, str) else tuple(dict.fromkeys(members))
        if len(keys) == 1:
            form = "all_of"
        said = {word: value for word, value in words.items() if value is not None and value != {}}
        origin = f"{place.source.short}: {record or f'{owner} -> ' + ', '.join(keys)}"
        part = self.parts[owner]
        name = (form, k if form == "at_least" else 0, frozenset(keys), said.get("to"))
        link = part.needs.get(name)
        if link is None:
            part.needs[name] = Link(keys, form, k, confidence, said, [origin], place)
            return
        if origin not in link.origin:
            link.origin.append(origin)
        if SURENESS[confidence] > SURENESS[link.confidence]:
            link.confidence, link.words = confidence, {**seen_of(link.words), **said}
        else:
            link.words = {**seen_of(said), **link.words}

    def written_need(
        self,
        owner: str,
        form: dict[str, Any],
        place: Place,
        *,
        record: str,
        confidence: Confidence = "declared",
        **words: Any,
    ) -> Link:
        """Add a need just as somebody wrote it: it is never taken together with another one.

        Parameters
        ----------
        owner, place, record, confidence, words
            As in `need`.
        form
            ``component``, ``all_of``, ``any_of``, ``at_least`` with ``of``, or ``pool`` with ``demand``, as in a system file, with
            keys in place of ids.

        Returns
        -------
        Link
            The need, to whose origins earlier ones may be added.
        """
        said = {word: value for word, value in words.items() if value is not None and value != {}}
        needs, origin = self.parts[owner].needs, f"{place.source.short}: {record}"
        link = Link(tuple(names_in(form)), "all_of", 1, confidence, said, [origin], place, form)
        needs["written", len(needs)] = link
        return link

    def mention(self, key: str, id: str, place: Place) -> None:  # noqa: A002
        """Say what a key means that may never become a component: it is kept then, as something unknown."""
        self._mentioned.setdefault(key, (id, place))

    def leave_out(self, what: str, n: int = 1) -> None:
        """Count what is not taken, in words for people: ``virtual machines that are not active``."""
        self.left_out[what] += n

    def remark(self, text: str) -> None:
        """Say what the reader of the report must know, as a sentence."""
        self.remarks.append(text)

    def adopt(self, data: dict[str, Any] | None) -> None:
        """Take a whole system that an importer has made itself."""
        self._adopted = data

    # At the end.

    def finish(self) -> Drafted:
        """Return the system, with everything that is wrong or doubtful."""
        data = self._adopted
        if data is None and not self.notes.has_errors:
            self._keep_dangling()
            data = self._data()
        if data is not None and not data["components"]:
            self.notes.error(
                0, "nothing-imported", "", "nothing in these files becomes a component", "check the format"
            )
        system = self._checked(data) if data is not None and not self.notes.has_errors else None
        if self.notes.has_errors:
            data = None
        return Drafted(data, system, self.notes.in_order(), self.remarks, dict(self.left_out))

    def _keep_dangling(self) -> None:
        """Make a component of everything that is needed and that no record describes."""
        names: Names | None = None
        for owner in list(self.parts.values()):
            wanted = [(owner.words["at"], owner.place, "site")] if "at" in owner.words else []
            wanted += [(key, link.place, "unknown") for link in owner.needs.values() for key in link.members]
            for key, place, kind in wanted:
                if key in self.parts:
                    continue
                names = names or Names([part.id for part in self.parts.values()])
                own, first = self._mentioned.get(key, (key, place))
                near = names.did_you_mean(own, "say what it is in a layer of your own")
                fault = f"{shown(owner.id)} names it, and no record describes it: it is kept as something unknown"
                self.notes.warning(first.line, "dangling", own, fault, near, file=first.source.name)
                self.component(key, own, first, confidence="guessed", kind=kind)

    def _data(self) -> dict[str, Any]:
        ids = Ids(list(self.parts.values()), self.known_ids, self.notes).of
        components = {ids[key]: self._component_data(part, ids) for key, part in self.parts.items()}
        crews = {"crews": self.crews} if self.crews else {}
        return {"impactsim": 1, "name": self.name, **crews, "components": components}

    def _component_data(self, part: Part, ids: Mapping[str, str]) -> dict[str, Any]:
        words = dict(part.words)
        name = words.pop("name", "" if part.id == ids[part.key] else part.id)
        data: dict[str, Any] = {"kind": words.pop("kind")} if words.get("kind", "service") != "service" else {}
        words.pop("kind", None)
        if name and name != ids[part.key]:
            data["name"] = name
        if "at" in words:
            at = ids[words.pop("at")]
            data |= {"at": at} if at != ids[part.key] else {}
        data |= words
        needs = [need for link in part.needs.values() if (need := need_data(part, link, ids)) is not None]
        if needs:
            data["needs"] = [*data.pop("needs", []), *needs]
        if part.confidence != "declared":
            data["confidence"] = part.confidence
        data["origin"] = part.origin[0] if len(part.origin) == 1 else part.origin
        return data

    def _checked(self, data: dict[str, Any]) -> System | None:
        """Place what schema and rules refuse at the records that it was made of, and say if there are few needs."""
        try:
            loaded = validate_system(data)
            if all(each.code != "no-needs" for each in self.notes.problems):  # which says the same, and why
                self.notes.take(each for each in loaded.problems if each.code == "few-needs")
        except InvalidInput as error:
            parts = {} if self._adopted is not None else dict(zip(data["components"], self.parts.values(), strict=True))
            for problem in error.problems:
                if problem.severity == "error":
                    self.notes.take([_placed(problem, parts)])
            return None
        return loaded.system


def _placed(problem: Problem, parts: Mapping[str, Part]) -> Problem:
    """Return a problem with the place of the record of its component, or of its need."""
    part = parts.get(str(problem.path[1])) if len(problem.path) > 1 else None
    if part is None:
        return problem
    place = part.place
    if problem.path[2:3] == ("needs",) and len(problem.path) > 3 and isinstance(number := problem.path[3], int):
        links = [link for link in part.needs.values() if set(link.members) != {part.key}]
        number -= len(part.words.get("needs", ()))
        place = links[number].place if 0 <= number < len(links) else place
    return problem.at(place.source.name, place.line)
