'use strict';

const { PAGE, read } = require('./arguments.cjs');

/**
 * A list that is read while it is iterated: item by item, or page by page with byPage().
 * `fetch` reads one page from settings; arguments are checked at the first step, where the caller can catch the error.
 */
class PagedIterator {
  #fetch;
  #shape;
  #items;

  constructor(fetch, shape) {
    this.#fetch = fetch;
    this.#shape = shape;
    this.#items = this.#flat();
  }

  next() {
    return this.#items.next();
  }

  return(value) {
    return this.#items.return(value);
  }

  [Symbol.asyncIterator]() {
    return this;
  }

  async *byPage(options) {
    let settings = read(PAGE, options);
    do {
      const { items, continuationToken } = await this.#fetch(settings);
      const page = items.map(this.#shape);
      if (continuationToken !== undefined) page.continuationToken = continuationToken;
      yield page;
      settings = { ...settings, continuationToken };
    } while (settings.continuationToken !== undefined);
  }

  async *#flat() {
    for await (const page of this.byPage()) yield* page;
  }
}

module.exports = { PagedIterator };
