/// The one way from C++ into the C interface. Not for programs.

#ifndef LIBKV_DETAIL_ATTEMPT_HPP
#define LIBKV_DETAIL_ATTEMPT_HPP

#include <tuple>

#include "../result.hpp"
#include "from_c.hpp"
#include "to_c.hpp"

namespace libkv::detail {

/// Makes a T of what a C function gives.
template <class T>
struct Make {
  template <class Raw>
  T operator()(Raw raw) const {
    return From<T>::make(std::move(raw));
  }
};

/// Of a function that gives nothing.
template <>
struct Make<void> {
  void operator()() const {}
};

/// Whether a maker is for a C function that gives nothing.
template <class Maker>
constexpr bool makes_of_nothing = std::is_invocable_v<Maker>;

template <class Raw>
Owned<Raw> own(Raw *raw) {
  return Owned<Raw>(raw);
}

inline Error own_error(libkv_error *raw) {
  const auto error = own(raw);
  return error ? value(*error) : Error(Error::Fields{});
}

/// What a maker makes of the result of C, or of nothing.
template <class Maker, class... Raw>
auto make(const Maker &maker, Raw... raw) -> Result<decltype(maker(std::move(raw)...))> {
  if constexpr (std::is_void_v<decltype(maker(std::move(raw)...))>) {
    maker(std::move(raw)...);
    return {};
  } else {
    return maker(std::move(raw)...);
  }
}

/// Calls a C function whose last arguments are the result, if it has one, and the error.
template <class Maker, class... Parameters, class... Arguments>
auto attempt_held(const Maker &maker, libkv_status (*function)(Parameters...), const Arguments &...held) {
  libkv_error *error = nullptr;
  if constexpr (makes_of_nothing<Maker>) {
    const bool is_done = function(held.raw()..., &error) == LIBKV_OK;
    return is_done ? make(maker) : own_error(error);
  } else {
    std::remove_pointer_t<std::tuple_element_t<sizeof...(held), std::tuple<Parameters...>>> raw = nullptr;
    const bool is_done = function(held.raw()..., &raw, &error) == LIBKV_OK;
    return is_done ? make(maker, own(raw)) : own_error(error);
  }
}

/// Calls a C function with arguments of C++, and waits for what it comes to.
template <class Maker, class... Parameters, class... Arguments>
auto attempt(const Maker &maker, libkv_status (*function)(Parameters...), const Arguments &...arguments)
    -> decltype(attempt_held(maker, function, hold(arguments)...)) {
  try {
    return attempt_held(maker, function, hold(arguments)...);
  } catch (const Error &refused) {
    return refused;
  }
}

/// Frees what C was given to keep.
template <class T>
void destroy(void *owned) noexcept {
  delete static_cast<T *>(owned);
}

} // namespace libkv::detail

#endif // LIBKV_DETAIL_ATTEMPT_HPP
