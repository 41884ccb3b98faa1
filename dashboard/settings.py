"""All settings. Each comes from the environment or `.env`, has a default that works on one machine, and is listed in
`.env.example` and the README. With PRODUCTION=1 the defaults that are only good at home are refused.
"""

from datetime import timedelta
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

from dashboard import keys

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
env.read_env(BASE_DIR / ".env")


def _whole(name: str, default: int) -> int:
    try:
        number: int = env.int(name, default=default)
        return number
    except ValueError:
        raise ImproperlyConfigured(f"{name} is not a whole number: {env(name)!r}.") from None


PRODUCTION = env.bool("PRODUCTION", default=False)
VAR_DIR = Path(env("VAR_DIR", default=str(BASE_DIR / "var"))).expanduser().resolve()
try:
    keys.make_folder(VAR_DIR)
except OSError as error:
    raise ImproperlyConfigured(
        f"The data folder {VAR_DIR} cannot be written: {error.strerror}. Name another: VAR_DIR=... make run"
    ) from error
HOST = env("HOST", default="127.0.0.1")
PORT = _whole("PORT", default=8000)


def _required(name: str, hint: str) -> str:
    value: str = env(name, default="")
    if not value:
        raise ImproperlyConfigured(f"PRODUCTION=1 needs {name}: {hint}")
    return value


# Keys
if PRODUCTION:
    SECRET_KEY = _required("SECRET_KEY", "a long random text of your own.")
    CREDENTIAL_KEYS = _required("CREDENTIAL_KEYS", "one or more Fernet keys, separated by commas.").split(",")
    ALLOWED_HOSTS = _required("ALLOWED_HOSTS", "the host names that this site answers to, separated by commas.").split(
        ","
    )
else:
    SECRET_KEY = env("SECRET_KEY", default="") or keys.kept(VAR_DIR / "secret_key", keys.secret_key)
    CREDENTIAL_KEYS = env.list("CREDENTIAL_KEYS", default=[]) or [
        keys.kept(VAR_DIR / "credential_key", keys.credential_key)
    ]
    ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]", HOST])
try:
    CREDENTIAL_KEYS = keys.credential_keys(CREDENTIAL_KEYS)
except ValueError as error:
    raise ImproperlyConfigured(f"CREDENTIAL_KEYS: {error}") from None

# What is installed
ROOT_URLCONF = "dashboard.urls"
WSGI_APPLICATION = "dashboard.wsgi.application"
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "huey.contrib.djhuey",
    "catalog",
    "dashboard",
]
MIDDLEWARE = [
    "dashboard.middleware.HeadersAlone",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "dashboard.middleware.SignInFirst",
    "axes.middleware.AxesMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {"environment": "dashboard.jinja.environment"},
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    },
]

# Database
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'ratecard.sqlite3'}")}
DATABASES["default"]["CONN_MAX_AGE"] = None
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # WAL lets pages be read while a sync writes; IMMEDIATE makes writers queue instead of failing half-way.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-32000; PRAGMA mmap_size=268435456;"
        ),
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Background work
REDIS_URL = env("REDIS_URL", default="")
HUEY = {
    "name": "ratecard",
    "immediate": False,
    "consumer": {"workers": _whole("WORKER_THREADS", default=4), "worker_type": "thread"},
}
# What happens how often in a minute: counted by all web processes together in Redis, else by each for itself
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
if REDIS_URL:
    HUEY |= {"huey_class": "huey.RedisHuey", "url": REDIS_URL}
    CACHES["default"] = {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "ratecard",
    }
else:
    HUEY |= {"huey_class": "huey.SqliteHuey", "filename": str(VAR_DIR / "huey.sqlite3")}

# Web server
WEB_WORKERS = _whole("WEB_WORKERS", default=2)
WEB_THREADS = _whole("WEB_THREADS", default=4)

# Who sees what
PUBLIC_DASHBOARD = env.bool("PUBLIC_DASHBOARD", default=not PRODUCTION)
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "offers"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}Validator"}
    for name in ("UserAttributeSimilarity", "MinimumLength", "CommonPassword", "NumericPassword")
]

# Guessing passwords: after five failures a user name and an address are locked to each other for a while
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # the page says how long it lasts
AXES_LOCKOUT_CALLABLE = "dashboard.views.accounts.locked_out"
AXES_CLIENT_IP_CALLABLE = "dashboard.client.client_address"
AXES_SENSITIVE_PARAMETERS = ["username"]  # kept out of the log, as the password is; the address is for a firewall
AXES_VERBOSE = False
AXES_DISABLE_ACCESS_LOG = True  # nobody reads who signed in when, and it would grow for ever

# Proxies in front of us whose X-Forwarded-For tells the client's address; nobody else's is believed
PROXY_COUNT = _whole("PROXY_COUNT", default=0)

# Catalogs on this machine and in its private networks (a LiteLLM proxy on localhost, say)
ALLOW_PRIVATE_ADDRESSES = env.bool("ALLOW_PRIVATE_ADDRESSES", default=not PRODUCTION)

# Catalogs set up in a TOML file, applied at each start
CATALOGS_FILE = env("CATALOGS_FILE", default="")

# Syncs: the share of a catalog's offers that may be gone before a person has to look
SYNC_MAX_LOSS = env.float("SYNC_MAX_LOSS", default=0.2)

# Browser security
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "connect-src": ["'self'"],
        "font-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
if PRODUCTION:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_HSTS_SECONDS = _whole("HSTS_SECONDS", default=31_536_000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

# Language and time
LANGUAGE_CODE = "en-us"
USE_I18N = False
USE_TZ = True
TIME_ZONE = "UTC"
FORMAT_MODULE_PATH = ["dashboard.dates"]

# Static files: named by their content, so browsers keep them for ever
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_KEEP_ONLY_HASHED_FILES = True  # nothing asks for the plain names: half the files, half the time
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Log to standard error, one line each
LOG_LEVEL = env("LOG_LEVEL", default="INFO")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"tokens": {"()": "dashboard.logs.WithoutTokens"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["tokens"]}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        "django.server": {"handlers": ["stderr"], "level": LOG_LEVEL, "propagate": False},
        "huey": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},  # else it adds a handler of its own
    },
}
