/// The optional arguments of clients and of calls. What is absent has its default.

#ifndef LIBKV_OPTIONS_HPP
#define LIBKV_OPTIONS_HPP

#include <functional>
#include <utility>

#include "model.hpp"

namespace libkv {

/// The options of a client, such as {{"retry.max_attempts", "8"}}. The introduction of libkv.h lists them.
using ClientOptions = std::vector<std::pair<std::string, std::string>>;

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

/// The optional arguments of begin_delete_secret and begin_recover_deleted_secret.
struct PollerOptions {
  /// How long the poller's waits pause between two looks, 1 ms to 1 h. Default: the second look follows the first after
  /// 50 ms, and each further pause is twice as long, up to the client's poll_interval_ms.
  std::optional<std::chrono::milliseconds> polling_interval;
  /// What another poller gave for the same secret: the call begins nothing anew, but looks once.
  std::optional<std::string> continuation_token;
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

} // namespace libkv

#endif // LIBKV_OPTIONS_HPP
