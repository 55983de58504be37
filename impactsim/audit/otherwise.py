"""What if a need were another: a system in which some needs at a time are left out, or have no backup.

The system is never compiled anew: the columns that change are copies, and each change is taken back when it has been asked about.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

from impactsim.compiled import GROUP, ORDER, POOL, REPAIR, Causes, Compiled
from impactsim.exact.propagation import Propagation


class Otherwise:
    """A copy of a system, of which needs can be changed for a while.

    Parameters
    ----------
    compiled, causes
        The system as it is.
    """

    def __init__(self, compiled: Compiled, causes: Causes) -> None:
        self.compiled = compiled
        self.causes = causes
        self.copy = compiled._replace(
            need_purpose=compiled.need_purpose.copy(),
            need_form=compiled.need_form.copy(),
            need_k=compiled.need_k.copy(),
            need_demand=compiled.need_demand.copy(),
            slot_capacity=compiled.slot_capacity.copy(),
        )
        """The system as it is asked about now."""

    @cached_property
    def propagation(self) -> Propagation:
        """What goes down in the copy, as it is when it is asked."""
        return Propagation(self.copy, self.causes)

    @contextmanager
    def left_out(self, *needs: int) -> Iterator[None]:
        """Leave needs out of the copy: what is for repair only does not count."""
        for need in needs:
            self.copy.need_purpose[need] = REPAIR
            self.propagation.look_again(need)
        yield
        for need in needs:
            self.copy.need_purpose[need] = self.compiled.need_purpose[need]
            self.propagation.look_again(need)

    @contextmanager
    def without_backup(self, need: int) -> Iterator[None]:
        """Let a need of the copy want its first member (a group) or all of them."""
        copy, compiled = self.copy, self.compiled
        first, after = compiled.slot_from[need], compiled.slot_from[need + 1]
        if compiled.need_form[need] == GROUP:  # a pool in which only the first has any capacity
            copy.need_form[need], copy.need_demand[need] = POOL, 1.0
            copy.slot_capacity[first] = 1.0
        else:
            copy.need_form[need], copy.need_k[need] = ORDER, after - first
        self.propagation.look_again(need)
        yield
        copy.need_form[need], copy.need_k[need] = compiled.need_form[need], compiled.need_k[need]
        copy.need_demand[need] = compiled.need_demand[need]
        copy.slot_capacity[first] = compiled.slot_capacity[first]
        self.propagation.look_again(need)
