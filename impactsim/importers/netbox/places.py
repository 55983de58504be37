"""Sites, locations and racks of NetBox, and the one in which a thing stands."""

from __future__ import annotations

from impactsim.importers.netbox.estate import Estate
from impactsim.importers.netbox.records import ENDPOINTS, PLURALS, Record, key_of, model_of

_SCOPES = {ENDPOINTS[each] for each in ("sites", "locations")}


class Places:
    """Where things stand.

    All sites, locations and racks that are in use become components here, and others when something in use stands in them.
    """

    def __init__(self, estate: Estate) -> None:
        self._estate = estate
        self._parent = _parents(estate)
        self._site: dict[str, str] = {}
        """The site of each place whose site was asked for."""
        self._skipped: dict[str, Record] = {}
        records = estate.records
        for model in ("dcim.site", "dcim.location", "dcim.rackgroup", "dcim.rack"):
            for record in records.of(model):
                if record.not_in_use:
                    self._skipped[record.key] = record
                else:
                    self._make(record)

    def of(self, record: Record) -> str:
        """Return the key of the closest place of a record: rack, location or site; nothing if it has none."""
        place = self._of(record)
        if place and place not in self._estate.kinds:
            here = self._estate.records.get(place)
            if here is None or not here.is_whole:
                return self._estate.assumed(place, record)
            self._skipped.pop(place, None)
            self._make(here)
        return place

    def site_of(self, record: Record) -> str:
        """Return the key of the site of a record; nothing if it has none."""
        place, passed = self._of(record), dict[str, None]()
        while place and model_of(place) != "dcim.site" and place not in passed and place not in self._site:
            passed[place] = None
            here = self._estate.records.get(place)
            place = self._of(here) if here is not None else ""
        site = place if model_of(place) == "dcim.site" else self._site.get(place, "")
        self._site.update(dict.fromkeys(passed, site))
        return site or record.refers("site", "dcim.site")

    def within(self, record: Record) -> list[str]:
        """Return the keys of what tells a thing from others of its name: its site, and its location if it says so."""
        location = ""
        if record.model in {"dcim.rack", "dcim.powerpanel"}:
            location = record.refers("location", "dcim.location")
        elif record.model == "dcim.location":
            location = self._parent.get(record.key, "")
        return [self.site_of(record), location]

    def tell_skipped(self) -> None:
        """Count the places that are not in use, and in which nothing in use stands."""
        for record in self._skipped.values():
            self._estate.draft.leave_out(f"{PLURALS[record.model]} with the status {record.not_in_use}")

    def _make(self, record: Record) -> None:
        """Make a component of a place, and of those around it."""
        waiting = [record]
        while waiting:
            here = waiting[-1]
            around = self._of(here)
            outer = self._estate.records.get(around) if around not in self._estate.kinds else None
            if outer is not None and outer.is_whole:
                self._skipped.pop(outer.key, None)
                waiting.append(outer)
                continue
            if around and around not in self._estate.kinds:
                self._estate.assumed(around, here)
            waiting.pop()
            if here.key not in self._estate.kinds:
                within = self.within(here) if here.model != "dcim.site" else ()
                self._estate.add(here, "site", within=within, at=around)

    def _of(self, record: Record) -> str:
        """Return the key of the place in which a record says that it is."""
        if record.model in {"dcim.location", "dcim.rackgroup"} and (parent := self._parent.get(record.key)):
            return parent
        if record.model not in {"dcim.rack", "dcim.location", "dcim.rackgroup", "dcim.site"} and (
            rack := record.refers("rack", "dcim.rack")
        ):
            return rack
        if record.model not in {"dcim.location", "dcim.rackgroup", "dcim.site"} and (
            location := record.refers("location", "dcim.location")
        ):
            return location
        if record.model in {"dcim.rack", "dcim.powerpanel"}:
            for field in ("group", "rack_group"):  # as locations were called before 2.11
                if group := record.refers(field, "dcim.rackgroup"):
                    return group
        return record.refers("site", "dcim.site") or _scope(record) if record.model != "dcim.site" else ""


def _scope(record: Record) -> str:
    """Return the place that newer versions name by its model and its key."""
    for field in ("scope", "termination"):
        match record.fields.get(f"{field}_type"):
            case str() as model:
                pass
            case [str() as app, str() as name]:
                model = f"{app}.{name}"
            case _:
                continue
        if model in _SCOPES:
            return key_of(model, record.fields.get(f"{field}_id", record.fields.get(field)))
    return ""


def _parents(estate: Estate) -> dict[str, str]:
    """Return the location around each location; those that lie in one another are told, and lie in their sites."""
    parents = {
        record.key: parent
        for model in ("dcim.location", "dcim.rackgroup")
        for record in estate.records.of(model)
        if (parent := record.refers("parent", model))
    }
    settled = set[str]()
    for start in list(parents):
        path, here = dict[str, None](), start
        while here in parents and here not in settled and here not in path:
            path[here] = None
            here = parents[here]
        if here in path:
            record = estate.records.get(here)
            assert record is not None
            fault, remedy = "this location lies in itself", "it is taken to lie in its site; correct its parent"
            estate.draft.notes.warning(
                record.place.line, "location-circle", here, fault, remedy, file=record.source.name
            )
            del parents[here]
        settled.update(path)
    return parents
