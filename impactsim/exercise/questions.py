"""What a facilitator asks, and whom: with each inject, and at the end."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from impactsim.exercise.channels import CUSTOMERS
from impactsim.exercise.facts import Message, MessageKind, Question
from impactsim.exercise.ground import Ground
from impactsim.reports.words import joined

EVERYBODY = "all"
_MOST = 5

_DECIDES, _SPEAKS, _DOES = "decides", "speaks", "does"

_OF: dict[MessageKind, tuple[tuple[str, str], ...]] = {
    "seen": (
        (EVERYBODY, "Is anybody in danger, who has been called, and who stays away from there?"),
        (_DECIDES, "What do you want to know before you call it a case for the plan?"),
        (EVERYBODY, "What stands there, and what of it is needed elsewhere?"),
    ),
    "down": (
        (EVERYBODY, "Whom does this hit, and what can they do meanwhile?"),
        (_SPEAKS, "What do you answer who calls now?"),
        (_DECIDES, "Is that one thing or two, and what would show it?"),
        (EVERYBODY, "What else hangs on this, and has anybody looked?"),
    ),
    "degraded": (
        (_DECIDES, "Is it better to keep it running in part, or to stop it?"),
        (EVERYBODY, "Who gets what is left, and who says so?"),
    ),
    "reserve": ((_DECIDES, "What do you do before that is used up, and when is it too late to begin?"),),
    "supplier": (
        (_DECIDES, "What does the contract promise, whom do you call next, and from when on do you count on nobody?"),
        (_DECIDES, "What do you do differently, now that they name no time?"),
        (_SPEAKS, "May you say whose fault it is?"),
    ),
    "known": (
        (_DECIDES, "What comes first, and what would make you wait?"),
        (_DOES, "Who begins what, with which tool, and who is on two things at once?"),
        (_SPEAKS, "What may you say of the cause, and what not yet?"),
    ),
    "asked": (
        (_DECIDES, "Will it be kept? If not: who says so, to whom, and when?"),
        (_DECIDES, "What does the owner do without it for as long again, and who has asked them?"),
        (_DECIDES, "What would you have to give up elsewhere to be faster here?"),
    ),
    "held up": (
        (_DOES, "How do you go on without it? Where is a copy that does not lean on what is down?"),
        (_DECIDES, "What if it does not come back today: what comes first now?"),
        (_DOES, "What can you prepare meanwhile, so that no time is lost?"),
        (_DECIDES, "Whom can you free from something else for this?"),
    ),
    "backup": (
        (_DOES, "What is the next one, how old is it, and what does it lean on?"),
        (_DECIDES, "Who accepts the loss, and who tells those whose data it is?"),
        (_DOES, "What else did you count on that nobody has tried lately?"),
        (_DECIDES, "Which of your promises has just become untrue?"),
    ),
    "absent": (
        (_DOES, "Who else can do this, do they have access, and is it written down for them?"),
        (_DECIDES, "From when on do you not wait any longer?"),
    ),
    "partly": (
        (_DECIDES, "Who may use the part that works, and who says so?"),
        (_SPEAKS, "How do you say that only a part of it works?"),
    ),
    "done": (
        (_DOES, "How do you check that it is right, and who waits for it?"),
        (_DOES, "How long did you think it would take, and what does that say of what is still to come?"),
        (_DECIDES, "Who is free now, and what do they do next?"),
    ),
    "back": (
        (_DECIDES, "Who says that it works again, and on what evidence?"),
        (_SPEAKS, "What do you tell customers about what they entered last?"),
        (_DECIDES, "What would make you take it away from them again?"),
        (EVERYBODY, "What was done by hand meanwhile, and who enters it?"),
    ),
    "close": (
        (_DECIDES, "Say it in three sentences."),
        (EVERYBODY, "What does the next shift have to know that stands nowhere?"),
    ),
}
_FIRST = (
    (_DECIDES, "Is this a case for the plan? Who decides, and who stands in?"),
    (EVERYBODY, "What do you know, what do you only suspect, and how do you find out?"),
    (_SPEAKS, "What do you tell customers now, through what, and does that work?"),
)


_SPARE = (
    (EVERYBODY, "What do you know now that you did not know before?"),
    (_DECIDES, "What is the one thing that must not wait, and who has it?"),
    (EVERYBODY, "What have you decided that stands in no log yet?"),
    (_SPEAKS, "What have customers heard so far, and is all of it still true?"),
    (_DECIDES, "When do you look at this again, and what would change your mind?"),
    (EVERYBODY, "Who has been at it for long, and who takes over?"),
    (_SPEAKS, "Who asks next, and what do you say to them?"),
    (_DECIDES, "What have you put off, and until when may it wait?"),
)
"""Asked where all else was asked before."""


def questions_of(
    ground: Ground, messages: Sequence[Message], asked: Collection[Question] = (), *, is_first: bool
) -> tuple[Question, ...]:
    """Return the questions to an inject, each to a role; with the first those about who decides.

    Parameters
    ----------
    ground
        The run.
    messages
        What is told.
    asked
        What was asked before, which is not asked again.
    is_first
        Is it the first inject?
    """
    kinds = dict.fromkeys(sorted((each.kind for each in messages), key=lambda kind: kind not in _URGENT))  # stable
    texts = {each.text for each in asked}
    steps = tuple(each.step for each in messages if each.step)
    ours = [each for kind in kinds for each in _left(_OF[kind], texts, 3 if kind in _WIDE else 2)]
    if is_first:
        ours = [*_FIRST, *(ours if "seen" in kinds else ())]
    found = ours[:_MOST] or _left(_SPARE, texts, 1)
    return tuple(Question(_role(ground, role, steps), text) for role, text in found)


def _left(questions: Sequence[tuple[str, str]], asked: Collection[str], n: int) -> list[tuple[str, str]]:
    """Return the first n of some questions that were not asked before."""
    return [each for each in questions if each[1] not in asked][:n]


_URGENT: tuple[MessageKind, ...] = ("seen", "held up", "backup", "absent", "known", "asked", "close")
"""What is asked about first."""
_WIDE: tuple[MessageKind, ...] = ("seen", "known")
"""What there is most to ask about."""


def deciders(ground: Ground) -> str:
    """Name the roles that decide."""
    return joined([ground.name(each) for each in ground.plan.declaration.by]) or "who decides"


def speaker(ground: Ground) -> str:
    """Name the role that speaks to customers: it does a step with one of their channels."""
    contact = ground.plan.contacts.get(CUSTOMERS)
    channels = set() if contact is None else set(contact.by)
    roles = (role for step in ground.plan.steps.values() if channels.intersection(step.tools) for role in step.by)
    found = next(roles, None)
    return "who speaks to customers" if found is None else ground.name(found)


def _role(ground: Ground, role: str, steps: Sequence[str]) -> str:
    if role == _DECIDES:
        return deciders(ground)
    if role == _SPEAKS:
        return speaker(ground)
    return ", ".join(_doers(ground, steps)) or EVERYBODY if role == _DOES else role


def _doers(ground: Ground, steps: Sequence[str]) -> Iterator[str]:
    known = (ground.plan.steps[each] for each in steps if each in ground.plan.steps)
    yield from dict.fromkeys(ground.name(role) for step in known for role in step.by)


AT_THE_END = (
    "Which step did you have to guess, because the plan does not say it?",
    "Which of the people, tools and places that you used would have failed as well?",
    "Which promise to customers, management or authorities could you not have kept?",
    "What would you have needed in the first hour, and did not have?",
    "What do you change in the plan, who does it, and by when?",
)
"""To ask at the end."""
