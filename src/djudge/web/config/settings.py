"""All settings, for every way in which the application runs; what differs between two of them is in the environment.

Nothing here depends on the machine: the embedded default (`make run`) sets the same variables as a cluster would.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import environ
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _
from whitenoise.compress import Compressor

from djudge.engine.folders import data_folder

env = environ.FileAwareEnv()

HERE = Path(__file__).resolve().parents[1]
DATA = data_folder()

# --- Who we are
SECRET_KEY = env.str("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
#: Where people reach it, for links in mails: they are written by workers, which have no request.
SITE_ADDRESS = env.str("SITE_ADDRESS", default="http://localhost:8000").rstrip("/")

ROOT_URLCONF = "djudge.web.config.urls"
WSGI_APPLICATION = "djudge.web.config.wsgi.application"

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "django_htmx",
    "djudge.web.ui",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "oauth2_provider",
    "djudge.web.mail",
    "djudge.web.accounts",
    "djudge.web.organizations",
    "djudge.web.webhooks",
    "djudge.web.assessments",
    "djudge.web.hiring",
    "djudge.web.resumes",
    "djudge.web.interviews",
    "djudge.web.workspace",
    "djudge.web.debriefs",
    "djudge.web.pads",
    "djudge.web.ats",
    "djudge.web.insights",
    "djudge.web.grading",
    "djudge.web.api",
    "djudge.web.samples",
]

MIDDLEWARE = [
    "djudge.web.insights.middleware.RequestsCounted",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "djudge.web.organizations.context.team",
            ]
        },
    }
]

FORM_RENDERER = "djudge.web.ui.forms.Renderer"

# --- Data. A pool in each process: `DATABASE_POOL` connections times processes have to fit into the server's limit.
DATABASES = {"default": env.db_url("DATABASE_URL")}
DATABASES["default"].setdefault("OPTIONS", {})
if pool := env.int("DATABASE_POOL", default=4):
    # Attempts to connect come ever more seldom until they are given up, and nobody else tries meanwhile: by default
    # that is minutes in which a server that is back again stays unused.
    DATABASES["default"]["OPTIONS"]["pool"] = {
        "min_size": 0, "max_size": pool, "timeout": 10, "reconnect_timeout": 5,
    }  # fmt: skip
#: A server that was restarted has ended the connections in the pools: each is asked before it is used.
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"]["ATOMIC_REQUESTS"] = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

#: Valkey, Redis or Memcached by address; what is kept there may be gone at any time, and pages say the same without it.
CACHES = {"default": env.cache_url("CACHE_URL", default="locmemcache://")}
if CACHES["default"]["BACKEND"].endswith("RedisCache"):
    CACHES["default"]["BACKEND"] = "djudge.web.common.cache.ForgivingRedisCache"
if CACHES["default"]["BACKEND"].endswith("PyMemcacheCache"):
    # One that is away has forgotten everything, after a second and not at the client's own leisure.
    forgiving = {"ignore_exc": True, "connect_timeout": 1, "timeout": 1}
    CACHES["default"]["OPTIONS"] = {**forgiving, **CACHES["default"].get("OPTIONS", {})}
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = int(timedelta(days=14).total_seconds())

# --- People
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "djudge.web.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = env.str("EMAIL_VERIFICATION", default="optional")
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Djudge: "
ACCOUNT_SESSION_REMEMBER = True
REGISTRATION_IS_OPEN = env.bool("REGISTRATION", default=True)
ACCOUNT_FORMS = {"signup": "djudge.web.organizations.forms.RegistrationForm"}
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
#: The second factor. Where addresses need not be confirmed, TOTP does not ask for that either: without a mail server
#: nobody could set it up.
MFA_ADAPTER = "djudge.web.accounts.second_factor.MFAAdapter"
MFA_FORMS = {
    "authenticate": "djudge.web.accounts.forms.CodeForm",
    "reauthenticate": "djudge.web.accounts.forms.CodeAgainForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Djudge"
MFA_TOTP_TOLERANCE = 1
MFA_ALLOW_UNVERIFIED_EMAIL = ACCOUNT_EMAIL_VERIFICATION != "mandatory"

# --- Mail. Without an SMTP server mails stay in the outbox, a page for owners.
MAIL_IS_DELIVERED = bool(env.str("SMTP_HOST", default=""))
MAILERS: dict[str, dict[str, Any]] = {"default": {"BACKEND": "django.core.mail.backends.dummy.EmailBackend"}}
if MAIL_IS_DELIVERED:
    MAILERS["default"] = {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": env.str("SMTP_HOST"),
            "port": env.int("SMTP_PORT", default=587),
            "username": env.str("SMTP_USER", default=""),
            "password": env.str("SMTP_PASSWORD", default=""),
            "use_tls": env.bool("SMTP_TLS", default=True),
            "timeout": 20,
        },
    }
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", default="Djudge <djudge@localhost>")

# --- Jobs
#: What graded data are drawn from: packs are public, and what a check asks must not follow from their text.
GRADING_SECRET = env.str("GRADING_SECRET", default=SECRET_KEY)
GRADING_ISOLATED = env.bool("GRADING_ISOLATED", default=True)
CELERY_BROKER_URL = env.str("BROKER_URL", default="memory://")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {
    "djudge.web.grading.tasks.*": {"queue": "grading"},
    # Apart from everything else: what they wait for is machines of other people.
    "djudge.web.webhooks.tasks.deliver": {"queue": "webhooks"},
    "djudge.web.ats.tasks.tell": {"queue": "webhooks"},
}
#: Longer than the longest grading: a job that is still worked on must not be handed out a second time.
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": int(timedelta(hours=2).total_seconds())}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE = {
    "grade what was left behind": {"task": "djudge.web.grading.tasks.requeue", "schedule": 10.0},
    "say that we live": {"task": "djudge.web.workspace.tasks.pulse", "schedule": 15.0},
    "hand in for those whose time is over": {"task": "djudge.web.workspace.tasks.end_what_is_over", "schedule": 30.0},
    "deliver what was left behind": {"task": "djudge.web.mail.tasks.deliver_rest", "schedule": 60.0},
    "tell what was left untold": {"task": "djudge.web.webhooks.tasks.deliver_rest", "schedule": 30.0},
    "forget what was told long ago": {"task": "djudge.web.webhooks.tasks.forget_old", "schedule": 600.0},
    "read résumés that were left behind": {"task": "djudge.web.resumes.tasks.read_rest", "schedule": 30.0},
    "end and erase pads": {"task": "djudge.web.pads.tasks.tidy", "schedule": 300.0},
    "lay new work beside others'": {"task": "djudge.web.insights.tasks.compare_what_is_new", "schedule": 60.0},
    "tell applicant tracking systems": {"task": "djudge.web.ats.tasks.tell_rest", "schedule": 30.0},
    "forget complaints of long ago": {"task": "djudge.web.ats.tasks.forget_old", "schedule": 3600.0},
    "forget what is over": {"task": "djudge.web.api.tasks.forget_what_is_over", "schedule": 3600.0},
}

# --- Webhooks
#: Networks that are not public and may be called all the same, such as 10.20.0.0/16: by default none.
WEBHOOK_NETWORKS = env.list("WEBHOOK_NETWORKS", default=[])

# --- Applicant tracking systems
#: Where Ashby is told what came of an assessment.
ASHBY_ADDRESS = env.str("ASHBY_ADDRESS", default="https://api.ashbyhq.com/assessment.update")

# --- Figures for Prometheus
#: Whoever scrapes /metrics sends it as a bearer token; without one there is no such address.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
#: Where several processes of one machine keep what they counted, so that each can tell of all. The library reads it
#: from the environment itself, when it is imported; named here because it belongs to the settings.
METRICS_FOLDER = env.str("PROMETHEUS_MULTIPROC_DIR", default="")

# --- The API
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "djudge.web.api.authentication.BearerAuthentication",
        "djudge.web.api.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["djudge.web.api.permissions.MemberWithScope"],
    "DEFAULT_THROTTLE_CLASSES": [
        "djudge.web.api.throttling.Asking", "djudge.web.api.throttling.Writing", "djudge.web.api.throttling.Guest",
    ],
    "DEFAULT_THROTTLE_RATES": {
        "asking": env.str("API_RATE", default="600/minute"),
        "writing": env.str("API_WRITE_RATE", default="120/minute"),
        "guest": env.str("API_GUEST_RATE", default="60/minute"),
    },
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["djudge.web.api.parsing.StrictJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "djudge.web.api.paging.Cursors",
    "DEFAULT_FILTER_BACKENDS": ["djudge.web.api.filtering.Filters"],
    "DEFAULT_SCHEMA_CLASS": "djudge.web.api.schema.Described",
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "djudge.web.api.problems.answer",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "TEST_REQUEST_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
}  # fmt: skip
SPECTACULAR_SETTINGS = {
    "TITLE": "Djudge",
    "VERSION": "1",
    "DESCRIPTION": "What a hiring team does on Djudge's pages, for programs.",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "COMPONENT_NO_READ_ONLY_REQUIRED": False,
    "ENUM_NAME_OVERRIDES": {
        "JobState": "djudge.web.hiring.models.Job.State",
        "SubmissionState": "djudge.web.grading.models.State",
        "Stage": "djudge.web.hiring.models.Stage",
        "MovableStage": "djudge.web.api.candidates.MOVES",
        "ScopeName": "djudge.web.api.scopes.Scope",
    },
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "djudge.web.api.schema.complete",
    ],
}
OAUTH2_PROVIDER_APPLICATION_MODEL = "api.Client"
OAUTH2_PROVIDER = {
    "SCOPES_BACKEND_CLASS": "djudge.web.api.oauth.Scopes",
    "SCOPES": {"none": "nothing"},  # asked for by the package, and answered by ours
    "OIDC_ISS_ENDPOINT": SITE_ADDRESS,
    "OAUTH2_VALIDATOR_CLASS": "djudge.web.api.oauth.Validator",
    "ACCESS_TOKEN_EXPIRE_SECONDS": int(timedelta(hours=1).total_seconds()),
    "REFRESH_TOKEN_EXPIRE_SECONDS": int(timedelta(days=30).total_seconds()),
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "ROTATE_REFRESH_TOKEN": True,
    "PKCE_REQUIRED": True,
    # `http` for programs on somebody's own machine (RFC 8252): `ClientForm` lets it through for loopback alone.
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https", "http"],
    "ALLOW_URI_WILDCARDS": False,
    "OAUTH2_RESPONSE_TYPES_SUPPORTED": ["code"],
    "OAUTH2_GRANT_TYPES_SUPPORTED": ["authorization_code", "refresh_token"],
    # RFC 9700, the best current practice: everything that it asks for and the package can hold to.
    "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
    "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": True,
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,
    "COMPLIANT_BCP_RFC9700_REFRESH_TOKEN": True,
    "COMPLIANT_BCP_RFC9700_REDIRECT_URI_MATCHING": True,
    "COMPLIANT_BCP_RFC9700_PKCE_REQUIRED": True,
}

#: Systems of the packs that run beside the platform, for people to look at: title, address, who signs in.
SYSTEMS = env.json("SYSTEMS", default=[])

# --- Texts and times
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
LOCALE_PATHS = [HERE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.str("TIME_ZONE", default="UTC")

# --- Files
STATIC_URL = env.str("STATIC_URL", default="/static/")
STATIC_ROOT = env.path("STATIC_ROOT", default=str(DATA / "static"))
#: Curves look as they do in reports, by the same sheet; what was bundled at set-up.
STATICFILES_DIRS = [("reports", HERE.parent / "engine" / "reports" / "templates" / "shared")]
if (DATA / "built").is_dir():
    STATICFILES_DIRS += [("built", DATA / "built")]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": env.str("FILES", default=str(DATA / "files"))},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "djudge.web.api.finding.UsedFiles",
]
#: Maps are for those who debug somebody else's script: they are there, and not worth minutes of compressing.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = [*Compressor.SKIP_COMPRESS_EXTENSIONS, "map"]
WHITENOISE_MAX_AGE = int(timedelta(minutes=1).total_seconds())
DATA_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

# --- Safety
SECURE_CSP: dict[str, list[str]] = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    # A nonce is only there where a template asks for one: the editor makes its own style sheet.
    "style-src": [CSP.SELF, CSP.NONCE],
    "img-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}
if "://" in STATIC_URL:
    for directive in ("script-src", "style-src", "img-src", "font-src"):
        SECURE_CSP[directive].append("/".join(STATIC_URL.split("/")[:3]))
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
HTTPS = env.bool("HTTPS", default=False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if HTTPS else 0
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
#: What belongs to other names of a domain is not ours to decide; without HTTPS, what needs it can't be.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
#: Over http programs lead back to people's own machines alone (RFC 8252, 7.3): their form holds to it.
SILENCED_SYSTEM_CHECKS += ["oauth2_provider.W008"]
if not HTTPS:
    SILENCED_SYSTEM_CHECKS += ["security.W004", "security.W008", "security.W012", "security.W016"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="WARNING")},
}
