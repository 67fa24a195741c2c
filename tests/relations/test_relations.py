"""The red flag of the guide's line 62: raised on ways around a relation, and not on honest look-alikes."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.relations.conftest import GOODS, Golden, names

from djudge.engine.probes import relations
from djudge.engine.values import Json, RedFlag, Seen

type Apps = Mapping[str, Golden]

#: What each app's flag has to name, in the text and in the database.
MUST = {
    "comma-list": ("lists in one value", "shop/models.py:8", "shop_product.tags holds several tag names"),
    "json-of-ids": ("lists of keys", "shop/models.py:12", "shop_product.tag_ids holds lists of keys of shop_tag"),
    "ids-by-hand": ("keys by hand", "shop/models.py:16", "shop_product.brand_id holds keys of shop_brand"),
    "copied-brand": ("copied facts", "shop/models.py:13", "shop_product.brand_name holds the same brand name"),
    "wrong-side": ("foreign key on the wrong side", "shop/models.py:11", "shop_tag.name holds the same tag name"),
    "links-that-double": ("links without a unique", "shop/models.py:15", "shop_tagging has no unique constraint"),
}


def flag_of(app: Golden) -> RedFlag | None:
    return relations.red_flag(app.text, app.schema)


def places(flag: RedFlag) -> set[str]:
    return {f"{sign.place.file}:{sign.place.line}" for sign in flag.text}


def test_the_golden_set_has_five_of_each_kind_or_more() -> None:
    assert set(names("must")) == set(MUST)
    assert len(names("must")) >= 5
    assert len(names("must-not")) >= 5


@pytest.mark.parametrize("name", sorted(MUST))
def test_a_way_around_a_relation_raises_the_flag_with_both_kinds_of_evidence(golden: Apps, name: str) -> None:
    flag = flag_of(golden[f"must/{name}"])
    called, place, seen = MUST[name]

    assert flag is not None, json.dumps(golden[f"must/{name}"].schema)
    assert (flag.kind, flag.guide_line) == ("relationships-misunderstood", 62)
    assert called in flag.what
    assert place in places(flag)
    assert any(seen in each.value for each in flag.behaviour), flag.behaviour
    assert all(isinstance(each, Seen) for each in flag.behaviour)


@pytest.mark.parametrize("name", names("must-not"))
def test_what_only_looks_like_one_does_not(golden: Apps, name: str) -> None:
    assert flag_of(golden[f"must-not/{name}"]) is None


def test_loops_that_look_rows_up_are_named_beside_what_they_stand_for(golden: Apps) -> None:
    for name, place in (("ids-by-hand", "shop/views.py:7"), ("json-of-ids", "shop/models.py:15")):
        flag = flag_of(golden[f"must/{name}"])
        assert flag is not None
        assert place in places(flag)
    honest = golden["must-not/an-honest-loop"].text
    assert isinstance(honest, dict)
    assert "one by one in a loop" in json.dumps(honest["uses"])


def test_every_word_ended_up_where_the_schema_says(golden: Apps) -> None:
    """Positive control of the innocents: each holds the drawn names, so that none is innocent for being empty."""
    for name in names("must-not"):
        schema = golden[f"must-not/{name}"].schema
        assert isinstance(schema, dict)
        assert schema["held"], name


@pytest.mark.parametrize("name", sorted(MUST))
def test_one_kind_of_evidence_alone_raises_nothing(golden: Apps, name: str) -> None:
    app = golden[f"must/{name}"]
    nothing_written = relations.observe_text({})
    other = golden["must-not/links-kept-single"].schema

    assert relations.red_flag(nothing_written, app.schema) is None
    assert relations.red_flag(app.text, other) is None


def test_each_innocent_is_flagged_once_its_innocence_is_taken_from_it(golden: Apps) -> None:
    """What excuses them is what the schema says, not their names: without it the same text is a flag."""
    for name, taken in (
        ("snapshot-on-an-invoice", {"references": []}),
        ("commas-of-a-file", {"held": [{**HELD, "column": "description"}]}),
        ("links-kept-single", {"links": [{"table": "shop_tagging", "columns": ["product_id", "tag_id"], "unique": 0}]}),
    ):
        app = golden[f"must-not/{name}"]
        assert isinstance(app.schema, dict)
        flag = relations.red_flag(app.text, {**app.schema, **taken})
        # The last one's text declares the constraint, so that the schema alone is not enough.
        assert (flag is None) == (name == "links-kept-single")


HELD: dict[str, Json] = {"thing": "tag", "table": "shop_product", "column": "", "form": "joined", "rows": 3, "most": 0}


def test_tests_migrations_and_files_that_do_not_parse_are_left_out() -> None:
    written = b"from django.db import models\nclass A(models.Model):\n    b_id = models.IntegerField()\n"
    seen = relations.observe_text(
        {
            "shop/models.py": b"class Broken(",
            "shop/tests/test_a.py": written,
            "shop/migrations/0001_initial.py": written,
            "shop/gone.py": None,
            "shop/other.py": written,
        }
    )
    assert isinstance(seen, dict)
    assert [each["file"] for each in seen["models"]] == ["shop/other.py"]  # type: ignore[union-attr, index, call-overload]


def test_a_flag_says_how_good_work_could_come_to_the_same_and_holds_no_drawn_word(golden: Apps) -> None:
    for name in MUST:
        flag = flag_of(golden[f"must/{name}"])
        assert flag is not None
        assert "snapshot" in flag.innocent
        told = " ".join([flag.what, *(each.value for each in flag.behaviour), *(sign.what for sign in flag.text)])
        assert not [word for _, brand, tags in GOODS for word in (brand, *tags) if word in told]  # type: ignore[misc]


CHAINS = {
    "a chain of calls": ("for x in y:\n    Tag.objects" + ".filter(a=x)" * 900, True),
    "a chain of names": ("for x in y:\n    Tag" + ".a" * 900 + ".get(x)", False),
    "nothing but brackets": (f"for x in y:\n    {'(' * 80}Tag.objects{')' * 80}.get(x)", True),
}


@pytest.mark.parametrize("name", sorted(CHAINS))
def test_chains_deeper_than_recursion_goes_are_read_like_short_ones(name: str) -> None:
    text, looks_up = CHAINS[name]
    seen = relations.observe_text({"shop/views.py": text.encode()})
    assert isinstance(seen, dict)
    assert bool(seen["habits"]) == looks_up


def test_constraints_deeper_than_recursion_goes_are_read_too() -> None:
    text = (
        "class Tag(models.Model):\n    name = models.CharField()\n"
        "    goods = models.ManyToManyField(A, through='Link')\n"
        "class Link(models.Model):\n    tag = models.ForeignKey(Tag)\n    class Meta:\n        constraints = [{}]\n"
    )
    for constraint, doubles in (("a" + ".b" * 900, True), ("models.UniqueConstraint()" + ".b" * 900, False)):
        seen = relations.observe_text({"shop/models.py": text.format(constraint).encode()})
        assert isinstance(seen, dict)
        assert bool(seen["habits"]) == doubles


@settings(max_examples=60)
@given(st.text(max_size=400))
def test_whatever_a_file_holds_it_is_read_and_never_raises(content: str) -> None:
    for text in (content, f"class A(M):\n    {content}\n    x = models.JSONField({content})"):
        seen = relations.observe_text({"shop/models.py": text.encode("utf-8", "surrogatepass")})
        assert relations.red_flag(seen, {"references": [], "held": [], "loose": [], "links": []}) is None
