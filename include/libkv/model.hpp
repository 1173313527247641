/// What a vault holds, and what libkv tells of it: values that belong to whoever has them.

#ifndef LIBKV_MODEL_HPP
#define LIBKV_MODEL_HPP

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <ratio>
#include <string>
#include <vector>

namespace libkv {

/// A moment in whole seconds, as the service counts; std::chrono::floor<std::chrono::seconds> makes one from
/// a finer clock.
using Time = std::chrono::time_point<std::chrono::system_clock, std::chrono::seconds>;

/// A number of days; in C++20 it converts to and from std::chrono::days.
using Days = std::chrono::duration<std::int32_t, std::ratio<86400>>;

/// Tags of a secret version: at most 15, keys and values of at most 512 characters.
using Tags = std::map<std::string, std::string>;

/// A secret version without its value.
struct SecretProperties {
  std::string id;                     ///< https://VAULT/secrets/NAME/VERSION; without the version in lists of secrets.
  std::string name;                   ///< The secret's name.
  std::optional<std::string> version; ///< 32 hexadecimal digits; absent in lists of secrets.
  std::string vault_url;              ///< The vault's URL.
  std::optional<std::string> content_type;     ///< What the value is, such as application/json.
  bool enabled = true;                         ///< Whether the value can be read.
  std::optional<Time> not_before;              ///< Not to be used before; the service does not enforce it.
  std::optional<Time> expires_on;              ///< Not to be used after; the service does not enforce it.
  std::optional<Time> created_on;              ///< When the version was made.
  std::optional<Time> updated_on;              ///< When the version's properties last changed.
  std::optional<Days> recoverable_days;        ///< How long a deleted secret can be recovered, 7 to 90 days.
  std::optional<std::string> recovery_level;   ///< What happens to a deleted secret, such as Recoverable+Purgeable.
  Tags tags;                                   ///< The version's tags.
  bool managed = false;                        ///< Whether the secret belongs to a certificate.
  std::optional<std::string> key_id;           ///< The key behind a certificate's secret.
  std::optional<std::string> previous_version; ///< The version of the previous certificate.
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
  std::vector<Item> items;                       ///< The page's items.
  std::optional<std::string> continuation_token; ///< Begins behind this page, in ListOptions; absent on the last.
};

/// What a client has done since it was made.
struct Stats {
  std::uint64_t operations;            ///< Operations started.
  std::uint64_t requests;              ///< HTTP requests sent to the vault.
  std::uint64_t retries;               ///< Requests that were sent again after a failure other than throttling.
  std::uint64_t throttled;             ///< Answers with status 429.
  std::chrono::milliseconds waited_ms; ///< Time spent waiting between tries, and for a turn while the vault throttles.
  std::uint64_t tokens;                ///< Tokens asked for.
  std::uint64_t cache_hits;            ///< Reads answered from the cache, or by a read that was under way already.
  std::uint64_t settled;               ///< Writes whose answer was lost, and that a look at the vault found applied.
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

} // namespace libkv

#endif // LIBKV_MODEL_HPP
