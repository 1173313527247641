/// libkv: a client for Azure Key Vault secrets, for C++17 and later.
///
///     #include <libkv.hpp>
///     #include <iostream>
///
///     int main() {
///       try {
///         const libkv::ClientOptions options{{"credential", "client_secret"},
///                                            {"credential.tenant_id", "..."},
///                                            {"credential.client_id", "..."},
///                                            {"credential.client_secret", "..."}};
///         libkv::SecretClient client("https://contoso.vault.azure.net", options);
///         client.set_secret("db-password", "s3cr3t");
///         for (const auto &properties : client.list_properties_of_secrets())
///           std::cout << properties.name << '\n';
///         return 0;
///       } catch (const libkv::Error &error) {
///         std::cerr << error.what() << '\n';
///         return 1;
///       }
///     }
///
///     c++ -std=c++17 program.cpp $(pkg-config --cflags --libs libkv)
///
/// Every operation blocks until it is done or its deadline comes, and throws libkv::Error when it fails.
/// libkv.h says of each which errors it has. A client serves any number of threads at once; results are
/// values of their own.

#ifndef LIBKV_HPP
#define LIBKV_HPP

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libkv.h"

static_assert(LIBKV_ABI_VERSION >= 1, "libkv.hpp needs the libkv.h that it came with");

