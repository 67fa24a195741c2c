"""Reports as the judge would write them, built in Python: good, junior, faulty, broken, hostile."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from djudge.engine.errors import CandidateFault, DjudgeError, InfrastructureError
from djudge.engine.reports.assembling import assemble, fault_of, submission_facts
from djudge.engine.reports.document import EnvironmentFacts, PhaseFacts, Report, RunFacts, TaskFacts
from djudge.engine.values import (
    Answered,
    Claimed,
    Finding,
    Integrity,
    Json,
    Judgement,
    Observations,
    Place,
    RedFlag,
    Seen,
    Sign,
    Words,
    not_shown,
    partly,
    shown,
)


@dataclass(frozen=True)
class Check:
    """A check as the packs' model has it."""

    id: str
    title: str
    asks: str
    bullet: str | None = None
    gate: bool = False


CHECKS = (
    Check(
        "same-page",
        "The page still shows what it showed",
        "Does the list still show the same products, brands, images, tags and ratings?",
        gate=True,
    ),
    Check(
        "flat-growth",
        "Statements don't grow with the page",
        "Does the number of statements stay the same when more products, images, tags or reviews are on the page?",
        bullet="query-optimization",
    ),
    Check(
        "rows-read",
        "Only the rows that are shown are read",
        "Does the page leave counting and picking to the database?",
        bullet="orm-queries",
    ),
)

TASK = TaskFacts(
    pack="shop", id="SH4", title="The slow product list", version=1, level=2, minutes=25, digest="5be1" * 16
)
ENVIRONMENT = EnvironmentFacts(
    digest="9f2c4b7a11d04c0e8a6f1d2b3c4d5e6f",
    seed="6a1f00c2d9e84b71",
    assessment="local",
    pack_digest="c0ffee00" * 8,
    python="3.13",
    django="6.1.3",
    postgres="PostgreSQL 18.6 (embedded wheel 18.6.3)",
)
RUN = RunFacts(
    started_at=datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC),
    durations={"starting": 412, "budget": 8, "observing": 3120, "judging": 41},
    host="Linux x86_64",
)
PHASES = tuple(PhaseFacts(name=name, outcome="done") for name in ("starting", "budget", "observing", "judging"))

START = """from django.views.generic import ListView

from catalog.models import Product


class ProductList(ListView):
    model = Product
    paginate_by = 24
    template_name = "catalog/product_list.html"

    def get_queryset(self):
        return Product.objects.filter(active=True).order_by("name")
"""
EXPERT = """from django.db.models import Avg, Prefetch
from django.views.generic import ListView

from catalog.models import Image, Product


class ProductList(ListView):
    model = Product
    paginate_by = 24
    template_name = "catalog/product_list.html"

    def get_queryset(self):
        main_images = Image.objects.filter(main=True)
        return (
            Product.objects.filter(active=True)
            .select_related("brand")
            .prefetch_related("tags", Prefetch("images", queryset=main_images, to_attr="main_images"))
            .annotate(rating=Avg("reviews__stars"))
            .order_by("name")
        )
"""
JUNIOR = START.replace(".filter(active=True)", '.filter(active=True).select_related("brand")')

AXES = {
    "products on the page": (6, 12, 24),
    "brands on the page": (1, 6, 12),
    "tags per product": (0, 3, 8),
    "reviews per product": (0, 5, 40),
}
PLAN: Json = {
    "type": "Index Scan",
    "relation": "catalog_image",
    "index": "catalog_image_product_id",
    "rows": 1,
    "loops": 1,
    "blocks": 3,
}


def growth(statements: Mapping[str, tuple[int, ...]], groups: list[Json], rows: int = 3) -> Json:
    """A growth observation with these statement counts an axis."""
    axes: list[Json] = [
        {
            "axis": axis,
            "points": [
                {
                    "n": n,
                    "objects": n,
                    "status": 200,
                    "executions": count,
                    "rows": 40 + n * rows,
                    "blocks": 120 + n,
                    "unmeasured": 0,
                    "gap": 0,
                }
                for n, count in zip(AXES[axis], counts, strict=True)
            ],
        }
        for axis, counts in statements.items()
    ]
    return {"kind": "growth", "target": "/products/?page=2", "axes": axes, "groups": groups}


