"""Keeping the house running: the web server, the worker, the clock. One process for the demo, three in production."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import OperationalError, close_old_connections, connection

from qianan.clock import CLOCK, Line
from qianan.doors.kit.now import now
from qianan.ground.trail import delivery

log = logging.getLogger(__name__)

IDLE = 0.5
"""Seconds a worker rests when nothing is due."""


class Timetable:
    """Which lines of clock.py are due. Every line runs once at the start: all are safe to run twice."""

    def __init__(self, lines: tuple[Line, ...] = CLOCK) -> None:
        self.lines = lines
        self.last: dict[str, datetime] = {}

    def is_due(self, line: Line, at: datetime) -> bool:
        last = self.last.get(line.name)
        if last is None:
            return True
        if line.every:
            return at - last >= timedelta(seconds=line.every)
        zone = ZoneInfo(settings.TIME_ZONE)
        local = at.astimezone(zone)
        if line.at is None:
            raise ValueError(f"{line.name}: neither every nor at")
        strikes = local.replace(hour=line.at.hour, minute=line.at.minute, second=line.at.second, microsecond=0)
        return local >= strikes > last.astimezone(zone)

    def strike(self, at: datetime) -> list[str]:
        """Do what is due at this hour; a line that fails is logged and tried again at its next turn."""
        done = []
        for line in self.lines:
            if not self.is_due(line, at):
                continue
            self.last[line.name] = at
            try:
                line.do(at)
            except OperationalError as busy:
                log.warning("%s: %s", line.name, busy)
            except Exception:
                log.exception("%s failed", line.name)
            done.append(line.name)
        return done


def keep_working(stop: threading.Event) -> None:
    """Serve tickets until told to stop."""
    while not stop.is_set():
        try:
            close_old_connections()
            taken = delivery.work(now())
        except OperationalError as busy:
            log.warning("worker: %s", busy)
            taken = 0
        except Exception:
            log.exception("worker")
            taken = 0
        if not taken:
            stop.wait(IDLE)
    connection.close()


def keep_time(stop: threading.Event) -> None:
    """Follow the timetable until told to stop; lines that stand apart have threads of their own."""
    apart = [threading.Thread(target=_follow, args=((line,), stop), daemon=True) for line in CLOCK if line.apart]
    for thread in apart:
        thread.start()
    _follow(tuple(line for line in CLOCK if not line.apart), stop)
    for thread in apart:
        thread.join(5)


def _follow(lines: tuple[Line, ...], stop: threading.Event) -> None:
    timetable = Timetable(lines)
    while not stop.is_set():
        close_old_connections()
        timetable.strike(now())
        stop.wait(1)
    connection.close()


class Company:
    """Threads that start and end together."""

    def __init__(self, *tasks: Callable[[threading.Event], None]) -> None:
        self.stop = threading.Event()
        self.threads = [
            threading.Thread(target=task, args=(self.stop,), name=task.__name__, daemon=True) for task in tasks
        ]

    def __enter__(self) -> "Company":
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *failure: object) -> None:
        self.stop.set()
        ends = time.monotonic() + 10
        for thread in self.threads:
            thread.join(max(0.1, ends - time.monotonic()))


def serve_web(host: str, port: int, threads: int = 8, ready: Callable[[], None] = lambda: None) -> None:
    """Serve until Ctrl-C or TERM. Raises OSError when the port is taken."""
    from waitress.server import create_server

    from qianan.wsgi import application

    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    server = create_server(
        application,
        host=host,
        port=port,
        threads=threads,
        ident="qianan",
        max_request_body_size=settings.DATA_UPLOAD_MAX_MEMORY_SIZE + (1 << 20),
        channel_timeout=60,
    )
    ready()
    try:
        server.run()
    except (KeyboardInterrupt, SystemExit):
        pass
    finally:
        server.close()
