"""The exceptions: their tree, their record, and how they travel."""

import builtins
import copy
import pickle
from types import SimpleNamespace

import libkv
import pytest
from libkv import exceptions
from libkv._libkv import ERROR_KINDS
from libkv.exceptions import BY_KIND, KeyVaultError

RECORD = {
    "status": 403,
    "code": "Forbidden",
    "inner_code": "ForbiddenByRbac",
    "request_id": "0b6e",
    "retry_after": 1.5,
    "attempts": 3,
    "elapsed": 0.25,
    "advice": "assign the role",
}


def test_every_kind_has_its_class_and_no_other():
    assert sorted(BY_KIND) == sorted(ERROR_KINDS)
    for kind, cls in BY_KIND.items():
        assert cls.__name__ == "".join(word.title() for word in kind.split("_")) + "Error"
        assert getattr(exceptions, cls.__name__) is cls
        assert cls.__doc__


@pytest.mark.parametrize(
    ("base", "kinds"),
    [
        (exceptions.ClientAuthenticationError, {"authentication"}),
        (exceptions.ResourceNotFoundError, {"not_found"}),
        (
            exceptions.ResourceExistsError,
            {"already_exists", "soft_deleted", "being_deleted", "being_recovered", "conflict"},
        ),
        (
            exceptions.HttpResponseError,
            {
                "authentication",
                "not_found",
                "already_exists",
                "soft_deleted",
                "being_deleted",
                "being_recovered",
            }
            | {
                "conflict",
                "forbidden",
                "secret_disabled",
                "managed_secret",
                "throttled",
                "unavailable",
                "protocol",
            },
        ),
        (exceptions.ServiceRequestError, {"network", "timeout"}),
        (exceptions.ServiceResponseError, {"network", "timeout", "outcome_unknown"}),
        (builtins.TimeoutError, {"timeout"}),
        (ValueError, {"invalid_argument", "invalid_config"}),
        (exceptions.AzureError, set(ERROR_KINDS)),
    ],
)
def test_code_that_catches_the_official_names_works(base, kinds):
    assert {kind for kind, cls in BY_KIND.items() if issubclass(cls, base)} == kinds


@pytest.mark.parametrize("cls", [KeyVaultError, exceptions.HttpResponseError, *BY_KIND.values()])
@pytest.mark.parametrize("travel", [copy.copy, lambda error: pickle.loads(pickle.dumps(error))])
def test_errors_survive_pickle_and_copy(cls, travel):
    error = cls("refused", **RECORD)
    arrived = travel(error)
    assert type(arrived) is cls
    assert vars(arrived) == vars(error) == {"message": "refused", **RECORD}
    assert str(arrived) == str(error) == "refused (assign the role)"
    assert arrived.args == ("refused",)


@pytest.mark.parametrize("cls", list(BY_KIND.values()))
def test_an_error_can_be_made_by_a_test_double(cls):
    error = cls("gone")
    assert (str(error), error.status, error.attempts, error.advice) == ("gone", None, 0, None)
    assert cls().message == ""


def test_the_official_fields_are_there():
    error = exceptions.ForbiddenError("refused", **RECORD)
    assert (error.status_code, error.reason) == (403, "Forbidden")
    assert (error.error.code, error.error.message) == ("Forbidden", "refused")
    assert error.error.innererror["code"] == "ForbiddenByRbac"
    without = exceptions.AuthenticationError("no token")
    assert (without.status_code, without.reason, without.error) == (None, None, None)


def test_the_official_response_is_what_was_kept_of_it():
    response = exceptions.ThrottledError("slow", status=429, request_id="0b6e", retry_after=1.5).response
    assert (response.status_code, response.reason) == (429, "Too Many Requests")
    assert response.headers == {"x-ms-request-id": "0b6e", "Retry-After": "1.5"}
    assert exceptions.ForbiddenError("no", status=403).response.headers == {}
    assert exceptions.AuthenticationError("no token").response is None


def test_a_test_double_is_made_with_the_official_arguments():
    cause = KeyError("k")
    error = exceptions.ServiceRequestError(message="gone", error=cause)
    assert (error.inner_exception, error.exc_type, error.exc_value) == (cause, KeyError, cause)
    assert (error.exc_msg, error.exc_traceback, error.continuation_token) == ("gone, KeyError: 'k'", None, None)
    refused = exceptions.ResourceNotFoundError(response=SimpleNamespace(status_code=404, reason="Not Found"))
    assert (refused.status_code, refused.reason, refused.model, refused.message) == (404, "Not Found", None, "")


def test_the_exception_that_led_to_an_error_is_told():
    with pytest.raises(KeyError) as led:
        raise KeyError("k")
    error = exceptions.KeyVaultError("gone", error=led.value)
    with pytest.raises(exceptions.KeyVaultError) as caught:
        error.raise_with_traceback()
    assert caught.value is error
    assert led.tb in (caught.tb, caught.tb.tb_next, caught.tb.tb_next.tb_next)


def test_the_services_words_come_apart():
    detail = {"code": "Inner", "message": "deeper"}
    words = {"code": "Outer", "message": "m", "target": "t", "details": [detail], "innererror": {"code": "i"}}
    error = exceptions.ODataV4Format({"error": words})
    assert (error.code, error.message, error.target, error.innererror) == ("Outer", "m", "t", {"code": "i"})
    assert [(one.code, one.message) for one in error.details] == [("Inner", "deeper")]
    assert str(error).startswith("(Outer) m\nCode: Outer\nMessage: m\nTarget: t\n")
    assert "(Inner) deeper" in error.message_details()


def test_a_failed_call_carries_its_record(vault, client):
    client.begin_delete_secret("db").wait()
    with pytest.raises(exceptions.SoftDeletedError) as caught:
        client.set_secret("db", "hunter2")
    error = caught.value
    assert (error.kind, error.status, error.code) == ("soft_deleted", 409, "Conflict")
    assert error.inner_code == "ObjectIsDeletedButRecoverable"
    assert error.attempts == 1
    assert error.elapsed > 0
    assert error.request_id
    assert error.retry_after is None
    assert "begin_recover_deleted_secret" in error.advice
    assert error.advice in str(error)
    assert "hunter2" not in repr(vars(error))
    assert (error.__context__, error.__cause__, error.__suppress_context__) == (None, None, False)


def test_a_missing_secret_is_caught_as_before(client):
    with pytest.raises(exceptions.ResourceNotFoundError) as caught:
        client.get_secret("nothing")
    assert caught.value.error.code == "SecretNotFound"


def test_a_deadline_is_a_builtin_timeout(vault, client):
    vault.change(faults=[{"operation": "get_secret", "delay_ms": 20_000}])
    with pytest.raises(builtins.TimeoutError) as caught:
        client.get_secret("db", timeout=0.2)
    assert isinstance(caught.value, KeyVaultError)
    assert caught.value.elapsed < 2


def test_an_unreachable_vault_is_a_service_request_error():
    client = libkv.SecretClient("https://localhost:1", libkv.StaticTokenCredential("token"), retry_max_attempts=1)
    with pytest.raises(exceptions.ServiceRequestError) as caught:
        client.get_secret("db")
    assert caught.value.kind == "network"
