/// A secret with its value, and what became of one secret among many.

#ifndef LIBKV_SECRET_HPP
#define LIBKV_SECRET_HPP

#include <string_view>

#include "detail/from_c.hpp"

namespace libkv {

/// A secret version with its value. Copies share the value; the last one zeroes it. It has no stream
/// operator.
class Secret {
public:
  /// The value, at most 25,600 characters; lives as long as this secret or a copy of it.
  std::string_view value() const noexcept { return {raw_->value.data, raw_->value.len}; }

  /// Everything else about the version.
  const SecretProperties &properties() const noexcept { return properties_; }

  /// Whether the value comes from the cache although its time is over, because the vault throttles or cannot be
  /// reached.
  bool stale() const noexcept { return raw_->stale; }

private:
  friend struct detail::From<Secret>;
  explicit Secret(std::shared_ptr<const libkv_secret> raw)
      : raw_(std::move(raw)), properties_(detail::value(*raw_->properties)) {}

  std::shared_ptr<const libkv_secret> raw_;
  SecretProperties properties_;
};

/// What became of one secret among many.
struct SecretResult {
  std::string name;             ///< The secret's name.
  std::optional<Secret> secret; ///< The secret; absent if it failed.
  std::optional<Error> error;   ///< Why it failed; absent if it did not.

  /// The secret; throws the error of one that failed.
  const Secret &value() const {
    if (error) detail::raise(*error);
    return *secret;
  }
};

namespace detail {

template <>
struct From<Secret> {
  static Secret make(std::shared_ptr<const libkv_secret> raw) { return Secret(std::move(raw)); }
};

template <>
struct From<SecretResult> {
  static SecretResult make(std::shared_ptr<const libkv_secret_result> raw) {
    SecretResult result{text(raw->name), {}, {}};
    if (raw->secret) result.secret = From<Secret>::make({raw, raw->secret});
    if (raw->error) result.error = value(*raw->error);
    return result;
  }
};

} // namespace detail

} // namespace libkv

#endif // LIBKV_SECRET_HPP