namespace libkv {

/// A moment in whole seconds, as the service counts; std::chrono::floor<std::chrono::seconds> makes one from
/// a finer clock.
using Time = std::chrono::time_point<std::chrono::system_clock, std::chrono::seconds>;

/// Tags of a secret version: at most 15, keys and values of at most 512 characters.
using Tags = std::map<std::string, std::string>;

/// The options of a client, such as {{"retry.max_attempts", "8"}}.
using ClientOptions = std::vector<std::pair<std::string, std::string>>;

/// What a token is wanted for.
struct TokenRequest {
  std::string scope;                    ///< The scope, such as https://vault.azure.net/.default.
  std::optional<std::string> tenant_id; ///< The tenant that the vault's challenge names, if it has been asked.
  std::optional<std::string> claims;    ///< Claims that the token must satisfy, as JSON, if the vault asks for some.
};

/// A bearer token and how long it is good for.
struct AccessToken {
  std::string token;                ///< The token.
  std::optional<Time> expires_on{}; ///< When it stops being accepted. Default: it is used until the vault refuses it.
  std::optional<Time> refresh_on{}; ///< When to ask for another. Default: 5 minutes ahead of its end.
};

/// Gives a token when a client has none or wants another, once for however many calls wait; it need not cache.
///
///     libkv::SecretClient client(vault_url, {}, [](const libkv::TokenRequest &request) {
///       return libkv::AccessToken{token_from_my_login(request.scope)};
///     });
///
/// It is called by threads that libkv starts for it, several at a time where several clients want a token. It may
/// block, and may use other clients; a call waits for it within its deadline. What it throws fails the call, with
/// ErrorKind::authentication and the exception as its cause. It is destroyed when the last client that has it and what
/// is under way are gone, and may still run when the program ends.
using TokenCallback = std::function<AccessToken(const TokenRequest &)>;

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

/// A secret version without its value.
struct SecretProperties {
  std::string id;                     ///< https://VAULT/secrets/NAME/VERSION; without the version in lists of secrets.
  std::string name;                   ///< The secret's name.
  std::optional<std::string> version; ///< 32 hexadecimal digits; absent in lists of secrets.
  std::string vault_url;              ///< The vault's URL.
  std::optional<std::string> content_type;      ///< What the value is, such as application/json.
  bool enabled = true;                          ///< Whether the value can be read.
  std::optional<Time> not_before;               ///< Not to be used before; the service does not enforce it.
  std::optional<Time> expires_on;               ///< Not to be used after; the service does not enforce it.
  std::optional<Time> created_on;               ///< When the version was made.
  std::optional<Time> updated_on;               ///< When the version's properties last changed.
  std::optional<std::int32_t> recoverable_days; ///< How many days a deleted secret can be recovered, 7 to 90.
  std::optional<std::string> recovery_level;    ///< What happens to a deleted secret, such as Recoverable+Purgeable.
  Tags tags;                                    ///< The version's tags.
  bool managed = false;                         ///< Whether the secret belongs to a certificate.
  std::optional<std::string> key_id;            ///< The key behind a certificate's secret.
  std::optional<std::string> previous_version;  ///< The version of the previous certificate.
};

/// A version of a secret, as its history shows it.
struct SecretVersion {
  SecretProperties properties; ///< The version without its value.
  bool current = false;        ///< Whether it is the version that a read without a version means.
};

/// A secret in the soft-deleted state.
struct DeletedSecret {
  SecretProperties properties;              ///< The properties of its newest version.
  std::optional<std::string> recovery_id;   ///< The identifier under which it can be recovered or purged.
  std::optional<Time> deleted_date;         ///< When it was deleted.
  std::optional<Time> scheduled_purge_date; ///< When the service purges it for good.
};

/// One page of a list. A page may be empty although others follow.
template <class Item>
struct Page {
  std::vector<Item> items; ///< The page's items.
  std::optional<std::string>
      continuation_token; ///< What ListOptions takes to go on behind this page; absent on the last.
};

/// What a client has done since it was made.
struct Stats {
  std::uint64_t operations; ///< Operations started.
  std::uint64_t requests;   ///< HTTP requests sent to the vault.
  std::uint64_t retries;    ///< Requests that were sent again after a failure other than throttling.
  std::uint64_t throttled;  ///< Answers with status 429.
  std::uint64_t waited_ms;  ///< Time spent waiting between tries, and for a turn while the vault throttles, in ms.
  std::uint64_t tokens;     ///< Tokens asked for.
  std::uint64_t cache_hits; ///< Reads answered from the cache, or by a read that was under way already.
  std::uint64_t settled;    ///< Writes whose answer was lost, and that a look at the vault found applied.
};

/// One step on the way to a vault, and how it went.
struct DiagnosisStep {
  std::string name;                      ///< "dns", "tcp", "tls", "challenge", "clock", "token" or "call".
  std::string verdict;                   ///< "ok", "failed", or "skipped" where it was not tried.
  std::chrono::duration<double> elapsed; ///< How long it took.
  std::string detail;                    ///< What was found, for a person. Never holds a secret's value or a token.
  std::optional<std::string> advice;     ///< The next step for a person, if the step failed and libkv knows one.
};

/// How far an operation on many secrets has come.
struct Progress {
  std::size_t done = 0;             ///< How many results have been taken.
  std::optional<std::size_t> total; ///< How many there are in all; absent while the vault's list is still being read.
};

/// Is told of each result that is taken, by the thread that takes it. What it throws comes out of the iteration.
using OnProgress = std::function<void(const Progress &)>;

/// The optional arguments of a call that has no others.
struct CallOptions {
  std::optional<std::chrono::milliseconds> timeout; ///< The call's deadline. Default: the client's timeout_ms.
};

/// The optional arguments of get_secret and try_get_secret.
struct GetSecretOptions {
  std::optional<std::string> version;               ///< The version to read. Default: the newest.
  std::optional<std::chrono::milliseconds> timeout; ///< The call's deadline. Default: the client's timeout_ms.
};

/// The optional arguments of set_secret.
struct SetSecretOptions {
  std::optional<std::string> content_type; ///< What the value is; at most 255 characters.
  std::optional<Tags> tags;                ///< The version's tags.
  std::optional<bool> enabled;             ///< Whether the value can be read. Default: true.
  std::optional<Time> not_before;          ///< Not to be used before this moment.
  std::optional<Time> expires_on;          ///< Not to be used after this moment.
  std::optional<std::string> on_conflict;  ///< "fail", "recover" or "purge"; see set_secret. Default: "fail".
  std::optional<bool> if_changed;          ///< Whether to write only what differs; see set_secret. Default: false.
  std::optional<bool> if_absent;           ///< Whether to write only a free name; see set_secret. Default: false.
  std::optional<std::chrono::milliseconds> timeout; ///< The call's deadline. Default: the client's timeout_ms.
};

/// The optional arguments of set_secrets, the same for all secrets.
struct SetSecretsOptions {
  std::optional<std::string> content_type; ///< What the values are; at most 255 characters.
  std::optional<Tags> tags;                ///< Each version's tags.
  std::optional<bool> enabled;             ///< Whether the values can be read. Default: true.
  std::optional<Time> not_before;          ///< Not to be used before this moment.
  std::optional<Time> expires_on;          ///< Not to be used after this moment.
  std::optional<std::string> on_conflict;  ///< "fail", "recover" or "purge"; see set_secret. Default: "fail".
  std::optional<bool> if_changed;          ///< Whether to write only what differs; see set_secret. Default: false.
  std::optional<bool> if_absent;           ///< Whether to write only a free name; see set_secret. Default: false.
  std::optional<std::int32_t> concurrency; ///< How many are under way at a time, 1 to 256. Default: 64.
  OnProgress on_progress;                  ///< Called after each result that is taken.
  std::optional<std::chrono::milliseconds> timeout; ///< The deadline of each secret. Default: the client's timeout_ms.
};

/// The optional arguments of get_secrets; names go without prefix and tags.
struct GetSecretsOptions {
  std::optional<std::vector<std::string>> names; ///< Whose values to read, in this order. Default: all in the vault.
  std::optional<std::string> prefix;             ///< How their names begin, in any letter case. Default: in any way.
  std::optional<Tags> tags;                      ///< What tags their newest versions have, all of them. Default: any.
  std::optional<std::int32_t> concurrency;       ///< How many are under way at a time, 1 to 256. Default: 64.
  OnProgress on_progress;                        ///< Called after each result that is taken.
  std::optional<std::chrono::milliseconds> timeout; ///< Of each secret and page. Default: the client's timeout_ms.
};

/// The optional arguments of update_secret_properties; what is absent stays as it is.
struct UpdateSecretPropertiesOptions {
  std::optional<std::string> version;               ///< The version to change. Default: the newest.
  std::optional<std::string> content_type;          ///< What the value is; at most 255 characters.
  std::optional<Tags> tags;                         ///< The version's tags, all of them.
  std::optional<bool> enabled;                      ///< Whether the value can be read.
  std::optional<Time> not_before;                   ///< Not to be used before this moment.
  std::optional<Time> expires_on;                   ///< Not to be used after this moment.
  std::optional<std::chrono::milliseconds> timeout; ///< The call's deadline. Default: the client's timeout_ms.
};

/// The optional arguments of purge_deleted_secret.
struct PurgeDeletedSecretOptions {
  std::optional<bool> wait;                         ///< Whether to wait until the secret is gone. Default: false.
  std::optional<std::chrono::milliseconds> timeout; ///< The call's deadline. Default: the client's timeout_ms.
};

/// The optional arguments of lists.
struct ListOptions {
  std::optional<std::int32_t> max_page_size;        ///< How many items a page has at most, 1 to 25. Default: 25.
  std::optional<std::string> continuation_token;    ///< Begins behind the page that gave this token.
  std::optional<std::chrono::milliseconds> timeout; ///< The deadline of each page. Default: the client's timeout_ms.
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

/// What stands between the C interface and this one. Not for programs.
namespace detail {

struct Free {
  void operator()(libkv_options *options) const noexcept { libkv_options_free(options); }
  void operator()(libkv_client *client) const noexcept { libkv_client_free(client); }
  void operator()(libkv_secret *secret) const noexcept { libkv_secret_free(secret); }
  void operator()(libkv_secret_properties *properties) const noexcept { libkv_secret_properties_free(properties); }
  void operator()(libkv_deleted_secret *deleted) const noexcept { libkv_deleted_secret_free(deleted); }
  void operator()(libkv_properties_page *page) const noexcept { libkv_properties_page_free(page); }
  void operator()(libkv_deleted_page *page) const noexcept { libkv_deleted_page_free(page); }
  void operator()(libkv_secret_history *history) const noexcept { libkv_secret_history_free(history); }
  void operator()(libkv_properties_list *list) const noexcept { libkv_properties_list_free(list); }
  void operator()(libkv_secret_results *results) const noexcept { libkv_secret_results_free(results); }
  void operator()(libkv_secret_result *result) const noexcept { libkv_secret_result_free(result); }
  void operator()(libkv_poller *poller) const noexcept { libkv_poller_free(poller); }
  void operator()(libkv_stats *stats) const noexcept { libkv_stats_free(stats); }
  void operator()(libkv_bytes *bytes) const noexcept { libkv_bytes_free(bytes); }
  void operator()(libkv_diagnosis *diagnosis) const noexcept { libkv_diagnosis_free(diagnosis); }
  void operator()(libkv_token_reply *reply) const noexcept { libkv_token_reply_free(reply); }
  void operator()(libkv_error *error) const noexcept { libkv_error_free(error); }
};

template <class T>
using Owned = std::unique_ptr<T, Free>;

inline std::string text(libkv_str text) { return std::string(text.data, text.len); }

inline std::optional<std::string> optional_text(libkv_str view) {
  return view.data ? std::optional(text(view)) : std::nullopt;
}

inline std::optional<Time> optional_time(std::int64_t seconds) {
  return seconds == LIBKV_UNSET ? std::nullopt : std::optional(Time(std::chrono::seconds(seconds)));
}

inline Error value(const libkv_error &raw) {
  Error::Fields fields;
  fields.kind = static_cast<ErrorKind>(raw.kind);
  fields.kind_name = text(raw.kind_name);
  fields.message = text(raw.message);
  if (raw.status != LIBKV_UNSET) fields.status = raw.status;
  fields.code = optional_text(raw.code);
  fields.inner_code = optional_text(raw.inner_code);
  fields.request_id = optional_text(raw.request_id);
  if (raw.retry_after >= 0) fields.retry_after = std::chrono::duration<double>(raw.retry_after);
  fields.attempts = raw.attempts;
  fields.elapsed = std::chrono::duration<double>(raw.elapsed);
  fields.advice = optional_text(raw.advice);
  // Only answer() below gives a cause to the errors of this header's clients.
  if (raw.cause) fields.cause = *static_cast<const std::exception_ptr *>(raw.cause);
  return Error(std::move(fields));
}

/// Throws an error, and nested in it what a token callback threw.
[[noreturn]] inline void raise(const Error &error) {
  if (!error.cause()) throw error;
  try {
    std::rethrow_exception(error.cause());
  } catch (...) {
    std::throw_with_nested(error);
  }
}

/// Calls a C function whose last argument is the error.
template <class... Parameters, class... Arguments>
void check(libkv_status (*function)(Parameters...), Arguments... arguments) {
  libkv_error *error = nullptr;
  if (function(arguments..., &error) == LIBKV_OK) return;
  const Owned<libkv_error> owned(error);
  raise(owned ? value(*owned) : Error(Error::Fields{}));
}

/// Calls a C function whose last arguments are the result and the error.
template <class Result, class... Parameters, class... Arguments>
Owned<Result> call(libkv_status (*function)(Parameters...), Arguments... arguments) {
  Result *result = nullptr;
  check(function, arguments..., &result);
  return Owned<Result>(result);
}

/// A text for C, which would take a NUL within it for its end.
inline const char *c_text(const char *argument, const std::string &text) {
  if (text.find('\0') == std::string::npos) return text.c_str();
  Error::Fields fields;
  fields.kind = ErrorKind::invalid_argument;
  fields.kind_name = "invalid_argument";
  fields.message = std::string(argument) + ": must not hold a NUL";
  throw Error(std::move(fields));
}

inline const char *c_text(const char *argument, const std::optional<std::string> &text) {
  return text ? c_text(argument, *text) : nullptr;
}

inline std::int64_t c_time(const std::optional<Time> &time) {
  return time ? time->time_since_epoch().count() : LIBKV_UNSET;
}

inline std::int32_t c_flag(const std::optional<bool> &flag) { return flag ? *flag : LIBKV_UNSET; }

/// A list for C, where NULL means that none is given.
template <class T>
const T *c_list(bool is_given, const std::vector<T> &list) {
  static const T none{};
  return !is_given ? nullptr : list.empty() ? &none : list.data();
}

inline std::vector<libkv_tag> c_tags(const std::optional<Tags> &tags) {
  std::vector<libkv_tag> list;
  if (tags)
    for (const auto &[key, value] : *tags) list.push_back({{key.data(), key.size()}, {value.data(), value.size()}});
  return list;
}

template <class Options>
std::int64_t timeout_ms(const Options &options) {
  return options.timeout ? options.timeout->count() : LIBKV_UNSET;
}

template <class Options>
libkv_call_options c_options(const Options &options) {
  return {sizeof(libkv_call_options), timeout_ms(options)};
}

inline libkv_list_options c_options(const ListOptions &options) {
  return {sizeof(libkv_list_options), timeout_ms(options), options.max_page_size.value_or(LIBKV_UNSET),
          c_text("continuation_token", options.continuation_token)};
}

inline libkv_purge_deleted_secret_options c_options(const PurgeDeletedSecretOptions &options) {
  return {sizeof(libkv_purge_deleted_secret_options), timeout_ms(options), c_flag(options.wait)};
}

/// The C options of set and update, and the tags they point to.
template <class Raw>
struct Written {
  template <class Options>
  explicit Written(const Options &options) : tags(c_tags(options.tags)) {
    raw.size = sizeof(Raw);
    raw.timeout_ms = timeout_ms(options);
    raw.content_type = c_text("content_type", options.content_type);
    raw.tags = c_list(options.tags.has_value(), tags);
    raw.tag_count = tags.size();
    raw.enabled = c_flag(options.enabled);
    raw.not_before = c_time(options.not_before);
    raw.expires_on = c_time(options.expires_on);
  }

