"""When the house opens: the tables hang on the wall, the rules of the schema are checked."""

from django.apps import AppConfig


class QiananConfig(AppConfig):
    name = "qianan"
    verbose_name = "Qianan"

    def ready(self) -> None:
        from qianan.ground.trail import delivery
        from qianan.tables import checks  # noqa: F401  registers the system checks
        from qianan.wiring import WIRING

        delivery.use(WIRING)
