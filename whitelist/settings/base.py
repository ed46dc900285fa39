"""Settings: everything from the environment, failing loudly with the variable's name."""

import os
from datetime import timedelta
from pathlib import Path

import dj_database_url
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parents[2]


def required(name):
    try:
        return os.environ[name]
    except KeyError:
        raise ImproperlyConfigured(f"The environment variable {name} is missing; .env.example explains it.") from None


def flag(name, default="0"):
    return os.environ.get(name, default).lower() in ("1", "true", "yes", "on")


def words(name, default=""):
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


DEBUG = False
IS_DEMO = flag("WHITELIST_DEMO")
SECRET_KEY = required("SECRET_KEY")
SIGNING_KEY = required("SIGNING_KEY")
ALLOWED_HOSTS = words("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]" if IS_DEMO else "")
CSRF_TRUSTED_ORIGINS = words("CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "pgtrigger",
    "rest_framework",
    "whitelist.core",
    "whitelist.accounts",
    "whitelist.audit",
    "whitelist.delivery",
    "whitelist.sheets",
    "enterprises",
    "logistics",
    "alerts",
]

MIDDLEWARE = [
    "whitelist.core.requests.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "whitelist.accounts.middleware.ChosenPasswordMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "whitelist.core.requests.RefusalMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "whitelist.urls"
WSGI_APPLICATION = "whitelist.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["django.template.loaders.filesystem.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "alerts.board.frame.frame",
            ],
            "builtins": ["whitelist.core.templatetags.face", "django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]

# Rows are read from memory or a solid-state disk; pages ask for so little that neither workers nor compilation pay.
ROLE_OPTIONS = {
    "web": "-c statement_timeout=15000 -c lock_timeout=5000 -c idle_in_transaction_session_timeout=60000 "
    "-c jit=off -c random_page_cost=1.1 -c parallel_setup_cost=10000",
    "worker": "-c statement_timeout=300000 -c random_page_cost=1.1",
    "manage": "",
}
DATABASES = {
    "default": {
        **dj_database_url.parse(required("DATABASE_URL"), conn_max_age=600, conn_health_checks=True),
        "ATOMIC_REQUESTS": True,
    }
}
DATABASES["default"].setdefault("OPTIONS", {}).update(
    options=ROLE_OPTIONS[os.environ.get("WHITELIST_ROLE", "manage")],
    prepare_threshold=0,  # statements of `core.compiled` at once; Django's own cursors never prepare
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = required("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "whitelist.core.cache.ForgivingCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "wl",
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
    }
}

COUNTS_KEPT_SECONDS = 30  # open counts in the frame, and the board's days that are over

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "whitelist.accounts.backend.PasswordBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL, LOGIN_REDIRECT_URL, LOGOUT_REDIRECT_URL = "sign-in", "home", "sign-in"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_RESET_ON_SUCCESS = True
AXES_HTTP_RESPONSE_CODE = 429
AXES_LOCKOUT_CALLABLE = "whitelist.accounts.pages.locked_out"
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_CLIENT_IP_CALLABLE = "whitelist.core.requests.client_address"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
SIGN_INS_PER_ADDRESS_AND_MINUTE = 20
# W006 wants locks by address. A whole office stands behind one address, so five wrong passwords of one person would
# lock out everybody there; and a lock by name is not evaded by another address, agent or cookie. Addresses have a limit
# of their own, SIGN_INS_PER_ADDRESS_AND_MINUTE.
SILENCED_SYSTEM_CHECKS = ["axes.W006"]

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_USE_SESSIONS = True
BEHIND_TLS = not IS_DEMO
PROXIES_IN_FRONT = 1 if BEHIND_TLS else 0
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = BEHIND_TLS
SESSION_COOKIE_NAME = "__Host-sid" if BEHIND_TLS else "sid"
SECURE_SSL_REDIRECT = BEHIND_TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31536000 if BEHIND_TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = BEHIND_TLS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}

LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LANGUAGE_CODE = "en"
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("STATIC_ROOT", BASE_DIR / "staticfiles"))
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = IS_DEMO
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if IS_DEMO
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

API_REQUESTS_PER_MINUTE, API_REQUESTS_PER_MINUTE_UNKNOWN = 1200, 120

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "whitelist.accounts.backend.TokenAuthentication",
        "whitelist.accounts.backend.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["whitelist.core.parsing.PlainJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "whitelist.core.schema.EndpointSchema",
    "DEFAULT_THROTTLE_CLASSES": ["whitelist.core.throttling.ApiThrottle"],
    "EXCEPTION_HANDLER": "whitelist.core.api.handle",
    "COERCE_DECIMAL_TO_STRING": True,
    "STRICT_JSON": True,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