  std::vector<libkv_tag> tags;
  Raw raw{};
};

/// The C options of sets.
template <class Raw>
struct Set : Written<Raw> {
  template <class Options>
  explicit Set(const Options &options) : Written<Raw>(options) {
    this->raw.on_conflict = c_text("on_conflict", options.on_conflict);
    this->raw.if_changed = c_flag(options.if_changed);
    this->raw.if_absent = c_flag(options.if_absent);
  }
};

inline SecretProperties value(const libkv_secret_properties &raw) {
  SecretProperties properties;
  properties.id = text(raw.id);
  properties.name = text(raw.name);
  properties.version = optional_text(raw.version);
  properties.vault_url = text(raw.vault_url);
  properties.content_type = optional_text(raw.content_type);
  properties.enabled = raw.enabled;
  properties.not_before = optional_time(raw.not_before);
  properties.expires_on = optional_time(raw.expires_on);
  properties.created_on = optional_time(raw.created_on);
  properties.updated_on = optional_time(raw.updated_on);
  if (raw.recoverable_days != LIBKV_UNSET) properties.recoverable_days = raw.recoverable_days;
  properties.recovery_level = optional_text(raw.recovery_level);
  for (std::size_t i = 0; i < raw.tag_count; i++)
    properties.tags.emplace(text(raw.tags[i].key), text(raw.tags[i].value));
  properties.managed = raw.managed;
  properties.key_id = optional_text(raw.key_id);
  properties.previous_version = optional_text(raw.previous_version);
  return properties;
}

inline SecretVersion value(const libkv_secret_version &raw) { return {value(*raw.properties), raw.current}; }

inline DeletedSecret value(const libkv_deleted_secret &raw) {
  return {value(*raw.properties), optional_text(raw.recovery_id), optional_time(raw.deleted_date),
          optional_time(raw.scheduled_purge_date)};
}

inline DiagnosisStep value(const libkv_diagnosis_step &raw) {
  return {text(raw.name), text(raw.verdict), std::chrono::duration<double>(raw.elapsed), text(raw.detail),
          optional_text(raw.advice)};
}

template <class Item, class Raw>
std::vector<Item> items(const Raw &raw) {
  std::vector<Item> items;
  for (std::size_t i = 0; i < raw.count; i++) items.push_back(value(*raw.items[i]));
  return items;
}

template <class Item, class Raw>
Page<Item> page(const Raw &raw) {
  return {items<Item>(raw), optional_text(raw.continuation_token)};
}

template <class T>
void destroy(void *owned) noexcept {
  delete static_cast<T *>(owned);
}

inline void fail(const libkv_token_reply *reply, const char *message) {
  libkv_token_reply_fail(reply, message, new std::exception_ptr(std::current_exception()), destroy<std::exception_ptr>,
                         nullptr);
}

/// Answers a request for a token by a callback of C++, whose exceptions must not reach C.
inline void answer(void *callback, const libkv_token_request *request, libkv_token_reply *raw_reply) noexcept {
  const Owned<libkv_token_reply> reply(raw_reply);
  try {
    auto given = (*static_cast<const TokenCallback *>(callback))(
        {text(request->scope), optional_text(request->tenant_id), optional_text(request->claims)});
    check(libkv_token_reply_send, reply.get(), given.token.data(), given.token.size(), c_time(given.expires_on),
          c_time(given.refresh_on));
    for (volatile char &byte : given.token) byte = '\0'; // Volatile, or the compiler would leave it out.
  } catch (const std::exception &thrown) {
    fail(reply.get(), thrown.what());
  } catch (...) {
    fail(reply.get(), "it threw something that is not a std::exception");
  }
}

} // namespace detail

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
  friend class SecretClient;
  friend class SecretResults;
  explicit Secret(std::shared_ptr<const libkv_secret> raw)
      : raw_(std::move(raw)), properties_(detail::value(*raw_->properties)) {}

