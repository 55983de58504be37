"""A system as the YAML text of its file: for importers, whose systems no author has written.

Text is quoted wherever a reader of YAML 1.1 or 1.2 could take it for something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from impactsim.model.fields import Words
from impactsim.model.system import ComponentNeed, Member, System
from impactsim.quantities import format_duration

_WIDTH = 120
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-]*(?: [A-Za-z0-9_.\-]+)*")
_WORDS = {"null", "true", "false", "yes", "no", "on", "off", "y", "n"}
"""Plain words that are no text, in any letter case, in YAML 1.1 or 1.2."""
_NOT_AS_IS = re.compile(r"[^ !#-\[\]-~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_DURATIONS = {"every", "rto", "rpo", "mtpd"}
"""Fields that hold a certain duration in milliseconds."""
_SHORT = {ComponentNeed: "component", Member: "use"}
"""What may be written as an id alone, where nothing else is said."""


def system_text(system: System) -> str:
    """Write a system as YAML.

    Parameters
    ----------
    system
        A system without uncertain quantities (the laws of `time_to_restore`, `holdover` and the like).

    Returns
    -------
    str
        The text of a file that reads as the same system: what was not given is left out.

    Raises
    ------
    TypeError
        If a quantity is uncertain.

    Examples
    --------
    >>> web = {"needs": ["db", {"any_of": ["a", "b"]}], "fails": {"probability": 0.01}}
    >>> components = {"web": web, "db": {"kind": "data"}, "a": {}, "b": {}}
    >>> print(system_text(System.model_validate({"impactsim": 1, "name": "Shop", "components": components})), end="")
    impactsim: 1
    name: Shop
    components:
      web:
        needs:
        - db
        - any_of: [a, b]
        fails: {probability: 0.01}
      db: {kind: data}
      a: {}
      b: {}
    """
    return data_text(plain_data(system))


def data_text(data: dict[str, Any]) -> str:
    """Write the plain data of a system, as an author would have written it, as YAML.

    Examples
    --------
    >>> print(data_text({"name": "Shop", "components": {"web": {"needs": ["db"]}, "db": {}}}), end="")
    name: Shop
    components:
      web:
        needs: [db]
      db: {}
    """
    return "\n".join(_block(data, 0)) + "\n"


def plain_data(system: System) -> dict[str, Any]:
    """Return what an author would have written, as mappings, lists, text and numbers; without uncertain quantities."""
    data: dict[str, Any] = _data(system)
    return data


def _data(value: Any) -> Any:
    """Return what an author would have written, as mappings, lists, text and numbers."""
    if isinstance(value, Words):
        fields = [name for name in type(value).model_fields if name in value.model_fields_set]
        if fields == [_SHORT.get(type(value))]:
            return getattr(value, fields[0])
        data = {name: getattr(value, name) for name in fields}
        return {
            name: format_duration(field) if name in _DURATIONS and field is not None else _data(field)
            for name, field in data.items()
        }
    if isinstance(value, Mapping):
        return {key: _data(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_data(item) for item in value]
    return value


def _block(value: dict[str, Any], indent: int) -> Iterator[str]:
    """Yield the lines of a mapping, indented; what is flat stands on one line if it fits."""
    for key, item in value.items():
        yield from _entry(f"{' ' * indent}{_text(key)}:", item, indent)


def _entry(start: str, item: Any, indent: int) -> Iterator[str]:
    flow = _flow(item)
    if flow is not None and (len(start) + len(flow) < _WIDTH or not item or not isinstance(item, dict | list)):
        yield f"{start} {flow}"
    elif isinstance(item, dict):
        yield start
        yield from _block(item, indent + 2)
    else:
        yield start
        for each in item:
            yield from _listed(each, indent)


def _listed(item: Any, indent: int) -> Iterator[str]:
    """Yield the lines of an entry of a list."""
    flow = _flow(item, 1)
    if not isinstance(item, dict) or not item or (flow is not None and indent + 2 + len(flow) < _WIDTH):
        yield from _entry(f"{' ' * indent}-", item, indent)
        return
    first, *rest = _block(item, indent + 2)
    yield f"{' ' * indent}- {first[indent + 2 :]}"
    yield from rest


def _flow(item: Any, depth: int = 0) -> str | None:
    """Return a value on one line: a scalar, or a collection of scalars, with mappings in it to a depth; else None."""
    if isinstance(item, dict):
        nested = {key: _flow(each, depth - 1) for key, each in item.items() if depth and isinstance(each, dict)}
        parts = [(key, nested[key] if key in nested else _scalar(each)) for key, each in item.items()]
        return (
            None if any(each is None for _, each in parts) else f"{{{', '.join(f'{_text(k)}: {v}' for k, v in parts)}}}"
        )
    if isinstance(item, list):
        scalars = [_scalar(each) for each in item]
        return None if None in scalars else f"[{', '.join(map(str, scalars))}]"
    return _scalar(item)


def _scalar(item: Any) -> str | None:
    match item:
        case dict() | list():
            return None
        case None:
            return "null"
        case bool():
            return "true" if item else "false"
        case int():
            return str(item)
        case float():
            return str(int(item)) if item.is_integer() and abs(item) < 1e15 else repr(item)
        case str():
            return _text(item)
    raise TypeError(f"a {type(item).__name__} cannot be written yet")


def _text(text: str) -> str:
    """Write text plain where every reader takes it for text, else in double quotes."""
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS:
        return text
    return '"' + _NOT_AS_IS.sub(_escaped, text) + '"'


def _escaped(match: re.Match[str]) -> str:
    letter = match[0]
    if letter in '"\\':
        return "\\" + letter
    return f"\\U{ord(letter):08x}" if ord(letter) > 0xFFFF else f"\\u{ord(letter):04x}"
