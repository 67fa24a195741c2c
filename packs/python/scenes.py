"""What the tasks of this pack have in common: a scene is one story, told in a guest of its own.

A scene's facts are held against the reference solution's on the same story: the names, numbers and values in it are
drawn from the seed, so nobody can know them beforehand.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Self

from djudge.engine.calling import CallingGuest, Outcome, must
from djudge.engine.errors import CandidateFault
from djudge.engine.probes import call, shape
from djudge.engine.run import Run
from djudge.engine.values import (
    Budget,
    Finding,
    Integrity,
    Json,
    Observations,
    Words,
    not_shown,
    partly,
    shown,
)

#: Names by which code looks into the process that it shares with the guest's own code.
REACHES = (
    "get_objects", "get_referrers", "get_referents", "_getframe", "f_back", "f_locals", "__subclasses__", "settrace",
)  # fmt: skip

#: Names by which code finds out who wrote the function that it was given.
ASKS = ("getfile", "getsourcefile", "getsource", "getmodule", "co_filename", "co_code", "__code__")


@dataclass
class Told:
    """A scene as it was played: answers in order. Uses of collaborators are read from the guest at the end."""

    caller: CallingGuest
    random: Random
    answers: list[Json]

    def note(self, outcome: Outcome) -> None:
        """Keep an answer."""
        self.answers.append(call.answer(outcome))

    def word(self) -> str:
        """A word that nobody has seen before."""
        return "".join(self.random.choice("bdfgklmnprstvz") + self.random.choice("aeiou") for _ in range(4))


type Play = Callable[[Told], Json | None]


def observe_scenes(run: Run, module: str, plays: Mapping[str, Play]) -> Observations:
    """Play every scene in a guest of its own, 20 ms each and what the code takes; shape and honesty beside them.

    A module that can't be imported is a CandidateFault; a scene that hangs or dies is that scene's alone.
    """
    with run.caller() as caller:
        must(caller.named(module), f"Importing {module}")
    seen: dict[str, Json] = {
        "patches": shape.patches(run.changed),
        "reaches": shape.observe(run.changed, REACHES),
        "asks": shape.observe(run.changed, ASKS),
    }
    answered: dict[str, Json] = {}
    for number, (name, play) in enumerate(plays.items(), 1):
        run.progress(number, len(plays), name)
        seen[name], answered[name] = _played(run, name, play)
    return Observations(seen=seen, answered=answered)


def _played(run: Run, name: str, play: Play) -> tuple[Json, Json]:
    """What reached the judge, and what was answered."""
    try:
        with run.caller() as caller:
            told = Told(caller, run.seed.random(name), [])
            more = play(told)
            uses = call.uses(caller)
    except CandidateFault as fault:
        return {"stopped": fault.kind}, {"stopped": fault.kind}
    return {"kind": "uses", "uses": uses["uses"], "more": more}, {"kind": "scene", "answers": told.answers}


@dataclass(frozen=True)
class Scene:
    """A scene as it was observed. `stopped` is the kind of fault that ended it; it has no other facts then."""

    uses: call.Uses
    answers: list[Json]
    more: Json
    stopped: str

    @classmethod
    def of(cls, observations: Observations, name: str) -> Self:
        """From what is stored."""
        match observations.seen[name], observations.answered[name]:
            case {"stopped": str(kind)}, _:
                return cls(call.Uses(()), [], None, kind)
            case {"uses": uses, "more": more}, {"answers": list(answers)}:
                return cls(call.Uses.parse({"uses": uses}), answers, more, "")
        raise ValueError(f"{name} is no stored scene.")


def everything(scene: Scene) -> object:
    """All uses and all answers."""
    uses = [(use.of, use.method, use.args, use.kwargs) for use in scene.uses.all]
    return {"uses": uses, "answers": scene.answers, "seen": scene.more}


def answers(scene: Scene) -> object:
    """What was answered, alone."""
    return {"answers": scene.answers}


@dataclass(frozen=True)
class Asked:
    """What a check looks at: scenes, each with a few words of what happens in it, and which of their facts.

    `expected` is for everybody, `candidate` explains the principle, `recruiter` is for who does not program. `half`
    scenes may differ from the reference solution's for half a mark.
    """

    check: str
    scenes: Mapping[str, str]
    expected: str
    candidate: str
    recruiter: str
    facts: Callable[[Scene], object] = everything
    half: int = 0


def finding(asked: Asked, observations: Observations, budget: Budget) -> Finding:
    """The finding of a check that holds where all its scenes came out as the reference solution's did."""
    names = tuple(asked.scenes)
    wrong = [told for name in names if (told := _difference(asked, observations, budget["expert"], name))]
    words = Words(
        measured="; ".join(wrong) or f"as asked, in all of {len(names)} scenes",
        expected=asked.expected,
        candidate=asked.candidate,
        recruiter=asked.recruiter,
        evidence=names,
    )
    because = [one for name in names for one in (observations.saw(name), observations.answer(name))]
    if not wrong:
        return shown(asked.check, words, *because)
    if len(wrong) <= asked.half:
        return partly(asked.check, words, *because)
    return not_shown(asked.check, words)


