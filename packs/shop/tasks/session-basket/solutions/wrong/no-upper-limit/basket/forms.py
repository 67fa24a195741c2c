"""What may be sent to the basket: which variant, how many. Prices can't be."""

from django import forms

from basket.cart import on_sale


class LineForm(forms.Form):
    """So many of one variant that is on sale."""

    variant = forms.ModelChoiceField(
        on_sale(), widget=forms.HiddenInput, error_messages={"invalid_choice": "This is no longer sold."}
    )
    quantity = forms.IntegerField(label="Quantity", min_value=1, initial=1)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)

    def clean(self):
        data = super().clean()
        variant, quantity = data.get("variant"), data.get("quantity")
        if variant and quantity and quantity > variant.stock:
            left = f"Only {variant.stock} left." if variant.stock else "It is sold out."
            self.add_error("quantity", left)
        return data


class ChangeForm(LineForm):
    """The same for something that is in the basket already: none takes it out."""

    quantity = forms.IntegerField(label="Quantity", min_value=0)
