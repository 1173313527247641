'use strict';

const { CALL, read } = require('./arguments.cjs');
const { call } = require('./call.cjs');

/** A deletion or recovery that has begun and that the vault goes on with by itself. */
class Poller {
  #native;
  #shape;

  constructor(native, shape) {
    this.#native = native;
    this.#shape = shape;
  }

  async poll(options) {
    await call(read(CALL, options), (handle) => this.#native.poll(handle));
    return this.getOperationState();
  }

  async pollUntilDone(options) {
    await call(read(CALL, options), (handle) => this.#native.wait(handle));
    return this.getResult();
  }

  isDone() {
    return this.#native.isDone;
  }

  getResult() {
    return this.#shape(this.#native.result);
  }

  getOperationState() {
    return { isStarted: true, isCompleted: this.isDone(), result: this.getResult() };
  }
}

module.exports = { Poller };
