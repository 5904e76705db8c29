"""Settings, from the environment; safe by default. KITH_PRODUCTION=1 leaves out what is never installed live."""

from __future__ import annotations

import os
import secrets
import warnings
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF

from kith.foundation.database import use_sound_sqlite
from kith.foundation.sealing.secret_files import put_once

if unsound := use_sound_sqlite():
    warnings.warn(unsound, RuntimeWarning, stacklevel=1)

PRODUCTION = os.environ.get("KITH_PRODUCTION") == "1"
HOME = Path(os.environ.get("KITH_HOME", "var")).resolve()
HOME.mkdir(parents=True, exist_ok=True)


def _secret_key() -> str:
    if key := os.environ.get("KITH_SECRET_KEY"):
        return key
    if PRODUCTION:
        raise SystemExit("KITH_SECRET_KEY is not set. Give it a long random value, the same for every server.")
    path = HOME / "secret"
    if not path.exists():
        put_once(path, secrets.token_urlsafe(50))
    return path.read_text()


def _keys() -> Path:
    """Where the keys lie that seal and sign: never in the database, and in production never beside it unsaid."""
    if named := os.environ.get("KITH_KEYS"):
        return Path(named).resolve()
    if PRODUCTION:
        raise SystemExit("KITH_KEYS is not set. Say where the keys lie, outside the database: kith keys make.")
    return HOME / "keys"


SECRET_KEY = _secret_key()
KEYS = _keys()
# Where the signed heads of the history are added to: not in HOME, whose older copy would bring its own back with it.
ANCHORS = Path(os.environ.get("KITH_ANCHORS") or HOME.with_name(f"{HOME.name}-anchors")).resolve()
DEBUG = False
# In production nobody is answered until the address that people open is said.
ALLOWED_HOSTS = os.environ.get("KITH_HOSTS", "" if PRODUCTION else "127.0.0.1,localhost,[::1],testserver").split(",")
AUTHORITY = os.environ.get("KITH_AUTHORITY", "Riverside")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "kith.foundation.history",
    "kith.foundation.access",
    "kith.foundation.drafts",
    "kith.foundation.screens",
    "kith.foundation.accounts",
    "kith.foundation.documents",
    "kith.foundation.jobs",
    "kith.record.people",
    "kith.record.deadlines",
    "kith.record.periods",
    "kith.record.steps",
    "kith.record.promises",
    "kith.record.meetings",
    "kith.record.visits",
    "kith.record.plain_work",
    "kith.record.personal_details",
    "kith.record.period_forms",
    "kith.record.front_door",
    "kith.record.child_in_need",
    "kith.record.protection",
    "kith.record.looked_after",
    "kith.record.missing",
    "kith.record.leaving_care",
    "kith.record.break_glass",
    "kith.record.duplicates",
    "kith.record.adoption",
    "kith.record.documents",
    "kith.record.chronology",
    "kith.record.grown_ups",
    "kith.record.freeze_frame",
    "kith.record.loading",
    "kith.oversight.worklists",
    "kith.oversight.controls",
    "kith.oversight.measures",
    "kith.oversight.returns",
]
if not PRODUCTION:
    INSTALLED_APPS.append("kith.nonprod.personas")

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "kith.foundation.access.fetching.keep_to_ourselves",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "kith.foundation.access.fetching.only_our_own_pages",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",  # its second factors read the request; no page of it is served
]

ROOT_URLCONF = "kith.config.urls"
WSGI_APPLICATION = "kith.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [],
        "APP_DIRS": False,
        "OPTIONS": {"environment": "kith.foundation.screens.jinja.environment"},
    },
]