  std::shared_ptr<const libkv_secret> raw_;
  SecretProperties properties_;
};

/// A list that is read page by page while a loop goes through it; each loop reads it anew.
///
///     for (const auto &page : client.list_properties_of_secrets().pages()) ...
template <class Item>
class Pages {
public:
  using Read = std::function<Page<Item>(const ListOptions &)>;

  class iterator {
  public:
    using iterator_category = std::input_iterator_tag;
    using value_type = Page<Item>;
    using difference_type = std::ptrdiff_t;
    using pointer = const Page<Item> *;
    using reference = const Page<Item> &;

    iterator() = default;
    iterator(Read read, ListOptions options)
        : read_(std::move(read)), options_(std::move(options)), page_(read_(options_)) {}

    reference operator*() const { return *page_; }
    pointer operator->() const { return &*page_; }
    iterator &operator++() {
      options_.continuation_token = page_->continuation_token;
      page_ = options_.continuation_token ? std::optional(read_(options_)) : std::nullopt;
      return *this;
    }
    void operator++(int) { ++*this; }
    bool operator==(const iterator &other) const { return page_.has_value() == other.page_.has_value(); }
    bool operator!=(const iterator &other) const { return !(*this == other); }

  private:
    Read read_;
    ListOptions options_;
    std::optional<Page<Item>> page_;
  };

