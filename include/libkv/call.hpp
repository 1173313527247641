/// Calls that go on while the program does something else.

#ifndef LIBKV_CALL_HPP
#define LIBKV_CALL_HPP

#include <condition_variable>
#include <functional>
#include <future>
#include <mutex>

#if __has_include(<stop_token>)
#include <stop_token>
#endif

#include "detail/attempt.hpp"

namespace libkv {

struct Async;

namespace detail {

/// What a call comes to, once. Shared by the call and by whom C tells.
template <class T>
class Outcome {
public:
  using Then = std::function<void(Outcome &)>;

  /// Keeps the result, or what was thrown while it was made, and has what follows run on this thread.
  void complete(std::optional<Result<T>> result, std::exception_ptr thrown) {
    std::unique_lock lock(mutex_);
    result_ = std::move(result);
    thrown_ = std::move(thrown);
    is_done_ = true;
    const Then then = std::exchange(then_, nullptr);
    lock.unlock();
    changed_.notify_all();
    if (then) then(*this);
  }

  bool is_done() const {
    const std::lock_guard lock(mutex_);
    return is_done_;
  }

  /// Has something run when the call is done; gives false if it is.
  bool set_then(Then then) {
    const std::lock_guard lock(mutex_);
    if (!is_done_) then_ = std::move(then);
    return !is_done_;
  }

  /// Has nothing run.
  void forget() { set_then(nullptr); }

  template <class Rep, class Period>
  bool wait_for(std::chrono::duration<Rep, Period> timeout) const {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, timeout, [this] { return is_done_; });
  }

  Result<T> take() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return is_done_; });
    if (thrown_) std::rethrow_exception(thrown_);
    return *std::move(result_);
  }

private:
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::optional<Result<T>> result_;
  std::exception_ptr thrown_;
  bool is_done_ = false;
  Then then_;
};

/// What C has of a call until it tells its end.
template <class T, class Maker>
struct Pending {
  std::shared_ptr<Outcome<T>> outcome;
  Maker maker;

  template <class Raw>
  static void told(void *data, Raw *raw, libkv_error *error) noexcept {
    end(data, error, own(raw));
  }
  static void told(void *data, libkv_error *error) noexcept { end(data, error); }

private:
  template <class... Raw>
  static void end(void *data, libkv_error *raw_error, Raw... raw) {
    const std::unique_ptr<Pending> self(static_cast<Pending *>(data));
    const auto error = own(raw_error);
    std::optional<Result<T>> result;
    std::exception_ptr thrown;
    try {
      result = error ? value(*error) : make(self->maker, std::move(raw)...);
    } catch (...) {
      thrown = std::current_exception();
    }
    self->outcome->complete(std::move(result), std::move(thrown));
  }
};

/// Cancels a call, at the latest when it goes.
struct Canceller {
  struct Free {
    void operator()(libkv_call *call) const noexcept { libkv_call_free(call); }
  };
  std::unique_ptr<libkv_call, Free> handle;
  /// What a stop token would call. It goes before the handle that it cancels.
  std::shared_ptr<void> on_stop;
};

} // namespace detail

/// An operation under way, started by SecretClient::async(). Destroying it cancels the operation. Of a write that is
/// cancelled, nobody knows whether it has been applied.
///
/// It is one of these, once:
///
///     libkv::Secret secret = co_await client.async().get_secret("db-password");          // from C++20 on
///     std::future<libkv::Secret> future = client.async().get_secret("db-password").future();
///     libkv::Secret secret = client.async().get_secret("db-password").get();
///
/// A coroutine goes on on the thread where the call ends, one of libkv's own, which other calls wait for: before it
/// blocks, let it change to a thread of the program. A blocking operation fails there with ErrorKind::invalid_state. A
/// suspended coroutine must not be destroyed while its call can end; cancel the call, and it goes on.
///
/// A cancelled call ends with ErrorKind::cancelled. The child of a fork is told nothing of its parent's calls.
template <class T>
class [[nodiscard]] Call {
public:
  Call(Call &&) noexcept = default;
  Call &operator=(Call &&other) noexcept {
    Call taken(std::move(other));
    std::swap(outcome_, taken.outcome_);
    std::swap(canceller_, taken.canceller_);
    return *this;
  }
  ~Call() {
    if (!outcome_) return;
    outcome_->forget();
    cancel();
  }

