"""The embedded default and the demo: one machine, no services, words of what would be sent on the console."""

from qianan.settings.base import *

DEBUG = False
QIANAN_WIRE = os.environ.get("QIANAN_WIRE", "console")
