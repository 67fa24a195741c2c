"""The tables of the catalogue. What must always hold is a constraint in the database, not only a rule in a form."""

from decimal import Decimal
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from catalogue.querysets import ProductQuerySet

#: What an image shows: a motif, its colour on the circle of hues, and six hex digits that vary the drawing.
DRAWING_PATTERN = r"^[a-z]+-([12]?[0-9]{1,2}|3[0-5][0-9])-[0-9a-f]{6}$"

PRICE = {"max_digits": 10, "decimal_places": 2, "validators": [MinValueValidator(Decimal("0.01"))]}


class Category(models.Model):
    """A shelf of the shop, perhaps inside another one. `CategoryTree` reads them all in one query."""

    name = models.CharField(max_length=80)
    slug = models.SlugField(max_length=80, unique=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    position = models.PositiveSmallIntegerField(default=0, db_default=0)

    class Meta:
        ordering = ["position", "name"]
        verbose_name_plural = "categories"
        constraints = [
            models.UniqueConstraint(
                fields=["parent", "name"], nulls_distinct=False, name="category_name_once_per_shelf"
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="category_not_its_own_parent"
            ),
        ]

    def __str__(self):
        return self.name

    def clean(self):
        """Refuse a parent that lies below this category; one query a level."""
        above = self.parent
        while above is not None and self.pk is not None:
            if above.pk == self.pk:
                raise ValidationError({"parent": "A category can't lie inside itself."})
            above = above.parent

    def get_absolute_url(self):
        return f"{reverse('catalogue:product-list')}?{urlencode({'category': self.slug})}"


class Brand(models.Model):
    """Who makes a product."""

    name = models.CharField(max_length=120, unique=True)
    slug = models.SlugField(max_length=120, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return f"{reverse('catalogue:product-list')}?{urlencode({'brand': self.slug})}"


class Tag(models.Model):
    """A word by which products of different categories are found together."""

    name = models.CharField(max_length=60, unique=True)
    slug = models.SlugField(max_length=60, unique=True)

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return f"{reverse('catalogue:product-list')}?{urlencode({'tag': self.slug})}"


class Product(models.Model):
    """Something for sale. Its variants are what lies on the shelf; each may override the price."""

    class Currency(models.TextChoices):
        EUR = "EUR", "Euro"
        CHF = "CHF", "Swiss franc"
        GBP = "GBP", "Pound sterling"

    sku = models.CharField("article number", max_length=20, unique=True)
    name = models.CharField(max_length=200)
    slug = models.SlugField(max_length=220, unique=True)
    category = models.ForeignKey(Category, models.PROTECT, related_name="products")
    brand = models.ForeignKey(Brand, models.PROTECT, related_name="products")
    tags = models.ManyToManyField(Tag, blank=True, related_name="products")
    description = models.TextField(blank=True, db_default="")
    price = models.DecimalField(**PRICE)
    currency = models.CharField(max_length=3, choices=Currency, default=Currency.EUR, db_default="EUR")
    published = models.BooleanField(default=True, db_default=True)
    added_at = models.DateTimeField(default=timezone.now)

    objects = ProductQuerySet.as_manager()

    class Meta:
        ordering = ["-added_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(price__gt=0), name="product_price_above_zero"),
            models.CheckConstraint(condition=Q(currency__in=["EUR", "CHF", "GBP"]), name="product_currency_known"),
        ]
        indexes = [
            models.Index(fields=["-added_at", "-id"], condition=Q(published=True), name="product_newest"),
            models.Index(fields=["price", "id"], condition=Q(published=True), name="product_cheapest"),
            models.Index(fields=["name", "id"], condition=Q(published=True), name="product_by_name"),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("catalogue:product-detail", args=[self.slug])


class Variant(models.Model):
    """A product in one size or colour: what is counted in stock and put into a cart."""

    product = models.ForeignKey(Product, models.CASCADE, related_name="variants")
    sku = models.CharField("article number", max_length=30, unique=True)
    name = models.CharField(max_length=80)
    price_override = models.DecimalField(null=True, blank=True, **PRICE)
    stock = models.PositiveIntegerField(default=0, db_default=0)
    position = models.PositiveSmallIntegerField(default=0, db_default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["product", "name"], name="variant_name_once_per_product"),
            models.CheckConstraint(
                condition=Q(price_override__isnull=True) | Q(price_override__gt=0),
                name="variant_price_above_zero",
            ),
        ]
        indexes = [
            models.Index(fields=["product"], condition=Q(stock__gt=0), name="variant_in_stock"),
        ]

    def __str__(self):
        return f"{self.sku} {self.name}"

    @property
    def price(self):
        """What this variant costs: its own price, else the product's."""
        return self.product.price if self.price_override is None else self.price_override


class ProductImage(models.Model):
    """A picture of a product, drawn by the shop itself from `drawing`; at most one a product is the main one."""

    product = models.ForeignKey(Product, models.CASCADE, related_name="images")
    drawing = models.CharField(
        max_length=40,
        validators=[RegexValidator(DRAWING_PATTERN)],
        help_text="Motif, hue from 0 to 359, six hex digits: mug-213-7f3a9c",
    )
    alt = models.CharField("described as", max_length=200, blank=True, db_default="")
    is_main = models.BooleanField(default=False, db_default=False)
    position = models.PositiveSmallIntegerField(default=0, db_default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["product"], condition=Q(is_main=True), name="one_main_image_per_product"),
            models.CheckConstraint(condition=Q(drawing__regex=DRAWING_PATTERN), name="image_drawing_form"),
        ]

    def __str__(self):
        return self.alt or self.drawing

    @property
    def url(self):
        """Where the drawing is served; no query."""
        return reverse("catalogue:drawing", args=[self.drawing])


class Rating(models.Model):
    """One customer's opinion: one to five stars, perhaps with words."""

    product = models.ForeignKey(Product, models.CASCADE, related_name="ratings")
    stars = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(5)])
    author = models.CharField(max_length=80)
    text = models.TextField(blank=True, db_default="")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(stars__range=(1, 5)), name="rating_one_to_five_stars"),
        ]

    def __str__(self):
        return f"{self.stars} of 5 by {self.author}"


class Kept(models.Model):
    """What belongs to a product, summed up; triggers keep it."""

    product = models.OneToOneField(Product, models.CASCADE, primary_key=True, related_name="kept")
    variants = models.IntegerField(default=0)
    pieces = models.IntegerField(default=0)
    reviews = models.IntegerField(default=0)
