"""Settings of Stallhouse. Every one that differs between machines is read from the environment (see README.md)."""

from pathlib import Path

from django.core.management.utils import get_random_secret_key
from django.utils.csp import CSP

from stallhouse import environ

BASE_DIR = Path(__file__).resolve().parent.parent

DEBUG = environ.flag("DEBUG")
# Without a key of its own a process makes one: safe, but sessions end with the process.
SECRET_KEY = environ.text("SECRET_KEY") or get_random_secret_key()
ALLOWED_HOSTS = environ.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = environ.words("CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "accounts",
    "basket",
    "catalogue",
    "desk",
    "discounts",
    "orders",
    "payments",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "stallhouse.urls"
WSGI_APPLICATION = "stallhouse.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {"default": environ.database()}

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

LOGIN_URL = "accounts:sign-in"
LOGIN_REDIRECT_URL = "catalogue:home"
LOGOUT_REDIRECT_URL = "catalogue:home"

# Where the payment provider answers, and the secret that it signs its messages with; without them nobody can pay.
PROVIDER_URL = environ.text("PROVIDER_URL")
PROVIDER_SECRET = environ.text("PROVIDER_SECRET", "of the test mode, where no money moves")

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True

STATIC_URL = environ.text("STATIC_URL", "static/")
STATIC_ROOT = BASE_DIR / "var" / "static"

# No page needs a script or a font of its own; the admin brings scripts and styles as files.
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "connect-src": [CSP.SELF],
    # The second one is the provider's: a form of ours leads there.
    "form-action": [CSP.SELF, *environ.origin("PROVIDER_URL")],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = not DEBUG
CSRF_COOKIE_SECURE = not DEBUG

HTTPS_ONLY = environ.flag("HTTPS_ONLY")
SECURE_SSL_REDIRECT = HTTPS_ONLY
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS_ONLY else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS_ONLY
SECURE_HSTS_PRELOAD = HTTPS_ONLY
