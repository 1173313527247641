"""How a credential of Python's is asked for a token: any object that does as those of azure-identity, sync or async."""

from __future__ import annotations

import os
from _thread import start_new_thread

TYPE_CHECKING = False  # Importing `typing` for it would take longer than the rest of libkv.
if TYPE_CHECKING:
    from asyncio import AbstractEventLoop
    from collections.abc import Awaitable, Callable
    from typing import Any

    _Answer = Callable[[Any, BaseException | None], None]

_loops: dict[int, AbstractEventLoop] = {}
"""By process, because after a fork no thread runs the loop of the parent."""


def begin(credential: Any, scope: str, tenant_id: str | None, claims: str | None, answer: _Answer) -> None:
    """Asks for a token in a thread of its own, and calls `answer` with the token or with what was raised.

    The thread is one of Python's: the credential can use a client in it, for which a thread of libkv's runtime could
    not wait; and when the interpreter ends meanwhile, there is no frame of Rust's to be torn down.
    """
    options: dict[str, Any] = {"enable_cae": True}
    if tenant_id is not None:
        options["tenant_id"] = tenant_id
    if claims is not None:
        options["claims"] = claims
    start_new_thread(_ask, (credential, scope, options, answer))


def _ask(credential: Any, scope: str, options: dict[str, Any], answer: _Answer) -> None:
    try:
        token = _call(credential, scope, options)
        if hasattr(token, "__await__"):
            from asyncio import run_coroutine_threadsafe

            run_coroutine_threadsafe(answer_later(token, answer), _loop())
        else:
            answer(token, None)
    except BaseException as error:
        answer(None, error)


def _call(credential: Any, scope: str, options: dict[str, Any]) -> Any:
    if hasattr(credential, "get_token_info"):
        return credential.get_token_info(scope, options=options)
    return credential.get_token(scope, **options)


async def answer_later(token: Awaitable[Any], answer: _Answer) -> None:
    """Awaits what an async credential gave. What that raises ends here, since some of it would end the loop too."""
    try:
        answer(await token, None)
    except BaseException as error:
        answer(None, error)


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
