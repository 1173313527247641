/// How operations give what they come to, apart from Async.

#ifndef LIBKV_MODES_HPP
#define LIBKV_MODES_HPP

#include "detail/attempt.hpp"

namespace libkv {

/// Operations wait until they are done or their deadline comes, and throw libkv::Error when they fail.
struct Throwing {
  template <class T>
  using Of = T;
  template <class T>
  using Made = T;

  template <class T>
  static T give(Result<T> result) {
    return std::move(result).value();
  }
  template <class T>
  static Result<T> result(T value) {
    return value;
  }
  template <class T>
  static T made(Result<T> result) {
    return std::move(result).value();
  }

  template <class Maker, class Function, class AsyncFunction, class... Arguments>
  auto call(const Maker &maker, Function *function, AsyncFunction *, const Arguments &...arguments) const {
    return give(detail::attempt(maker, function, arguments...));
  }
};

/// Operations wait until they are done or their deadline comes, and give a libkv::Result.
struct NoThrow {
  template <class T>
  using Of = Result<T>;
  template <class T>
  using Made = Result<T>;

  template <class T>
  static Result<T> give(Result<T> result) {
    return result;
  }
  template <class T>
  static Result<T> result(Result<T> result) {
    return result;
  }
  template <class T>
  static Result<T> made(Result<T> result) {
    return result;
  }

  template <class Maker, class Function, class AsyncFunction, class... Arguments>
  auto call(const Maker &maker, Function *function, AsyncFunction *, const Arguments &...arguments) const {
    return detail::attempt(maker, function, arguments...);
  }
};

} // namespace libkv

#endif // LIBKV_MODES_HPP
