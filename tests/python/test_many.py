"""Many secrets in one call: an iterator that a loop, a progress bar, threads, signals and a fork can have."""

import gc
import os
import signal
import threading
import weakref
from types import MappingProxyType

import libkv
import pytest
from conftest import exit_code_of_child
from libkv.exceptions import InvalidStateError, NotFoundError, UnavailableError

NAMES = ["a", "b", "c", "d", "e"]


@pytest.fixture
def vault(vault):
    vault.reset(page_size=2, secrets=[{"name": name, "value": f"value of {name}"} for name in NAMES])
    return vault


def names(results):
    return [result.name for result in results]


def test_each_secret_has_a_result_of_its_own(client):
    found, missing = client.get_secrets(["a", "nothing"])
    assert (found.name, found.secret.value, found.error) == ("a", "value of a", None)
    assert found.result() is found.secret
    assert (missing.name, missing.secret) == ("nothing", None)
    assert missing.error.inner_code is None
    with pytest.raises(NotFoundError) as caught:
        missing.result()
    assert caught.value is missing.error
    with pytest.raises(AttributeError):
        found.name = "b"


def test_names_are_any_iterable_and_values_any_mapping(client):
    written = client.set_secrets(MappingProxyType({"x": "1", "y": "2"}), tags={"team": "shop"}, concurrency=1)
    assert [result.result().properties.tags for result in written] == [{"team": "shop"}] * 2
    assert names(client.get_secrets(name for name in "yx")) == ["y", "x"]
    assert names(client.get_secrets({"x": None, "a": None})) == ["x", "a"]
    assert list(client.get_secrets([])) == []
    assert list(client.set_secrets({})) == []


def test_nothing_is_sent_before_the_first_result_is_asked_for(vault, client):
    results = [client.get_secrets(), client.get_secrets(NAMES), client.set_secrets({"a": "new"})]
    assert vault.total() == 0
    assert [next(one).name for one in results] == ["a", "a", "a"]


class Bar:
    """Consumes an iterable as progress bars do: the length first, if there is one."""

    def __init__(self, iterable):
        try:
            self.total = len(iterable)
        except TypeError:
            self.total = None
        self.iterable, self.shown = iterable, 0

    def __iter__(self):
        for item in self.iterable:
            yield item
            self.shown += 1


@pytest.mark.parametrize(("arguments", "total"), [((NAMES,), 5), ((), None)], ids=["names", "list"])
def test_a_progress_bar_takes_the_results(client, arguments, total):
    bar = Bar(client.get_secrets(*arguments))
    assert (names(bar), bar.shown, bar.total) == (NAMES, 5, total)


@pytest.mark.parametrize("arguments", [(NAMES,), ()], ids=["names", "list"])
def test_results_become_a_list(client, arguments):
    results = client.get_secrets(*arguments)
    assert results
    assert names(list(results)) == NAMES
    assert len(results) == 5
    assert results
    assert next(results, None) is None


def test_progress_is_told_on_the_calling_thread(client):
    told = []
    tell = lambda done, total: told.append((done, total, threading.get_ident()))  # noqa: E731
    assert names(client.get_secrets(NAMES, on_progress=tell)) == NAMES
    assert told == [(done, 5, threading.get_ident()) for done in range(1, 6)]


def test_the_total_is_told_once_it_is_known(client):
    told = []
    list(client.get_secrets(concurrency=1, on_progress=lambda *progress: told.append(progress)))
    assert told[0] == (1, None)
    assert [done for done, _ in told] == [1, 2, 3, 4, 5]


def test_what_a_progress_callback_raises_costs_no_result(client):
    told = []

    def tell(done, total):
        told.append(done)
        if done in (2, 3):
            raise KeyError("full")

    results = client.get_secrets(NAMES, on_progress=tell)
    assert next(results).name == "a"
    for _ in range(2):
        with pytest.raises(KeyError, match="full"):
            next(results)
        assert next(results).name == NAMES[told[-1] - 1]
    assert names(results) == ["d", "e"]
    assert told == [1, 2, 3, 4, 5]


