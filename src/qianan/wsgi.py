"""The WSGI application, served by waitress (or gunicorn behind a buffering proxy)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qianan.settings.prod")
application = get_wsgi_application()
