"""The logger `libkv`. Imported only by programs that log."""

from __future__ import annotations

import atexit
import logging

from ._libkv import _flush_log

_logger = logging.getLogger("libkv")
# Without a handler of its own, warnings of a program that has set up none would go to stderr.
_logger.addHandler(logging.NullHandler())

effective_level = _logger.getEffectiveLevel
atexit.register(_flush_log)


def emit(time: float, level: int, event: str, message: str, fields: dict[str, str | int]) -> None:
    """Logs what happened at `time`; the record has the kind of event and its fields as `event` and `fields`."""
    if not _logger.isEnabledFor(level):
        return
    text = ", ".join(f"{name}={value}" for name, value in fields.items())
    extra = {"event": event, "fields": fields}
    record = _logger.makeRecord("libkv", level, "libkv", 0, f"{message} (%s)", (text,), None, None, extra)
    record.created = time
    record.msecs = time % 1 * 1000
    _logger.handle(record)
