"""Tags and filters of the kit; built in, so that templates need not load them."""

from django import template

register = template.Library()
