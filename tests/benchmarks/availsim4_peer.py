"""Four equal parts, of which two are needed, in availsim4: its own Monte Carlo loop, called in this process.

`MonteCarlo.run` on a `Context`, which is what availsim4's local runner calls between reading the workbooks and writing the
results. Kind to availsim4: no workbook is read or written, nothing is logged (its program logs each timeline), no root
causes are traced, no phases, and of its diagnoses only the ordinary one, SUMMARY, whose statistics the loop keeps anyway.
One timeline is one simulated lifetime, from new, with a seed of its own.
"""

from __future__ import annotations

# mypy: disable-error-code="import-not-found, import-untyped"
from math import comb, exp
from typing import NamedTuple

from availsim4core.src.context.context import Context
from availsim4core.src.context.phase.phase_manager import PhaseManager
from availsim4core.src.context.system.architecture_entry import ArchitectureEntry
from availsim4core.src.context.system.component_tree.component_factory import ComponentFactory
from availsim4core.src.context.system.component_tree.status import Status
from availsim4core.src.context.system.failure_mode import FailureMode
from availsim4core.src.context.system.failure_mode_assignments import FailureModeAssignments
from availsim4core.src.context.system.system_template import SystemTemplate
from availsim4core.src.results.result_record_entry_component import ResultRecordEntryComponent
from availsim4core.src.simulation.monte_carlo import MonteCarlo

UP = (Status.RUNNING, Status.DEGRADED)
PARTS, NEEDED = 4, 2


class Parts(NamedTuple):
    """Mean times of the exponential laws, and the length of a timeline."""

    up_h: float
    repair_h: float
    timeline_h: float

    def availability(self) -> float:
        """Return the expected share of the timeline in which enough parts are up, all being new at its start."""
        steps = 10_000
        weights = [1, *([4, 2] * (steps // 2 - 1)), 4, 1]
        times = (self.timeline_h * step / steps for step in range(steps + 1))
        return sum(weight * self._enough_up(t) for weight, t in zip(weights, times, strict=True)) / (3 * steps)

    def _enough_up(self, hours: float) -> float:
        in_the_end = self.up_h / (self.up_h + self.repair_h)
        up = in_the_end + (1 - in_the_end) * exp(-hours * (1 / self.up_h + 1 / self.repair_h))
        return sum(comb(PARTS, n) * up**n * (1 - up) ** (PARTS - n) for n in range(NEEDED, PARTS + 1))


class Availability(NamedTuple):
    """What the timelines say of the whole."""

    share: float
    changes: float
    """Events in one timeline: failures, starts and ends of repairs."""


def prepare(parts: Parts) -> Context:
    """Return the system, built."""
    phases = [PhaseManager.NO_PHASE]
    mode = FailureMode.build(
        component_name="PART_FAILS",
        failure_distribution_name="EXP",
        failure_distribution_params=[parts.up_h],
        repair_distribution_name="EXP",
        repair_distribution_params=[parts.repair_h],
        failure_type_name="DETECTABLE",
        held_before_repair_in_phases=["NEVER_HELD"],
        inspection_name="",
        applicable_phases_names=["NONE"],
        held_after_repair_in_phases=["NEVER_HELD"],
        phase_change_trigger="NEVER",
        next_phase_name_if_failure="",
        comments="",
        global_inspection_list=[],
        global_phase_list=phases,
    )
    entries = [
        ArchitectureEntry("WHOLE", "COMPOUND", 1, ["PART"], f"{NEEDED}OO{PARTS}", [], []),
        ArchitectureEntry("PART", "BASIC", PARTS, [], "", [], []),
    ]
    assignments = [FailureModeAssignments("PART", mode)]
    template = SystemTemplate(entries, assignments, [mode], [], [], set(phases), set(), set(), None)
    return Context(ComponentFactory(template).build(), PhaseManager(template.phase_set, set()), None)


def timelines(context: Context, parts: Parts, number: int, seed: int = 1) -> Availability:
    """Run so many timelines."""
    carlo = MonteCarlo(
        minimum_number_of_simulations=number,
        maximum_number_of_simulations=number,
        convergence_margin=0,
        maximum_execution_time=float("inf"),
        seed=seed,
        list_of_diagnosis=["SUMMARY"],
        duration_of_simulation=parts.timeline_h,
    )
    results = carlo.run(context)
    hours = sum(
        statistics.mean
        for entry, statistics in results.duration_statistics.items()
        if isinstance(entry, ResultRecordEntryComponent) and entry.component.name == "WHOLE" and entry.status in UP
    )
    changes = results.execution_metrics_statistics["number_of_b_events_executed"].mean
    return Availability(hours / parts.timeline_h, changes)
