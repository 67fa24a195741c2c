"""The seller's desk, as classes over one mixin. Orders of others are answered as missing ones are: 404."""

import csv
import re

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin, UserPassesTestMixin
from django.db import transaction
from django.db.models import CharField, Prefetch, Q
from django.db.models.functions import Cast
from django.http import StreamingHttpResponse
from django.shortcuts import redirect
from django.views.generic import DetailView, ListView, View
from django.views.generic.detail import SingleObjectMixin

from desk.forms import ProgressForm, SearchForm
from orders.models import Order, OrderLine
from orders.states import IllegalChange, change_status

FORMULAS = ("=", "+", "-", "@", "\t", "\r")
COLUMNS = ("order", "placed", "status", "article", "goods", "quantity", "unit price", "amount", "name", "city")
NUMBER = re.compile(r"[0-9a-f]{8}[0-9a-f-]{0,28}")


class DeskMixin(LoginRequiredMixin, UserPassesTestMixin):
    """Sellers alone, and of orders those with goods of theirs."""

    slug_field = slug_url_kwarg = "public_id"
    context_object_name = "order"

    def test_func(self):
        return self.request.user.memberships.exists()

    @property
    def raise_exception(self):
        return self.request.user.is_authenticated

    def get_lines(self):
        return OrderLine.objects.filter(brand__memberships__user=self.request.user)

    def get_queryset(self):
        own = Prefetch("lines", queryset=self.get_lines().select_related("brand"), to_attr="own_lines")
        return Order.objects.filter(pk__in=self.get_lines().values("order")).prefetch_related(own)


class OrderList(DeskMixin, ListView):
    template_name = "desk/order_list.html"
    paginate_by = 25

    def get_queryset(self):
        self.form = SearchForm(self.request.GET)
        orders = super().get_queryset()
        if not self.form.is_valid():
            return orders.none()
        status, text = self.form.cleaned_data["status"], self.form.cleaned_data["q"].strip()
        if status:
            orders = orders.filter(status=status)
        if text:
            orders = orders.filter(self.named(text))
        return orders

    def named(self, text):
        own = Q(pk__in=self.get_lines().filter(sku__iexact=text).values("order"))
        number = text.removeprefix("S-").lower()
        if not NUMBER.fullmatch(number):
            return own
        texts = Order.objects.alias(text=Cast("public_id", CharField())).filter(text__startswith=number)
        return own | Q(pk__in=texts.values("pk"))

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return context | {"form": self.form, "page": context["page_obj"]}

    def render_to_response(self, context, **kwargs):
        return super().render_to_response(context, status=200 if self.form.is_valid() else 400, **kwargs)


class OrderDetail(DeskMixin, DetailView):
    template_name = "desk/order_detail.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"form": kwargs.get("form") or ProgressForm(order=self.object)}


class OrderEdit(OrderDetail):
    http_method_names = ["post"]

    def post(self, request, public_id):
        self.object = self.get_object()
        form = ProgressForm(request.POST, order=self.object)
        if form.is_valid() and self.go_on(form):
            messages.success(request, f"Order {self.object.number} is up to date.")
            return redirect("desk:order-detail", public_id)
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def go_on(self, form):
        try:
            with transaction.atomic():
                for line in self.object.own_lines:
                    line.tracking = form.cleaned_data["tracking"]
                    line.save(update_fields=["tracking"])
                if form.cleaned_data["status"]:
                    change_status(self.object, form.cleaned_data["status"], by=self.request.user)
        except IllegalChange as refusal:
            form.add_error("status", str(refusal))
            return False
        return True


class Invoice(DeskMixin, DetailView):
    template_name = "desk/invoice.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"total": sum(line.amount for line in self.object.own_lines)}


class Export(DeskMixin, SingleObjectMixin, View):
    def get(self, request):
        writer = csv.writer(self)
        answer = StreamingHttpResponse(map(writer.writerow, self.rows()), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = 'attachment; filename="orders.csv"'
        return answer

    def write(self, value):
        return value

    def rows(self):
        yield COLUMNS
        for line in self.get_lines().select_related("order").order_by("-order__placed_at", "pk").iterator():
            order = line.order
            row = (order.number, order.placed_at.isoformat(), order.get_status_display(), line.sku, line.name,
                   line.quantity, line.unit_price, line.amount, order.name, order.city)
            yield [f"'{value}" if str(value).startswith(FORMULAS) else value for value in row]
