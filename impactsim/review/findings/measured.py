"""What tests measured, held against what is promised: DR11."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from impactsim.audit.findings import Severity
from impactsim.review.facts import LastTest, PlanFinding
from impactsim.review.findings.ages import age_told
from impactsim.review.findings.copies import data_behind
from impactsim.review.findings.demands import Tested, all_to_test, demand_of, strong_enough
from impactsim.review.findings.ground import Ground
from impactsim.review.findings.leaning import Path, bridged_ms, path_words
from impactsim.review.findings.objectives import ObjectiveName, figure_of, told_apart
from impactsim.review.findings.targets import bridge_told
from impactsim.review.findings.tested import tests_of
from impactsim.review.findings.told import listed

_LOSSES: dict[ObjectiveName, str] = {"rto": "took", "rpo": "lost data of"}


def findings(ground: Ground) -> list[PlanFinding]:
    """Return tests that were worse than a target, that failed, and those of which nobody says how long they took.

    Of a component the last test counts that says what is asked for.

    Parameters
    ----------
    ground
        Plan and system.
    """
    return [*_worse(ground), *_failed(ground), *_never_measured(ground)]


# Worse than promised.


def _worse(ground: Ground) -> Iterator[PlanFinding]:
    """Yield a finding for each test that was worse than what any service is promised."""
    hit: dict[tuple[str, ObjectiveName], list[_Worse]] = {}
    for service in ground.plan.services:
        for component, path in _told_by_tests(ground, service).items():
            for name in _LOSSES:
                target, test = figure_of(ground, service, name), _last_measured(ground, component, name)
                if target is not None and test is not None:
                    bridge = bridged_ms(ground.system, path, is_alone=False) if name == "rto" else 0
                    if test[1] - bridge > target:
                        hit.setdefault((component, name), []).append(_Worse(path, target, bridge, *test))
    for (component, name), cases in hit.items():
        yield _worse_than(ground, component, name, cases)


@dataclass(frozen=True, slots=True)
class _Worse:
    """A service whose target a test did not reach."""

    path: Path
    """From the service to what was tested."""
    target_ms: int
    bridge_ms: int
    """How long holdovers on the path hide the loss of what was tested."""
    test: LastTest
    measured_ms: int


def _told_by_tests(ground: Ground, service: str) -> dict[str, Path]:
    """Return whose tests say something of the recovery of a service: its own, what it cannot do without, its standbys, its data."""
    backed = {each: (*path, each) for each, (_, path) in ground.standbys[service].items()}
    data = {path[-1]: path for path in data_behind(ground, service)}
    return {service: (service,)} | backed | data | ground.alone[service]


def _last_measured(ground: Ground, component: str, name: ObjectiveName) -> tuple[LastTest, int] | None:
    """Return the last test that measured a time (of data loss, for the RPO), and the time in milliseconds."""
    said = [(test, test.measured_rpo if name == "rpo" else test.measured) for test in tests_of(ground, component)]
    return next(((test, value) for test, value in reversed(said) if isinstance(value, int)), None)


def _worse_than(ground: Ground, component: str, name: ObjectiveName, cases: Sequence[_Worse]) -> PlanFinding:
    strictest = min(cases, key=lambda case: case.target_ms)
    services = [case.path[0] for case in cases]
    test, measured_ms = strictest.test, strictest.measured_ms
    measured, target = told_apart(measured_ms, strictest.target_ms)
    whose = [case.path[0] for case in cases if case.target_ms == strictest.target_ms]
    others = {case.path[0]: case.target_ms for case in cases if case.target_ms != strictest.target_ms}
    return PlanFinding(
        id=f"DR11/{component}/{name}",
        code="DR11",
        severity=Severity.HIGH,
        text=f"the recovery of {component} {_LOSSES[name]} {measured} in a test, and the target {name.upper()} of {listed(whose)} is {target}",
        services=tuple(services),
        evidence=(
            f"{test.type} test of {component} on {age_told(test.date, ground.as_of)}: {_LOSSES[name]} {measured}",
            *(path_words(case.path) for case in cases if len(case.path) > 1),
            *(f"the target {name.upper()} of {each} is {next(told_apart(ms))}" for each, ms in others.items()),
            *dict.fromkeys(told for case in cases if case.bridge_ms for told in bridge_told(ground, case.path)),
        ),
        remedy=f"make the recovery of {component} better and test it again, or promise {measured} for {listed(services)}",
        components=tuple(dict.fromkeys(each for case in cases for each in case.path[1:] or case.path)),
        figures=((f"{name}_ms", float(strictest.target_ms)), ("measured_ms", float(measured_ms))),
    )


# Failed.


def _failed(ground: Ground) -> Iterator[PlanFinding]:
    for component in dict.fromkeys(test.of for test in ground.plan.tests):
        judged = [test for test in tests_of(ground, component) if test.passed is not None]
        if judged and not judged[-1].passed:
            services = [each for each, needed in ground.at_all.items() if component == each or component in needed]
            yield PlanFinding(
                id=f"DR11/failed/{component}",
                code="DR11",
                severity=Severity.HIGH if services else Severity.MEDIUM,
                text=f"the last test of {component} did not meet its criteria",
                services=tuple(services),
                evidence=(
                    f"{judged[-1].type} test on {age_told(judged[-1].date, ground.as_of)}: failed",
                    *(path_words(ground.at_all[each][component]) for each in services[:3] if each != component),
                ),
                remedy=f"remove what made the test of {component} fail, and test it again",
                components=(component,),
                figures=(("age_days", float(judged[-1].age_days)),),
            )


# Never measured.


def _never_measured(ground: Ground) -> Iterator[PlanFinding]:
    things: dict[str, list[Tested]] = {}
    for thing in all_to_test(ground):
        if strong_enough(thing.tests, demand_of(ground.plan, tuple(thing.leaning))):  # without any, DR10 says so
            things.setdefault(thing.components[0], []).append(thing)
    for component, group in things.items():
        tests = [test for thing in group for test in thing.tests]
        leaning = {service: path for thing in group for service, path in thing.leaning.items()}
        promised = [service for service in leaning if figure_of(ground, service, "rto") is not None]
        if promised and _is_unmeasured(tests):
            yield _unmeasured(ground, component, promised, tests)


def _is_unmeasured(tests: Sequence[LastTest]) -> bool:
    """Tell whether no test has a time although one could have: ``not-applicable`` means that there is none to know."""
    measured = [test.measured for test in tests]
    return "unknown" in measured and not any(isinstance(each, int) for each in measured)


def _unmeasured(ground: Ground, component: str, services: Sequence[str], tests: Sequence[LastTest]) -> PlanFinding:
    last = max(tests, key=lambda test: test.date)
    rto = min(figure for each in services if (figure := figure_of(ground, each, "rto")) is not None)
    (target,) = told_apart(rto)
    return PlanFinding(
        id=f"DR11/measured/{component}",
        code="DR11",
        severity=Severity.MEDIUM,
        text=f"nobody says how long the recovery of {component} took in any test",
        services=tuple(services),
        evidence=(
            f"last test: {last.type}, on {age_told(last.date, ground.as_of)}",
            f"the shortest target RTO of {listed(services)} is {target}",
        ),
        remedy=f"measure the time in the next test of {component}, and write it down as measured",
        components=(component,),
        figures=(("rto_ms", float(rto)),),
    )
