"""Spans of OpenTelemetry. Imported only by programs that have imported its API."""

from __future__ import annotations

from opentelemetry.trace import Span, SpanKind, Status, StatusCode, get_tracer

from ._libkv import __version__

_tracer = get_tracer("libkv", __version__)
_ATTRIBUTES = {"az.namespace": "Microsoft.KeyVault"}


def begin(operation: str) -> Span | None:
    """Begins an operation's span under the current one; gives `None` where nothing records it."""
    span = _tracer.start_span(f"SecretClient.{operation}", kind=SpanKind.CLIENT, attributes=_ATTRIBUTES)
    return span if span.is_recording() else None


def end(span: Span, error: BaseException | None) -> None:
    """Ends a span unless it has ended, with the kind of error and its words, which hold no values."""
    if not span.is_recording():
        return
    if error is not None:
        span.set_attribute("error.type", getattr(error, "kind", type(error).__qualname__))
        span.set_status(Status(StatusCode.ERROR, str(error)))
    span.end()
