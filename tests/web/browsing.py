"""Signing in in a real browser, and what its console may say."""

from __future__ import annotations

import time

from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, ConsoleMessage, Page
from pytest_django.live_server_helper import LiveServer

from djudge.web.accounts.models import User

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def is_wrong(said: ConsoleMessage) -> bool:
    """An answer with 422 is no complaint: a form came back with what is wrong in it."""
    return said.type in ("error", "warning") and "status of 422" not in said.text


def sign_in(page: Page, live_server: LiveServer, who: str = "olga") -> None:
    """By the form, as people do."""
    page.goto(f"{live_server.url}/accounts/login/")
    page.get_by_label("Email").fill(f"{who}@example.org")
    page.get_by_label("Password", exact=True).fill("a good password")
    page.get_by_role("button", name="Sign In").click()
    page.wait_for_url("**/jobs/")


def just_signed_in(user: User) -> Client:
    """Who gave the password a moment ago, as allauth notes it: whatever asks for it again does not."""
    client = Client()
    client.force_login(user, backend=BACKEND)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return client


def bring_session(context: BrowserContext, live_server: LiveServer, user: User) -> None:
    """Signed in by a session that is there already: for tests that are about other pages."""
    client = just_signed_in(user)
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
