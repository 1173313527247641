'use strict';

/** The calls under way by their signal. One listener serves them all: a signal warns about more than ten. */
const underWay = new WeakMap();

/** Cancels the call behind `handle` when the signal aborts, until `forget` is called for it. */
function watch(signal, handle) {
  let watched = underWay.get(signal);
  if (watched === undefined) {
    const handles = new Set();
    const cancelAll = () => {
      for (const each of handles) each.cancel();
    };
    watched = { handles, cancelAll };
    underWay.set(signal, watched);
    signal.addEventListener('abort', cancelAll);
  }
  watched.handles.add(handle);
}

function forget(signal, handle) {
  const { handles, cancelAll } = underWay.get(signal);
  handles.delete(handle);
  if (handles.size > 0) return;
  underWay.delete(signal);
  signal.removeEventListener('abort', cancelAll);
}

/** Throws an aborted signal's reason. The signals of @azure/abort-controller have none. */
function throwIfAborted(signal) {
  if (!signal?.aborted) return;
  throw signal.reason === undefined ? new DOMException('This operation was aborted', 'AbortError') : signal.reason;
}

module.exports = { forget, throwIfAborted, watch };
