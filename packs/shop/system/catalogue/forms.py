"""The filters of the product list: what a visitor may ask, and what is refused."""

from django import forms
from django.core.exceptions import ValidationError

from catalogue.models import Brand, Tag

SORT_CHOICES = [
    ("newest", "Newest first"),
    ("price", "Price, low to high"),
    ("-price", "Price, high to low"),
    ("name", "Name"),
]


class FilterForm(forms.Form):
    """Parameters of the list's address. Everything is optional; what makes no sense is named beside its field."""

    q = forms.CharField(label="Search", required=False, max_length=100)
    category = forms.ChoiceField(label="Category", required=False)
    brand = forms.ModelChoiceField(Brand.objects.all(), to_field_name="slug", required=False, empty_label="All brands")
    tag = forms.ModelChoiceField(Tag.objects.all(), to_field_name="slug", required=False, empty_label="All tags")
    price_from = forms.DecimalField(label="Price from", required=False, min_value=0, max_digits=10, decimal_places=2)
    price_to = forms.DecimalField(label="Price to", required=False, min_value=0, max_digits=10, decimal_places=2)
    in_stock = forms.BooleanField(label="In stock only", required=False)
    sort = forms.ChoiceField(label="Sort by", choices=SORT_CHOICES, required=False)

    def __init__(self, data, *, tree):
        super().__init__(data, use_required_attribute=False, label_suffix="")
        self.tree = tree
        choices = [(node.category.slug, node.label) for node in tree.nodes]
        self.fields["category"].choices = [("", "All categories"), *choices]
        self.fields["q"].widget.input_type = "search"
        for name in ("price_from", "price_to"):
            self.fields[name].widget.attrs.update({"inputmode": "decimal", "step": "0.01"})

    def clean_category(self):
        """The category itself; None when all are wanted."""
        return self.tree.get(self.cleaned_data["category"])

    def clean_sort(self):
        return self.cleaned_data["sort"] or "newest"

    def clean(self):
        data = super().clean()
        low, high = data.get("price_from"), data.get("price_to")
        if low is not None and high is not None and low > high:
            self.add_error("price_to", ValidationError("The upper price is below the lower one."))
        return data

    def filters(self):
        """Arguments for `ProductQuerySet.narrowed`; only after `is_valid()`."""
        filters = {name: value for name, value in self.cleaned_data.items() if name not in ("category", "sort")}
        category = self.cleaned_data["category"]
        return filters | {"categories": self.tree.ids_within(category) if category else None}
