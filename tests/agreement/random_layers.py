"""Random layers as plain data: what imports and people could say of one small estate, in two to four files."""

from __future__ import annotations

from collections.abc import Collection
from random import Random
from typing import Any

from agreement.random_nulls import drop_null_and_named, drop_null_of_nothing, members_of, own_id, without_null

Plain = dict[str, Any]

SERVICES = ("shop", "pay", "mail", "db", "web")
SITES = ("room", "hall")
OTHERS = ("line", "grid", "store")

KINDS = dict.fromkeys(SITES, "site") | {"line": "connectivity", "grid": "power", "store": "data"}
PURPOSES = ("run", "stay_up", "start", "repair")
SURENESS = ("declared", "observed", "guessed")


ODD = (
    "null of nothing",  # takes away what no layer below has
    "null by import",
    "no needs",  # `needs: null` above needs
    "null and named",  # takes a component away and names it in the same layer, or in a workaround
    "alike beside",  # needs of one layer, one of which has all components of the other
    "import above people",
    "members of a mapping",  # a crew as a number here and as a mapping there
    "site denied",
)
"""What layers may contain besides, by name."""


def random_layers(seed: int, odd: Collection[str] = ODD) -> list[Plain]:
    """Return two to four layers, the lowest first, in which all but these oddities are left out."""
    layers = _Author(Random(seed), odd).layers()
    if "null and named" not in odd:
        drop_null_and_named(layers)
    if "null of nothing" not in odd:
        drop_null_of_nothing(layers)
    return layers


