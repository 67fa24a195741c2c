"""Each mutation operator: the code that it changes, what becomes of it, and similar code that it leaves alone."""

import ast

import pytest

from djudge.engine.verify.operators import OPERATORS, PLAIN_OPERATORS, project_of
from djudge.engine.verify.sources import Source

CODE = "shop/views.py"
MIGRATION = "shop/migrations/0002_more.py"


def mutated(operator: str, code: str, path: str = CODE) -> list[str]:
    """What the operator makes of each place in the code, in the order of the places; all of it is Python."""
    source = Source(path, code.encode())
    project = project_of([source])
    function = (OPERATORS | PLAIN_OPERATORS)[operator]
    edits = [edit for node in ast.walk(source.tree) for edit in function(source, node, project)]
    found = [source.edited(edit).decode() for edit in sorted(edits, key=lambda edit: edit.start)]
    for text in found:
        ast.parse(text)
    return found


@pytest.mark.parametrize(
    ("operator", "code", "mutants"),
    [
        ("drop-select-related", "a.select_related('b').c()", ["a.all().c()"]),
        (
            "drop-select-related",
            "a.b().select_related('c', 'd')",
            ["a.b()", "a.b().select_related('d')", "a.b().select_related('c')"],
        ),
        ("drop-prefetch-related", "a.prefetch_related(P('b', c))", ["a.all()"]),
        ("drop-scope", "A.objects.filter(b=1)", ["A.objects.all()"]),
        ("drop-scope", "a.b().exclude(c=1).d()", ["a.b().d()"]),
        ("drop-condition", "a.filter(b=1, c=2)", ["a.filter(c=2)", "a.filter(b=1)"]),
        ("drop-condition", "get_object_or_404(A, pk=pk, owner=me)", ["get_object_or_404(A, pk=pk)"]),
        ("drop-condition", "A.objects.get(pk=pk, owner=me)", ["A.objects.get(pk=pk)"]),
        ("swap-filter-exclude", "a.filter(b=1).c()", ["a.exclude(b=1).c()"]),
        ("swap-filter-exclude", "a.exclude(b)", ["a.filter(b)"]),
        ("drop-distinct", "a.b().distinct()", ["a.b()"]),
        ("drop-distinct", "Count('a', distinct=True)", ["Count('a')"]),
        ("drop-f-expression", "self.n = F('n') + 1", ["self.n = self.n + 1"]),
        (
            "drop-f-expression",
            "rows.update(n=F('n') - 2)",
            ['rows.update(n=(rows.values_list("n", flat=True).first() or 0) - 2)'],
        ),
        ("drop-pagination", "Paginator(rows, 24)", ["Paginator(rows, 10**9)"]),
        ("drop-pagination", "paginate_by = 24", ["paginate_by = None"]),
        ("drop-pagination", "page_size = 24", ["page_size = 10**9"]),
        ("drop-pagination", "pagination_class = Pages", ["pagination_class = None"]),
        ("drop-pagination", "a.order_by('b')[:10]", ["a.order_by('b')[:10**9]"]),
        ("swap-keyset-offset", "class P(pagination.CursorPagination): ordering = 'id'",
         ["class P(pagination.PageNumberPagination): ordering = 'id'"]),
        ("swap-keyset-offset", "from rest_framework.pagination import CursorPagination",
         ["from rest_framework.pagination import PageNumberPagination as CursorPagination"]),
        ("drop-atomic", "with transaction.atomic():\n    a()",
         ['with __import__("contextlib").nullcontext():\n    a()']),
        ("drop-atomic", "@one\n@transaction.atomic\ndef a(): b()", ["@one\ndef a(): b()"]),
        ("drop-atomic", "@transaction.atomic(using='x')\ndef a(): b()", ["def a(): b()"]),
        ("drop-select-for-update", "A.objects.select_for_update().get(pk=1)", ["A.objects.all().get(pk=1)"]),
        ("drop-on-commit", "transaction.on_commit(partial(a, 1))", ["(partial(a, 1))()"]),
        ("drop-on-commit", "a.delay_on_commit(1)", ["a.delay(1)"]),
        ("swap-delay-call", "send.delay(1)", ["send(1)"]),
        ("swap-delay-call", "on_commit(send.delay)", ["on_commit(send)"]),
        ("swap-delay-call", "send.apply_async(args=[1])", ["send.apply(args=[1])"]),
        ("swap-delay-call", "@shared_task\ndef send(a): ...\nsend(1)",
         ["@shared_task\ndef send(a): ...\nsend.delay(1)"]),
        ("drop-permission", "permission_classes = [A, B]", ["permission_classes = [B]", "permission_classes = [A]"]),
        ("drop-permission", "permission_classes = [A & B]", ["permission_classes = [A]", "permission_classes = [B]"]),
        ("drop-permission", "permission_classes = (A,)", ["permission_classes = ()"]),
        ("drop-permission", "@login_required\ndef a(request): ...", ["def a(request): ..."]),
        ("drop-permission", "@method_decorator(login_required, name='dispatch')\nclass A(View): b = 1",
         ["class A(View): b = 1"]),
        ("drop-permission", "class A(LoginRequiredMixin, View): b = 1",
         ['class A(type("Nothing", (), {}), View): b = 1']),
        ("drop-permission", "R = {'DEFAULT_PERMISSION_CLASSES': ['a.B']}", ["R = {'DEFAULT_PERMISSION_CLASSES': []}"]),
        ("drop-validator", "a = Field(validators=[B(1), C])",
         ["a = Field(validators=[C])", "a = Field(validators=[B(1)])"]),
        ("drop-validator", "class A(Form):\n    def clean_b(self):\n        raise ValidationError('c')",
         ["class A(Form):\n    def _unused_clean_b(self):\n        raise ValidationError('c')"]),
        ("swap-protect-cascade", "a = ForeignKey(B, models.PROTECT)", ["a = ForeignKey(B, models.CASCADE)"]),
        ("swap-protect-cascade", "a = ForeignKey(B, on_delete=models.CASCADE)",
         ["a = ForeignKey(B, on_delete=models.PROTECT)"]),
        ("drop-timezone", "a = timezone.now()", ['a = __import__("datetime").datetime.now()']),
        ("drop-timezone", "a = Field(default=timezone.now)",
         ['a = Field(default=__import__("datetime").datetime.now)']),
        ("drop-timezone", "datetime.now(tz=UTC)", ["datetime.now()"]),
        ("drop-timezone", "datetime.now(UTC)", ["datetime.now()"]),
        ("drop-timezone", "timezone.localtime(a)", ["a"]),
        ("drop-timezone", "USE_TZ = True", ["USE_TZ = False"]),
        ("negate-condition", "if a: b()", ["if not (a): b()"]),
        ("negate-condition", "a = b if not c else d", ["a = b if (c) else d"]),
        ("negate-condition", "while a < 1: b()", ["while not (a < 1): b()"]),
        ("swap-comparison", "a < b", ["a <= b"]),
        ("swap-comparison", "if a is None or b == 1: c()",
         ["if a is not None or b == 1: c()", "if a is None or b != 1: c()"]),
        ("swap-arithmetic", "a * b ** (c - 1)",
         ["(a + (b ** (c - 1)))", "a * (b * (c - 1))", "a * b ** ((c + 1))"]),
        ("drop-raise", "if a:\n    raise B(1) from c", ["if a:\n    pass"]),
        ("drop-await", "async def a(): return await b(await c())",
         ["async def a(): return (b(await c()))", "async def a(): return await b((c()))"]),
        ("drop-return", "def a(): return b", ["def a(): return None"]),
        ("drop-decorator", "@a\n@b.c(1)\ndef d(): ...", ["@b.c(1)\ndef d(): ...", "@a\ndef d(): ..."]),
        ("drop-context", "with a.lock, open(b) as c: d()",
         ['with __import__("contextlib").nullcontext(), open(b) as c: d()']),
        ("drop-call", "async def a():\n    b(1)\n    await c()\n    d = e()",
         ["async def a():\n    pass\n    await c()\n    d = e()", "async def a():\n    b(1)\n    pass\n    d = e()"]),
    ],
)  # fmt: skip
def test_an_operator_makes_one_mistake_at_a_time(operator: str, code: str, mutants: list[str]) -> None:
    assert mutated(operator, code) == mutants