  Pages(Read read, ListOptions options) : read_(std::move(read)), options_(std::move(options)) {}

  iterator begin() const { return iterator(read_, options_); }
  iterator end() const { return iterator(); }

private:
  Read read_;
  ListOptions options_;
};

/// A list whose pages are read while a loop goes through its items; each loop reads it anew.
///
///     for (const auto &properties : client.list_properties_of_secrets()) ...
template <class Item>
class List {
public:
  class iterator {
  public:
    using iterator_category = std::input_iterator_tag;
    using value_type = Item;
    using difference_type = std::ptrdiff_t;
    using pointer = const Item *;
    using reference = const Item &;

    iterator() = default;
    explicit iterator(typename Pages<Item>::iterator page) : page_(std::move(page)) { skip_empty_pages(); }

    reference operator*() const { return page_->items[index_]; }
    pointer operator->() const { return &page_->items[index_]; }
    iterator &operator++() {
      ++index_;
      skip_empty_pages();
      return *this;
    }
    void operator++(int) { ++*this; }
    bool operator==(const iterator &other) const { return page_ == other.page_; }
    bool operator!=(const iterator &other) const { return !(*this == other); }

  private:
    void skip_empty_pages() {
      for (; page_ != end_ && index_ == page_->items.size(); ++page_) index_ = 0;
    }

    typename Pages<Item>::iterator page_, end_;
    std::size_t index_ = 0;
  };

  List(typename Pages<Item>::Read read, ListOptions options) : pages_(std::move(read), std::move(options)) {}

  iterator begin() const { return iterator(pages_.begin()); }
  iterator end() const { return iterator(); }

  /// The same list by page, for its continuation tokens.
  const Pages<Item> &pages() const & noexcept { return pages_; }
  Pages<Item> pages() && noexcept { return std::move(pages_); }

private:
  Pages<Item> pages_;
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

/// The results of an operation on many secrets, in order, while others are under way. They can be gone through once.
///
///     for (const auto &result : client.get_secrets())
///       if (result.error) std::cerr << result.name << ": " << result.error->what() << '\n';
///
/// Nothing is sent before the first result is asked for. What is under way goes on between two of them; destroying this
/// cancels it, which leaves open whether a set that was under way has been applied. In the child of a fork, asking for
/// a result throws ErrorKind::invalid_state.
class SecretResults {
public:
  class iterator {
  public:
    using iterator_category = std::input_iterator_tag;
    using value_type = SecretResult;
    using difference_type = std::ptrdiff_t;
    using pointer = const SecretResult *;
    using reference = const SecretResult &;

    iterator() = default;
    explicit iterator(SecretResults &results) : results_(&results), result_(results.next()) {}