class _Author:
    """Whoever writes the layers: knows which names a component goes by, and who writes what."""

    def __init__(self, random: Random, odd: Collection[str]) -> None:
        self.random = random
        self.odd = odd
        own = [*random.sample(SERVICES, random.randint(2, 5)), *random.sample(SITES, random.randint(0, 2))]
        self.own = [*own, *random.sample(OTHERS, random.randint(0, 3))]
        self.called: dict[str, list[str]] = {name: [name] for name in self.own}
        for name in self.own:
            while len(self.called[name]) < 4 and self.chance(0.2):
                self.called[name].append(f"{name}-{len(self.called[name])}")

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def pick(self, *values: Any) -> Any:
        return self.random.choice(values)

    def layers(self) -> list[Plain]:
        n_layers = self.random.randint(2, 4)
        n_imported = self.random.randint(0, n_layers)
        imported = [place < n_imported for place in range(n_layers)]
        if "import above people" in self.odd and self.chance(0.2):
            self.random.shuffle(imported)
        layers = [self.layer(place, each) for place, each in enumerate(imported)]
        self.say_every_name(layers)
        self.say_who_is_who(layers)
        return layers

    def layer(self, place: int, imported: bool) -> Plain:
        layer: Plain = {"impactsim": 1, "name": f"Layer {place}", "components": {}}
        if imported:
            layer["imported"] = {"format": self.pick("table", "graph"), "files": [f"file{place}.csv"]}
        names = [name for own in self.own for name in self.called[own] if self.chance(0.5)]
        self.random.shuffle(names)
        for name in names:
            layer["components"][name] = self.component(name, place, imported)
        for key, words in (("crews", self.crews()), ("users", self.users()), ("common_causes", self.causes())):
            if words:
                layer[key] = words
        if self.chance(0.2):
            layer["population"] = self.random.randint(10_000, 20_000)
        if self.chance(0.2):
            layer["notices"] = self.some(
                zone="Europe/Rome",
                smallest_group=self.random.randint(1, 9),
                contact={self.pick("en", "it"): "Call us."},
            )
        return layer

    def some(self, **words: Any) -> Plain:
        """Return some of the words, at least one, in any order, and now and then null instead of one."""
        kept = self.random.sample(sorted(words), self.random.randint(1, len(words)))
        return {key: None if self.chance(0.06) else words[key] for key in kept}

    def names(self, n_most: int, *, of: tuple[str, ...] = (), but: str = "") -> list[str]:
        """Return names of different components."""
        base = own_id(but)
        own = [name for name in self.own if (not of or name in of) and name != base]
        return [self.pick(*self.called[name]) for name in self.random.sample(own, min(len(own), n_most))]

    # Components

    def component(self, name: str, place: int, imported: bool) -> Plain | None:
        is_changing = place > 0 and not imported
        if is_changing and self.chance(0.08):
            return None
        words = self.figures(name, place) if self.chance(0.6) else {}
        if imported and "null by import" not in self.odd:
            words = without_null(words)
        if self.chance(0.7):
            words["needs"] = self.needs(name, place, imported)
        elif place and "no needs" in self.odd and self.chance(0.05):
            words["needs"] = None
        if is_changing and self.chance(0.25):
            of = () if "site denied" in self.odd else SERVICES + OTHERS
            words["does_not_need"] = self.names(self.random.randint(1, 2), of=of, but=name)
        words |= self.site_of(name, is_changing) | self.said_of(name, place, imported)
        items = list(words.items())
        self.random.shuffle(items)
        return dict(items)

    def site_of(self, name: str, is_changing: bool) -> Plain:
        sites = [] if own_id(name) in SITES or self.chance(0.7) else self.names(1, of=SITES)
        return {"at": None if is_changing and self.chance(0.25) else sites[0]} if sites else {}

    def said_of(self, name: str, place: int, imported: bool) -> Plain:
        """Return of which kind a component is, where that comes from, and how sure it is."""
        words: Plain = {"kind": KINDS[own_id(name)]} if own_id(name) in KINDS else {}
        if imported:
            words["origin"] = self.pick(f"file{place}.csv: {name}", [f"file{place}.csv: {name}"])
        if self.chance(0.6 if imported else 0.15):
            words["confidence"] = self.pick(*SURENESS)
        return words

    def figures(self, name: str, place: int) -> Plain:
        words = self.some(
            name=f"{name} of {place}",
            restart=self.pick("1m", "2m", {"low": "1m", "high": "5m"}, {"low": "2m", "high": "6m"}),
            time_to_restore=self.pick("1h", "2h"),
            operator=self.pick("us", "them"),
            targets=self.some(rto=self.pick("1h", "2h"), rpo="15m", mtpd=self.pick("8h", "9h")),
            fails={"per_year": self.random.randint(1, 4)},
            catch_up={"share": 0.5, "level": self.pick("50%", "70%")},
            priority=self.random.randint(0, 3),
        )
        if own_id(name) == "store" and self.chance(0.5):
            words["copies"] = [{"at": at, "restore": self.pick("1h", "2h")} for at in self.names(2, but=name)]
        return words | (self.only_services(name) if own_id(name) in SERVICES else {})

    def only_services(self, name: str) -> Plain:
        words: Plain = {}
        if self.chance(0.3):
            words["public_name"] = self.pick("Orders", {"en": "Orders"}, {"it": "Ordini"})
        if self.chance(0.15):
            words["critical"] = self.chance(0.5)
        if self.chance(0.2):
            words["workarounds"] = [
                {"covers": "50%", **({"needs": self.names(1, but=name)} if self.chance(0.7) else {})}
            ]
        return words

    # Needs

    def needs(self, name: str, place: int, imported: bool) -> list[Any]:
        needs: list[Any] = []
        said: list[tuple[Any, set[str]]] = []
        for _ in range(self.random.randint(0, 3)):
            need = self.need(name, place, imported)
            members = {own_id(each) for each in members_of(need)}
            purpose = need.get("to") if isinstance(need, dict) else None
            alike = [others for to, others in said if to == purpose and (members <= others or others <= members)]
            if members and members not in alike and ("alike beside" in self.odd or not alike):
                said.append((purpose, members))
                needs.append(need)
        return needs

    def need(self, name: str, place: int, imported: bool) -> Any:
        members = self.names(self.random.randint(1, 3), but=name)
        if not members:
            return {}
        need: Plain = self.form(members)
        if self.chance(0.25):
            need["to"] = self.pick(*PURPOSES, None)
        if need.get("to") in (None, "run") and self.chance(0.2):
            need["impact"] = self.pick("3%", "40%")
        if self.chance(0.25):
            need["holdover"] = self.pick("5m", "10m", {"low": "5m", "high": "1h"})
            if self.chance(0.3):
                need["recharge"] = "1h"
        if self.chance(0.2):
            need["confidence"] = self.pick(*SURENESS)
        if imported and self.chance(0.85):
            need["origin"] = f"file{place}.csv: {name} -> {members[0]} {self.random.randint(1, 99)}"
        if imported and self.chance(0.3):
            seen = {"calls": self.random.randint(1, 999), "share": "62%", "errors": "1%"}
            need["seen"] = {key: seen[key] for key in self.random.sample(sorted(seen), self.random.randint(1, 3))}
        if list(need) == ["component"] and self.chance(0.6):
            return need["component"]
        return need

    def form(self, members: list[str]) -> Plain:
        form = self.pick("component", "component", "all_of", "any_of", "at_least", "pool")
        if form == "component" or len(members) == 1:
            del members[1:]
            return self.pick({"component": members[0]}, {"component": members[0]}, {"any_of": members})
        if form == "all_of":
            return {"all_of": members}
        if form == "at_least":
            return {"at_least": self.random.randint(1, len(members)), "of": members}
        if form == "pool":
            return {"pool": {each: self.random.randint(1, 9) for each in members}, "demand": 1}
        chosen = [each if self.chance(0.6) else {"use": each, "lasts": self.pick("2h", "3h")} for each in members]
        return {"any_of": chosen} | ({"failover": "1m"} if self.chance(0.3) else {})

    # All the rest

    def crews(self) -> Plain:
        whole = {"members": self.random.randint(1, 9), "operator": self.pick("Telco", "Other")}
        crew = self.pick(2, whole, {"operator": "Us"}) if "members of a mapping" in self.odd else whole
        return {"field": crew} if self.chance(0.3) else {}

    def users(self) -> Plain:
        users: Plain = {}
        for name in ("buyers", "staff"):
            if self.chance(0.3):
                users[name] = {"count": self.random.randint(1, 999), "uses": self.uses()}
                if self.chance(0.3):
                    users[name]["country"] = self.pick("IT", "DE", None)
            elif self.chance(0.03):
                users[name] = None
        return users

    def uses(self) -> Any:
        names = self.names(2, of=SERVICES)
        return names if self.chance(0.3) else {name: self.pick("50%", "100%", 1) for name in names}

    def causes(self) -> Plain:
        if not self.chance(0.3):
            return {}
        strikes = {name: self.pick("100%", "80%") for name in self.names(2)}
        cause: Plain = {"strikes": strikes}
        if self.chance(0.5):
            cause["fails"] = self.pick({"per_year": 1}, {"per_year": 0.5})
        if self.chance(0.5):
            cause["source"] = self.pick("a map", "a talk", None)
        return {"dig": cause}

    # Names

    def say_every_name(self, layers: list[Plain]) -> None:
        """Mention every name in some layer, so that it is an id of a component."""
        for own in self.own:
            for name in self.called[own]:
                if not any(name in layer["components"] for layer in layers):
                    words = {"kind": KINDS[own]} if own in KINDS else {}
                    self.pick(*layers)["components"][name] = words
        for layer in layers:
            if not layer["components"]:
                layer["components"][self.own[0]] = {"kind": KINDS[self.own[0]]} if self.own[0] in KINDS else {}

    def say_who_is_who(self, layers: list[Plain]) -> None:
        """Say aliases, of the own name or of one that is an alias itself."""
        for own in self.own:
            names = self.called[own]
            for place, alias in enumerate(names[1:], 1):
                owner = names[0] if self.chance(0.6) else names[self.random.randrange(place)]
                speaking = [layer for layer in layers if layer["components"].get(owner) is not None] or layers
                components = self.pick(*speaking)["components"]
                components[owner] = components.get(owner) or {}
                components[owner].setdefault("aliases", []).append(alias)
        for layer in layers:
            for name, entry in layer["components"].items():
                if entry is not None and self.chance(0.1):
                    entry.setdefault("aliases", []).append(f"The {name}")
