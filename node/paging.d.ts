/**
 * A list that is read while it is iterated: item by item, or page by page.
 *
 * ```js
 * for await (const { name } of client.listPropertiesOfSecrets()) console.log(name);
 * ```
 */
export interface PagedAsyncIterableIterator<T, TPage = Page<T>, TSettings = PageSettings>
  extends AsyncIterableIterator<T> {
  [Symbol.asyncIterator](): PagedAsyncIterableIterator<T, TPage, TSettings>;
  /** Reads page after page. A page may be empty although others follow. */
  byPage(settings?: TSettings): AsyncIterableIterator<TPage>;
}

/** Which pages of a list are read. */
export interface PageSettings {
  /** How many items a page has at most, 1 to 25. The default is the list's. */
  maxPageSize?: number;
  /** Starts behind the page that carried this token. */
  continuationToken?: string;
}

/** The items of a page. */
export interface Page<T> extends Array<T> {
  /** What `byPage` takes to go on behind this page, also in another process; absent on the last one. */
  continuationToken?: string;
}
