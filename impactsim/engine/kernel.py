"""The engine compiled: the same source, translated by numba (the extra ``fast``).

Must be imported only where many trials run, because numba takes half a second to import. Without numba the import
raises ModuleNotFoundError, and the same source is interpreted (`impactsim.trials.blocks` does either).

Theory of operation. numba's own way to hand over a NamedTuple of arrays copies all of its hundred columns at each of the
engine's calls: compiled so, it is slower than Python. Here a NamedTuple is a `Pack`: one pointer to a table with the address
and the length of each column. Reading ``state.level[c]`` is two loads, of which the first is marked as never changing, so
that the optimiser keeps it in a register. There are no bounds and no reference counts; that the interpreted engine
runs the same source under the same tests, where a wrong place raises, is what makes this safe.

The machine code is kept in a folder of the user's cache (`impactsim.engine.machine_code`).
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, NamedTuple

import numba
import numpy as np
from llvmlite import ir
from numba.core import cgutils, config, types
from numba.core.imputils import lower_getattr_generic
from numba.core.typing.templates import AttributeTemplate, infer_getattr
from numba.extending import (
    NativeValue,
    intrinsic,
    models,
    overload,
    register_jitable,
    register_model,
    typeof_impl,
    unbox,
)

from impactsim import compiled
from impactsim.engine import account, crowd, record, state, trials
from impactsim.engine.machine_code import cache_folder, functions

_WORD = ir.IntType(64)


class ColumnType(types.Type):
    """The compiler's type of a column: where it begins, and how long it is."""

    def __init__(self, element: types.Type) -> None:
        self.element = element
        super().__init__(name=f"Column({element})")


class PackType(types.Type):
    """The compiler's type of a NamedTuple of columns and integers."""

    def __init__(self, form: type) -> None:
        self.places: dict[str, tuple[int, types.Type]] = {}
        for place, (name, annotation) in enumerate(form.__annotations__.items()):
            kind = {"Ints": _INTS, "Floats": _FLOATS, "int": types.int64}[
                str(getattr(annotation, "__forward_arg__", annotation))
            ]
            self.places[name] = (place, kind)
        super().__init__(name=f"Pack({form.__name__})")


_INTS, _FLOATS = ColumnType(types.int64), ColumnType(types.float64)


@register_model(ColumnType)
class _ColumnModel(models.StructModel):
    def __init__(self, manager: Any, kind: ColumnType) -> None:
        super().__init__(manager, kind, [("data", types.CPointer(kind.element)), ("size", types.int64)])


@register_model(PackType)
class _PackModel(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: PackType) -> None:
        super().__init__(manager, kind, _WORD.as_pointer())


@infer_getattr
class _PackAttributes(AttributeTemplate):
    key = PackType

    def generic_resolve(self, pack: PackType, name: str) -> types.Type | None:
        return pack.places[name][1] if name in pack.places else None


@lower_getattr_generic(PackType)
def _read_field(context: Any, builder: Any, kind: PackType, table: Any, name: str) -> Any:
    place, field = kind.places[name]
    first = _word_of(builder, table, 2 * place)
    if field is types.int64:
        return first
    column = cgutils.create_struct_proxy(field)(context, builder)
    column.data = builder.inttoptr(first, context.get_value_type(types.CPointer(field.element)))
    column.size = _word_of(builder, table, 2 * place + 1)
    return column._getvalue()  # noqa: SLF001 - numba's own way


def _word_of(builder: Any, table: Any, place: int) -> Any:
    word = builder.load(builder.gep(table, [ir.Constant(_WORD, place)], inbounds=True))
    # Only Python changes a table, between two calls.
    word.set_metadata("invariant.load", builder.module.add_metadata([]))
    return word


