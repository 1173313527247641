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
  /// What the vault answered when the work began. A poller made from a continuation token has it once it has seen that
  /// the vault has finished, and not where this caller may not read it.
  std::optional<T> result() const {
    const auto *result = begun(raw_.get());
    return result ? std::optional(detail::value(*result)) : std::nullopt;
  }

  /// Tells what the last look found, without looking.
  bool done() const noexcept { return libkv_poller_is_done(raw_.get()); }

  /// How many looks have told whether the vault has finished.
  std::uint64_t look_count() const noexcept { return libkv_poller_look_count(raw_.get()); }

  /// What PollerOptions::continuation_token takes, in any language and process, to go on with this work. It holds the
  /// vault's URL and the secret's name.
  std::string continuation_token() const { return libkv_poller_continuation_token(raw_.get()); }

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
  Poller(Mode mode, std::shared_ptr<const libkv_poller> raw) : mode_(std::move(mode)), raw_(std::move(raw)) {}

  static auto begun(const libkv_poller *raw) {
    if constexpr (std::is_same_v<T, DeletedSecret>)
      return libkv_poller_deleted_secret(raw);
    else
      return libkv_poller_properties(raw);
  }

  Mode mode_;
  /// Shared with looks that are under way.
  std::shared_ptr<const libkv_poller> raw_;
};

} // namespace libkv

#endif // LIBKV_POLLER_HPP
