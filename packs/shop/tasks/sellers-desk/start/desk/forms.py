"""What a seller may ask for and change. Nothing else of an order can be sent along."""

from django import forms

from orders.models import Order
from orders.states import NEXT

Status = Order.Status

#: The steps that are a seller's; the others are the buyer's, the provider's and the shop's.
STEPS = (Status.PACKED, Status.SENT)


class SearchForm(forms.Form):
    """The filters of the list. What makes no sense is named beside its field."""

    q = forms.CharField(label="Order or article number", required=False, max_length=40)
    status = forms.ChoiceField(label="Status", required=False, choices=[("", "Any status"), *Status.choices])

    def __init__(self, data):
        super().__init__(data, use_required_attribute=False, label_suffix="")


class ProgressForm(forms.Form):
    """The next step of an order, and the tracking number of the seller's own parcels."""

    status = forms.ChoiceField(label="Now it is")
    tracking = forms.CharField(label="Tracking number", required=False, max_length=60)

    def __init__(self, *args, order, **kwargs):
        kwargs.setdefault("initial", {"tracking": next((line.tracking for line in order.own_lines), "")})
        super().__init__(*args, label_suffix="", **kwargs)
        ahead = [step for step in STEPS if step in NEXT.get(order.status, ())]
        self.fields["status"].choices = [("", "As it is"), *((step, step.label) for step in ahead)]
        self.fields["status"].required = False
