"""Entities of a catalogue become components and needs, by rules that hold for all catalogues.

- An interface (API) fails with who provides it: who consumes it needs its provider. Of several providers, which most often are
  versions or instances of one, any is enough, and that is a guess. An interface that nobody provides is a component.
- Being a part of a system is no need, unless systems are asked for: then each is a service that needs all its parts, a guess.
- What only groups (systems) and what has a kind of its own is kept where something depends on it.
- A library fails with what it is built into: it is kept only as a way to something else, where something depends on it.
- Of things of one name the program has the bare name as its id, the others have their kind before it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Literal

from impactsim.importers.catalogues.entities import Catalogue, Entity, Standing
from impactsim.importers.parts import Place
from impactsim.quantities import shown

_LEFT_OUT: dict[Standing, str] = {
    "interface": "interfaces: who consumes one needs its provider",
    "library": "libraries and documents, which fail with what they are built into",
    "grouping": "systems, which only group others (--systems all makes services of them)",
    "other": "entities of other kinds that nothing here depends on",
    "no thing": "entities that are nothing that fails: people, teams, domains, templates, locations",
}
_PROGRAMS = {"component", "service"}
_TOLD = 5
_MOST_PROVIDERS = 20
"""An interface of more providers stays between them and its consumers, so that not everybody names all of them."""


def enter_components(catalogue: Catalogue) -> None:
    """Make components and needs of all that a catalogue holds."""
    _Entering(catalogue).enter()


class _Entering:
    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.draft = catalogue.draft
        self.entities = catalogue.entities
        self._describe_the_unknown()
        self.dropped = {key: None for key, each in self.entities.items() if self._is_dropped(each)}
        self.leading = self._leading()
        self.kept = self._closure()
        self._several: dict[str, None] = {}
        """Interfaces of which any one provider is taken to be enough."""

    def enter(self) -> None:
        """Enter components, then needs, then what the reader of the report is told."""
        dangling = self._dangling()
        ids = Ids([self.entities[key] for key in self.kept], dangling)
        for key in self.kept:
            entity = self.entities[key]
            words = {"name": ids.name(entity), **entity.words}
            self.draft.component(key, ids.of(entity), entity.place, kind=entity.component_kind, **words)
        for entity in dangling:
            self.draft.mention(entity.key, ids.of(entity), entity.place)
        for key in self.kept:
            self._enter_needs(self.entities[key])
        self._count()
        self._remark()

    # What becomes a component.

    def _describe_the_unknown(self) -> None:
        """Make entities of what has no entry and is more than the target of a need."""
        catalogue = self.catalogue
        for api in catalogue.providers:
            if api not in self.entities:
                self._describe(api, "interface", "api")
        wanted = {target for targets in catalogue.wants.values() for target in targets}
        for whole in catalogue.parts:
            if whole not in self.entities and (catalogue.has_systems or whole in wanted):
                self._describe(whole, "grouping", "service")
        for owner in catalogue.wants:
            if owner not in self.entities:
                place = catalogue.named[owner].place
                fault = "it is said to need others, and no entity describes it: it is kept as something unknown"
                catalogue.warn(place, "dangling", owner, fault, "check the name, or import its file as well")
                self._describe(owner, "kept", "unknown").words["confidence"] = "guessed"

    def _describe(self, key: str, standing: Standing, component_kind: str) -> Entity:
        entity = self.entities[key] = self._named(key, standing, component_kind)
        return entity

    def _named(self, key: str, standing: Standing, component_kind: str) -> Entity:
        (kind, namespace, name), place = self.catalogue.named[key]
        return Entity(key, kind, namespace, name, place, standing, component_kind)

    def _is_dropped(self, entity: Entity) -> bool:
        return entity.lifecycle.casefold() in self.catalogue.lifecycles and entity.standing != "no thing"

    def _is_kept_anyway(self, key: str) -> bool:
        standing = self.entities[key].standing if key not in self.dropped else "no thing"
        return standing == "kept" or (standing == "grouping" and self.catalogue.has_systems)

    def _closure(self) -> dict[str, None]:
        """Return the keys of what becomes a component, in the order of the files: what is kept anyway, and what that needs."""
        found: dict[str, None] = {}
        waiting = [key for key in self.entities if self._is_kept_anyway(key)]
        while waiting:
            key = waiting.pop()
            if key in found:
                continue
            found[key] = None
            below = [each for target in self.catalogue.wants.get(key, ()) for each in self._behind(target)]
            below += self.catalogue.providers.get(key, ())
            below = [each for each in below if each in self.entities and each not in self.dropped]
            waiting += [each for each in below if not self._is_mere_library(each)]
            if self.entities[key].standing == "grouping":
                parts = [each for part in self.catalogue.parts.get(key, ()) for each in self._behind(part)]
                waiting += [part for part in parts if part in self.entities and self._is_kept_anyway(part)]
        return {key: None for key in self.entities if key in found}

    def _is_mere_library(self, key: str) -> bool:
        return key in self.entities and self.entities[key].standing == "library" and key not in self.leading

    def _leading(self) -> set[str]:
        """Return the libraries by way of which something else is needed."""
        users: dict[str, list[str]] = {}
        waiting: list[str] = []
        for key, targets in self.catalogue.wants.items():
            if self.entities[key].standing != "library":
                continue
            for target in targets:
                if target in self.entities and self.entities[target].standing == "library":
                    users.setdefault(target, []).append(key)
                else:
                    waiting.append(key)
        found: set[str] = set()
        while waiting:
            key = waiting.pop()
            if key not in found:
                found.add(key)
                waiting += users.get(key, ())
        return found

    def _behind(self, target: str) -> Sequence[str]:
        """Return what a need of a target is a need of: of an interface its providers, of all else itself."""
        entity = self.entities.get(target)
        if entity is None or entity.standing != "interface" or target in self.dropped or target in self.catalogue.wants:
            return [target]
        providers = self.catalogue.providers.get(target, {})
        return list(providers) if 1 <= len(providers) <= _MOST_PROVIDERS else [target]

    def _dangling(self) -> list[Entity]:
        """Return what is needed and has no entry."""
        wanted = {target: None for key in self.kept for target in self.catalogue.wants.get(key, ())}
        return [self._named(key, "kept", "unknown") for key in wanted if key not in self.entities]

    # Its needs.

    def _enter_needs(self, entity: Entity) -> None:
        key = entity.key
        for target, place in self.catalogue.wants.get(key, {}).items():
            self._enter_need(entity, self._behind(target), place, target)
        providers = self.catalogue.providers.get(key)
        if providers:
            self._enter_need(entity, list(providers), entity.place, key)
        elif entity.component_kind == "api" and key not in self.catalogue.wants:
            fault = "nobody in these files provides it: it would fail by itself only"
            remedy = "import who provides it, or say in a layer of your own whose it is"
            self.catalogue.warn(entity.place, "no-provider", key, fault, remedy)
        if entity.standing == "grouping":
            self._enter_parts(entity)

    def _enter_need(self, entity: Entity, members: Sequence[str], place: Place, by: str) -> None:
        """Enter a need of any one of some, which stand behind the key `by` if they are not it."""
        if entity.key in members:
            return  # a component can do without the interface that it provides itself
        there = [each for each in members if self._is_there(entity, each, place)]
        if not there:
            return
        sure: Literal["declared", "guessed"] = "declared" if len(there) == 1 else "guessed"
        if len(there) > 1:
            self._several[by] = None
        way = [entity.key, *([by] if by not in {entity.key, there[0]} else []), ", ".join(there)]
        self.draft.need(entity.key, there, place, form="any_of", confidence=sure, record=" -> ".join(way))

    def _is_there(self, entity: Entity, target: str, place: Place) -> bool:
        """Tell whether a target becomes a component; one without an entry does, as something unknown."""
        if target not in self.dropped:
            return not self._is_mere_library(target)
        fault = f"it needs {shown(target)}, which is left out because it is {self.entities[target].lifecycle}"
        remedy = "that need is left out too; say what is needed in its place"
        self.catalogue.warn(place, "left-out-need", entity.key, fault, remedy)
        return False

    def _enter_parts(self, entity: Entity) -> None:
        """Enter that a system needs all its parts."""
        parts = [each for part in self.catalogue.parts.get(entity.key, ()) for each in self._behind(part)]
        members = [each for each in dict.fromkeys(parts) if each in self.kept and each != entity.key]
        if members:
            record = f"{entity.key} -> its parts"
            self.draft.need(entity.key, members, entity.place, confidence="guessed", record=record)

    # What the reader of the report is told.

    def _count(self) -> None:
        for key in self.dropped:
            self.draft.leave_out(f"entities that are {self.entities[key].lifecycle.casefold()}")
        without = [each for key, each in self.entities.items() if key not in self.kept and key not in self.dropped]
        standings = Counter(each.standing for each in without)
        for standing, what in _LEFT_OUT.items():
            if standings[standing]:
                self.draft.leave_out(what, standings[standing])

    def _remark(self) -> None:
        found = [self.entities[key] for key in self.kept]
        if self._several:
            whose = _some(list(self._several))
            self.draft.remark(f"any one provider of an interface is taken to be enough (guessed): {whose}")
        outside = [each.name for each in found if each.component_kind == "provider" and not each.wished]
        if outside:
            self.draft.remark(f"taken for third parties by type or tag: {_some(outside)}")
        grouping = [each.name for each in found if each.standing == "grouping"]
        if grouping:
            self.draft.remark(f"systems that are taken to need all their parts (guessed): {_some(grouping)}")
        elif self.catalogue.n_parts:
            self.draft.remark("being a part of a system, of a domain or of another component makes no need")


def _some(names: list[str]) -> str:
    more = f" and {len(names) - _TOLD:,} more" if len(names) > _TOLD else ""
    return ", ".join(names[:_TOLD]) + more


class Ids:
    """The id that each entity wishes: its name; with kind and namespace where others have the same name.

    Parameters
    ----------
    entities
        What becomes a component.
    dangling
        What is needed and has no entry: it gives way.
    """

    def __init__(self, entities: Iterable[Entity], dangling: Iterable[Entity] = ()) -> None:
        self._n_called: Counter[str] = Counter()
        self._first: dict[tuple[str, str], tuple[int, str]] = {}
        for is_dangling, group in enumerate((entities, dangling)):
            for each in group:
                self._n_called[each.name.casefold()] += 1
                rank = 2 * is_dangling + (each.kind not in _PROGRAMS)
                first = self._first.setdefault(_called(each), (rank, each.key))
                self._first[_called(each)] = min(first, (rank, each.key))

    def of(self, entity: Entity) -> str:
        """Return the id that an entity wishes."""
        if entity.wished or self._n_called[entity.name.casefold()] == 1:
            return entity.wished or entity.name
        namespace = "" if entity.namespace.casefold() in {"", "default"} else f"{entity.namespace}."
        return f"{namespace}{'' if self._is_first(entity) else f'{entity.kind}.'}{entity.name}"

    def name(self, entity: Entity) -> str | None:
        """Return a name for people where the id is another than the name."""
        if entity.wished or self.of(entity) == entity.name:
            return None
        return entity.name if self._is_first(entity) else f"{entity.name} ({entity.kind})"

    def _is_first(self, entity: Entity) -> bool:
        return self._first[_called(entity)][1] == entity.key


def _called(entity: Entity) -> tuple[str, str]:
    return entity.namespace.casefold(), entity.name.casefold()