@pytest.mark.parametrize(
    ("operator", "code"),
    [
        ("drop-select-related", "list_select_related = ['b']"),
        ("drop-scope", "filter(None, a)"),
        ("drop-scope", "@register.filter(name='money')\ndef a(b): ..."),
        ("drop-scope", "register.filter('money', a)"),
        ("drop-scope", "a.filter()"),
        ("drop-condition", "a.filter(b=1)"),
        ("drop-condition", "settings.get('a', 1)"),
        ("drop-condition", "get_object_or_404(A, pk=pk)"),
        ("drop-condition", "requests.get(url, timeout=3, headers=a)"),
        ("drop-condition", "get_object_or_404(A, pk=pk, slug=slug)"),
        ("drop-distinct", "Count('a', distinct=False)"),
        ("drop-f-expression", "rows.filter(n=F('m'))"),
        ("drop-f-expression", "self.n = F('m') + 1"),
        ("drop-pagination", "words[:10]"),
        ("drop-pagination", "title()[:10]"),
        ("drop-pagination", "paginate_by = None"),
        ("swap-keyset-offset", "class P(PageNumberPagination): ..."),
        ("drop-atomic", "with open(a): b()"),
        ("drop-atomic", "with numbers.atomic(): b()"),
        ("swap-delay-call", "def send(a): ...\nsend(1)"),
        ("drop-permission", "permission_names = [A]"),
        ("drop-permission", "class A(View): ..."),
        ("drop-validator", "class A(Form):\n    def clean_b(self):\n        return self.cleaned_data['b'] or 'c'"),
        ("drop-validator", "def clean(a):\n    raise ValueError"),
        ("drop-index", "indexes = [Index(fields=['a'], name='b')]"),
        ("drop-constraint", "a = CharField(unique=True)"),
        ("drop-timezone", "clock.now()"),
        ("drop-timezone", "datetime.now()"),
        ("negate-condition", "if TYPE_CHECKING: import a"),
        ("negate-condition", "if a is None: b()"),
        ("negate-condition", "while True: a()"),
        ("swap-comparison", "1 < a < 2"),
        ("swap-arithmetic", "'a' + b"),
        ("drop-return", "def a(): return"),
        ("drop-return", "def a(): return None"),
        ("drop-decorator", "@overload\ndef a(): ..."),
        ("drop-call", "a = b()"),
    ],
)
def test_an_operator_leaves_other_code_alone(operator: str, code: str) -> None:
    assert mutated(operator, code) == []


