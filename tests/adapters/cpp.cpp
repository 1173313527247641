// The C++ adapter: what libkv.hpp does, by the line protocol of tests/README.md.

#include "protocol.h"

#include <libkv.hpp>

#include <mutex>

namespace {

std::map<std::string, libkv::SecretClient> clients;

/// Puts the fields of a record.
struct Put {
  std::string prefix;

  void operator()(const char *key, const std::string &value) const {
    put(prefix.c_str(), key, value.data(), value.size());
  }
  void operator()(const char *key, bool value) const { put_flag(prefix.c_str(), key, value); }
  void operator()(const char *key, std::chrono::duration<double> value) const { (*this)(key, value.count()); }
  void operator()(const char *key, std::chrono::milliseconds value) const { (*this)(key, value.count()); }
  void operator()(const char *key, libkv::Days value) const { (*this)(key, value.count()); }
  void operator()(const char *key, libkv::Time value) const { (*this)(key, value.time_since_epoch().count()); }
  template <class Number>
  void operator()(const char *key, Number value) const {
    put_number(prefix.c_str(), key, static_cast<double>(value));
  }
  template <class T>
  void operator()(const char *key, const std::optional<T> &value) const {
    if (value) (*this)(key, *value);
  }
};

void put_properties(const std::string &prefix, const libkv::SecretProperties &from) {
  const Put put{prefix};
  put("id", from.id), put("name", from.name), put("version", from.version), put("vault_url", from.vault_url);
  put("content_type", from.content_type), put("enabled", from.enabled), put("not_before", from.not_before);
  put("expires_on", from.expires_on), put("created_on", from.created_on), put("updated_on", from.updated_on);
  put("recoverable_days", from.recoverable_days), put("recovery_level", from.recovery_level);
  put("managed", from.managed), put("key_id", from.key_id), put("previous_version", from.previous_version);
  for (const auto &[key, value] : from.tags)
    put_tag(prefix.c_str(), {key.data(), key.size()}, {value.data(), value.size()});
}

void put_deleted(const std::string &prefix, const libkv::DeletedSecret &from) {
  const Put put{prefix};
  put_properties(prefix, from.properties);
  put("recovery_id", from.recovery_id), put("deleted_date", from.deleted_date);
  put("scheduled_purge_date", from.scheduled_purge_date);
}

void put_version(const std::string &prefix, const libkv::SecretVersion &from) {
  put_properties(prefix, from.properties);
  Put{prefix}("current", from.current);
}

void put_secret(const std::string &prefix, const libkv::Secret &from) {
  const Put put{prefix};
  put_properties(prefix, from.properties());
  put("value", std::string(from.value())), put("stale", from.stale());
}

void put_stats(const libkv::Stats &from) {
  const Put put{};
  put("operations", from.operations), put("requests", from.requests), put("retries", from.retries);
  put("throttled", from.throttled), put("waited_ms", from.waited_ms), put("tokens", from.tokens);
  put("cache_hits", from.cache_hits), put("settled", from.settled);
}

void put_step(const std::string &prefix, const libkv::DiagnosisStep &from) {
  const Put put{prefix};
  put("name", from.name), put("verdict", from.verdict), put("elapsed", from.elapsed), put("detail", from.detail);
  put("advice", from.advice);
}

void put_error(const std::string &prefix, const libkv::Error &from) {
  const Put put{prefix};
  put("kind", from.kind_name()), put("message", from.message()), put("status", from.status());
  put("code", from.code()), put("inner_code", from.inner_code()), put("request_id", from.request_id());
  put("retry_after", from.retry_after()), put("attempts", from.attempts()), put("elapsed", from.elapsed());
  put("advice", from.advice());
}

template <class T>
std::optional<T> given(const char *key) {
  return text(key) ? std::optional<T>(T(number(key))) : std::nullopt;
}

std::optional<std::string> given_text(const char *key) {
  return text(key) ? std::optional(libkv::detail::text(sized(key))) : std::nullopt;
}

template <class Options>
Options with_timeout() {
  Options options;
  options.timeout = given<std::chrono::milliseconds>("a.timeout_ms");
  return options;
}

std::optional<bool> given_flag(const char *key) { return text(key) ? std::optional(flag(key)) : std::nullopt; }

/// The pairs of an argument that has many, such as "a.tags.".
std::vector<std::pair<std::string, std::string>> given_all(const std::string &prefix) {
  std::vector<std::pair<std::string, std::string>> all;
  for (std::size_t i = 0; i < pair_count; i++) {
    const auto key = libkv::detail::text(pairs[i].key);
    if (key.rfind(prefix, 0) == 0 && key != prefix + "none")
      all.emplace_back(key.substr(prefix.size()), libkv::detail::text(pairs[i].value));
  }
  return all;
}

std::optional<libkv::Tags> given_tags() {
  const auto all = given_all("a.tags.");
  if (all.empty() && !text("a.tags.none")) return std::nullopt;
  return libkv::Tags(all.begin(), all.end());
}

/// The arguments that set and update share.
template <class Options>
Options written() {
  auto options = with_timeout<Options>();
  options.content_type = given_text("a.content_type");
  options.tags = given_tags();
  options.enabled = given_flag("a.enabled");
  if (text("a.not_before")) options.not_before = libkv::Time(std::chrono::seconds(number("a.not_before")));
  if (text("a.expires_on")) options.expires_on = libkv::Time(std::chrono::seconds(number("a.expires_on")));
  return options;
}

/// The arguments of sets.
template <class Options>
Options set() {
  auto options = written<Options>();
  options.on_conflict = given_text("a.on_conflict");
  options.if_changed = given_flag("a.if_changed");
  options.if_absent = given_flag("a.if_absent");
  return options;
}

/// Begins an operation on many secrets, and puts its results and what its progress callback was told.
template <class Options, class Begin>
void put_results(Options options, Begin begin) {
  std::size_t calls = 0, count = 0;
  libkv::Progress progress;
  options.concurrency = given<std::int32_t>("a.concurrency");
  options.on_progress = [&](const libkv::Progress &last) { calls++, progress = last; };
  for (const auto &result : begin(options)) {
    const auto prefix = std::to_string(count++) + ".";
    if (result.error)
      Put{prefix}("name", result.name), put_error(prefix + "error.", *result.error);
    else
      put_secret(prefix, result.value());
  }
  const Put put{"progress."};
  Put{}("count", count), put("calls", calls), put("done", progress.done), put("total", progress.total);
}

template <class Item>
void put_items(const std::vector<Item> &items, void (*put_item)(const std::string &, const Item &)) {
  for (std::size_t i = 0; i < items.size(); i++) put_item(std::to_string(i) + ".", items[i]);
  Put{}("count", items.size());
}

template <class Item>
void put_list(libkv::List<Item> list, void (*put_item)(const std::string &, const Item &)) {
  const Put put{};
  std::size_t count = 0, pages = 0;
  for (const auto &page : list.pages()) {
    for (const auto &item : page.items) put_item(std::to_string(count++) + ".", item);
    if (++pages != static_cast<std::size_t>(number("a.max_pages"))) continue;
    put("continuation_token", page.continuation_token);
    break;
  }
  put("count", count), put("pages", pages);
}

template <class Item>
void put_poller(const libkv::Poller<Item> &poller, void (*put_item)(const std::string &, const Item &)) {
  if (flag("a.wait")) poller.wait(with_timeout<libkv::CallOptions>());
  if (const auto result = poller.result()) put_item("", *result);
  const Put put{};
  put("done", poller.done()), put("look_count", poller.look_count());
  put("continuation_token", poller.continuation_token());
}

std::mutex events_lock;
/// The fields of the events that were told since the last look.
std::vector<std::map<std::string, std::string>> events;

void keep_event(const libkv::LogRecord &record) {
  std::map<std::string, std::string> fields(record.fields.begin(), record.fields.end());
  fields.emplace("target", record.target);
  fields.emplace("message", record.message);
  static const char *const names[] = {"error", "warn", "info", "debug", "trace"};
  fields.emplace("level", names[static_cast<int>(record.level) - LIBKV_LOG_ERROR]);
  const std::lock_guard lock(events_lock);
  events.push_back(std::move(fields));
}

/// Puts the events that were kept, and keeps those of a level from here on.
void put_events(const std::string &level) {
  using libkv::LogLevel;
  static const std::map<std::string, LogLevel> levels{
      {"warn", LogLevel::warn}, {"info", LogLevel::info}, {"debug", LogLevel::debug}};
  const auto found = levels.find(level);
  if (found == levels.end())
    libkv::set_log(LogLevel::error, nullptr);
  else
    libkv::set_log(found->second, keep_event);
  const std::lock_guard lock(events_lock);
  std::string all;
  for (std::size_t i = 0; i < events.size(); i++)
    for (const auto &[name, value] : events[i]) {
      Put{std::to_string(i) + "."}(name.c_str(), value);
      all += value + " ";
    }
  Put{}("count", events.size()), Put{}("all", all);
  events.clear();
}

void call(const libkv::SecretClient &client, const std::string &op) {
  const auto name = given_text("a.name").value_or(""), value = given_text("a.value").value_or("");
  const auto options = with_timeout<libkv::CallOptions>();
  const libkv::ListOptions list{given<std::int32_t>("a.max_page_size"), given_text("a.continuation_token"),
                                options.timeout};
  const libkv::PollerOptions polling{given<std::chrono::milliseconds>("a.polling_interval_ms"),
                                     given_text("a.continuation_token"), options.timeout};
  if (op == "set_secret")
    put_secret("", client.set_secret(name, value, set<libkv::SetSecretOptions>()));
  else if (op == "get_secret")
    put_secret("", client.get_secret(name, {given_text("a.version"), options.timeout}));
  else if (op == "try_get_secret") {
    const auto secret = client.try_get_secret(name, {given_text("a.version"), options.timeout});
    Put{}("found", secret.has_value());
    if (secret) put_secret("", *secret);
  } else if (op == "set_secrets") {
    const auto values = given_all("a.values.");
    put_results(set<libkv::SetSecretsOptions>(),
                [&](const auto &all) { return client.set_secrets({values.begin(), values.end()}, all); });
  } else if (op == "get_secrets") {
    auto many = with_timeout<libkv::GetSecretsOptions>();
    const auto names = given_all("a.names.");
    if (!names.empty() || text("a.names.none")) many.names.emplace();
    for (const auto &[number, one] : names) many.names->push_back(one);
    many.prefix = given_text("a.prefix");
    many.tags = given_tags();
    put_results(many, [&](const auto &all) { return client.get_secrets(all); });
  } else if (op == "get_secret_history")
    put_items(client.get_secret_history(name, options), put_version);
  else if (op == "rollback_secret")
    put_secret("", client.rollback_secret(name, given_text("a.version").value_or(""), options));
  else if (op == "prune_secret_versions")
    put_items(client.prune_secret_versions(name, static_cast<std::uint32_t>(number("a.keep")), options),
              put_properties);
  else if (op == "update_secret_properties") {
    auto update = written<libkv::UpdateSecretPropertiesOptions>();
    update.version = given_text("a.version");
    put_properties("", client.update_secret_properties(name, update));
  } else if (op == "list_properties_of_secrets")
    put_list(client.list_properties_of_secrets(list), put_properties);
  else if (op == "list_properties_of_secret_versions")
    put_list(client.list_properties_of_secret_versions(name, list), put_properties);
  else if (op == "list_deleted_secrets")
    put_list(client.list_deleted_secrets(list), put_deleted);
  else if (op == "begin_delete_secret")
    put_poller(client.begin_delete_secret(name, polling), put_deleted);
  else if (op == "begin_recover_deleted_secret")
    put_poller(client.begin_recover_deleted_secret(name, polling), put_properties);
  else if (op == "get_deleted_secret")
    put_deleted("", client.get_deleted_secret(name, options));
  else if (op == "purge_deleted_secret")
    client.purge_deleted_secret(name, {given_flag("a.wait"), options.timeout});
  else if (op == "backup_secret") {
    const auto backup = client.backup_secret(name, options);
    Put{}("backup", std::string(backup.begin(), backup.end()));
  } else if (op == "restore_secret_backup") {
    const auto backup = given_text("a.backup").value_or("");
    put_properties("", client.restore_secret_backup({backup.begin(), backup.end()}, options));
  } else if (op == "diagnose")
    put_items(client.diagnose(options), put_step);
  else if (op == "log")
    put_events(given_text("a.level").value_or("off"));
  else if (op == "stats")
    put_stats(client.stats());
  else
    throw std::invalid_argument(op + " is not an operation");
}

void open_client(const std::string &name) {
  libkv::ClientOptions options;
  for (std::size_t i = 0; i < pair_count; i++)
    if (!strncmp(pairs[i].key.data, "o.", 2))
      options.emplace_back(pairs[i].key.data + 2, libkv::detail::text(pairs[i].value));
  clients.insert_or_assign(name, libkv::SecretClient(given_text("vault_url").value_or(""), options));
}

bool answer(const char *verb_text) try {
  const std::string verb(verb_text), name = given_text("client").value_or("");
  if (verb == "OPEN") open_client(name);
  if (verb == "CALL") call(clients.at(name), given_text("op").value_or(""));
  if (verb == "CLOSE") clients.erase(name);
  return true;
} catch (const libkv::Error &error) {
  put_error("", error);
  return false;
} catch (const std::exception &error) {
  Put{}("message", std::string(error.what()));
  return false;
}

} // namespace

int main() { return serve(answer); }
