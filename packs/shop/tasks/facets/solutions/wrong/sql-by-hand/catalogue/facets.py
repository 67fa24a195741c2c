"""The numbers beside the filters: what every brand, every tag and the stock box would leave.

A number speaks of the products that pass all filters but those of its own kind, so it says what the list holds after a
click on it.
"""

from django.db import connection

from catalogue.models import Brand, Product, Tag


def facets_of(filters):
    """All numbers of a page. `filters` are arguments of `ProductQuerySet.narrowed`."""
    return {
        "brands": with_numbers(Brand, left_by(filters, brand=None)),
        "tags": with_numbers(Tag, left_by(filters, tag=None)),
        "in_stock": count_in_stock(left_by(filters, in_stock=False)),
    }


def left_by(filters, **instead):
    """The products that pass the filters, with some of them replaced."""
    return Product.objects.published().narrowed(**{**filters, **instead})


SUMS = """
with ours as ({products}),
variants as (select product_id, count(*) as variants, sum(stock) as pieces from catalogue_variant
    where product_id in (select id from ours) group by product_id),
reviews as (select product_id, count(*) as reviews from catalogue_rating
    where product_id in (select id from ours) group by product_id)
select box.name, box.slug, count(*) as count, coalesce(sum(variants), 0) as variants,
    coalesce(sum(pieces), 0) as pieces, coalesce(sum(reviews), 0) as reviews
from ours join {links} link on link.product_id = ours.id join {table} box on box.id = link.box_id
left join variants on variants.product_id = ours.id left join reviews on reviews.product_id = ours.id
group by box.id order by box.name
"""
LINKS = {
    Brand: "(select id as product_id, brand_id as box_id from catalogue_product)",
    Tag: "(select product_id, tag_id as box_id from catalogue_product_tags)",
}


def with_numbers(model, products):
    """Brands or tags that these products have, each with its numbers; one statement."""
    inner, values = products.order_by().values("id").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(SUMS.format(products=inner, links=LINKS[model], table=model._meta.db_table), values)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def count_in_stock(products):
    """How many of these products lie on the shelf."""
    return products.in_stock().count()
