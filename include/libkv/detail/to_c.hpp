/// How arguments of C++ go to the C interface, which copies them. Not for programs.

#ifndef LIBKV_DETAIL_TO_C_HPP
#define LIBKV_DETAIL_TO_C_HPP

#include <string_view>

#include "../error.hpp"
#include "../options.hpp"

namespace libkv::detail {

/// Refuses a text that holds a NUL, which C would take for its end.
inline void check_text(const char *argument, std::string_view text) {
  if (text.find('\0') == std::string_view::npos) return;
  Error::Fields fields;
  fields.kind = ErrorKind::invalid_argument;
  fields.kind_name = "invalid_argument";
  fields.message = std::string(argument) + ": must not hold a NUL";
  throw Error(std::move(fields));
}

/// A text of an options structure, for as long as that lives.
inline const char *c_text(const char *argument, const std::optional<std::string> &text) {
  if (!text) return nullptr;
  check_text(argument, *text);
  return text->c_str();
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

/// Bytes for C, where NULL is refused even if there are none.
template <class Byte>
const Byte *c_data(const Byte *data) {
  static const Byte none{};
  return data ? data : &none;
}

inline std::vector<libkv_tag> c_tags(const std::optional<Tags> &tags) {
  std::vector<libkv_tag> list;
  if (tags)
    for (const auto &[key, value] : *tags) list.push_back({{key.data(), key.size()}, {value.data(), value.size()}});
  return list;
}

inline std::int64_t c_milliseconds(const std::optional<std::chrono::milliseconds> &length) {
  return length ? length->count() : LIBKV_UNSET;
}

template <class Options>
std::int64_t timeout_ms(const Options &options) {
  return c_milliseconds(options.timeout);
}

/// What a C function is called with: `raw`, as long as this lives.
template <class Raw>
struct Held {
  Raw value;
  Raw raw() const { return value; }
};

/// A text that ends with a NUL.
struct HeldText {
  std::string text;
  const char *raw() const { return text.c_str(); }
};

template <class Raw>
struct HeldOptions {
  Raw value;
  const Raw *raw() const { return &value; }
};

template <class Raw>
Held<Raw> hold(Raw value) {
  static_assert(std::is_scalar_v<Raw>);
  return {value};
}

/// A text argument and its name.
struct Text {
  const char *argument;
  std::string_view text;
};

inline HeldText hold(const Text &given) {
  check_text(given.argument, given.text);
  return {std::string(given.text)};
}

/// A text of an options structure that C takes beside it.
struct OptionalText {
  const char *argument;
  const std::optional<std::string> &text;
};

inline Held<const char *> hold(const OptionalText &given) { return {c_text(given.argument, given.text)}; }

inline HeldOptions<libkv_call_options> hold(const CallOptions &options) {
  HeldOptions<libkv_call_options> held{LIBKV_CALL_OPTIONS_INIT};
  held.value.timeout_ms = timeout_ms(options);
  return held;
}

/// C takes the version beside them.
inline HeldOptions<libkv_call_options> hold(const GetSecretOptions &options) {
  return hold(CallOptions{options.timeout});
}

inline HeldOptions<libkv_list_options> hold(const ListOptions &options) {
  HeldOptions<libkv_list_options> held{LIBKV_LIST_OPTIONS_INIT};
  held.value.timeout_ms = timeout_ms(options);
  held.value.max_page_size = options.max_page_size.value_or(LIBKV_UNSET);
  held.value.continuation_token = c_text("continuation_token", options.continuation_token);
  return held;
}

inline HeldOptions<libkv_poller_options> hold(const PollerOptions &options) {
  HeldOptions<libkv_poller_options> held{LIBKV_POLLER_OPTIONS_INIT};
  held.value.timeout_ms = timeout_ms(options);
  held.value.polling_interval_ms = c_milliseconds(options.polling_interval);
  held.value.continuation_token = c_text("continuation_token", options.continuation_token);
  return held;
}

inline HeldOptions<libkv_purge_deleted_secret_options> hold(const PurgeDeletedSecretOptions &options) {
  HeldOptions<libkv_purge_deleted_secret_options> held{LIBKV_PURGE_DELETED_SECRET_OPTIONS_INIT};
  held.value.timeout_ms = timeout_ms(options);
  held.value.wait = c_flag(options.wait);
  return held;
}

/// The C options of set and update, and the tags they point to.
template <class Raw>
struct Written {
  template <class Options>
  Written(const Raw &defaults, const Options &options) : tags(c_tags(options.tags)), value(defaults) {
    value.timeout_ms = timeout_ms(options);
    value.content_type = c_text("content_type", options.content_type);
    value.tags = c_list(options.tags.has_value(), tags);
    value.tag_count = tags.size();
    value.enabled = c_flag(options.enabled);
    value.not_before = c_time(options.not_before);
    value.expires_on = c_time(options.expires_on);
  }

  const Raw *raw() const { return &value; }

  std::vector<libkv_tag> tags;
  Raw value;
};

/// The C options of sets.
template <class Raw>
struct Set : Written<Raw> {
  template <class Options>
  Set(const Raw &defaults, const Options &options) : Written<Raw>(defaults, options) {
    this->value.on_conflict = c_text("on_conflict", options.on_conflict);
    this->value.if_changed = c_flag(options.if_changed);
    this->value.if_absent = c_flag(options.if_absent);
  }
};

inline Written<libkv_update_secret_properties_options> hold(const UpdateSecretPropertiesOptions &options) {
  return {LIBKV_UPDATE_SECRET_PROPERTIES_OPTIONS_INIT, options};
}

inline Set<libkv_set_secret_options> hold(const SetSecretOptions &options) {
  return {LIBKV_SET_SECRET_OPTIONS_INIT, options};
}

/// The options of an operation on many secrets, and who is told of its progress.
template <class Options>
struct Tracked {
  const Options &options;
  libkv_on_progress tell;
  void *told;

  template <class Raw>
  void write(Raw &raw) const {
    raw.concurrency = options.concurrency.value_or(LIBKV_UNSET);
    raw.on_progress = tell;
    raw.progress_data = told;
  }
};

inline Set<libkv_set_secrets_options> hold(const Tracked<SetSecretsOptions> &given) {
  Set<libkv_set_secrets_options> held(LIBKV_SET_SECRETS_OPTIONS_INIT, given.options);
  given.write(held.value);
  return held;
}

/// The C options of get_secrets, and the lists they point to.
struct HeldGetSecrets {
  const libkv_get_secrets_options *raw() const { return &value; }

  std::vector<const char *> names;
  std::vector<libkv_tag> tags;
  libkv_get_secrets_options value = LIBKV_GET_SECRETS_OPTIONS_INIT;
};

inline HeldGetSecrets hold(const Tracked<GetSecretsOptions> &given) {
  const GetSecretsOptions &options = given.options;
  HeldGetSecrets held;
  if (options.names)
    for (const std::string &name : *options.names) {
      check_text("names", name);
      held.names.push_back(name.c_str());
    }
  held.tags = c_tags(options.tags);
  held.value.timeout_ms = timeout_ms(options);
  held.value.names = c_list(options.names.has_value(), held.names);
  held.value.name_count = held.names.size();
  held.value.prefix = c_text("prefix", options.prefix);
  held.value.tags = c_list(options.tags.has_value(), held.tags);
  held.value.tag_count = held.tags.size();
  given.write(held.value);
  return held;
}

/// The names and values of set_secrets; their number goes beside them.
using NamedValues = std::vector<std::pair<std::string_view, std::string_view>>;

struct HeldValues {
  const libkv_named_value *raw() const { return c_list(true, pairs); }

  std::vector<std::string> names;
  std::vector<libkv_named_value> pairs;
};

inline HeldValues hold(const NamedValues &values) {
  HeldValues held;
  held.names.reserve(values.size()); // The pairs point into it.
  for (const auto &[name, value] : values) {
    check_text("values", name);
    held.names.emplace_back(name);
    held.pairs.push_back({held.names.back().c_str(), {c_data(value.data()), value.size()}});
  }
  return held;
}

} // namespace libkv::detail

#endif // LIBKV_DETAIL_TO_C_HPP
