"""Lists that come page by page."""

from itertools import chain

# Importing `typing` for its `Generic` would take longer than the rest of libkv.
GenericAlias = type(list[int])


class ItemPaged:
    """A list's items, read page by page as they are asked for.

    Iterating makes one call per page; each has the timeout that the list was given.
    """

    __class_getitem__ = classmethod(GenericAlias)

    def __init__(self, read_page):
        self._read_page = read_page
        self._items = chain.from_iterable(self.by_page())

    def by_page(self, continuation_token=None):
        """Returns an iterator of pages, each an iterator of items.

        Args:
            continuation_token: Starts behind the page after which another iterator had this `continuation_token`, in
                another process for example; at the first page unless given.
        """
        return PageIterator(self._read_page, continuation_token)

    def __iter__(self):
        return self

    def __next__(self):
        return next(self._items)


class PageIterator:
    """A list's pages. A page may be empty although others follow.

    A page that could not be read can be asked for again: an error does not end the iterator.

    Attributes:
        continuation_token: What `by_page` takes to go on behind the page read last; `None` before the first and behind
            the last.
    """

    __class_getitem__ = classmethod(GenericAlias)

    def __init__(self, read_page, continuation_token=None):
        self._read_page = read_page
        self._ended = False
        self.continuation_token = continuation_token

    def __iter__(self):
        return self

    def __next__(self):
        if self._ended:
            raise StopIteration
        items, self.continuation_token = self._read_page(self.continuation_token)
        self._ended = self.continuation_token is None
        return iter(items)
