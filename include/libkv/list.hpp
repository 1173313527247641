/// Lists that are read page by page.

#ifndef LIBKV_LIST_HPP
#define LIBKV_LIST_HPP

#include <functional>
#include <iterator>

#include "modes.hpp"

namespace libkv {

namespace detail {

/// What the iterators of a list, of a class Iterator with advance() and current_, have in common.
template <class Iterator, class Value>
class InputIterator {
public:
  using iterator_category = std::input_iterator_tag;
  using value_type = Value;
  using difference_type = std::ptrdiff_t;
  using pointer = const Value *;
  using reference = const Value &;

  reference operator*() const { return *current_; }
  pointer operator->() const { return &*current_; }
  Iterator &operator++() {
    static_cast<Iterator *>(this)->advance();
    return *static_cast<Iterator *>(this);
  }
  void operator++(int) { ++*this; }
  friend bool operator==(const Iterator &a, const Iterator &b) {
    return a.current_.has_value() == b.current_.has_value();
  }
  friend bool operator!=(const Iterator &a, const Iterator &b) { return !(a == b); }

protected:
  /// None behind the last.
  std::optional<Value> current_;
};

/// Reads the pages of a list, one behind the other.
template <class Item, class Mode>
class PageReader {
public:
  using Read = std::function<typename Mode::template Of<Page<Item>>(const ListOptions &)>;

  PageReader() = default;
  PageReader(Read read, ListOptions options) : read_(std::move(read)), options_(std::move(options)), has_more_(true) {}

  bool has_more() const noexcept { return has_more_; }

  Result<Page<Item>> next() {
    auto page = Mode::result(read_(options_));
    has_more_ = page && page->continuation_token;
    if (has_more_) options_.continuation_token = page->continuation_token;
    return page;
  }

private:
  Read read_;
  ListOptions options_;
  bool has_more_ = false;
};

} // namespace detail

/// A list by page, read while a loop goes through it; each loop reads it anew. A list of NoThrow ends behind an error.
///
///     for (const auto &page : client.list_properties_of_secrets().pages()) ...
template <class Item, class Mode = Throwing>
class Pages {
public:
  using Read = typename detail::PageReader<Item, Mode>::Read;

  class iterator : public detail::InputIterator<iterator, typename Mode::template Of<Page<Item>>> {
  public:
    iterator() = default;
    explicit iterator(detail::PageReader<Item, Mode> reader) : reader_(std::move(reader)) { advance(); }

    void advance() {
      this->current_.reset();
      if (reader_.has_more()) this->current_.emplace(Mode::give(reader_.next()));
    }

  private:
    detail::PageReader<Item, Mode> reader_;
  };

  Pages(Read read, ListOptions options) : read_(std::move(read)), options_(std::move(options)) {}

  iterator begin() const { return iterator(detail::PageReader<Item, Mode>(read_, options_)); }
  iterator end() const { return iterator(); }

private:
  Read read_;
  ListOptions options_;
};

/// A list whose pages are read while a loop goes through its items; each loop reads it anew. A list of NoThrow ends
/// behind an error. One of Async is read by page() alone.
///
///     for (const auto &properties : client.list_properties_of_secrets()) ...
template <class Item, class Mode = Throwing>
class List {
public:
  using Read = typename detail::PageReader<Item, Mode>::Read;

  class iterator : public detail::InputIterator<iterator, typename Mode::template Of<Item>> {
  public:
    iterator() = default;
    explicit iterator(detail::PageReader<Item, Mode> reader) : reader_(std::move(reader)) { advance(); }

    void advance() {
      this->current_.reset();
      while (index_ == items_.size() && reader_.has_more()) {
        auto page = reader_.next();
        if (!page) return void(this->current_.emplace(Mode::give(Result<Item>(page.error()))));
        items_ = std::move(page->items);
        index_ = 0;
      }
      if (index_ < items_.size()) this->current_.emplace(Mode::give(Result<Item>(std::move(items_[index_++]))));
    }

  private:
    detail::PageReader<Item, Mode> reader_;
    std::vector<Item> items_;
    std::size_t index_ = 0;
  };

  List(Read read, ListOptions options) : read_(std::move(read)), options_(std::move(options)) {}

  iterator begin() const { return iterator(detail::PageReader<Item, Mode>(read_, options_)); }
  iterator end() const { return iterator(); }

  /// The same list by page, for its continuation tokens.
  Pages<Item, Mode> pages() const { return {read_, options_}; }

  /// Reads one page: the one behind that which gave the token, or the first.
  typename Mode::template Of<Page<Item>> page(std::optional<std::string> continuation_token = {}) const {
    auto options = options_;
    if (continuation_token) options.continuation_token = std::move(continuation_token);
    return read_(options);
  }

private:
  Read read_;
  ListOptions options_;
};

} // namespace libkv

#endif // LIBKV_LIST_HPP