def test_indexes_and_constraints_are_dropped_where_tables_are_made() -> None:
    code = "operations = [AddField(a), AddIndex('b', Index(name='c')), AddConstraint('d', Check(name='e'))]"
    assert mutated("drop-index", code, MIGRATION) == ["operations = [AddField(a), AddConstraint('d', Check(name='e'))]"]
    assert mutated("drop-constraint", code, MIGRATION) == ["operations = [AddField(a), AddIndex('b', Index(name='c'))]"]
    assert mutated("drop-constraint", "a = CharField(unique=True)", MIGRATION) == ["a = CharField()"]
    assert mutated("drop-index", "a = {'indexes': [Index(name='b')]}", MIGRATION) == ["a = {'indexes': []}"]


@pytest.mark.parametrize(
    ("operator", "code"),
    [
        ("swap-protect-cascade", "a = ForeignKey(B, on_delete=models.PROTECT)"),
        ("drop-validator", "a = Field(validators=[B])"),
        ("drop-timezone", "a = Field(default=django.utils.timezone.now)"),
    ],
)
def test_what_only_python_follows_is_not_changed_in_a_migration(operator: str, code: str) -> None:
    assert mutated(operator, code, "shop/models.py") != []
    assert mutated(operator, code, MIGRATION) == []


def test_a_projects_own_queryset_methods_are_scopes_and_its_other_methods_are_not() -> None:
    project = """
class Goods(models.QuerySet):
    def published(self):
        return self.filter(published=True)
    def total(self):
        return self.aggregate(total=Sum("price"))["total"]
    def cheapest(self):
        return self.order_by("price").first()

Goods().published().total()
Goods().cheapest()
"""
    dropped = [text for text in mutated("drop-scope", project) if "Goods().total()" in text]
    assert len(dropped) == 1
    assert all("Goods().cheapest()" in text for text in mutated("drop-scope", project))


def test_an_edit_leaves_everything_else_as_it_was_written() -> None:
    code = "rows = (\n    Product.objects  # Grüße\n    .select_related('brand')  # joined\n    .order_by('näme')\n)\n"
    assert mutated("drop-select-related", code) == [
        "rows = (\n    Product.objects  # Grüße\n    .all()  # joined\n    .order_by('näme')\n)\n"
    ]
