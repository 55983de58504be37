"""What a facilitator asks: with each inject, and at the end."""

from __future__ import annotations

from impactsim.exercise.facts import InjectKind

_FIRST = (
    "Who decides whether this is a case for the plan, and who stands in for them?",
    "What do you know, what do you only suspect, and how do you find out?",
    "What do you tell customers now, through which channel, and does that channel work?",
)
_OF: dict[InjectKind, tuple[str, ...]] = {
    "down": ("Whom does this hit, and what can they do meanwhile?", "Does it change what comes first?"),
    "degraded": ("Is it better to keep it running in part, or to stop it?",),
    "supplier": (
        "What does the contract promise, and whom do you call next?",
        "What do you do if they do not answer for four hours?",
    ),
    "known": (
        "When do you switch to the standby, or restore, and what would make you wait?",
        "Who begins which step, and who is on two of them at once?",
        "How much data will be lost, and who accepts that?",
    ),
    "held up": (
        "What if this does not come back today: how do you go on without it?",
        "Where is the copy of the runbook, the passwords, the list of telephones that does not lean on it?",
    ),
    "backup": (
        "The backup fails too: what is the next one, and how old is it?",
        "Who tells management that the target will not be met, and when?",
    ),
    "absent": (
        "Who else can do this, and do they have access?",
        "Is it written down, so that somebody else can follow it?",
    ),
    "done": ("How do you check that it is right?", "Who needs to know that it is done?"),
    "back": (
        "Who says that it is over, and on what evidence?",
        "What do you tell customers about data that was lost?",
    ),
}


def questions_of(kind: InjectKind, *, is_first: bool) -> tuple[str, ...]:
    """Return the questions to an inject of a kind; with the first inject those about who decides."""
    return _FIRST if is_first else _OF[kind]


AT_THE_END = (
    "Which step did you have to guess, because the plan does not say it?",
    "Which of the people, tools and places that you used would have failed as well?",
    "Which promise to customers, management or authorities could you not have kept?",
    "What would you have needed in the first hour, and did not have?",
    "What do you change in the plan, who does it, and by when?",
)
"""To ask at the end."""
