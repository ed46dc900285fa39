import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "whitelist.settings.base")
os.environ.setdefault("WHITELIST_ROLE", "web")

application = get_wsgi_application()
