"""The same run gives the same statements, rows, blocks and plan nodes: in another clone, cluster, uid, under
load.
"""

from __future__ import annotations

from pathlib import Path

from tests.postgres.conftest import Guest, build_shop, running

from djudge.engine.identities import SlotIdentities
from djudge.engine.postgres.cluster import Cluster
from djudge.engine.postgres.templates import Template, Templates
from djudge.engine.postgres.witness.witness import Witness
from djudge.engine.values import Json

RUN = (
    "SELECT id FROM product LIMIT 36",
    "SELECT p.name, b.name FROM product p JOIN brand b ON b.id = p.brand_id WHERE p.price < 30 ORDER BY p.id LIMIT 20",
    "SELECT price, count(*) FROM product GROUP BY price ORDER BY 2 DESC, 1 LIMIT 5",
    "SELECT * FROM product WHERE brand_id IN (5, 6, 7, 8)",
    "SELECT name_of(id) FROM product WHERE id < 20",
    "INSERT INTO product VALUES (5000, 'new', 1, 1, 2)",
    "UPDATE product SET price = 2 WHERE id = 5000",
    "SELECT * FROM secret WHERE word LIKE 'a%'",
)


def facts(cluster: Cluster, template: Template) -> list[dict[str, Json]]:
    """One run of a fresh guest on a fresh clone, in its stored form."""
    database = template.clone()
    try:
        guest = Guest(cluster, database, database.login(), Witness(cluster))
        guest.run(*RUN)
        reading = guest.read()
        assert guest.gaps(reading) == ()
    finally:
        database.drop()
    return [
        {"shape": one.shape, "count": one.count, "rows": one.rows, "blocks": one.blocks, "plan": one.plan}
        for one in reading.groups()
    ]


def test_twelve_runs_in_three_clusters_are_alike(
    cluster: Cluster, shop: Template, identities: SlotIdentities, data: Path
) -> None:
    first = facts(cluster, shop)
    assert len(first) == len(RUN) + 1
    for _ in range(9):
        assert facts(cluster, shop) == first
    for _ in range(2):
        with running(identities) as other:
            template = Templates(other).ensure("shop", build_shop)
            assert facts(other, template) == first