    reference operator*() const { return *result_; }
    pointer operator->() const { return &*result_; }
    iterator &operator++() {
      result_ = results_->next();
      return *this;
    }
    void operator++(int) { ++*this; }
    bool operator==(const iterator &other) const { return result_.has_value() == other.result_.has_value(); }
    bool operator!=(const iterator &other) const { return !(*this == other); }

  private:
    SecretResults *results_ = nullptr;
    std::optional<SecretResult> result_;
  };

  /// Waits for the next result; none behind the last one. Throws the error of the list of the vault's secrets, after
  /// the results of those listed before.
  std::optional<SecretResult> next() {
    const std::shared_ptr<const libkv_secret_result> raw =
        detail::call<libkv_secret_result>(libkv_secret_results_next, raw_.get());
    if (!raw) return std::nullopt;
    if (on_progress_) on_progress_(*progress_);
    SecretResult result{detail::text(raw->name), {}, {}};
    if (raw->secret) result.secret = Secret({raw, raw->secret});
    if (raw->error) result.error = detail::value(*raw->error);
    return result;
  }

  /// Waits for the first of the results that are left.
  iterator begin() { return iterator(*this); }
  iterator end() { return iterator(); }

private:
  friend class SecretClient;

  /// Makes results that the C ones of `raw` will tell how far they have come.
  template <class Raw, class Options>
  SecretResults(Raw &raw, const Options &options)
      : on_progress_(options.on_progress), progress_(std::make_unique<Progress>()) {
    raw.concurrency = options.concurrency.value_or(LIBKV_UNSET);
    raw.on_progress = tell;
    raw.progress_data = progress_.get();
  }

  static void tell(void *progress, std::size_t done, std::size_t total) {
    *static_cast<Progress *>(progress) = {done, total == SIZE_MAX ? std::nullopt : std::optional(total)};
  }

  detail::Owned<libkv_secret_results> raw_;
  OnProgress on_progress_;
  /// What C was last told; it stays where it is when this moves.
  std::unique_ptr<Progress> progress_;
};

/// A deletion or recovery that has begun, and that the vault goes on with whether or not somebody waits for
/// it.
template <class Result>
class Poller {
public:
  /// What the vault answered when the work began.
  const Result &result() const noexcept { return result_; }

  /// Tells what the last look found, without looking.
  bool done() const noexcept { return libkv_poller_is_done(raw_.get()); }

  /// Looks once and tells whether the vault has finished.
  bool poll(const CallOptions &options = {}) const {
    bool done = false;
    const auto raw_options = detail::c_options(options);
    detail::check(libkv_poller_poll, raw_.get(), &raw_options, &done);
    return done;
  }

  /// Waits until the vault has finished; ErrorKind::timeout when the deadline comes first.
  void wait(const CallOptions &options = {}) const {
    const auto raw_options = detail::c_options(options);
    detail::check(libkv_poller_wait, raw_.get(), &raw_options);
  }

private:
  friend class SecretClient;
  Poller(detail::Owned<libkv_poller> raw, Result result) : raw_(std::move(raw)), result_(std::move(result)) {}

  detail::Owned<libkv_poller> raw_;
  Result result_;
};

/// A client of one vault. Make one per vault and use it from all threads.
class SecretClient {
public:
  /// Makes a client; sends nothing. Throws ErrorKind::invalid_config for a wrong URL or option.
  ///
  /// Tokens come from `token_callback`, if there is one, instead of from where the option credential says.
  explicit SecretClient(const std::string &vault_url, const ClientOptions &options = {},
                        TokenCallback token_callback = {}) {
    const auto raw = detail::call<libkv_options>(libkv_options_new);
    for (const auto &[key, value] : options)
      detail::check(libkv_options_set, raw.get(), detail::c_text("key", key), detail::c_text("value", value));
    if (token_callback)
      detail::check(libkv_options_set_token_callback, raw.get(), detail::answer,
                    new TokenCallback(std::move(token_callback)), detail::destroy<TokenCallback>);
    client_ = detail::call<libkv_client>(libkv_client_new, detail::c_text("vault_url", vault_url), raw.get());
  }

  SecretClient(SecretClient &&) noexcept = default;
  SecretClient &operator=(SecretClient &&) noexcept = default;

  /// The vault's URL, without a trailing slash.
  std::string vault_url() const { return libkv_client_vault_url(client_.get()); }

  /// What the client has done since it was made.
  Stats stats() const {
    const auto raw = detail::call<libkv_stats>(libkv_client_stats, client_.get());
    return {raw->operations, raw->requests, raw->retries,    raw->throttled,
            raw->waited_ms,  raw->tokens,   raw->cache_hits, raw->settled};
  }

  /// Goes the way to the vault step by step: name, connection, TLS, what token the vault asks for, the clock, the
  /// token, and one harmless call, which lists at most one secret without its value. A step that fails, or that the
  /// deadline cuts short, is no failure of the call. The claims of the token are shown, the token is not.
  std::vector<DiagnosisStep> diagnose(const CallOptions &options = {}) const {
    const auto raw = detail::c_options(options);
    return detail::items<DiagnosisStep>(*detail::call<libkv_diagnosis>(libkv_diagnose, client_.get(), &raw));
  }

  /// Refuses calls from here on, with ErrorKind::invalid_state. Those under way go on, and so do pollers and the
  /// results of many secrets.
  void close() const noexcept { libkv_client_close(client_.get()); }

