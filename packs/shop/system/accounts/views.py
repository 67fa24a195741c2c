"""Registration, signing in and out, the account. Django's own views wherever they serve."""

from django.contrib.auth import login, views
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.forms import RegistrationForm
from accounts.roles import brands_of
from basket.cart import merge_session_cart


class SignIn(views.LoginView):
    """What a guest had in the basket goes into their own when they sign in."""

    template_name = "accounts/sign_in.html"
    redirect_authenticated_user = True

    def form_valid(self, form):
        answer = super().form_valid(form)
        merge_session_cart(self.request, form.get_user())
        return answer


class ChangePassword(views.PasswordChangeView):
    """The old password once, the new one twice."""

    template_name = "accounts/password.html"
    success_url = reverse_lazy("accounts:account")


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def register(request):
    """A new account, signed in at once, with what was in the basket; 422 where the form does not allow it."""
    form = RegistrationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = form.save()
        login(request, user)
        merge_session_cart(request, user)
        return redirect(next_page(request))
    context = {"form": form, "next": request.GET.get("next", request.POST.get("next", ""))}
    return render(request, "accounts/register.html", context, status=422 if form.errors else 200)


def next_page(request):
    """Where somebody wanted to go, if that is on this site; else the front door."""
    wanted = request.POST.get("next", "")
    local = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if wanted and local else "catalogue:home"


@require_safe
@login_required
def account(request):
    """Whom the shop takes somebody for, and where they can go."""
    return render(request, "accounts/account.html", {"brands": brands_of(request.user)})
