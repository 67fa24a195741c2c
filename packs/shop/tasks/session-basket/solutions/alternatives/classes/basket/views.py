"""The basket, as classes."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.urls import reverse_lazy
from django.views.generic import FormView, TemplateView, View

from basket.cart import cart_of
from basket.forms import ChangeForm, LineForm


class BasketMixin:
    """The page with all lines, each with its form; the one that was refused among them."""

    template_name = "basket/basket.html"
    refused = None

    def get_context_data(self, **kwargs):
        lines = cart_of(self.request).lines()
        rows = [(line, self.form_of(line)) for line in lines]
        wrong = self.refused if self.refused and all(form is not self.refused for _, form in rows) else None
        total = sum(line.amount for line in lines)
        return {"view": self, "rows": rows, "total": total, "wrong": wrong, "short": any(line.short for line in lines)}

    def form_of(self, line):
        if self.refused is not None and self.refused["variant"].value() == str(line.variant.pk):
            return self.refused
        initial = {"variant": line.variant.pk, "quantity": line.quantity}
        return ChangeForm(initial=initial, auto_id=f"id_{line.variant.pk}_%s")


class Basket(BasketMixin, TemplateView):
    http_method_names = ["get", "head"]


class Sent(BasketMixin, FormView):
    """A form that was sent: applied, or shown again with what is wrong."""

    http_method_names = ["post"]
    success_url = reverse_lazy("basket:basket")

    def form_valid(self, form):
        self.apply(cart_of(self.request), **form.cleaned_data)
        return super().form_valid(form)

    def form_invalid(self, form):
        self.refused = form
        return self.render_to_response(self.get_context_data(), status=422)


class Add(Sent):
    form_class = LineForm

    def apply(self, cart, variant, quantity):
        messages.success(self.request, f"{cart.add(variant, quantity)} in your basket.")


class Change(Sent):
    form_class = ChangeForm

    def apply(self, cart, variant, quantity):
        cart.change(variant, quantity)


class Remove(View):
    def post(self, request):
        if request.POST.get("variant", "").isdecimal():
            cart_of(request).remove(int(request.POST["variant"][:9]))
        return HttpResponseRedirect(reverse_lazy("basket:basket"))
