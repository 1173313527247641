/// What a call comes to where it does not throw.

#ifndef LIBKV_RESULT_HPP
#define LIBKV_RESULT_HPP

#include <type_traits>
#include <variant>

#if __has_include(<version>)
#include <version>
#endif
#ifdef __cpp_lib_expected
#include <expected>
#endif

#include "error.hpp"

namespace libkv {

/// A value, or the error why there is none: the part of C++23's std::expected that calls need, for C++17.
///
///     if (const auto secret = client.nothrow().get_secret("db-password"))
///       use(secret->value());
///     else if (secret.error().kind() == libkv::ErrorKind::not_found)
///       ...
///
/// In C++23 it converts to std::expected<T, libkv::Error>.
template <class T>
class [[nodiscard]] Result {
public:
  using value_type = T;
  using error_type = Error;

  Result(T value) : outcome_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : outcome_(std::in_place_index<1>, std::move(error)) {}

  /// Whether there is a value.
  bool has_value() const noexcept { return outcome_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }

  /// The value; throws the error if there is none.
  const T &value() const & { return has_value() ? **this : throw_error(); }
  T &value() & { return has_value() ? **this : throw_error(); }
  T &&value() && { return std::move(value()); }

  /// The value; undefined if there is none.
  const T &operator*() const & noexcept { return *std::get_if<0>(&outcome_); }
  T &operator*() & noexcept { return *std::get_if<0>(&outcome_); }
  T &&operator*() && noexcept { return std::move(**this); }
  const T *operator->() const noexcept { return std::get_if<0>(&outcome_); }
  T *operator->() noexcept { return std::get_if<0>(&outcome_); }

  /// The value, or another if there is none.
  template <class Other>
  T value_or(Other &&other) const & {
    return has_value() ? **this : static_cast<T>(std::forward<Other>(other));
  }
  template <class Other>
  T value_or(Other &&other) && {
    return has_value() ? *std::move(*this) : static_cast<T>(std::forward<Other>(other));
  }

  /// The error; undefined if there is a value.
  const Error &error() const noexcept { return *std::get_if<1>(&outcome_); }

#ifdef __cpp_lib_expected
  operator std::expected<T, Error>() const & {
    return has_value() ? std::expected<T, Error>(**this) : std::unexpected(error());
  }
  operator std::expected<T, Error>() && {
    return has_value() ? std::expected<T, Error>(*std::move(*this)) : std::unexpected(error());
  }
#endif

private:
  [[noreturn]] T &throw_error() const { detail::raise(error()); }

  std::variant<T, Error> outcome_;
};

/// Nothing, or the error of a call that gives nothing.
template <>
class [[nodiscard]] Result<void> {
public:
  using value_type = void;
  using error_type = Error;

  Result() = default;
  Result(Error error) : error_(std::move(error)) {}

  /// Whether the call has succeeded.
  bool has_value() const noexcept { return !error_; }
  explicit operator bool() const noexcept { return has_value(); }

  /// Throws the error if there is one.
  void value() const {
    if (error_) detail::raise(*error_);
  }

  /// The error; undefined if there is none.
  const Error &error() const noexcept { return *error_; }

#ifdef __cpp_lib_expected
  operator std::expected<void, Error>() const {
    return has_value() ? std::expected<void, Error>() : std::unexpected(error());
  }
#endif

private:
  std::optional<Error> error_;
};

} // namespace libkv

#endif // LIBKV_RESULT_HPP
