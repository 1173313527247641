/// What libkv tells of what it does, and its end.

#ifndef LIBKV_LOG_HPP
#define LIBKV_LOG_HPP

#include <functional>
#include <string_view>

#include "detail/attempt.hpp"

namespace libkv {

/// How much a record matters.
enum class LogLevel : std::int32_t {
  error = LIBKV_LOG_ERROR,
  warn = LIBKV_LOG_WARN,
  info = LIBKV_LOG_INFO,
  debug = LIBKV_LOG_DEBUG,
  trace = LIBKV_LOG_TRACE,
};

/// What happened. It never holds a secret's value or a token. Its texts live until the callback returns.
struct LogRecord {
  LogLevel level;           ///< How much it matters.
  std::string_view target;  ///< What kind of event it is, such as "libkv::retry"; docs/events.md lists them.
  std::string_view message; ///< What happened, for a person.
  std::vector<std::pair<std::string_view, std::string_view>> fields; ///< The particulars, in order; numbers in decimal.
};

/// Is told what happened. What it throws is dropped.
using LogCallback = std::function<void(const LogRecord &)>;

namespace detail {

inline std::string_view view(libkv_str text) noexcept { return {text.data, text.len}; }

inline void log(void *callback, const libkv_log_record *raw) noexcept {
  try {
    LogRecord record{static_cast<LogLevel>(raw->level), view(raw->target), view(raw->message), {}};
    for (std::size_t i = 0; i < raw->field_count; i++)
      record.fields.emplace_back(view(raw->fields[i].name), view(raw->fields[i].value));
    (*static_cast<const LogCallback *>(callback))(record);
  } catch (...) {
  }
}

} // namespace detail

/// Has `callback`, and no other, told what libkv does in this process, for all clients: what is at `level` and what
/// matters more. An empty one ends that. While nothing is told, logging costs next to nothing.
///
///     libkv::set_log(libkv::LogLevel::info, [](const libkv::LogRecord &record) {
///       std::clog << record.target << ": " << record.message << '\n';
///     });
///
/// The callback is called by the thread that makes a blocking call, while it waits, and for everything else by one
/// thread of libkv's own: several can be in it at a time. libkv_set_log says more of its threads.
inline void set_log(LogLevel level, LogCallback callback) {
  auto *data = callback ? new LogCallback(std::move(callback)) : nullptr;
  detail::attempt(detail::Make<void>(), libkv_set_log, static_cast<std::int32_t>(level), data ? detail::log : nullptr,
                  static_cast<void *>(data), detail::destroy<LogCallback>)
      .value();
}

/// Ends what libkv does in this process, and waits until its threads are gone; libkv_shutdown says when that is needed.
/// Calls under way fail with ErrorKind::cancelled. Throws ErrorKind::invalid_state in a callback.
inline void shutdown() { detail::attempt(detail::Make<void>(), libkv_shutdown).value(); }

} // namespace libkv

#endif // LIBKV_LOG_HPP
