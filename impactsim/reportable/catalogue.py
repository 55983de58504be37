"""All regimes, from the files in ``regimes/``; and what is said to somebody who asks for one that is not there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from difflib import get_close_matches
from functools import cache
from importlib import resources
from typing import Any

from impactsim.problems import ImpactsimError
from impactsim.reportable.rules import Regime


class WrongQuestion(ImpactsimError):
    """Something was asked for that is not there; ``option`` is the option of the command line that names it."""

    def __init__(self, option: str, text: str) -> None:
        self.option = option
        super().__init__(text)


@cache
def regimes() -> Mapping[str, Regime]:
    """Return all regimes by name, in the order of files and of what stands in them.

    Raises
    ------
    pydantic.ValidationError
        If the data of the program is wrong; its tests say so before anybody else does.
    """
    import yaml

    found: dict[str, Regime] = {}
    folder = resources.files(__package__).joinpath("regimes")
    for file in sorted(folder.iterdir(), key=lambda each: each.name):
        if file.name.endswith(".yaml"):
            for regime in read(yaml.safe_load(file.read_text(encoding="utf-8"))):
                assert regime.id not in found, regime.id
                found[regime.id] = regime
    return found


def read(document: Mapping[str, Any]) -> list[Regime]:
    """Return the regimes of one document.

    Parameters
    ----------
    document
        ``version`` (1), ``read_on``, ``common`` (what all of its regimes share; their rules come behind a regime's own) and
        ``regimes`` by name. In a regime ``more_rules`` follow ``rules``, and an ``article`` stands for that of its ``rules``.

    Raises
    ------
    pydantic.ValidationError
        If a regime is not as it must be.
    """
    assert set(document) == {"version", "read_on", "common", "regimes"}, "the keys of a document"
    assert document["version"] == 1, "the version that is known"
    return [
        Regime.model_validate(_merged(name, document["read_on"], document["common"], own))
        for name, own in document["regimes"].items()
    ]


def _merged(name: str, read_on: date, common: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    words: dict[str, Any] = {"id": name, "read_on": read_on, **common, **own}
    article, more = words.pop("article", None), words.pop("more_rules", [])
    rules = [{**rule, "article": article or rule["article"]} for rule in own["rules"]]
    words["rules"] = [*rules, *more, *common.get("rules", [])]
    if "combine" not in words:
        words["combine"] = {"any": list(dict.fromkeys(rule.get("group") or rule["id"] for rule in words["rules"]))}
    return words


def chosen(names: tuple[str, ...]) -> list[Regime]:
    """Return the regimes of some names, each once.

    Raises
    ------
    WrongQuestion
        If there is no such regime, or none is named.
    """
    known = regimes()
    if not names:
        raise WrongQuestion("as", "no regime is named; impactsim reportable --list shows them")
    demand_names("as", "regime", names, known)
    return [known[name] for name in dict.fromkeys(names)]


def demand_names(option: str, what: str, names: tuple[str, ...], known: Mapping[str, object]) -> None:
    """Refuse names that are not known.

    Parameters
    ----------
    option
        The option that they came with.
    what
        What they name, for people.
    names
        The names.
    known
        Those that exist.

    Raises
    ------
    WrongQuestion
        For the first that does not exist, with those that are near it.
    """
    for name in names:
        if name not in known:
            begin = [each for each in known if name and each.startswith(name)]
            near = begin or get_close_matches(name.casefold(), known, 2, 0.5)
            few = ", ".join(list(known)[:40]) or "none"
            hint = f"did you mean {_or(near)}?" if near else f"there are {few}"
            raise WrongQuestion(option, f"there is no {what} '{name}'; {hint}")


def _or(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
