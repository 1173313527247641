/// Why a call failed.

#ifndef LIBKV_ERROR_HPP
#define LIBKV_ERROR_HPP

#include <chrono>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include "../libkv.h"

namespace libkv {

/// What went wrong, coarse enough to act on. libkv.h explains each; later libraries may have more.
enum class ErrorKind : std::int32_t {
  invalid_argument = LIBKV_ERROR_INVALID_ARGUMENT,
  invalid_config = LIBKV_ERROR_INVALID_CONFIG,
  invalid_state = LIBKV_ERROR_INVALID_STATE,
  authentication = LIBKV_ERROR_AUTHENTICATION,
  forbidden = LIBKV_ERROR_FORBIDDEN,
  secret_disabled = LIBKV_ERROR_SECRET_DISABLED,
  managed_secret = LIBKV_ERROR_MANAGED_SECRET,
  not_found = LIBKV_ERROR_NOT_FOUND,
  already_exists = LIBKV_ERROR_ALREADY_EXISTS,
  soft_deleted = LIBKV_ERROR_SOFT_DELETED,
  being_deleted = LIBKV_ERROR_BEING_DELETED,
  being_recovered = LIBKV_ERROR_BEING_RECOVERED,
  conflict = LIBKV_ERROR_CONFLICT,
  throttled = LIBKV_ERROR_THROTTLED,
  unavailable = LIBKV_ERROR_UNAVAILABLE,
  network = LIBKV_ERROR_NETWORK,
  timeout = LIBKV_ERROR_TIMEOUT,
  cancelled = LIBKV_ERROR_CANCELLED,
  outcome_unknown = LIBKV_ERROR_OUTCOME_UNKNOWN,
  protocol = LIBKV_ERROR_PROTOCOL,
  unsupported = LIBKV_ERROR_UNSUPPORTED,
  internal = LIBKV_ERROR_INTERNAL,
};

/// Why a call failed. Copying it does not throw.
class Error : public std::runtime_error {
public:
  /// What the vault and libkv know about the failure.
  struct Fields {
    ErrorKind kind = ErrorKind::internal;
    std::string kind_name = "internal";
    std::string message;
    std::optional<int> status;
    std::optional<std::string> code;
    std::optional<std::string> inner_code;
    std::optional<std::string> request_id;
    std::optional<std::chrono::duration<double>> retry_after;
    std::uint32_t attempts = 0;
    std::chrono::duration<double> elapsed{};
    std::optional<std::string> advice;
    std::exception_ptr cause;
  };

  /// Makes an error whose what() reads "kind: message (advice)".
  explicit Error(Fields fields)
      : std::runtime_error(fields.kind_name + ": " + fields.message +
                           (fields.advice ? " (" + *fields.advice + ")" : "")),
        fields_(std::make_shared<const Fields>(std::move(fields))) {}

  /// What to branch on.
  ErrorKind kind() const noexcept { return fields_->kind; }
  /// The kind's name, such as "not_found".
  const std::string &kind_name() const noexcept { return fields_->kind_name; }
  /// What happened, for a person. Never holds a secret's value or a token.
  const std::string &message() const noexcept { return fields_->message; }
  /// The HTTP status of the vault's answer.
  std::optional<int> status() const noexcept { return fields_->status; }
  /// The service's own code, such as "Forbidden".
  const std::optional<std::string> &code() const noexcept { return fields_->code; }
  /// The service's finer code, such as "ForbiddenByRbac".
  const std::optional<std::string> &inner_code() const noexcept { return fields_->inner_code; }
  /// The service's id of the request, for a support case.
  const std::optional<std::string> &request_id() const noexcept { return fields_->request_id; }
  /// How long to wait before another try.
  std::optional<std::chrono::duration<double>> retry_after() const noexcept { return fields_->retry_after; }
  /// How often the request was tried, throttled tries included; 0 when nothing was sent.
  std::uint32_t attempts() const noexcept { return fields_->attempts; }
  /// How long the call took.
  std::chrono::duration<double> elapsed() const noexcept { return fields_->elapsed; }
  /// The next step for a person.
  const std::optional<std::string> &advice() const noexcept { return fields_->advice; }
  /// What the token callback threw; null for other failures. An error that a call throws nests it, too.
  std::exception_ptr cause() const noexcept { return fields_->cause; }

private:
  std::shared_ptr<const Fields> fields_;
};

namespace detail {

/// Throws an error, and nested in it what a token callback threw.
[[noreturn]] inline void raise(const Error &error) {
  if (!error.cause()) throw error;
  try {
    std::rethrow_exception(error.cause());
  } catch (...) {
    std::throw_with_nested(error);
  }
}

} // namespace detail

} // namespace libkv

#endif // LIBKV_ERROR_HPP
