/// Deletions and recoveries under way.

#ifndef LIBKV_POLLER_HPP
#define LIBKV_POLLER_HPP

#include "modes.hpp"

namespace libkv {

/// A deletion or recovery that has begun, and that the vault goes on with whether or not somebody waits for
/// it.
template <class T, class Mode = Throwing>
class Poller {
public:
  /// What the vault answered when the work began.
  const T &result() const noexcept { return result_; }

  /// Tells what the last look found, without looking.
  bool done() const noexcept { return libkv_poller_is_done(raw_.get()); }

  /// Looks once and tells whether the vault has finished.
  typename Mode::template Of<bool> poll(const CallOptions &options = {}) const {
    const auto look = [](const libkv_poller *raw, const libkv_call_options *raw_options, libkv_error **error) {
      return libkv_poller_poll(raw, raw_options, nullptr, error);
    };
    const auto is_done = [raw = raw_] { return libkv_poller_is_done(raw.get()); };
    return mode_.call(is_done, +look, libkv_poller_poll_async, raw_.get(), options);
  }

  /// Waits until the vault has finished; ErrorKind::timeout when the deadline comes first.
  typename Mode::template Of<void> wait(const CallOptions &options = {}) const {
    return mode_.call(detail::Make<void>(), libkv_poller_wait, libkv_poller_wait_async, raw_.get(), options);
  }

  /// For SecretClient: begins the work by a pair of C functions.
  template <class Function, class AsyncFunction, class... Arguments>
  static auto begin(const Mode &mode, Function *function, AsyncFunction *async_function,
                    const Arguments &...arguments) {
    const auto make = [mode](detail::Owned<libkv_poller> raw) { return Poller(mode, std::move(raw)); };
    return mode.call(make, function, async_function, arguments...);
  }

private:
  Poller(Mode mode, std::shared_ptr<const libkv_poller> raw)
      : mode_(std::move(mode)), raw_(std::move(raw)), result_(begun(raw_.get())) {}

  static T begun(const libkv_poller *raw) {
    if constexpr (std::is_same_v<T, DeletedSecret>)
      return detail::value(*libkv_poller_deleted_secret(raw));
    else
      return detail::value(*libkv_poller_properties(raw));
  }

  Mode mode_;
  /// Shared with looks that are under way.
  std::shared_ptr<const libkv_poller> raw_;
  T result_;
};

} // namespace libkv

#endif // LIBKV_POLLER_HPP
