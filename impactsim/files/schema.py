"""The JSON Schema of a system, a scenario and a recovery plan, made from the model and its descriptions."""

from __future__ import annotations

from typing import Any

from impactsim.model.fields import CountQuantity, DurationMs, DurationQuantity, Share, Words
from impactsim.model.plan import RecoveryPlan
from impactsim.model.scenario import Scenario
from impactsim.model.system import System

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


class _Shared(Words):
    """What stands in the schema a hundred times and is defined once; the larger before what it holds."""

    duration_quantity: DurationQuantity
    count_quantity: CountQuantity
    duration: DurationMs
    share: Share


def schema_of(kind: str) -> dict[str, Any]:
    """Return the JSON Schema of a kind of file.

    Parameters
    ----------
    kind
        ``system``, ``scenario`` or ``plan``.

    Returns
    -------
    dict[str, Any]
        A schema of draft 2020-12, with descriptions. It accepts every file that the reader accepts.
    """
    models: dict[str, type[Words]] = {"system": System, "scenario": Scenario, "plan": RecoveryPlan}
    schema = models[kind].model_json_schema(by_alias=True)
    if kind == "system":  # what is required may stand in its layers
        whole = {"required": [each for each in schema["required"] if each != "impactsim"]}
        schema |= {"required": ["impactsim"], "anyOf": [whole, {"required": ["layers"]}]}
    shared = _Shared.model_json_schema()["properties"]
    definitions = {name: _tidied(definition, shared) for name, definition in schema.pop("$defs").items()}
    definitions |= {name: _tidied(definition, shared, name) for name, definition in shared.items()}
    return {"$schema": _DIALECT, **_tidied(schema, shared), "$defs": definitions}


def _tidied(schema: Any, shared: dict[str, Any], within: str = "") -> Any:
    """Return a schema that refers to what is shared, has no made-up titles, and refuses a key that is no id."""
    if isinstance(schema, list):
        return [_tidied(item, shared) for item in schema]
    if not isinstance(schema, dict):
        return schema
    for name, definition in shared.items():
        if name != within and schema.get("anyOf", "") == definition["anyOf"]:
            own = {key: value for key, value in schema.items() if key in {"default", "description"}}
            if own.get("description") == definition["description"]:
                del own["description"]
            return {"$ref": f"#/$defs/{name}", **own}
    result = {key: _tidied(value, shared) for key, value in schema.items() if not _is_title(key, value)}
    return {**result, "additionalProperties": False} if "patternProperties" in schema else result


def _is_title(key: str, value: Any) -> bool:
    # A property may be called `title`; its value is then a schema, not text.
    return key == "title" and isinstance(value, str)
