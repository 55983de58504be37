"""What the trials of a scenario rest on: who was hit or affected in any of them, weighted by the mean time below full level."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from impactsim.model.scenario import Scenario
from impactsim.model.system import System
from impactsim.rests.footing import Below, Footing, hit_by
from impactsim.rests.shares import Rests
from impactsim.trials.gather import Gathered


def rests_of_trials(system: System, scenario: Scenario, ids: Sequence[str], gathered: Gathered) -> Rests | None:
    """Say what the trials of a scenario rest on.

    Parameters
    ----------
    system
        The system with the scenario's changes.
    scenario
        The scenario.
    ids
        Of the components by their numbers.
    gathered
        What the trials left, of at least one.

    Returns
    -------
    Rests
        None where all of the system is declared, or no service was affected in any trial.
    """
    footing = Footing(system)
    if footing.is_declared:
        return None
    n = gathered.n
    down_ms, degraded_ms = (each.moments.mean(n).tolist() for each in (gathered.down, gathered.degraded))
    affected = np.flatnonzero(gathered.n_affected).tolist()
    below = {ids[each]: Below(down_ms[each], degraded_ms[each], bool(gathered.n_down[each])) for each in affected}
    return footing.worth_telling(footing.rests(hit_by(system, scenario), below))
