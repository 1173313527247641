from collections.abc import Callable, Iterator
from types import GenericAlias
from typing import Any, Generic, TypeVar

_T = TypeVar("_T")

class ItemPaged(Iterator[_T], Generic[_T]):
    """A list's items, read page by page as they are asked for.

    Iterating makes one call per page; each has the timeout that the list was given.
    """

    def __init__(self, read_page: Callable[[str | None], tuple[list[_T], str | None]]) -> None: ...
    def by_page(self, continuation_token: str | None = None) -> PageIterator[_T]:
        """Returns an iterator of pages, each an iterator of items.

        Args:
            continuation_token: Starts behind the page after which another iterator had this `continuation_token`, in
                another process for example.
        """

    def __iter__(self) -> ItemPaged[_T]: ...
    def __next__(self) -> _T: ...
    @classmethod
    def __class_getitem__(cls, item: Any, /) -> GenericAlias: ...

class PageIterator(Iterator[Iterator[_T]], Generic[_T]):
    """A list's pages. A page may be empty although others follow.

    A page that could not be read can be asked for again: an error does not end the iterator.
    """

    continuation_token: str | None
    """What `by_page` takes to go on behind the page read last; `None` before the first and behind the last."""

    def __init__(
        self,
        read_page: Callable[[str | None], tuple[list[_T], str | None]],
        continuation_token: str | None = None,
    ) -> None: ...
    def __iter__(self) -> PageIterator[_T]: ...
    def __next__(self) -> Iterator[_T]: ...
    @classmethod
    def __class_getitem__(cls, item: Any, /) -> GenericAlias: ...