def group(shape: str, count: int, rows: int, plan: Json = None) -> Json:
    return {"shape": shape, "count": count, "rows": rows, "blocks": 3 * count, "plan": plan}


PRODUCTS = group(
    'SELECT "catalog_product"."id", "catalog_product"."name", "catalog_product"."price", "catalog_brand"."name" '
    'FROM "catalog_product" INNER JOIN "catalog_brand" ON ("catalog_product"."brand_id" = "catalog_brand"."id") '
    'WHERE "catalog_product"."active" ORDER BY "catalog_product"."name" ASC LIMIT ? OFFSET ?',
    1,
    24,
    {
        "type": "Limit",
        "rows": 24,
        "loops": 1,
        "blocks": 210,
        "children": [
            {
                "type": "Nested Loop",
                "rows": 48,
                "loops": 1,
                "blocks": 210,
                "children": [
                    {
                        "type": "Index Scan",
                        "relation": "catalog_product",
                        "index": "catalog_product_name",
                        "rows": 48,
                        "loops": 1,
                        "blocks": 66,
                    },
                    {
                        "type": "Index Scan",
                        "relation": "catalog_brand",
                        "index": "catalog_brand_pkey",
                        "rows": 1,
                        "loops": 48,
                        "blocks": 144,
                    },
                ],
            }
        ],
    },
)
IMAGES = (
    'SELECT "catalog_image"."id", "catalog_image"."file" FROM "catalog_image" '
    'WHERE ("catalog_image"."main" AND "catalog_image"."product_id" = ?) LIMIT ?'
)
TAGS = (
    'SELECT "catalog_tag"."name" FROM "catalog_tag" '
    'INNER JOIN "catalog_product_tags" ON ("catalog_tag"."id" = "catalog_product_tags"."tag_id") '
    'WHERE "catalog_product_tags"."product_id" = ?'
)
REVIEWS = 'SELECT "catalog_review"."stars" FROM "catalog_review" WHERE "catalog_review"."product_id" = ?'
COUNT = group('SELECT COUNT(*) AS "__count" FROM "catalog_product" WHERE "catalog_product"."active"', 1, 1)
EXCHANGE: Json = {
    "kind": "exchange",
    "request": {"method": "GET", "target": "/products/?page=2"},
    "answer": {
        "status": 200,
        "headers": [["Content-Type", "text/html; charset=utf-8"], ["Content-Length", "18412"]],
        "body": '<!doctype html>\n<title>Stallhouse</title>\n<article class="product">\n  <h2>Copper kettle</h2>\n',
    },
}

FLAT = growth(
    dict.fromkeys(AXES, (4, 4, 4)),
    [PRODUCTS, COUNT, group(IMAGES.replace("= ?", "IN (?)"), 1, 24, PLAN), group(TAGS, 1, 81)],
)
COMPETENT = growth(dict.fromkeys(AXES, (5, 5, 5)), [PRODUCTS, COUNT])
LOOPED = growth(
    {
        "products on the page": (20, 38, 74),
        "brands on the page": (74, 74, 74),
        "tags per product": (74, 74, 74),
        "reviews per product": (74, 74, 74),
    },
    [group(IMAGES, 24, 24, PLAN), group(TAGS, 24, 81), group(REVIEWS, 24, 960), PRODUCTS, COUNT],
    rows=60,
)
UNTOUCHED = growth(
    {axis: ((26, 50, 98) if axis == "products on the page" else (98, 98, 98)) for axis in AXES}, [], rows=60
)
BUDGET = {
    "expert": Observations(seen={"growth": FLAT}),
    "competent": Observations(seen={"growth": COMPETENT}),
    "start": Observations(seen={"growth": UNTOUCHED}),
}


def diff(after: str, path: str = "catalog/views.py") -> dict[str, str]:
    lines = difflib.unified_diff(
        START.splitlines(keepends=True), after.splitlines(keepends=True), f"a/{path}", f"b/{path}"
    )
    return {path: "".join(lines)}


