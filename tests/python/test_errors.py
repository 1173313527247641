"""The exceptions: their tree, their record, and how they travel."""

import builtins
import copy
import pickle

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
