"""Mutants of a solution: at every site that is the task's and nowhere else, each one mistake, each with its place."""

from __future__ import annotations

import ast
from collections import Counter

import pytest

from djudge.engine.cli.library import named_task
from djudge.engine.verify.mutants import Mutant, mutants_between, mutants_of

QUERYSETS = """
class Goods(models.QuerySet):
    def published(self):
        return self.filter(published=True)

    def unsold(self):
        return self.exclude(sold=True)
"""

VIEWS = """
from shop.forms import Search
from shop.models import Product

def listing(request):
    form = Search(request.GET)
    return Product.objects.published()

def detail(request):
    return Product.objects.select_related("brand").get()
"""

MODELS = """
from shop.querysets import Goods

class Product(models.Model):
    brand = models.ForeignKey(Brand, models.PROTECT)
    objects = Goods.as_manager()

    class Meta:
        indexes = [models.Index(fields=["name"], name="by_name")]

    def clean(self):
        raise ValidationError("no")
"""

FORMS = """
class Search(forms.Form):
    name = forms.CharField(validators=[Short()])

    def clean(self):
        raise ValidationError("no")
"""

OFFICE = """
def published(rows):
    return rows.filter(a=1)
"""

START = {
    "shop/views.py": VIEWS,
    "shop/models.py": MODELS,
    "shop/querysets.py": QUERYSETS,
    "shop/forms.py": FORMS,
    "shop/office.py": OFFICE,
    "shop/tests/test_views.py": "rows.filter(a=1)",
}


def made(solution: dict[str, str], editable: str = "shop/", start: dict[str, str] = START) -> list[Mutant]:
    """The mutants of a solution over a start; all files below `editable` may change."""
    before = {path: text.encode() for path, text in start.items()}
    whole = before | {path: text.encode() for path, text in solution.items()}
    return list(mutants_between(before, whole, [path for path in whole if path.startswith(editable)]))


def places(mutants: list[Mutant]) -> set[tuple[str, str]]:
    """Operators and files."""
    return {(mutant.operator, mutant.file) for mutant in mutants}


def test_nothing_changed_is_nothing_to_mutate() -> None:
    assert made({}) == []


def test_what_the_expert_wrote_is_mutated_and_what_it_leans_on_in_other_files() -> None:
    written = VIEWS.replace("published()", 'published().select_related("brand")')
    assert places(made({"shop/views.py": written})) == {
        ("drop-select-related", "shop/views.py"),
        ("drop-scope", "shop/views.py"),  # published() where it is called
        ("drop-scope", "shop/querysets.py"),  # and where it is defined
        ("swap-filter-exclude", "shop/querysets.py"),
        ("drop-validator", "shop/forms.py"),  # the form is called, so all its methods are used
    }


def test_neighbours_in_a_changed_file_are_not_the_task() -> None:
    written = VIEWS.replace("published()", 'published().select_related("brand")')
    lines = {mutant.text for mutant in made({"shop/views.py": written}) if mutant.file == "shop/views.py"}
    assert lines == {'return Product.objects.published().select_related("brand")'}


def test_declarations_are_the_task_where_the_expert_wrote_them() -> None:
    assert places(made({"shop/models.py": MODELS.replace("PROTECT", "CASCADE")})) == {
        ("swap-protect-cascade", "shop/models.py")
    }


def test_tests_and_files_that_may_not_change_are_never_mutated() -> None:
    assert made({"shop/tests/test_views.py": "rows.filter(a=2)"}) == []
    written = VIEWS.replace("published()", 'published().select_related("brand")')
    assert {mutant.file for mutant in made({"shop/views.py": written}, "shop/views")} == {"shop/views.py"}


def test_a_migration_of_the_expert_loses_its_index_together_with_the_model() -> None:
    migration = 'operations = [migrations.AddIndex("product", models.Index(fields=["name"], name="by_name"))]'
    (mutant,) = made({"shop/migrations/0002_by_name.py": migration})
    assert (mutant.operator, mutant.what) == ("drop-index", "drops the index by_name")
    assert mutant.files["shop/migrations/0002_by_name.py"] == b"operations = []"
    assert b"indexes = []" in mutant.files["shop/models.py"]


def test_migrations_of_the_start_are_in_the_database_already() -> None:
    file = "shop/migrations/0001_initial.py"
    start = START | {file: 'operations = [AddIndex("a", Index(name="b"))]'}
    assert made({file: 'operations = [AddIndex("a", Index(name="c"))]'}, start=start) == []


def test_a_file_that_does_not_parse_is_left_out() -> None:
    assert made({"shop/views.py": "def ("}) == []


def test_each_mutant_tells_its_place_and_its_difference() -> None:
    (mutant,) = made({"shop/more.py": "def more(rows):\n    return rows.distinct()\n"})
    assert (mutant.place, mutant.text, mutant.what) == ("shop/more.py:2", "return rows.distinct()", "drops distinct()")
    assert mutant.diff.splitlines() == [
        "--- expert/shop/more.py",
        "+++ mutant/shop/more.py",
        "@@ -1,2 +1,2 @@",
        " def more(rows):",
        "-    return rows.distinct()",
        "+    return rows.all()",
    ]


@pytest.fixture(scope="module")
def mutants() -> tuple[Mutant, ...]:
    return mutants_of(named_task("SH4"))


def test_the_list_page_is_mutated_and_the_detail_page_is_not(mutants: tuple[Mutant, ...]) -> None:
    assert Counter(mutant.operator for mutant in mutants).keys() >= {
        "drop-select-related",
        "drop-prefetch-related",
        "drop-scope",
        "drop-condition",
        "drop-validator",
        "drop-pagination",
        "swap-filter-exclude",
    }
    lines = {mutant.text for mutant in mutants if mutant.file == "catalogue/views.py"}
    assert not [line for line in lines if "variants" in line or "RATINGS_SHOWN" in line]


def test_every_mutant_parses_differs_and_can_be_handed_in(mutants: tuple[Mutant, ...]) -> None:
    task = named_task("SH4")
    assert len({tuple(sorted(mutant.files.items())) for mutant in mutants}) == len(mutants)
    for mutant in mutants:
        assert ast.parse(mutant.files[mutant.file])
        submission = mutant.submission(task)
        assert submission.tree[mutant.file] == mutant.files[mutant.file]
