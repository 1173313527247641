"""What can go wrong, one class per kind of error.

Every exception here is a `KeyVaultError`. Code written for `azure.core.exceptions` finds its names here as the bases of
libkv's own, more precise classes: a `SoftDeletedError` is a `ResourceExistsError`, a `ThrottledError` is an
`HttpResponseError`.

    >>> from libkv.exceptions import NotFoundError, ResourceNotFoundError
    >>> try:
    ...     client.get_secret("nothing")
    ... except ResourceNotFoundError as error:
    ...     print(type(error) is NotFoundError, error.kind, error.status_code, error.error.code)
    True not_found 404 SecretNotFound
"""

from __future__ import annotations

import builtins

TYPE_CHECKING = False  # Importing `typing` for it would take longer than the rest of libkv.
if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType
    from typing import Any, NoReturn


class KeyVaultError(Exception):
    """A failed call.

    Attributes:
        kind: What went wrong, to branch on; the same word in every language, such as `"not_found"`.
        message: What happened, for a person. Never holds a secret or a token.
        status: The HTTP status of the vault's answer.
        code: The service's `error.code`, such as `"Forbidden"`.
        inner_code: The service's `error.innererror.code`, such as `"ForbiddenByRbac"`.
        request_id: The service's `x-ms-request-id`, for a support case.
        retry_after: How long to wait before another try, in seconds.
        attempts: How often the request was tried; 0 when nothing was tried.
        elapsed: How long the call took, in seconds.
        advice: The next step for a person.
    """

    kind: str = "internal"
    continuation_token: str | None = None
    """Always `None`: a page that failed is asked for again by the same iterator."""

    def __init__(
        self,
        message: str = "",
        *,
        error: BaseException | None = None,
        status: int | None = None,
        code: str | None = None,
        inner_code: str | None = None,
        request_id: str | None = None,
        retry_after: float | None = None,
        attempts: int = 0,
        elapsed: float = 0.0,
        advice: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.code = code
        self.inner_code = inner_code
        self.request_id = request_id
        self.retry_after = retry_after
        self.attempts = attempts
        self.elapsed = elapsed
        self.advice = advice
        if error is not None:
            self.__cause__: BaseException | None = error

    def __str__(self) -> str:
        return f"{self.message} ({self.advice})" if self.advice else self.message

    @property
    def inner_exception(self) -> BaseException | None:
        """What a credential raised, as `__cause__`; it can be given to a test double as the argument `error`."""
        return self.__cause__

    @property
    def exc_value(self) -> BaseException | None:
        """The exception that led to this one: its `__cause__`, or else what was being handled."""
        return self.__cause__ or self.__context__

    @property
    def exc_type(self) -> type[BaseException] | type[None]:
        """The class of `exc_value`."""
        return type(self.exc_value)

    @property
    def exc_traceback(self) -> TracebackType | None:
        """The traceback of `exc_value`."""
        return self.exc_value.__traceback__ if self.exc_value else None

    @property
    def exc_msg(self) -> str:
        """The message with `exc_type` and `exc_value`."""
        return f"{self.message}, {self.exc_type.__name__}: {self.exc_value}"

    def raise_with_traceback(self) -> NoReturn:
        """Raises this error with the traceback of `exc_value`. Python's own `raise ... from` does better."""
        raise self.with_traceback(self.exc_traceback)


AzureError = KeyVaultError
"""The official clients' name for the root of all errors."""


class ODataV4Format:
    """The service's own words about an error, as `HttpResponseError.error` gives them.

    Args:
        json_object: What the service answered, such as `{"error": {"code": "Forbidden"}}`, or the inner object alone.

    Attributes:
        code: The service's code, such as `"Forbidden"`.
        message: What happened, for a person.
        target: What the error is about. The service names none for secrets.
        details: More errors of the same form. The service names none for secrets.
        innererror: The service's inner code, as `{"code": "ForbiddenByRbac"}`; empty where there is none.
    """

    def __init__(self, json_object: Mapping[str, Any]) -> None:
        given = json_object.get("error", json_object)
        self.code: str | None = given.get("code")
        self.message: str | None = given.get("message")
        self.target: str | None = given.get("target")
        self.details: list[ODataV4Format] = [type(self)(detail) for detail in given.get("details") or ()]
        self.innererror: Mapping[str, Any] = given.get("innererror") or {}

    def message_details(self) -> str:
        """Returns all of it as text, a line for each part."""
        parts = {"Code": self.code, "Message": self.message, "Target": self.target, "Inner error": self.innererror}
        lines = [f"{name}: {part}" for name, part in parts.items() if part]
        return "\n".join([*lines, *map(str, self.details)])

    def __str__(self) -> str:
        return f"({self.code}) {self.message}\n{self.message_details()}"


class Response:
    """What is kept of an answer, under the names of azure-core.

    Attributes:
        status_code: The HTTP status.
        reason: The words that belong to it.
        headers: `x-ms-request-id` and `Retry-After`, those of them that the answer had.
    """

    def __init__(self, status_code: int, reason: str | None, headers: Mapping[str, str]) -> None:
        self.status_code = status_code
        self.reason = reason
        self.headers = headers


class HttpResponseError(KeyVaultError):
    """The vault answered, and refused or failed.

    A test double can be made from any `response` that has a `status_code`.
    """

    model: None = None
    """Always `None`: `error` has what the service answered."""

    def __init__(self, message: str | None = None, response: Any = None, **record: Any) -> None:
        if response is not None:
            record.setdefault("status", response.status_code)
        super().__init__(message or "", **record)

    @property
    def status_code(self) -> int | None:
        """The HTTP status of the vault's answer, as `status`."""
        return self.status

    @property
    def reason(self) -> str | None:
        """The words that belong to the HTTP status, such as `"Not Found"`."""
        from http.client import responses

        return responses.get(self.status) if self.status else None

    @property
    def response(self) -> Response | None:
        """The status, `x-ms-request-id` and `Retry-After` of the vault's answer; `None` where it gave none."""
        if self.status is None:
            return None
        seconds = None if self.retry_after is None else f"{self.retry_after:g}"
        headers = {"x-ms-request-id": self.request_id, "Retry-After": seconds}
        return Response(self.status, self.reason, {name: text for name, text in headers.items() if text is not None})

    @property
    def error(self) -> ODataV4Format | None:
        """The service's code and inner code; `None` where the answer had no code."""
        if self.code is None:
            return None
        inner = {"code": self.inner_code} if self.inner_code else {}
        return ODataV4Format({"code": self.code, "message": self.message, "innererror": inner})


class ClientAuthenticationError(HttpResponseError):
    """No token could be had, or the vault did not accept it."""


class DecodeError(HttpResponseError):
    """The vault's answer could not be read."""


class ResourceExistsError(HttpResponseError):
    """The name is taken, or another operation on it has not finished."""


class ResourceNotFoundError(HttpResponseError):
    """What was asked for is not there."""


class ServiceRequestError(KeyVaultError):
    """The request did not reach the vault."""


class ServiceResponseError(KeyVaultError):
    """The request went out, and no whole answer came back."""


class ServiceRequestTimeoutError(ServiceRequestError):
    """The request did not reach the vault in time."""


class ServiceResponseTimeoutError(ServiceResponseError):
    """The request went out, and the answer did not come in time."""


class IncompleteReadError(DecodeError):
    """Never raised, and here, as the next nine, for code that catches it: a `ProtocolError` is raised instead."""


class ODataV4Error(HttpResponseError):
    """Never raised: `HttpResponseError` has the service's code."""


class ResourceModifiedError(HttpResponseError):
    """Never raised: secrets have no conditional requests."""


class ResourceNotModifiedError(HttpResponseError):
    """Never raised: secrets have no conditional requests."""


class TooManyRedirectsError(HttpResponseError):
    """Never raised: no redirect is followed."""


class ResponseNotReadError(KeyVaultError):
    """Never raised: answers are read as a whole."""


class StreamClosedError(KeyVaultError):
    """Never raised: answers are read as a whole."""


class StreamConsumedError(KeyVaultError):
    """Never raised: answers are read as a whole."""


class SerializationError(KeyVaultError, ValueError):
    """Never raised: an argument that cannot be sent is an `InvalidArgumentError`."""


class DeserializationError(KeyVaultError, ValueError):
    """Never raised: an answer that cannot be read is a `ProtocolError`."""


class InvalidArgumentError(KeyVaultError, ValueError):
    """An argument of the call breaks a rule; nothing was sent."""

    kind = "invalid_argument"


class InvalidConfigError(KeyVaultError, ValueError):
    """A client option is unknown, malformed or out of range, or the vault URL is not acceptable."""

    kind = "invalid_config"


class InvalidStateError(KeyVaultError, RuntimeError):
    """The object cannot be used in this way at this moment, such as a closed client."""

    kind = "invalid_state"


class AuthenticationError(ClientAuthenticationError):
    """No token could be had, or the vault did not accept it (401)."""

    kind = "authentication"


class ForbiddenError(HttpResponseError):
    """An access policy, a role assignment, the firewall or the vault's protection refused the call (403)."""

    kind = "forbidden"


class SecretDisabledError(HttpResponseError):
    """The secret version is disabled and cannot be read (403)."""

    kind = "secret_disabled"


class ManagedSecretError(HttpResponseError):
    """The secret belongs to a certificate and only the certificate can change it (403)."""

    kind = "managed_secret"


class NotFoundError(ResourceNotFoundError):
    """No such secret, version or deleted secret (404)."""

    kind = "not_found"


class AlreadyExistsError(ResourceExistsError):
    """A restore met a name that is in use (409)."""

    kind = "already_exists"


class SoftDeletedError(ResourceExistsError):
    """The name is held by a soft-deleted secret (409)."""

    kind = "soft_deleted"


class BeingDeletedError(ResourceExistsError):
    """The name is held by a secret whose deletion or purge has not finished (409)."""

    kind = "being_deleted"


class BeingRecoveredError(ResourceExistsError):
    """The name is held by a secret whose recovery has not finished (409)."""

    kind = "being_recovered"


class ConflictError(ResourceExistsError):
    """Another conflict, such as two recoveries at once (409)."""

    kind = "conflict"


class ThrottledError(HttpResponseError):
    """The vault refused for its request rate until the deadline (429)."""

    kind = "throttled"


class UnavailableError(HttpResponseError):
    """The vault failed or was unavailable (408, 500, 502, 503, 504) until attempts or time ran out."""

    kind = "unavailable"


class NetworkError(ServiceRequestError, ServiceResponseError):
    """The vault could not be reached, or the connection broke."""

    kind = "network"


class TimeoutError(ServiceRequestTimeoutError, ServiceResponseTimeoutError, builtins.TimeoutError):  # noqa: A001
    """The deadline passed; nothing that was sent could have changed the vault."""

    kind = "timeout"


class CancelledError(KeyVaultError):
    """The caller gave the call up."""

    kind = "cancelled"


class OutcomeUnknownError(ServiceResponseError):
    """A write may or may not have been applied, and looking it up was not possible."""

    kind = "outcome_unknown"


class ProtocolError(DecodeError):
    """The vault answered something that Key Vault does not answer."""

    kind = "protocol"


class UnsupportedError(KeyVaultError, NotImplementedError):
    """The vault or this build does not support the request."""

    kind = "unsupported"


class InternalError(KeyVaultError):
    """A defect of libkv."""

    kind = "internal"


BY_KIND: dict[str, type[KeyVaultError]] = {
    value.kind: value
    for value in list(globals().values())
    if isinstance(value, type) and issubclass(value, KeyVaultError) and "kind" in vars(value)
    if value is not KeyVaultError
}
"""The class of each kind of error."""