def _cell(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    column = cgutils.create_struct_proxy(signature.args[0])(context, builder, arguments[0])
    place = context.cast(builder, arguments[1], signature.args[1], types.int64)
    return builder.gep(column.data, [place], inbounds=True)


@intrinsic
def _read(_context: Any, column: Any, place: Any) -> Any:
    def write_code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.load(_cell(context, builder, signature, arguments))

    return column.element(column, place), write_code


@intrinsic
def _write(_context: Any, column: Any, place: Any, value: Any) -> Any:
    def write_code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        cast = context.cast(builder, arguments[2], signature.args[2], signature.args[0].element)
        builder.store(cast, _cell(context, builder, signature, arguments))
        return context.get_dummy_value()

    return types.none(column, place, value), write_code


@intrinsic
def _size(_context: Any, column: Any) -> Any:
    def write_code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return cgutils.create_struct_proxy(signature.args[0])(context, builder, arguments[0]).size

    return types.int64(column), write_code


# numba compares these signatures with those of what they return, and takes no annotations.


@overload(operator.getitem)
def _getitem(column, place):  # type: ignore[no-untyped-def]  # noqa: ARG001 - the signature decides
    if isinstance(column, ColumnType):
        return lambda column, place: _read(column, place)  # noqa: PLW0108 - numba wants a function
    return None


@overload(operator.setitem)
def _setitem(column, place, value):  # type: ignore[no-untyped-def]  # noqa: ARG001 - the signature decides
    if isinstance(column, ColumnType):
        return lambda column, place, value: _write(column, place, value)  # noqa: PLW0108
    return None


@overload(len)
def _len(column):  # type: ignore[no-untyped-def]
    if isinstance(column, ColumnType):
        return lambda column: _size(column)  # noqa: PLW0108
    return None


_TYPES: dict[type, PackType] = {
    form: PackType(form)
    for form in (
        compiled.Compiled, compiled.Plan, compiled.Audience, state.State, record.Record, crowd.Crowd, account.Account,
        trials.Deal, trials.Outcome,
    )
}  # fmt: skip


class Pack:
    """A NamedTuple of columns in memory that compiled code reads and writes.

    Parameters
    ----------
    form
        The NamedTuple; its lists are copied, its arrays (int64 or float64, contiguous) are used as they are.
    """

    def __init__(self, form: NamedTuple) -> None:
        self.kind = _TYPES[type(form)]
        self.columns: dict[str, Any] = {}
        self.table = np.zeros(2 * len(form), np.int64)
        self.address = self.table.ctypes.data
        for name, value in zip(form._fields, form, strict=True):
            self.set(name, value)

    def set(self, name: str, value: Any) -> None:
        """Put a column (a list or an array) or an integer in the place of what was there."""
        place, kind = self.kind.places[name]
        if kind is types.int64:
            self.columns[name] = self.table[2 * place] = value
            return
        column = np.ascontiguousarray(value, dtype=np.int64 if kind is _INTS else np.float64)
        self.columns[name] = column
        self.table[2 * place] = column.ctypes.data
        self.table[2 * place + 1] = len(column)


@typeof_impl.register(Pack)
def _type_of(pack: Pack, _context: Any) -> PackType:
    return pack.kind


@unbox(PackType)
def _address_of(_kind: PackType, pack: Any, context: Any) -> NativeValue:
    number = context.pyapi.object_getattr_string(pack, "address")
    address = context.pyapi.long_as_longlong(number)
    context.pyapi.decref(number)
    return NativeValue(context.builder.inttoptr(address, _WORD.as_pointer()))


def _compile() -> Callable[..., int]:
    for function in functions()[1:]:
        register_jitable(function)
    before, config.CACHE_DIR = config.CACHE_DIR, str(cache_folder())  # numba reads it when it decorates
    try:
        run: Callable[..., int] = numba.njit(cache=True, nogil=True)(trials.run_trials)
    finally:
        config.CACHE_DIR = before
    return run


run_trials = _compile()
"""`impactsim.engine.trials.run_trials`, with a `Pack` for each of its arguments."""