def report(
    judgement: Judgement | None = None,
    observations: Observations | None = None,
    *,
    after: str = EXPERT,
    fault: DjudgeError | None = None,
    isolated: bool = True,
) -> Report:
    """A report of the sample task."""
    phases = PHASES if not fault else (PhaseFacts(name="starting", outcome="failed"),)
    return assemble(
        task=TASK,
        checks=CHECKS,
        environment=ENVIRONMENT,
        isolated=isolated,
        submission=submission_facts({"catalog/views.py": after.encode()}, diff(after)),
        phases=phases,
        run=RUN,
        judgement=judgement,
        observations=observations,
        budget=BUDGET,
        fault=fault_of(fault, "starting") if fault else None,
    )


def same_page() -> Finding:
    words = Words(
        measured="24 of 24 products as before",
        expected="the same 24 products, with brand, image, tags and rating",
        candidate="The page was compared product by product with what it showed before.",
        recruiter="The page still shows everything that it should.",
        evidence=("page",),
    )
    return shown("same-page", words, Seen[Json](1))


def good() -> Report:
    """Everything shown."""
    growth_words = Words(
        measured="4 statements at every size",
        expected="at most 5 statements at every size",
        candidate="Related rows are fetched together, so a longer page costs no more round trips.",
        recruiter="The page asks the database the same few questions however long the list is.",
        evidence=("growth",),
        places=(Place(file="catalog/views.py", line=16), Place(file="catalog/views.py", line=17)),
    )
    rows_words = Words(
        measured="112 rows for the largest page",
        expected="at most 230 rows",
        candidate="The rating is computed by the database and one row comes back for each product.",
        recruiter="Only what is shown is fetched.",
        places=(Place(file="catalog/views.py", line=18),),
    )
    seen = Seen[Json](1)
    judgement = Judgement((same_page(), shown("flat-growth", growth_words, seen), shown("rows-read", rows_words, seen)))
    return report(judgement, Observations(seen={"growth": FLAT}, answered={"page": EXCHANGE}))


def competent() -> Report:
    """As good where it counts, with a row too many."""
    words = Words(
        measured="5 statements at every size",
        expected="at most 5 statements at every size",
        candidate="Related rows are fetched together.",
        recruiter="The page asks the database the same few questions however long the list is.",
        evidence=("growth",),
    )
    rows_words = Words(
        measured="310 rows for the largest page",
        expected="at most 230 rows",
        candidate="All reviews are read to compute an average that the database could compute.",
        recruiter="A little more is fetched than is shown.",
    )
    seen = Seen[Json](1)
    judgement = Judgement((same_page(), shown("flat-growth", words, seen), partly("rows-read", rows_words, seen)))
    return report(judgement, Observations(seen={"growth": COMPETENT}, answered={"page": EXCHANGE}))


def junior() -> Report:
    """One relation mended, the others still looped."""
    growth_words = Words(
        measured="20 statements with 6 products, 74 with 24",
        expected="at most 5 statements at every size",
        candidate="Each product on the page asks the database again for its images, tags and rating. One more "
        "product costs three more round trips, so the page gets slower as it gets longer. Fetch what the whole page "
        "needs in a fixed number of statements.",
        recruiter="The longer the list, the more often the page asks the database: 74 times where 5 are enough.",
        evidence=("growth", "shape"),
        places=(Place(file="catalog/views.py", line=12),),
    )
    rows_words = Words(
        measured="1,480 rows for the largest page",
        expected="at most 230 rows",
        candidate="All reviews are read to compute an average that the database could compute.",
        recruiter="More is fetched than is shown.",
        evidence=("growth",),
    )
    seen = Seen[Json](1)
    judgement = Judgement((same_page(), not_shown("flat-growth", growth_words), partly("rows-read", rows_words, seen)))
    shape: Json = {
        "kind": "shape",
        "uses": [{"name": "select_related", "file": "catalog/views.py", "line": 12}],
    }
    observations = Observations(seen={"growth": LOOPED, "shape": shape}, answered={"page": EXCHANGE})
    return report(judgement, observations, after=JUNIOR)