SQLITE = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA cache_size=-64000;"
    "PRAGMA mmap_size=268435456;PRAGMA temp_store=MEMORY;",
}
# A page asks small questions: compiling them, or calling more processes to each, takes longer than to answer them.
POSTGRESQL = "-c jit=off -c max_parallel_workers_per_gather=0"
DATABASES = {"default": dj_database_url.config(default=f"sqlite:///{HOME / 'kith.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = SQLITE
else:
    given = DATABASES["default"].setdefault("OPTIONS", {})
    given.setdefault("options", POSTGRESQL)
    if os.environ.get("KITH_POOL") != "0":  # the tests drop their database, which a pool would hold open
        given["pool"] = {"min_size": 1, "max_size": 4}

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "access.Account"
AUTHENTICATION_BACKENDS = ["kith.foundation.access.viewer.Door"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "kith.foundation.accounts.breached.BreachedPasswordValidator"},
    {"NAME": "kith.foundation.accounts.local_words.LocalWordsValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
]
BREACHED_PASSWORDS = os.environ.get("KITH_BREACHED_PASSWORDS", "")  # a list of hashes, in order
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"

PASSWORD_RESET_TIMEOUT = 72 * 60 * 60  # how long a first password may be chosen with the link that was handed over
DORMANT_DAYS = 45
RECORDS_AN_HOUR = int(os.environ.get("KITH_RECORDS_AN_HOUR", "200"))  # different ones that one worker opens
PROXIES = int(os.environ.get("KITH_PROXIES", "0"))  # how many stand before Kith and say who called them

MFA_ADAPTER = "kith.foundation.accounts.mfa_adapter.SecondFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1  # half a minute either way: a telephone's clock is never quite right
MFA_WEBAUTHN_USER_VERIFICATION = "required"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "none"


def _council() -> dict[str, str]:
    """The council's own sign-in (OpenID Connect), where there is one."""
    if not os.environ.get("KITH_OIDC_ISSUER"):
        return {}
    said = {name: os.environ.get(f"KITH_OIDC_{name.upper()}", "") for name in ("issuer", "client", "secret")}
    said |= {"name": os.environ.get("KITH_OIDC_NAME", "your council account")}
    # How Kith proves itself when it exchanges a code. A provider expects the one way that the client was registered
    # with, which is this one where nothing was said (OpenID Connect Core, section 9).
    said |= {"proves_by": os.environ.get("KITH_OIDC_PROVES_BY", "client_secret_basic")}
    return said | {"vouches": os.environ.get("KITH_OIDC_VOUCHES", "0")}  # 1: every address it gives is its owner's


COUNCIL = _council()
SOCIALACCOUNT_ADAPTER = "kith.foundation.accounts.council.OnlyAccounts"
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "APPS": [
            {
                "provider_id": "council",
                "name": COUNCIL["name"],
                "client_id": COUNCIL["client"],
                "secret": COUNCIL["secret"],
                "settings": {
                    "server_url": COUNCIL["issuer"],
                    "oauth_pkce_enabled": True,
                    "token_auth_method": COUNCIL["proves_by"],
                },
            }
        ]
        if COUNCIL
        else []
    }
}

SESSION_ENGINE = "kith.foundation.accounts.sessions"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SAMESITE = "Lax"  # not Strict: the council's own sign-in leads back from another site
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
# A name that begins so is taken by browsers only from this very host, over TLS, for every path.
SESSION_COOKIE_NAME = "__Host-kith" if PRODUCTION else "kith"
CSRF_COOKIE_NAME = "__Host-kith-form" if PRODUCTION else "kith-form"
DEVICE_COOKIE_NAME = "__Host-kith-device" if PRODUCTION else "kith-device"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "kith.foundation.screens.views.form_expired"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if PRODUCTION else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
        "img-src": [SELF, "data:"],
    }
}

if PRODUCTION:  # TLS alone, and browsers are told to stay with it; the proxy that does the TLS says so
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 2 * 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    if PROXIES:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
UPLOADS = HOME / "uploads"
DOCUMENTS = Path(os.environ.get("KITH_DOCUMENTS") or HOME / "documents").resolve()
DOCUMENT_LIMIT = int(os.environ.get("KITH_DOCUMENT_MB", "50")) * 1024 * 1024
CLAMD = os.environ.get("KITH_CLAMD", "")  # the malware scanner's socket, or host:port
OPEN_UNSCANNED = os.environ.get("KITH_OPEN_UNSCANNED", "0" if PRODUCTION else "1") == "1"
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
FILE_UPLOAD_TEMP_DIR = None
UPLOAD_LIMIT = int(os.environ.get("KITH_UPLOAD_MB", "500")) * 1024 * 1024  # all the files of one request together
FILE_UPLOAD_HANDLERS = [
    "kith.foundation.screens.uploads.Limited",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]


def _in_the_open() -> str:
    """What Kith would tell another machine that it does not know, or that others can read on the way; else nothing."""
    here = ("", "localhost", "127.0.0.1", "::1", "[::1]")
    database, issuer = DATABASES["default"], COUNCIL.get("issuer", "")
    at = str(database.get("HOST") or "")
    if at not in here and not at.startswith("/") and database["OPTIONS"].get("sslmode") != "verify-full":
        return "The database is on another machine: put sslmode=verify-full (and sslrootcert) into DATABASE_URL."
    if issuer and not issuer.startswith("https://"):
        return "KITH_OIDC_ISSUER must begin with https://."
    scanner, colon, port = CLAMD.rpartition(":")
    if colon and port.isdigit() and scanner not in here:
        return "KITH_CLAMD is on another machine, and ClamAV has no TLS: documents would be read on the way."
    return ""


if PRODUCTION and (said := _in_the_open()):
    raise SystemExit(said)

CACHES = {"default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": HOME / "cache"}}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
