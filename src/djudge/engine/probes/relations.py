"""Relations: are relationships between models understood, or worked around? (The guide's line 62.)

A red flag with two halves. The text says how models are written: lists in a text or JSON instead of many-to-many,
keys kept by hand, facts copied instead of referred to, a foreign key on the wrong side, links that may double. The
database says what came of it: the judge has put things with drawn names into the system, and reads as a plain member
of the database's owner where those names lie. The flag is raised only where both say the same of the same column.

    seen={"relations-text": relations.observe_text(run.changed), "relations": relations.observe_schema(guest, words)}
    ...
    flag = relations.red_flag(observations.seen["relations-text"], observations.seen["relations"])
    return Judgement(findings, integrity, (flag,) if flag else ())
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pydantic import TypeAdapter

from djudge.engine.probes import relation_schema, relation_text
from djudge.engine.probes.patience import arranging
from djudge.engine.probes.relation_schema import Held, Loose, RelationSchema
from djudge.engine.probes.relation_text import RELATIONS, TEXTS, FieldText, ModelText, RelationText
from djudge.engine.run import RunningGuest
from djudge.engine.values import Json, Place, RedFlag, Seen, Sign
from djudge.engine.values import red_flag as raise_flag

KIND: Final = "relationships-misunderstood"
GUIDE_LINE: Final = 62


def observe_text(files: Mapping[str, bytes | None]) -> Json:
    """What the changed files say of models: `run.changed` in, an observation of kind `shape` out."""
    return relation_text.observe(files)


def observe_schema(guest: RunningGuest, words: Mapping[str, Sequence[str]]) -> Json:
    """What the guest's database holds, an observation of kind `rows`; call it after the judge's things were put in.

    `words` are names that were drawn from the seed, by what they name: `{"brand": [...], "tag": [...]}`. Some of them
    have to belong to several things (a tag of two products), or nothing can be told. Names are singular nouns as the
    brief says them. Costs some milliseconds a table. Raises CandidateFault as `arranging` does.
    """
    with arranging(guest) as connection:
        return relation_schema.read(connection, words)


def red_flag(text: Json, schema: Json) -> RedFlag | None:
    """The flag with both kinds of evidence, or None. Raises ValueError for what is no such observation."""
    written = TypeAdapter(RelationText).validate_python(text)
    held = TypeAdapter(RelationSchema).validate_python(schema)
    found = list(_found(written, held))
    signs = dict.fromkeys(sign for each in found for sign in each.signs)
    if found:
        signs |= dict.fromkeys(habit.sign for habit in written.of_habit("lookup-in-loop"))
    return raise_flag(
        KIND,
        guide_line=GUIDE_LINE,
        what="Relations between models are worked around instead of declared: "
        + ", ".join(dict.fromkeys(each.called for each in found))
        + ".",
        innocent="A copy may be meant as a snapshot, a list may be read whole and never asked about, and a key may "
        "come from a system that is not in this database. Ask what the field is for.",
        text=list(signs),
        behaviour=list(dict.fromkeys(each.seen for each in found)),
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """One way around a relation: its name, where the text shows it, and what the database holds of it."""

    called: str
    signs: tuple[Sign, ...]
    seen: Seen[str]


def _found(text: RelationText, schema: RelationSchema) -> Iterator[_Found]:
    yield from _lists(text, schema)
    yield from _keys_by_hand(text, schema)
    yield from _repeated(text, schema)
    yield from _links(text, schema)


def _lists(text: RelationText, schema: RelationSchema) -> Iterator[_Found]:
    """Several names in one value, where they have no table of their own, or are taken apart again."""
    for held in schema.held:
        model, field = _written(text, held)
        if held.form != "joined" or not model or not field:
            continue
        habits = text.of_habit("list-in-text", field.name)
        if habits or not schema.homes(held.thing):
            yield _Found(
                "lists in one value instead of many-to-many",
                (_sign(model, field, f"“{field.name}” holds a list"), *(habit.sign for habit in habits)),
                Seen(f"{held.table}.{held.column} holds several {held.thing} names in one value, {_rows(held.rows)}."),
            )


def _keys_by_hand(text: RelationText, schema: RelationSchema) -> Iterator[_Found]:
    """Keys of another table in a plain column, where nothing else joins the two."""
    for loose in schema.loose:
        model, field = _written(text, loose)
        if not model or not field or field.type in RELATIONS or schema.linked(loose.table, loose.to):
            continue
        kind = "holds a list of keys" if loose.listed else "holds a key and is no foreign key"
        several = "lists of keys" if loose.listed else "keys"
        yield _Found(
            "lists of keys instead of many-to-many" if loose.listed else "keys by hand instead of foreign keys",
            (_sign(model, field, f"“{field.name}” {kind}"),),
            Seen(f"{loose.table}.{loose.column} holds {several} of {loose.to} without a foreign key, "
                 f"{_rows(loose.rows)}."),
        )  # fmt: skip


def _repeated(text: RelationText, schema: RelationSchema) -> Iterator[_Found]:
    """The same name in several rows: copied into each, or a thing that belongs to one where it belongs to many."""
    for held in schema.held:
        model, field = _written(text, held)
        if held.form != "alone" or held.most < 2 or not model or not field or field.type not in TEXTS:
            continue
        homes = [table for table in schema.homes(held.thing) if table != held.table]
        if any(schema.refers(held.table, home) for home in homes):
            continue  # A copy beside the reference: a snapshot.
        seen = Seen(f"{held.table}.{held.column} holds the same {held.thing} name in up to {held.most} rows.")
        keys = [each for each in model.fields if each.type in RELATIONS]
        if held.thing in model.name.lower():
            signs = tuple(_sign(model, key, f"each “{model.name}” belongs to one “{key.to}”") for key in keys)
            if keys and not homes:
                yield _Found("a foreign key on the wrong side", signs, seen)
        else:
            sign = _sign(model, field, f"“{field.name}” holds a fact of something else as text")
            yield _Found("copied facts instead of foreign keys", (sign,), seen)


def _links(text: RelationText, schema: RelationSchema) -> Iterator[_Found]:
    """A model between two others, in which the same pair may stand twice."""
    for link in schema.links:
        model = text.model(link.table)
        habits = text.of_habit("link-not-unique", model.name) if model else []
        if not link.unique and habits:
            yield _Found(
                "links without a unique constraint",
                tuple(habit.sign for habit in habits),
                Seen(f"{link.table} has no unique constraint over {' and '.join(link.columns)}."),
            )


def _written(text: RelationText, where: Held | Loose) -> tuple[ModelText | None, FieldText | None]:
    model = text.model(where.table)
    return model, model.field(where.column) if model else None


def _sign(model: ModelText, field: FieldText, what: str) -> Sign:
    return Sign(what=f"{model.name}: {what}", place=Place(file=model.file, line=field.line))


def _rows(count: int) -> str:
    return f"in {count} {'row' if count == 1 else 'rows'}"