def fast_but_empty() -> Report:
    """A cheat's or an accident's report: flat growth because the page shows nothing, and the counters disagree."""
    page = Words(
        measured="0 of 24 products",
        expected="the same 24 products",
        candidate="The page has to show what it showed before.",
        recruiter="The page no longer shows the products.",
        evidence=("page",),
    )
    flat = Words(
        measured="1 statement at every size",
        expected="at most 5 statements at every size",
        candidate="Related rows are fetched together.",
        recruiter="Few questions to the database.",
        evidence=("growth",),
        claims=(Claimed("optimised=True; queries=1").quote(),),
    )
    seen = Seen[Json](1)
    integrity = Integrity(
        kind="counter-gap",
        what="PostgreSQL's counters saw 1,200 rows more than its plans explain.",
        innocent="A cursor that was closed early leaves no plan; some libraries do so.",
        places=(Place(file="catalog/views.py", line=12),),
    )
    judgement = Judgement(
        (not_shown("same-page", page), shown("flat-growth", flat, seen), shown("rows-read", flat, seen)),
        (integrity,),
    )
    observations = Observations(
        seen={"growth": growth(dict.fromkeys(AXES, (1, 1, 1)), [COUNT])}, answered={"page": EXCHANGE}
    )
    return report(judgement, observations, after=JUNIOR, isolated=False)


FLAG = RedFlag(
    kind="relationships-misunderstood",
    guide_line=62,
    what="Relations between models are worked around instead of declared: lists in one value instead of many-to-many.",
    innocent="A list may be read whole and never asked about. Ask what the field is for.",
    text=(
        Sign(what="Product: “tags” holds a list", place=Place(file="catalog/views.py", line=12)),
        Sign(what="the text of “tags” is taken apart", place=Place(file="catalog/models.py", line=31)),
    ),
    behaviour=(
        Seen("catalog_product.tags holds several tag names in one value, in 3 rows."),
        Answered("The page of a tag shows products of another."),
    ),
)


def flagged() -> Report:
    """Junior work in which a warning sign of the guide was seen."""
    made = junior()
    words = Words(measured="1", expected="2", candidate="Principle.", recruiter="Plainly.", evidence=("growth",))
    judgement = Judgement(
        (same_page(), not_shown("flat-growth", words), partly("rows-read", words, Seen[Json](1))), red_flags=(FLAG,)
    )
    observations = Observations(seen=dict(made.observations.seen), answered={"page": EXCHANGE})
    return report(judgement, observations, after=JUNIOR)


def broken() -> Report:
    """The submission does not start."""
    detail = (
        "Traceback (most recent call last):\n"
        '  File "/app/stallhouse/urls.py", line 4, in <module>\n    from catalog import views\n'
        '  File "/app/catalog/views.py", line 1, in <module>\n    from django.db.models import Average\n'
        "ImportError: cannot import name 'Average' from 'django.db.models'\n"
    )
    fault = CandidateFault(
        "The project could not be imported: cannot import name 'Average' from 'django.db.models'.",
        "Run the visible tests before handing in; they import the same files.",
        phase="starting",
        kind="import_error",
        detail=detail,
        file="catalog/views.py",
        line=1,
    )
    return report(fault=fault, after=EXPERT.replace("Avg,", "Average,"))


def ours() -> Report:
    """A fault of the judge, which costs the candidate nothing."""
    return report(
        fault=InfrastructureError("The exam server ended while it was needed.", "Grade again.", kind="server_died")
    )


NASTY = (
    "<script>alert(1)</script>\x1b[31mred\x1b]0;title\x07\u202eevil\u2066\x00\ud800\r\nnext=cmd|' /C calc'!A0 "
    "&quot;'\"</style></title>]]>{{7*7}}{% raw %}[bold]x[/bold]:smile:\u200b\ufeff"
)


