"""The probe on a running guest: the shop itself, read as a plain member of the owner of its database."""

from __future__ import annotations

from djudge.engine.cli.library import named_task
from djudge.engine.packs.seeds import local_seed
from djudge.engine.packs.submission import submission_of_solution
from djudge.engine.packs.task_checks import UNTOUCHED
from djudge.engine.packs.tree import start_tree
from djudge.engine.probes import relations
from djudge.engine.slot import Slot

#: What a submission could leave to have the judge read something else.
SHADOW = (
    "CREATE FUNCTION public.to_jsonb(character varying) RETURNS jsonb LANGUAGE sql AS $$SELECT '\"nothing\"'::jsonb$$"
)


def test_the_shop_declares_its_relations_and_raises_no_flag() -> None:
    task = named_task("SH4")
    seed = local_seed(task)
    with Slot(task.pack) as slot:
        slot.open(task, seed, lambda phase, what: None)
        run = slot.run(task, submission_of_solution(task, UNTOUCHED), seed, lambda phase, what: None)
        with run.guest() as guest:
            with guest.arrange() as connection:
                brands = [row[0] for row in connection.execute("SELECT name FROM catalogue_brand ORDER BY id LIMIT 5")]
                tags = [row[0] for row in connection.execute("SELECT name FROM catalogue_tag ORDER BY id LIMIT 5")]
                connection.execute(SHADOW)
            schema = relations.observe_schema(guest, {"brand": brands, "tag": tags})
            again = relations.observe_schema(guest, {"tag": tags, "brand": brands})
    text = relations.observe_text(start_tree(task))

    assert isinstance(schema, dict)
    assert schema == again
    assert ["brand", "catalogue_brand", "name", "alone", 5, 1] in schema["rows"]  # type: ignore[operator]
    assert {"table": "catalogue_product", "column": "brand_id", "to": "catalogue_brand"} in schema["references"]  # type: ignore[operator]
    assert relations.red_flag(text, schema) is None
