"""Bytes on the disk, by their hash: MEDIA_ROOT/<first two digits>/<sha256>, the small copy beside it.

A file is there whole or not at all: written under another name, pushed to the disk, then renamed.
"""

import errno
import os
import secrets
from contextlib import suppress
from pathlib import Path

from django.conf import settings

from qianan.kernel.problems import NotFound, Unavailable

FULL, THUMB = "full", "thumb"
_FULL_DISK = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EFBIG))


def path_of(sha256: str, size: str = FULL) -> Path:
    name = sha256 if size == FULL else f"{sha256}.thumb"
    return Path(settings.MEDIA_ROOT) / sha256[:2] / name


def put(sha256: str, data: bytes, thumb: bytes) -> None:
    """Keep the bytes and their small copy; what is there already stays.

    Raises Unavailable: `disk_full`, `storage_failed`; nothing is half-kept then.
    """
    wanted = [(path_of(sha256, THUMB), thumb), (path_of(sha256), data)]
    written: list[Path] = []
    try:
        for path, body in wanted:
            if body and not (path.exists() and path.stat().st_size == len(body)):
                _write(path, body)
                written.append(path)
    except OSError as error:
        for path in written:
            with suppress(OSError):
                path.unlink()
        raise Unavailable("disk_full" if error.errno in _FULL_DISK else "storage_failed") from error


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with part.open("xb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        part.replace(path)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """The rename itself reaches the disk with its folder."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def get(sha256: str, size: str = FULL) -> bytes:
    """The bytes. Raises NotFound("no_file"), Unavailable("storage_failed")."""
    try:
        return path_of(sha256, size).read_bytes()
    except FileNotFoundError as error:
        raise NotFound("no_file", sha256=sha256) from error
    except OSError as error:
        raise Unavailable("storage_failed") from error