  /// Makes a new version of a secret, and the secret if there is none. Nothing is inherited from the version
  /// before.
  ///
  /// `on_conflict` says what to do about a soft-deleted secret of the name. "fail" leaves it. "recover" brings it back
  /// with its versions and writes on top. "purge" removes it for good and writes the first version of a new one; that
  /// needs the purge permission and a vault without purge protection. Both wait, within the deadline, for a deletion,
  /// recovery or purge under way.
  ///
  /// `if_changed` writes only what differs from the newest version in value, content type, tags or another property; a
  /// set that changes nothing gives that version. `if_absent` writes only where no secret has the name; one that has
  /// it, disabled or not, fails with ErrorKind::already_exists. Both read the secret first, which needs the permission;
  /// two callers that read before either writes make two versions.
  Secret set_secret(const std::string &name, std::string_view value, const SetSecretOptions &options = {}) const {
    const detail::Set<libkv_set_secret_options> raw(options);
    return Secret(detail::call<libkv_secret>(libkv_set_secret, client_.get(), detail::c_text("name", name),
                                             value.data() ? value.data() : "", value.size(), &raw.raw));
  }

  /// Reads a secret with its value.
  Secret get_secret(const std::string &name, const GetSecretOptions &options = {}) const {
    const auto raw = detail::c_options(options);
    return Secret(detail::call<libkv_secret>(libkv_get_secret, client_.get(), detail::c_text("name", name),
                                             detail::c_text("version", options.version), &raw));
  }

  /// Reads a secret as get_secret does, but gives none where the vault has no such secret or version. A soft-deleted
  /// secret is none; a disabled one fails.
  std::optional<Secret> try_get_secret(const std::string &name, const GetSecretOptions &options = {}) const {
    const auto raw = detail::c_options(options);
    auto secret = detail::call<libkv_secret>(libkv_try_get_secret, client_.get(), detail::c_text("name", name),
                                             detail::c_text("version", options.version), &raw);
    return secret ? std::optional(Secret(std::move(secret))) : std::nullopt;
  }

  /// Reads many secrets with their values: all that the vault lists, those of a prefix or with tags, or those of these
  /// names. A secret that fails, such as a disabled one, has its own error.
  SecretResults get_secrets(const GetSecretsOptions &options = {}) const {
    std::vector<const char *> names;
    if (options.names)
      for (const auto &name : *options.names) names.push_back(detail::c_text("names", name));
    const auto tags = detail::c_tags(options.tags);
    libkv_get_secrets_options raw = LIBKV_GET_SECRETS_OPTIONS_INIT;
    raw.timeout_ms = detail::timeout_ms(options);
    raw.names = detail::c_list(options.names.has_value(), names);
    raw.name_count = names.size();
    raw.prefix = detail::c_text("prefix", options.prefix);
    raw.tags = detail::c_list(options.tags.has_value(), tags);
    raw.tag_count = tags.size();
    SecretResults results(raw, options);
    results.raw_ = detail::call<libkv_secret_results>(libkv_get_secrets, client_.get(), &raw);
    return results;
  }

  /// Makes a new version of each of these secrets, as set_secret does, by name and value. The results come in the order
  /// of the names, each of which may occur once; a secret that fails has its own error.
  SecretResults set_secrets(const std::vector<std::pair<std::string, std::string_view>> &values,
                            const SetSecretsOptions &options = {}) const {
    std::vector<libkv_named_value> pairs;
    for (const auto &[name, value] : values)
      pairs.push_back({detail::c_text("values", name), {value.data() ? value.data() : "", value.size()}});
    detail::Set<libkv_set_secrets_options> raw(options);
    SecretResults results(raw.raw, options);
    results.raw_ = detail::call<libkv_secret_results>(libkv_set_secrets, client_.get(), detail::c_list(true, pairs),
                                                      pairs.size(), &raw.raw);
    return results;
  }

  /// Reads a secret's versions without their values, from the newest to the oldest, the current one marked. Of several
  /// versions made in one second, the newest comes first and the others stand by their ids. Needs the permissions to
  /// list and to get.
  std::vector<SecretVersion> get_secret_history(const std::string &name, const CallOptions &options = {}) const {
    const auto raw = detail::c_options(options);
    return detail::items<SecretVersion>(*detail::call<libkv_secret_history>(libkv_get_secret_history, client_.get(),
                                                                            detail::c_text("name", name), &raw));
  }

  /// Makes a new version with the value, content type and tags of an older one. Dates are not brought back, and the new
  /// version is enabled. A disabled version cannot be read, and fails with ErrorKind::secret_disabled.
  Secret rollback_secret(const std::string &name, const std::string &version, const CallOptions &options = {}) const {
    const auto raw = detail::c_options(options);
    return Secret(detail::call<libkv_secret>(libkv_rollback_secret, client_.get(), detail::c_text("name", name),
                                             detail::c_text("version", version), &raw));
  }