def test_a_list_that_fails_ends_the_results(vault):
    client = vault.client(retry_max_attempts=1)
    vault.change(faults=[{"operation": "list_properties_of_secrets", "skip": 1, "status": 503}])
    results = client.get_secrets(concurrency=1)
    assert names([next(results), next(results)]) == ["a", "b"]
    with pytest.raises(UnavailableError):
        next(results)
    assert names(results) == []
    with pytest.raises(TypeError, match="is not known"):
        len(results)


def test_other_threads_run_while_a_result_is_waited_for(vault, client):
    vault.change(faults=[{"operation": "get_secret", "name": "b", "delay_ms": 500}])
    ticks, stop = 0, threading.Event()

    def tick():
        nonlocal ticks
        while not stop.wait(0.005):
            ticks += 1

    thread = threading.Thread(target=tick)
    thread.start()
    assert names(client.get_secrets(NAMES)) == NAMES
    stop.set()
    thread.join()
    assert ticks > 10


def test_threads_share_results(vault, client):
    vault.reset(secrets=[{"name": f"s{n:03}", "value": ""} for n in range(200)])
    results, taken = client.get_secrets(concurrency=8), []
    threads = [threading.Thread(target=lambda: taken.extend(names(results))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == [f"s{n:03}" for n in range(200)]


@pytest.mark.usefixtures("ctrl_c")
def test_ctrl_c_loses_no_result(vault, client):
    vault.change(faults=[{"operation": "get_secret", "name": "b", "delay_ms": 800}])
    results = client.get_secrets(NAMES, concurrency=2)
    assert next(results).name == "a"
    timer = threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        next(results)
    timer.join()
    assert names(results) == NAMES[1:]
    assert vault.counts()["get_secret b"] == 1


def test_closed_results_have_ended(vault, client):
    with client.get_secrets(NAMES, concurrency=1) as results:
        assert next(results).name == "a"
    assert list(results) == []
    results.close()
    assert "get_secret c" not in vault.counts()


def test_another_thread_can_close_results(vault, client):
    vault.change(faults=[{"operation": "get_secret", "name": "a", "delay_ms": 20_000}])
    results = client.get_secrets(["a"], timeout=30)
    timer = threading.Timer(0.2, results.close)
    timer.start()
    assert list(results) == []
    timer.join()
    with pytest.raises(StopIteration):
        next(results)


@pytest.mark.parametrize("end", [libkv.SecretResults.close, lambda results: None], ids=["closed", "collected"])
def test_what_is_under_way_is_cancelled(vault, end):
    client = vault.client(retry_max_attempts=100, retry_max_delay_ms=5)
    vault.change(faults=[{"operation": "get_secret", "name": "b", "status": 503, "times": -1}])
    results = client.get_secrets(["a", "b"])
    next(results)
    tries = lambda: vault.counts().get("get_secret b", 0)  # noqa: E731
    while tries() < 3:
        client.get_secret("a")
    end(results)
    del results
    before = tries()
    for _ in range(100):
        client.get_secret("a")
    assert tries() <= before + 1


def test_results_are_collected_although_their_callback_holds_them(client):
    class Tell:
        def __call__(self, done, total): ...

    tell = Tell()
    tell.results = client.get_secrets(NAMES, on_progress=tell)
    next(tell.results)
    held = weakref.ref(tell)
    del tell
    gc.collect()
    assert held() is None


def test_a_raised_error_does_not_keep_its_result(client):
    def fail():
        (result,) = client.get_secrets(["nothing"])
        try:
            result.result()
        except NotFoundError as error:
            return weakref.ref(error)

    held = fail()
    gc.collect()
    assert held() is None


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_forked_child_is_refused_what_the_parent_began(vault, client):
    vault.change(faults=[{"operation": "get_secret", "name": "c", "delay_ms": 300}])
    held = [client.get_secrets(NAMES)]
    assert next(held[0]).name == "a"

    def child():
        with pytest.raises(InvalidStateError, match="fork"):
            next(held[0])
        with held[0]:
            assert len(held[0]) == 5
        held.clear()
        return names(client.get_secrets(NAMES)) == NAMES

    assert exit_code_of_child(child) == 0
    assert names(held[0]) == NAMES[1:]
