"""PY3: what the server saw and what was reported. Pure: the same observations and budget give the same findings."""

from __future__ import annotations

from dataclasses import replace

from djudge.engine.probes.services import Traffic
from djudge.engine.values import Budget, Integrity, Judgement, Observations, Outcome

from ..scenes import Asked, Scene, doubts, finding

SCENES = {
    "mixed": "pages, errors and broken connections",
    "many": "two long lists at once",
    "slow": "one page comes last",
    "hangs": "a page that never comes",
    "drips": "a page without an end",
    "busy": "429, once, twice, always",
    "place": "429 while one at a time is allowed",
    "cancelled": "cancelled with requests under way",
    "left": "left with a fetch at work",
    "left-by-exception": "left by an exception",
}


def facts(scene: Scene) -> dict[str, object]:
    """What the server saw, without the order in which it happened to come."""
    match scene.more:
        case {"facts": dict(found)}:
            return dict(found)
    return {}


def once(scene: Scene) -> object:
    """Who was asked for and how often, and what was reported."""
    found = facts(scene)
    return scene.answers, [found.get(name) for name in ("arrivals", "others", "flooded", "garbage")]


def given_up(scene: Scene) -> object:
    """How the request ended that would not end, and what was reported of it. Others may be late on a busy machine."""
    found = facts(scene)
    match scene.answers:
        case [{"pages": dict(pages), "failed": list(failed)}, *_]:
            return found.get("end"), found.get("path") in pages, found.get("path") in failed
    return found.get("end"), scene.answers


def called_off(scene: Scene) -> object:
    """What became of the requests, whether exactly what had been answered was reported, and how the job ended."""
    found = facts(scene)
    return found.get("all given up"), found.get("asked afterwards"), _keeps_what_came(scene), scene.answers[-1:]


def _keeps_what_came(scene: Scene) -> bool:
    match scene.more, scene.answers:
        case {"traffic": traffic}, [{"pages": dict(pages), "failed": []}, *_]:
            came = [ask.target for ask in Traffic.parse(traffic).asks if ask.end == "answered"]
            return sorted(pages) == sorted(came)
    return False


def served(scene: Scene) -> object:
    """All that the server saw."""
    return facts(scene)


def everything(scene: Scene) -> object:
    """What the server saw, and what was reported."""
    return facts(scene), scene.answers


def most_at_once(scene: Scene) -> object:
    """How far from the limit the most in flight was."""
    return facts(scene).get("peak")


def nothing_left(scene: Scene) -> object:
    """Requests, connections and waits at the end, and how the job ended."""
    found = facts(scene)
    return found.get("left"), found.get("all given up"), scene.answers[-1:]


ASKED = (
    Asked(
        check="pages",
        scenes={name: SCENES[name] for name in ("mixed", "many")},
        facts=once,
        expected="each URL asked for once, its text or its failure reported, nothing else asked for",
        candidate="Whoever fetches much meets everything that can go wrong. One page that fails is a fact about that "
        "page; it must not cost the others, nor be asked for again and again.",
        recruiter="Whether the result is complete and right.",
    ),
    Asked(
        check="limit",
        scenes={"many": SCENES["many"]},
        facts=most_at_once,
        expected="exactly `limit` requests in flight, over both lists together",
        candidate="A limit belongs to the server that it protects: it has to be one for all who ask it. Below the "
        "limit the night is too short; above it the server falls over, for everybody.",
        recruiter="Whether other people's servers are treated as they asked to be, without giving speed away.",
    ),
    Asked(
        check="slow",
        scenes={"slow": SCENES["slow"]},
        facts=served,
        expected="all other pages are fetched while one keeps its place",
        candidate="Working in groups means that everybody waits for the slowest of the group. A place that becomes "
        "free can be taken at once.",
        recruiter="Whether one slow answer holds everything up.",
    ),
    Asked(
        check="timeout",
        scenes={name: SCENES[name] for name in ("hangs", "drips")},
        facts=given_up,
        expected="the request is given up after `timeout` seconds, whether nothing comes or a byte now and then",
        candidate="A time-out for each read starts anew with each byte: a server that sends one now and then holds "
        "the request for ever. What has to end needs one limit around all of it.",
        recruiter="Whether it copes with servers that hang.",
        half=1,
    ),
    Asked(
        check="retry",
        scenes={name: SCENES[name] for name in ("busy", "place")},
        facts=everything,
        expected="the seconds that were asked for, awaited with the place left to others; three attempts at most",
        candidate="Retry-After is how a server says when it can take more. Whoever waits needs no place meanwhile: it "
        "is for requests that are under way.",
        recruiter="Whether it does as a busy server asks, and uses the time.",
    ),
    Asked(
        check="cancelled",
        scenes={"cancelled": SCENES["cancelled"]},
        facts=called_off,
        expected="all requests given up, none begun afterwards, the pages that were there kept",
        candidate="Cancelling is how asyncio ends work. Code that takes it for a failure of one page goes on with the "
        "next one; code that collects at the end has nothing to show.",
        recruiter="Whether work that is called off really ends, and what was done is not lost.",
    ),
    Asked(
        check="closed",
        scenes={name: SCENES[name] for name in ("many", "cancelled", "left", "left-by-exception")},
        facts=nothing_left,
        expected="no request, connection or task is left when the block has been left, and its exception comes out",
        candidate="A context manager promises that what it opened is closed when it is left, whichever way that "
        "happens. Tasks are opened too: closing the client under them is not the same as ending them.",
        recruiter="Whether nothing keeps running unnoticed.",
    ),
)


def judge(observations: Observations, budget: Budget) -> Judgement:
    """The seven checks, and what does not fit an honest run."""
    findings = tuple(finding(_weighed(asked, observations, budget), observations, budget) for asked in ASKED)
    return Judgement(findings, (*doubts(observations), *_of_the_server(observations)))


def _weighed(asked: Asked, observations: Observations, budget: Budget) -> Asked:
    """Half a mark for 429 is for who waits as told and keeps the place; who does not wait as told has none."""
    if asked.check != "retry":
        return asked
    told = finding(replace(asked, scenes={"busy": SCENES["busy"]}, half=0), observations, budget)
    return replace(asked, half=1 if told.outcome is Outcome.SHOWN else 0)


def _of_the_server(observations: Observations) -> list[Integrity]:
    """What only the server could see. None is a verdict."""
    found = [facts(Scene.of(observations, name)) for name in SCENES]
    kinds = (
        (
            any(each.get("flooded") or each.get("garbage") for each in found),
            "service-flooded",
            "The server was sent so much, or what is no HTTP, that it closed and could not see the rest.",
            "A loop without an end does this.",
        ),
        (
            any(each.get("others") for each in found),
            "asked-beyond",
            "Addresses or ports were asked for that nobody had named.",
            "An address that was put together wrongly looks the same.",
        ),
    )
    return [Integrity(kind=kind, what=what, innocent=innocent) for holds, kind, what, innocent in kinds if holds]