  /// Disables a secret's enabled versions except the newest `keep` of them, at least 1; gives those it disabled. The
  /// service cannot remove a version. A failure midway leaves disabled what has been; the same call again goes on.
  std::vector<SecretProperties> prune_secret_versions(const std::string &name, std::uint32_t keep,
                                                      const CallOptions &options = {}) const {
    const auto raw = detail::c_options(options);
    return detail::items<SecretProperties>(*detail::call<libkv_properties_list>(
        libkv_prune_secret_versions, client_.get(), detail::c_text("name", name), keep, &raw));
  }

  /// Changes the properties of a version; the value cannot change.
  SecretProperties update_secret_properties(const std::string &name,
                                            const UpdateSecretPropertiesOptions &options = {}) const {
    const detail::Written<libkv_update_secret_properties_options> raw(options);
    return detail::value(*detail::call<libkv_secret_properties>(libkv_update_secret_properties, client_.get(),
                                                                detail::c_text("name", name),
                                                                detail::c_text("version", options.version), &raw.raw));
  }

  /// Lists the vault's secrets without their values, by upper-cased name.
  List<SecretProperties> list_properties_of_secrets(const ListOptions &options = {}) const {
    return {[client = client_](const ListOptions &options) {
              const auto raw = detail::c_options(options);
              return detail::page<SecretProperties>(
                  *detail::call<libkv_properties_page>(libkv_list_properties_of_secrets, client.get(), &raw));
            },
            options};
  }

  /// Lists the versions of a secret without their values, by version id; an unknown name has none.
  List<SecretProperties> list_properties_of_secret_versions(const std::string &name,
                                                            const ListOptions &options = {}) const {
    return {[client = client_, name](const ListOptions &options) {
              const auto raw = detail::c_options(options);
              return detail::page<SecretProperties>(*detail::call<libkv_properties_page>(
                  libkv_list_properties_of_secret_versions, client.get(), detail::c_text("name", name), &raw));
            },
            options};
  }

  /// Lists the vault's deleted secrets.
  List<DeletedSecret> list_deleted_secrets(const ListOptions &options = {}) const {
    return {[client = client_](const ListOptions &options) {
              const auto raw = detail::c_options(options);
              return detail::page<DeletedSecret>(
                  *detail::call<libkv_deleted_page>(libkv_list_deleted_secrets, client.get(), &raw));
            },
            options};
  }

  /// Begins to delete a secret with all its versions. Until its scheduled purge date it can be recovered.
  Poller<DeletedSecret> begin_delete_secret(const std::string &name, const CallOptions &options = {}) const {
    auto poller = begin(libkv_begin_delete_secret, name, options);
    auto deleted = detail::value(*libkv_poller_deleted_secret(poller.get()));
    return {std::move(poller), std::move(deleted)};
  }

  /// Reads a deleted secret, without its value.
  DeletedSecret get_deleted_secret(const std::string &name, const CallOptions &options = {}) const {
    const auto raw = detail::c_options(options);
    return detail::value(*detail::call<libkv_deleted_secret>(libkv_get_deleted_secret, client_.get(),
                                                             detail::c_text("name", name), &raw));
  }

  /// Begins to bring a deleted secret back with all its versions.
  Poller<SecretProperties> begin_recover_deleted_secret(const std::string &name,
                                                        const CallOptions &options = {}) const {
    auto poller = begin(libkv_begin_recover_deleted_secret, name, options);
    auto properties = detail::value(*libkv_poller_properties(poller.get()));
    return {std::move(poller), std::move(properties)};
  }

  /// Removes a deleted secret for good. Needs the purge permission and a vault without purge protection.
  ///
  /// `wait` waits, within the deadline, for a deletion under way before the purge, and for the deleted secret to be
  /// gone after it. The service can hold the name back for some seconds more, which only a set with `on_conflict`
  /// "purge" waits out.
  void purge_deleted_secret(const std::string &name, const PurgeDeletedSecretOptions &options = {}) const {
    const auto raw = detail::c_options(options);
    detail::check(libkv_purge_deleted_secret, client_.get(), detail::c_text("name", name), &raw);
  }

  /// Backs up a secret with all its versions into a blob that only Azure can read.
  std::vector<std::uint8_t> backup_secret(const std::string &name, const CallOptions &options = {}) const {
    const auto raw = detail::c_options(options);
    const auto backup =
        detail::call<libkv_bytes>(libkv_backup_secret, client_.get(), detail::c_text("name", name), &raw);
    return {backup->data, backup->data + backup->len};
  }

  /// Restores a backup, into a vault of the same subscription and geography; gives the newest version's
  /// properties.
  SecretProperties restore_secret_backup(const std::vector<std::uint8_t> &backup,
                                         const CallOptions &options = {}) const {
    const std::uint8_t none = 0;
    const auto raw = detail::c_options(options);
    return detail::value(*detail::call<libkv_secret_properties>(
        libkv_restore_secret_backup, client_.get(), backup.empty() ? &none : backup.data(), backup.size(), &raw));
  }

private:
  template <class Function>
  detail::Owned<libkv_poller> begin(Function *function, const std::string &name, const CallOptions &options) const {
    const auto raw = detail::c_options(options);
    return detail::call<libkv_poller>(function, client_.get(), detail::c_text("name", name), &raw);
  }

  /// Shared with lists, which read on while they live.
  std::shared_ptr<libkv_client> client_;
};

} // namespace libkv

#endif // LIBKV_HPP