ANSWER_STORE = "whitelist.delivery.answers"
EXPORT_RECORDER = "whitelist.audit.services.record_export"
CLOSING_FACTS = ["enterprises.resumption.closing.resumption_of_list"]
ADJUSTMENT_FINDERS = {
    "resumed": "enterprises.resumption.adjusting.resumed",
    "silent": "enterprises.resumption.adjusting.silent",
    "retired": "enterprises.whitelists.adjustments.finders.retired",
    "supplier_in_red": "alerts.warnings.unlisted.suppliers_in_red",
}
ADJUSTMENT_ASKER = "enterprises.resumption.adjusting.ask"
READY_FACTS = ["whitelist.delivery.services.outbox_facts", "alerts.warnings.services.run_facts"]
SPECTACULAR_SETTINGS = {
    "TITLE": "White list",
    "DESCRIPTION": "White lists of key enterprises, their daily reports, and the warnings that follow from them.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "whitelist.core.schema.add_problems",
    ],
    "ENUM_NAME_OVERRIDES": {
        "BatchStatusEnum": "enterprises.whitelists.words.BatchStatus",
        "ChainEnum": "enterprises.register.words.Chain",
        "DismissReasonEnum": "enterprises.whitelists.adjustments.words.DismissReason",
        "DivisionLevelEnum": "whitelist.accounts.words.Level",
        "DutyEnum": "whitelist.accounts.words.Duty",
        "FieldEnum": "enterprises.register.words.Field",
        "ImportStateEnum": "whitelist.sheets.models.ImportState",
        "LineActionEnum": "enterprises.whitelists.words.Action",
        "LineReasonEnum": "enterprises.whitelists.words.Reason",
        "ListKindEnum": "enterprises.whitelists.words.ListKind",
        "OfficeKindEnum": "whitelist.accounts.words.OfficeKind",
        "ProductionStateEnum": "enterprises.resumption.words.State",
        "RejectReasonEnum": "enterprises.whitelists.words.RejectReason",
        "RetireReasonEnum": "enterprises.register.words.RetireReason",
        "ReturnReasonEnum": "enterprises.whitelists.words.ReturnReason",
        "RunStateEnum": "alerts.warnings.models.WarningRun.RunState",
        "StandingEnum": "enterprises.register.words.Standing",
        "WarningLevelEnum": "alerts.warnings.models.Level",
    },
}

SHEET_KINDS = {
    "enterprises": "enterprises.register.sheet.EnterpriseSheet",
    "daily-reports": "enterprises.resumption.workbooks.sheet.DailyReportSheet",
    "stock-lines": "enterprises.resumption.workbooks.stock_sheet.StockLineSheet",
    "materials": "enterprises.register.materials.sheet.MaterialSheet",
    "supply-links": "enterprises.register.supply.sheet.SupplyLinkSheet",
    "batch-lines": "enterprises.whitelists.sheet.BatchLineSheet",
}
IMPORT_MAX_BYTES = 20 * 1024 * 1024

CELERY_BROKER_URL = (
    REDIS_URL.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")
    if REDIS_URL.startswith("unix:")
    else REDIS_URL
)
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_ENABLE_UTC = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_SOFT_TIME_LIMIT = 540
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 1200,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 2,
    "max_retries": 1,
}
CELERY_BEAT_SCHEDULE = {
    "run yesterday's warnings": {"task": "alerts.run_missing", "schedule": crontab(hour=12, minute=30)},
    "make good a missed run": {"task": "alerts.run_missing", "schedule": crontab(minute="*/5")},
    "have the board's days at hand": {"task": "alerts.keep_board_warm", "schedule": crontab(minute="4-59/10")},
    "freeze who owes a report": {"task": "enterprises.freeze_due", "schedule": crontab(minute="*/10")},
    "look at the outbox": {"task": "delivery.relay", "schedule": 10.0},
    "write down lapsed recognitions": {
        "task": "enterprises.lapse_recognitions",
        "schedule": crontab(hour=0, minute=5),
    },
    "leave reports of closed lists": {
        "task": "enterprises.leave_closing_reports",
        "schedule": crontab(hour=0, minute=20),
    },
    "let unreviewed batches climb": {"task": "enterprises.tell_climbed", "schedule": crontab(hour=0, minute=30)},
    "propose adjustments of lists": {
        "task": "enterprises.propose_adjustments",
        "schedule": crontab(minute=40, hour="12-23"),
    },
    "forget old answers": {"task": "delivery.forget_old", "schedule": crontab(hour=3, minute=40)},
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("LOG_LEVEL", "INFO")},
    "loggers": {"axes": {"level": "WARNING"}, "django.request": {"level": "ERROR"}},
}
