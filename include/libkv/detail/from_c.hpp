/// How values of C++ come from what the C interface gives. Not for programs.

#ifndef LIBKV_DETAIL_FROM_C_HPP
#define LIBKV_DETAIL_FROM_C_HPP

#include "../error.hpp"
#include "../model.hpp"

namespace libkv::detail {

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
  // Only the token callbacks of token.hpp give a cause to the errors of C++ clients.
  if (raw.cause) fields.cause = *static_cast<const std::exception_ptr *>(raw.cause);
  return Error(std::move(fields));
}

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
  if (raw.recoverable_days != LIBKV_UNSET) properties.recoverable_days = Days(raw.recoverable_days);
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

inline Stats value(const libkv_stats &raw) {
  return {raw.operations, raw.requests,   raw.retries, raw.throttled, std::chrono::milliseconds(raw.waited_ms),
          raw.tokens,     raw.cache_hits, raw.settled};
}

template <class Raw>
auto items(const Raw &raw) {
  std::vector<decltype(value(**raw.items))> items;
  for (std::size_t i = 0; i < raw.count; i++) items.push_back(value(*raw.items[i]));
  return items;
}

/// Makes a T of a result of C, which is freed if the T does not keep it.
template <class T>
struct From {
  template <class Raw>
  static T make(Owned<Raw> raw) {
    return value(*raw);
  }
};

template <>
struct From<bool> {
  static bool make(bool raw) { return raw; }
};

template <class Raw>
struct From<Owned<Raw>> {
  static Owned<Raw> make(Owned<Raw> raw) { return raw; }
};

template <>
struct From<std::vector<std::uint8_t>> {
  static std::vector<std::uint8_t> make(Owned<libkv_bytes> raw) { return {raw->data, raw->data + raw->len}; }
};

template <class Item>
struct From<std::vector<Item>> {
  template <class Raw>
  static std::vector<Item> make(Owned<Raw> raw) {
    return items(*raw);
  }
};

template <class Item>
struct From<Page<Item>> {
  template <class Raw>
  static Page<Item> make(Owned<Raw> raw) {
    return {items(*raw), optional_text(raw->continuation_token)};
  }
};

/// There may be none, in a call that has succeeded.
template <class T>
struct From<std::optional<T>> {
  template <class Raw>
  static std::optional<T> make(Owned<Raw> raw) {
    return raw ? std::optional(From<T>::make(std::move(raw))) : std::nullopt;
  }
};

} // namespace libkv::detail

#endif // LIBKV_DETAIL_FROM_C_HPP
