"""Spans of OpenTelemetry: one for each operation, under the one that is current."""

import asyncio

import pytest
from conftest import run
from libkv.exceptions import HttpResponseError, NotFoundError
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode
from test_aio import client_of

SLOW = {"operation": "get_secret", "delay_ms": 20_000}


@pytest.fixture(scope="module")
def exporter():
    """The process's one exporter: a provider can be set but once."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    return exporter


@pytest.fixture
def spans(exporter):
    exporter.clear()
    return exporter.get_finished_spans


def test_a_call_has_a_span_under_the_current_one(client, spans):
    with trace.get_tracer("program").start_as_current_span("work") as work:
        client.get_secret("db")
    span, _ = spans()
    assert (span.name, span.kind, span.status.status_code) == (
        "SecretClient.get_secret",
        SpanKind.CLIENT,
        StatusCode.UNSET,
    )
    assert span.parent.span_id == work.get_span_context().span_id
    assert dict(span.attributes) == {"az.namespace": "Microsoft.KeyVault"}
    assert span.instrumentation_scope.name == "libkv"


def test_an_error_is_recorded_with_its_kind(client, spans):
    with pytest.raises(NotFoundError) as raised:
        client.get_secret("unknown")
    (span,) = spans()
    assert span.attributes["error.type"] == "not_found"
    assert (span.status.status_code, span.status.description) == (StatusCode.ERROR, str(raised.value))


def test_each_page_of_a_list_and_each_beginning_has_a_span(vault, client, spans):
    vault.reset(secrets=[{"name": name, "value": ""} for name in "abc"])
    list(client.list_properties_of_secrets(max_page_size=2))
    client.begin_delete_secret("a").wait()
    assert [span.name.partition(".")[2] for span in spans()] == [
        *["list_properties_of_secrets"] * 2,
        "begin_delete_secret",
    ]


def test_many_secrets_are_one_operation(vault, client, spans):
    vault.reset(secrets=[{"name": name, "value": ""} for name in "abc"])
    list(client.get_secrets())
    with client.set_secrets({"a": "1", "b": "2"}, concurrency=1) as results:
        next(results)

    async def read():
        return [result async for result in client_of(vault).get_secrets()]

    asyncio.run(read())
    vault.change(faults=[{"operation": "list_properties_of_secrets", "status": 403}])
    with pytest.raises(HttpResponseError):
        list(client.get_secrets())
    assert [(span.name.partition(".")[2], span.status.status_code) for span in spans()] == [
        ("get_secrets", StatusCode.UNSET),
        ("set_secrets", StatusCode.UNSET),
        ("get_secrets", StatusCode.UNSET),
        ("get_secrets", StatusCode.ERROR),
    ]


def test_awaited_calls_have_spans_under_their_tasks(vault, spans):
    client = client_of(vault)

    async def work(name):
        with trace.get_tracer("program").start_as_current_span(name) as span:
            await client.get_secret("db")
            return span.get_span_context().span_id

    async def both():
        return await asyncio.gather(work("one"), work("two"))

    parents = asyncio.run(both())
    assert sorted(parents) == sorted(span.parent.span_id for span in spans() if span.name == "SecretClient.get_secret")


def test_a_cancelled_call_ends_its_span_with_an_error(vault, spans):
    vault.change(faults=[SLOW])
    client = client_of(vault)

    async def give_up():
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(client.get_secret("db"), 0.2)

    asyncio.run(give_up())
    (span,) = spans()
    assert (span.attributes["error.type"], span.status.status_code) == ("CancelledError", StatusCode.ERROR)


def test_no_span_holds_a_value_or_a_name(client, spans):
    client.set_secret("db-password", "p4ssw0rd", tags={"owner": "t4gged"})
    (span,) = spans()
    assert [word for word in ("p4ssw0rd", "t4gged", "db-password") if word in span.to_json()] == []


def test_a_tracer_that_fails_is_not_the_calls_failure(client, spans, monkeypatch):
    from libkv import _tracing

    unraisable = []
    monkeypatch.setattr("sys.unraisablehook", unraisable.append)
    monkeypatch.setattr(_tracing._tracer, "start_span", lambda *_, **__: 1 / 0)
    assert client.get_secret("db").value == "s3cr3t"
    assert {type(each.exc_value) for each in unraisable} == {ZeroDivisionError}


def test_a_program_that_does_not_trace_imports_nothing_for_it(vault):
    script = """
import sys, libkv
client = libkv.SecretClient(sys.argv[1], libkv.StaticTokenCredential(sys.argv[3]), ca_file=sys.argv[2])
print(client.get_secret("db").value, any("opentelemetry" in name or "tracing" in name for name in sys.modules))
"""
    assert run(script, vault.url, vault.ca_file, vault.token) == ["s3cr3t", "False"]