def _difference(asked: Asked, observations: Observations, expert: Observations, name: str) -> str:
    """What to say of a scene that did not come out right; empty where it did."""
    ours, theirs = Scene.of(observations, name), Scene.of(expert, name)
    if ours.stopped:
        return f"{asked.scenes[name]}: stopped ({ours.stopped})"
    told = difference(asked.facts(ours), asked.facts(theirs))
    return f"{asked.scenes[name]}: {told}" if told else ""


def difference(ours: object, theirs: object, label: str = "") -> str:
    """The first difference of two facts in a few words; empty where there is none. Texts of a guest are cut."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        found = (difference(ours.get(key), theirs.get(key), str(key)[:40]) for key in dict.fromkeys([*theirs, *ours]))
        return next(filter(None, found), "")
    if isinstance(ours, list | tuple) and isinstance(theirs, list | tuple):
        if len(ours) != len(theirs):
            return f"{label or 'number'} {len(ours)} instead of {len(theirs)}"
        found = (difference(one, other, label) for one, other in zip(ours, theirs, strict=True))
        return next(filter(None, found), "")
    if ours == theirs and isinstance(ours, bool) == isinstance(theirs, bool):
        return ""
    return f"{label or 'it'} is {_short(ours)} instead of {_short(theirs)}"


def _short(value: object) -> str:
    text = "nothing" if value is None else json.dumps(value, default=lambda one: type(one).__name__)
    return text if len(text) <= 60 else text[:59] + "…"


def doubts(observations: Observations) -> list[Integrity]:
    """What does not fit an honest run. None is a verdict, and none costs a mark."""
    kinds = (
        (
            "patches",
            "patches-standard-library",
            "Code of the standard library is replaced while the process runs.",
            "Patching is sometimes the only way around a bug; ask which one.",
        ),
        (
            "reaches",
            "reaches-into-the-process",
            "The code looks for objects of the process that nobody gave it.",
            "Debuggers, profilers and some frameworks do.",
        ),
        (
            "asks",
            "asks-what-it-was-given",
            "The code asks in which file the function was written that it was given, or reads its code.",
            "Tools that print helpful messages do.",
        ),
    )
    found = [
        Integrity(kind=kind, what=what, innocent=innocent, places=tuple(places))
        for name, kind, what, innocent in kinds
        if (places := shape.uses(observations.seen[name]))
    ]
    if any(claim.startswith("toolbelt.") for value in observations.answered.values() for claim in _objects(value)):
        found.append(
            Integrity(
                kind="objects-for-values",
                what="Where a plain value was asked for, an object of the submission's own came.",
                innocent="A result type of one's own may be good design; nobody asked for one here.",
            )
        )
    return found


def _objects(value: Json) -> Iterator[str]:
    """What objects that did not cross call their types."""
    if isinstance(value, dict):
        if isinstance(value.get("object"), str):
            yield str(value["object"])
        for one in value.values():
            yield from _objects(one)
    elif isinstance(value, list):
        for one in value:
            yield from _objects(one)
