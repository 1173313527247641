"""Deletions and recoveries that the vault goes on with by itself."""

from _thread import RLock, start_new_thread

from .paging import GenericAlias


class LROPoller:
    """A deletion or recovery that has begun, and that the vault goes on with by itself."""

    __class_getitem__ = classmethod(GenericAlias)

    def __init__(self, core):
        self._core = core
        self._callbacks = []
        # A thread that finds the work done waits for callbacks that another one is calling, which may use the poller.
        self._calling = RLock()
        self._is_calling = False
        self._is_watched = False

    def result(self):
        """Returns what the vault answered when the work began, without waiting.

        Raises:
            libkv.exceptions.InvalidStateError: The poller comes from a continuation token. It has a result once it has
                seen that the work is done, and none where this caller may not read it.
        """
        return self._core.result()

    def wait(self, timeout=None):
        """Waits until the work is done.

        Args:
            timeout: How long, in seconds; the client's option `timeout_ms` unless given.

        Raises:
            libkv.exceptions.TimeoutError: The work was not done in time. The vault goes on; `wait` again as you like.
        """
        self._core.wait(timeout)
        self._call_back()

    def done(self):
        """Tells whether the work is done. Asks the vault with one call, unless the work is known to be done."""
        is_done = self._core.done()
        if is_done:
            self._call_back()
        return is_done

    def status(self):
        """Returns `"finished"` or `"polling"`, as the vault was last seen; asks nothing."""
        return self._core.status()

    def look_count(self):
        """Returns how many looks have told whether the work is done."""
        return self._core.look_count()

    def continuation_token(self):
        """Returns what `continuation_token` of the method that gave this poller takes, to go on with this work.

        That may be in another process and in any language. The token holds the vault's URL and the secret's name.
        """
        return self._core.continuation_token()

    def add_done_callback(self, func):
        """Calls `func` with this poller once the work is done, or at once if it is known to be.

        The first callback starts a daemon thread that waits. Each is called once, by whichever thread finds the work
        done first, that one or a caller of `wait` or `done`. An error that ends the thread's wait goes to
        `sys.unraisablehook`, and the callbacks are left to the next `wait` or `done`.

        Args:
            func: What to call. What it raises reaches the thread that calls it.
        """
        with self._calling:
            self._callbacks.append(func)
            if self.status() == "polling":
                if not self._is_watched:
                    self._is_watched = True
                    start_new_thread(self._watch, ())
                return
        self._call_back()

    def remove_done_callback(self, func):
        """Takes a callback away that has not been called. One that was not added is no error.

        Args:
            func: What `add_done_callback` was given.

        Raises:
            ValueError: The work is known to be done.
        """
        if self.status() == "finished":
            raise ValueError("func: cannot be taken away, because the work is done")
        with self._calling:
            self._callbacks = [callback for callback in self._callbacks if callback != func]

    def _watch(self):
        from .exceptions import TimeoutError  # noqa: A004

        try:
            while True:
                try:
                    return self.wait()
                except TimeoutError:
                    pass
        finally:
            self._is_watched = False

    def _call_back(self):
        with self._calling:
            if self._is_calling:
                return
            self._is_calling = True
            try:
                while self._callbacks:
                    self._callbacks.pop(0)(self)
            finally:
                self._is_calling = False

    def __repr__(self):
        return f"<LROPoller [{self.status()}]>"
