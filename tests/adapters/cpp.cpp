// The C++ adapter: what libkv.hpp does, by the line protocol of tests/README.md.

#include "protocol.h"

#include <libkv.hpp>

namespace {

std::map<std::string, libkv::SecretClient> clients;

void put_value(const std::string &key, const std::string &value) { put("", key.c_str(), value.data(), value.size()); }
void put_value(const std::string &key, bool value) { put_flag("", key.c_str(), value); }
template <class Number>
void put_value(const std::string &key, Number value) {
  put_number("", key.c_str(), static_cast<double>(value));
}
void put_value(const std::string &key, libkv::Time value) { put_value(key, value.time_since_epoch().count()); }
void put_value(const std::string &key, std::chrono::duration<double> value) { put_value(key, value.count()); }

template <class T>
void put_value(const std::string &key, const std::optional<T> &value) {
  if (value) put_value(key, *value);
}

void put_properties(const std::string &prefix, const libkv::SecretProperties &from) {
  put_value(prefix + "id", from.id);
  put_value(prefix + "name", from.name);
  put_value(prefix + "version", from.version);
  put_value(prefix + "vault_url", from.vault_url);
  put_value(prefix + "content_type", from.content_type);
  put_value(prefix + "enabled", from.enabled);
  put_value(prefix + "not_before", from.not_before);
  put_value(prefix + "expires_on", from.expires_on);
  put_value(prefix + "created_on", from.created_on);
  put_value(prefix + "updated_on", from.updated_on);
  put_value(prefix + "recoverable_days", from.recoverable_days);
  put_value(prefix + "recovery_level", from.recovery_level);
  for (const auto &[key, value] : from.tags)
    put_tag(prefix.c_str(), {key.data(), key.size()}, {value.data(), value.size()});
  put_value(prefix + "managed", from.managed);
  put_value(prefix + "key_id", from.key_id);
  put_value(prefix + "previous_version", from.previous_version);
}

void put_deleted(const std::string &prefix, const libkv::DeletedSecret &from) {
  put_properties(prefix, from.properties);
  put_value(prefix + "recovery_id", from.recovery_id);
  put_value(prefix + "deleted_date", from.deleted_date);
  put_value(prefix + "scheduled_purge_date", from.scheduled_purge_date);
}

void put_secret(const libkv::Secret &secret) {
  put_value("value", std::string(secret.value()));
  put_properties("", secret.properties());
}

void put_stats(const libkv::Stats &stats) {
  put_value("operations", stats.operations);
  put_value("requests", stats.requests);
  put_value("retries", stats.retries);
  put_value("throttled", stats.throttled);
  put_value("waited_ms", stats.waited_ms);
  put_value("tokens", stats.tokens);
}

void put_error(const libkv::Error &error) {
  put_value("kind", error.kind_name());
  put_value("message", error.message());
  put_value("status", error.status());
  put_value("code", error.code());
  put_value("inner_code", error.inner_code());
  put_value("request_id", error.request_id());
  put_value("retry_after", error.retry_after());
  put_value("attempts", error.attempts());
  put_value("elapsed", error.elapsed());
  put_value("advice", error.advice());
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

/// The arguments that set and update share.
template <class Options>
Options written() {
  auto options = with_timeout<Options>();
  options.content_type = given_text("a.content_type");
  if (text("a.tags.none")) options.tags.emplace();
  for (std::size_t i = 0; i < pair_count; i++) {
    const auto key = libkv::detail::text(pairs[i].key);
    if (key.rfind("a.tags.", 0) != 0 || key == "a.tags.none") continue;
    if (!options.tags) options.tags.emplace();
    options.tags->emplace(key.substr(7), libkv::detail::text(pairs[i].value));
  }
  if (text("a.enabled")) options.enabled = flag("a.enabled");
  if (text("a.not_before")) options.not_before = libkv::Time(std::chrono::seconds(number("a.not_before")));
  if (text("a.expires_on")) options.expires_on = libkv::Time(std::chrono::seconds(number("a.expires_on")));
  return options;
}

template <class Item>
void put_list(libkv::List<Item> list, void (*put_item)(const std::string &, const Item &)) {
  std::size_t count = 0, pages = 0;
  for (const auto &page : list.pages()) {
    for (const auto &item : page.items) put_item(std::to_string(count++) + ".", item);
    if (++pages != static_cast<std::size_t>(number("a.max_pages"))) continue;
    put_value("continuation_token", page.continuation_token);
    break;
  }
  put_value("count", count);
  put_value("pages", pages);
}

template <class Item>
void put_poller(const libkv::Poller<Item> &poller, void (*put_item)(const std::string &, const Item &)) {
  if (flag("a.wait")) poller.wait(with_timeout<libkv::CallOptions>());
  put_item("", poller.result());
  put_value("done", poller.done());
}

void call(const libkv::SecretClient &client, const std::string &op) {
  const auto name = given_text("a.name").value_or(""), value = given_text("a.value").value_or("");
  const auto options = with_timeout<libkv::CallOptions>();
  auto list = with_timeout<libkv::ListOptions>();
  list.max_page_size = given<std::int32_t>("a.max_page_size");
  list.continuation_token = given_text("a.continuation_token");
  if (op == "set_secret") put_secret(client.set_secret(name, value, written<libkv::SetSecretOptions>()));
  if (op == "get_secret") {
    auto get = with_timeout<libkv::GetSecretOptions>();
    get.version = given_text("a.version");
    put_secret(client.get_secret(name, get));
  }
  if (op == "update_secret_properties") {
    auto update = written<libkv::UpdateSecretPropertiesOptions>();
    update.version = given_text("a.version");
    put_properties("", client.update_secret_properties(name, update));
  }
  if (op == "list_properties_of_secrets") put_list(client.list_properties_of_secrets(list), put_properties);
  if (op == "list_properties_of_secret_versions")
    put_list(client.list_properties_of_secret_versions(name, list), put_properties);
  if (op == "list_deleted_secrets") put_list(client.list_deleted_secrets(list), put_deleted);
  if (op == "begin_delete_secret") put_poller(client.begin_delete_secret(name, options), put_deleted);
  if (op == "begin_recover_deleted_secret")
    put_poller(client.begin_recover_deleted_secret(name, options), put_properties);
  if (op == "get_deleted_secret") put_deleted("", client.get_deleted_secret(name, options));
  if (op == "purge_deleted_secret") client.purge_deleted_secret(name, options);
  if (op == "backup_secret") {
    const auto backup = client.backup_secret(name, options);
    put_value("backup", std::string(backup.begin(), backup.end()));
  }
  if (op == "restore_secret_backup") {
    const auto backup = given_text("a.backup").value_or("");
    put_properties("", client.restore_secret_backup({backup.begin(), backup.end()}, options));
  }
  if (op == "stats") put_stats(client.stats());
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
  put_error(error);
  return false;
}

} // namespace

int main() { return serve(answer); }