  /// Ends the call early, unless it is done. Does not wait.
  void cancel() const noexcept { libkv_call_cancel(canceller_.handle.get()); }

  /// Whether the call has ended.
  bool done() const { return outcome_->is_done(); }

  /// Waits until the call has ended or the time is over; gives whether it has ended.
  template <class Rep, class Period>
  bool wait_for(std::chrono::duration<Rep, Period> timeout) const {
    return outcome_->wait_for(timeout);
  }

  /// Waits until the call has ended and gives its value; throws its error.
  T get() { return outcome_->take().value(); }

  /// Waits until the call has ended and gives its value or its error.
  Result<T> result() { return outcome_->take(); }

  /// Hands the call over to a future. Destroying that does not cancel the call; a stop token does.
  std::future<T> future() && {
    std::promise<T> promise;
    auto future = promise.get_future();
    // A std::function has what can be copied.
    const auto kept =
        std::make_shared<std::pair<std::promise<T>, detail::Canceller>>(std::move(promise), std::move(canceller_));
    const auto outcome = std::exchange(outcome_, nullptr);
    const auto then = [kept](detail::Outcome<T> &done) { fulfil(kept->first, done); };
    if (!outcome->set_then(then)) then(*outcome);
    return future;
  }

  /// What co_await asks for.
  bool await_ready() const { return done(); }
  template <class Coroutine>
  bool await_suspend(Coroutine coroutine) {
    // The coroutine may have gone on, and this with it, before set_then returns.
    const auto outcome = outcome_;
    return outcome->set_then([coroutine](detail::Outcome<T> &) { coroutine.resume(); });
  }
  T await_resume() { return get(); }

private:
  friend struct Async;
  Call() : outcome_(std::make_shared<detail::Outcome<T>>()) {}

  template <class Maker, class... Parameters, class... Held>
  void start(const Maker &maker, libkv_status (*function)(Parameters...), const Held &...held) {
    using Pending = detail::Pending<T, Maker>;
    std::unique_ptr<Pending> pending(new Pending{outcome_, maker});
    libkv_call *call = nullptr;
    libkv_error *error = nullptr;
    if (function(held.raw()..., Pending::told, pending.get(), &call, &error) == LIBKV_OK)
      static_cast<void>(pending.release()); // It is whoever's it tells, and may be gone.
    else
      outcome_->complete(detail::own_error(error), nullptr);
    canceller_.handle.reset(call);
  }

  static void fulfil(std::promise<T> &promise, detail::Outcome<T> &done) {
    try {
      if constexpr (std::is_void_v<T>) {
        done.take().value();
        promise.set_value();
      } else {
        promise.set_value(done.take().value());
      }
    } catch (...) {
      promise.set_exception(std::current_exception());
    }
  }

  std::shared_ptr<detail::Outcome<T>> outcome_;
  detail::Canceller canceller_;
};

/// Operations start and give a libkv::Call, which also tells of wrong arguments.
struct Async {
  template <class T>
  using Of = Call<T>;
  template <class T>
  using Made = T;
  /// Has something called on a request to stop, as long as what it gives lives.
  using OnStop = std::function<std::shared_ptr<void>(std::function<void()>)>;

  Async() = default;
#ifdef __cpp_lib_jthread
  /// Cancels the calls when a stop is requested.
  explicit Async(std::stop_token token)
      : on_stop_([token](std::function<void()> cancel) {
          return std::make_shared<std::stop_callback<std::function<void()>>>(token, std::move(cancel));
        }) {}
#endif

  template <class T>
  static T made(Result<T> result) {
    return std::move(result).value();
  }

  template <class Maker, class Function, class AsyncFunction, class... Arguments>
  auto call(const Maker &maker, Function *function, AsyncFunction *async_function,
            const Arguments &...arguments) const {
    Call<typename decltype(detail::attempt(maker, function, arguments...))::value_type> call;
    try {
      call.start(maker, async_function, detail::hold(arguments)...);
    } catch (const Error &refused) {
      call.outcome_->complete(refused, nullptr);
    }
    if (on_stop_)
      call.canceller_.on_stop = on_stop_([handle = call.canceller_.handle.get()] { libkv_call_cancel(handle); });
    return call;
  }

private:
  OnStop on_stop_;
};

} // namespace libkv

#endif // LIBKV_CALL_HPP
