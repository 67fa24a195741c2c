"""What a buyer tells at the checkout."""

from django import forms
from django.core.validators import RegexValidator

COUNTRIES = [
    ("DE", "Germany"),
    ("AT", "Austria"),
    ("CH", "Switzerland"),
    ("NL", "Netherlands"),
    ("GB", "United Kingdom"),
]
ADDRESS = ("name", "street", "postcode", "city", "country")

POSTCODE = RegexValidator(r"^[0-9A-Za-z][0-9A-Za-z -]{2,14}$", "This does not look like a postcode.")


class CheckoutForm(forms.Form):
    """Where the goods go, and perhaps a code. Prices and quantities are the basket's and can't be sent along."""

    name = forms.CharField(label="Name", max_length=120, widget=forms.TextInput({"autocomplete": "name"}))
    street = forms.CharField(
        label="Street and number", max_length=160, widget=forms.TextInput({"autocomplete": "street-address"})
    )
    postcode = forms.CharField(
        label="Postcode", max_length=16, validators=[POSTCODE], widget=forms.TextInput({"autocomplete": "postal-code"})
    )
    city = forms.CharField(label="City", max_length=80, widget=forms.TextInput({"autocomplete": "address-level2"}))
    country = forms.ChoiceField(label="Country", choices=COUNTRIES, initial="DE")
    code = forms.CharField(label="Discount code", max_length=30, required=False, strip=True)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)

    @property
    def address(self):
        """The fields of an order that are an address; only after `is_valid()`."""
        return {name: self.cleaned_data[name] for name in ADDRESS}
