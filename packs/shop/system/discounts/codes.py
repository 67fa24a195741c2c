"""From tables to the engine: the code that a buyer typed in, and basket lines as the engine takes them."""

from decimal import Decimal

from django.utils import timezone

from catalogue.models import Product
from discounts import engine
from discounts.engine import CodeRefused
from discounts.models import Code


def code_for(word):
    """The code of this word, capitals or not; None where there is none. Three statements."""
    found = Code.objects.filter(word__iexact=word).prefetch_related("not_for_brands", "not_for_tags").first()
    if found is None:
        return None
    return engine.Code(
        word=found.word,
        percent=found.percent,
        amount=found.amount,
        minimum=found.minimum,
        first_day=found.first_day,
        last_day=found.last_day,
        not_for_brands=frozenset(brand.slug for brand in found.not_for_brands.all()),
        not_for_tags=frozenset(tag.slug for tag in found.not_for_tags.all()),
    )


def engine_lines(lines):
    """Basket lines as the engine takes them; one statement for all tags."""
    tags = dict.fromkeys((line.variant.product_id for line in lines), frozenset())
    for product, slug in Product.tags.through.objects.filter(product__in=tags).values_list("product", "tag__slug"):
        tags[product] |= {slug}
    return [
        engine.Line(
            brand=line.variant.product.brand.slug,
            unit_price=line.variant.price,
            quantity=line.quantity,
            tags=tags[line.variant.product_id],
        )
        for line in lines
    ]


def discount_of(lines, word="", today=None):
    """The discount of basket lines on a day, with a code or without; raises CodeRefused, for an unknown word too."""
    code = code_for(word) if word else None
    if word and code is None:
        raise CodeRefused("unknown", "We don't know this code.")
    result = engine.work_out(engine_lines(lines), code, today or timezone.localdate())
    return result.total or Decimal(0)