def hostile() -> Report:
    """Every string that a submission can choose tries to break out of its place."""
    words = Words(
        measured=NASTY,
        expected=f"={NASTY}",
        candidate=NASTY,
        recruiter=NASTY,
        evidence=("growth", "page", "odd", NASTY),
        places=(Place(file=NASTY, line=-7), Place(file="=1+1.py", line=10**6)),
        claims=(Claimed(NASTY).quote(), Claimed({"deep": NASTY}).quote()),
    )
    deep: Json = NASTY
    for _ in range(5_000):
        deep = [deep]
    odd: Json = {"kind": NASTY, "deep": deep, "nan": float("nan"), "huge": 10**5_000, NASTY: [NASTY] * 30}
    exchange: Json = {
        "kind": "exchange",
        "request": {"method": NASTY, "target": NASTY},
        "answer": {"status": NASTY, "headers": [[NASTY, NASTY], NASTY], "body": NASTY * 2_000},
    }
    groups: list[Json] = [
        group(NASTY, 100, 5, {"type": NASTY, "children": [{"type": NASTY}]}),
        NASTY,
        group("", 0, 0),
    ]
    seen: dict[str, Json] = {
        "growth": {
            "kind": "growth",
            "target": NASTY,
            "groups": groups,
            "axes": [
                {"axis": NASTY, "points": [{"n": 10**400, "executions": -3}, {"n": "x"}, NASTY]},
                {"axis": "none", "points": []},
                7,
            ],
        },
        "odd": odd,
        NASTY: {"kind": "rows", "columns": [NASTY], "rows": [[NASTY], NASTY, []]},
    }
    integrity = Integrity(kind=NASTY, what=NASTY, innocent=NASTY, places=(Place(file=NASTY, line=0),))
    flag = RedFlag(
        kind=NASTY,
        guide_line=-62,
        what=NASTY,
        innocent=NASTY,
        text=(Sign(what=NASTY, place=Place(file=NASTY, line=-1)),) * 60,
        behaviour=(Seen(NASTY), Answered(NASTY)) * 40,
    )
    findings = (
        not_shown("same-page", words),
        partly("flat-growth", words, Seen(1)),
        not_shown("rows-read", words),
    )
    return assemble(
        task=TASK,
        checks=CHECKS,
        environment=ENVIRONMENT,
        isolated=False,
        submission=submission_facts({NASTY: NASTY.encode("utf-8", "replace"), "=1+1.py": None}, {NASTY: _nasty_diff()}),
        phases=PHASES,
        run=RUN,
        judgement=Judgement(findings, (integrity,), (flag,)),
        observations=Observations(seen=seen, answered={"page": exchange}),
        budget={NASTY: Observations(seen=seen)},
    )


def hostile_fault() -> Report:
    """A megabyte of traceback with everything in it."""
    return report(
        fault=CandidateFault(NASTY, NASTY, phase=NASTY, kind=NASTY, detail=(NASTY + "\n") * 8_000, file=NASTY, line=-1)
    )


def _nasty_diff() -> str:
    return f"--- a/x\n+++ b/x\n@@ -1,2 +1,3 @@ {NASTY}\n {NASTY}\n-{NASTY}\n+{NASTY}\n@@ nonsense @@\n+" + "x" * 100_000


def large() -> Report:
    """A rewritten project: long names, one in Arabic, more lines than anybody reads."""
    names = [
        "catalog/" + "a_long_name_" * 12 + ".py",
        "قائمة/المنتجات.py",
        *(f"catalog/part_{n}.py" for n in range(30)),
    ]
    text = "".join(f"value_{number} = {'x' * (number % 170)!r}\n" for number in range(700))
    files = {name: text.encode() for name in names}
    diffs = {name: "".join(diff(text, name).values()) for name in names}
    submission = submission_facts({"catalog/views.py": JUNIOR.encode(), **files}, {**diff(JUNIOR), **diffs})
    return junior().model_copy(update={"submission": submission})


ALL = {
    "good": good,
    "competent": competent,
    "junior": junior,
    "fast-but-empty": fast_but_empty,
    "flagged": flagged,
    "broken": broken,
    "ours": ours,
    "hostile": hostile,
    "hostile-fault": hostile_fault,
}
