"""What the database itself refuses, whoever asks."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.test import TestCase

from catalogue.models import Category, Product, ProductImage, Rating, Variant
from catalogue.tests.shop import product, shelf


class ConstraintTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.shelf = shelf()
        cls.item = product(1, category=cls.shelf)

    def refused(self, constraint, make, *args, **values):
        with self.assertRaisesMessage(IntegrityError, constraint), transaction.atomic():
            make(*args, **values)

    def test_a_product_has_one_main_image(self):
        ProductImage.objects.create(product=self.item, drawing="mug-1-00000a", is_main=True)
        ProductImage.objects.create(product=self.item, drawing="mug-2-00000a")
        ProductImage.objects.create(product=product(2, category=self.shelf), drawing="mug-1-00000a", is_main=True)
        self.refused(
            "one_main_image_per_product",
            ProductImage.objects.create, product=self.item, drawing="mug-3-00000a", is_main=True,
        )  # fmt: skip

    def test_a_drawing_has_its_form(self):
        for drawing in ("mug-1-00000a<svg>", "mug", "mug-360-00000a", ""):
            self.refused("image_drawing_form", ProductImage.objects.create, product=self.item, drawing=drawing)

    def test_prices_are_above_zero(self):
        self.refused("product_price_above_zero", Product.objects.update, price=Decimal(0))
        self.refused(
            "variant_price_above_zero",
            Variant.objects.create, product=self.item, sku="V", name="Small", price_override=0,
        )  # fmt: skip

    def test_the_currency_is_known(self):
        self.refused("product_currency_known", Product.objects.update, currency="XXX")

    def test_stars_are_one_to_five(self):
        for stars in (0, 6):
            self.refused("rating_one_to_five_stars", Rating.objects.create, product=self.item, stars=stars)

    def test_names_are_unique_where_people_choose_by_them(self):
        self.refused("category_name_once_per_shelf", Category.objects.create, name="Kitchen", slug="kitchen-2")
        Variant.objects.create(product=self.item, sku="V-1", name="Small")
        self.refused(
            "variant_name_once_per_product", Variant.objects.create, product=self.item, sku="V-2", name="Small"
        )

    def test_a_category_does_not_lie_inside_itself(self):
        inner = shelf("Tea", parent=self.shelf)
        self.shelf.parent = inner
        with self.assertRaisesMessage(ValidationError, "inside itself"):
            self.shelf.full_clean()
        self.shelf.parent = self.shelf
        self.refused("category_not_its_own_parent", self.shelf.save)

    def test_a_shelf_with_products_can_not_be_removed_and_a_product_takes_its_own_along(self):
        with self.assertRaises(ProtectedError):
            self.shelf.delete()
        ProductImage.objects.create(product=self.item, drawing="mug-1-00000a")
        self.item.delete()
        self.assertFalse(ProductImage.objects.exists())
