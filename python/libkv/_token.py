"""How a credential of Python's is asked for a token: any object that does as those of azure-identity, sync or async."""

from __future__ import annotations

import os
from _thread import start_new_thread

TYPE_CHECKING = False  # Importing `typing` for it would take longer than the rest of libkv.
if TYPE_CHECKING:
    from asyncio import AbstractEventLoop
    from collections.abc import Awaitable, Callable
    from typing import Any

_loops: dict[int, AbstractEventLoop] = {}
"""By process, because after a fork no thread runs the loop of the parent."""


def begin(
    credential: Any,
    scope: str,
    tenant_id: str | None,
    claims: str | None,
    answer: Callable[[Any, BaseException | None], None],
) -> None:
    """Asks for a token in a thread of its own, and calls `answer` with the token or with what was raised.

    The thread is one of Python's: the credential can use a client in it, for which a thread of libkv's runtime could
    not wait; and when the interpreter ends meanwhile, there is no frame of Rust's to be torn down.
    """
    start_new_thread(_ask, (credential, scope, tenant_id, claims, answer))


def _ask(
    credential: Any,
    scope: str,
    tenant_id: str | None,
    claims: str | None,
    answer: Callable[[Any, BaseException | None], None],
) -> None:
    try:
        token = _call(credential, scope, tenant_id, claims)
        raised = None
        if hasattr(token, "__await__"):
            token, raised = _wait(token)
    except BaseException as error:
        token, raised = None, error
    answer(token, raised)


def _call(credential: Any, scope: str, tenant_id: str | None, claims: str | None) -> Any:
    options: dict[str, Any] = {"enable_cae": True}
    if tenant_id:
        options["tenant_id"] = tenant_id
    if claims:
        options["claims"] = claims
    if hasattr(credential, "get_token_info"):
        return credential.get_token_info(scope, options=options)
    return credential.get_token(scope, **options)


def _wait(token: Awaitable[Any]) -> tuple[Any, BaseException | None]:
    from asyncio import run_coroutine_threadsafe

    return run_coroutine_threadsafe(outcome(token), _loop()).result()


async def outcome(token: Awaitable[Any]) -> tuple[Any, BaseException | None]:
    """Awaits what an async credential gave; what it raises is returned, since some of it would end the loop."""
    try:
        return await token, None
    except BaseException as error:
        return None, error


def _loop() -> AbstractEventLoop:
    """Returns the loop that async credentials of sync clients run on, in a daemon thread.

    There is one for all of them, and it lasts: what a credential keeps from one token to the next, such as a
    connection, works on no other loop than the one that it was made on.
    """
    from asyncio import new_event_loop

    process = os.getpid()
    if process not in _loops:
        loop = new_event_loop()
        if _loops.setdefault(process, loop) is loop:
            start_new_thread(loop.run_forever, ())
        else:
            loop.close()
    return _loops[process]
