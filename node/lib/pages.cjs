'use strict';

const { PAGE, read } = require('./arguments.cjs');

/**
 * A list that is read while it is iterated: item by item, or page by page with byPage().
 * `fetch` reads one page from settings, `readItems` its items; arguments are checked at the first step, where the caller can catch the error.
 */
class PagedIterator {
  #fetch;
  #readItems;
  #items;

  constructor(fetch, readItems) {
    this.#fetch = fetch;
    this.#readItems = readItems;
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
      const page = this.#readItems(items);
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
