/* The C adapter: what libkv.h does, by the line protocol of tests/README.md. */

#include "protocol.h"
#include <pthread.h>

static struct {
  char name[32];
  libkv_client *client;
} clients[64];

static void put_text(const char *prefix, const char *key, libkv_str value) {
  if (value.data) put(prefix, key, value.data, value.len);
}

#define TEXT(field) put_text(prefix, #field, from->field)
#define NUMBER(field) from->field == LIBKV_UNSET ? (void)0 : put_number(prefix, #field, (double)from->field)
#define COUNT(field) put_number(prefix, #field, (double)from->field)
#define FLAG(field) put_flag(prefix, #field, from->field)

static void put_properties(const char *prefix, const libkv_secret_properties *from) {
  TEXT(id), TEXT(name), TEXT(version), TEXT(vault_url), TEXT(content_type), TEXT(recovery_level), TEXT(key_id);
  TEXT(previous_version), FLAG(enabled), FLAG(managed), NUMBER(not_before), NUMBER(expires_on), NUMBER(created_on);
  NUMBER(updated_on), NUMBER(recoverable_days);
  for (size_t i = 0; i < from->tag_count; i++) put_tag(prefix, from->tags[i].key, from->tags[i].value);
}

static void put_deleted(const char *prefix, const libkv_deleted_secret *from) {
  put_properties(prefix, from->properties);
  TEXT(recovery_id), NUMBER(deleted_date), NUMBER(scheduled_purge_date);
}

static void put_secret(const char *prefix, const libkv_secret *from) {
  put_properties(prefix, from->properties);
  TEXT(value), FLAG(stale);
}

static void put_poller(const libkv_poller *poller) {
  const libkv_deleted_secret *deleted = libkv_poller_deleted_secret(poller);
  const libkv_secret_properties *properties = libkv_poller_properties(poller);
  const char *token = libkv_poller_continuation_token(poller);
  if (deleted)
    put_deleted("", deleted);
  else if (properties)
    put_properties("", properties);
  put_flag("", "done", libkv_poller_is_done(poller));
  put_number("", "look_count", (double)libkv_poller_look_count(poller));
  put("", "continuation_token", token, strlen(token));
}

static void put_error(const char *prefix, const libkv_error *from) {
  put_text(prefix, "kind", from->kind_name), TEXT(message), NUMBER(status), TEXT(code), TEXT(inner_code),
      TEXT(request_id);
  NUMBER(retry_after), COUNT(attempts), COUNT(elapsed), TEXT(advice);
}

static void put_stats(const char *prefix, const libkv_stats *from) {
  COUNT(operations), COUNT(requests), COUNT(retries), COUNT(throttled), COUNT(waited_ms), COUNT(tokens);
  COUNT(cache_hits), COUNT(settled);
}

static void put_step(const char *prefix, const libkv_diagnosis_step *from) {
  TEXT(name), TEXT(verdict), COUNT(elapsed), TEXT(detail), TEXT(advice);
}

/* Begins the name of a list's item. */
static const char *item(size_t number) {
  static char prefix[32];
  snprintf(prefix, sizeof prefix, "%zu.", number);
  return prefix;
}

static int32_t given_flag(const char *key) { return text(key) ? flag(key) : LIBKV_UNSET; }

/* The tags on the line; NULL if there are none. */
static const libkv_tag *given_tags(size_t *count) {
  static libkv_tag tags[64];
  *count = 0;
  for (size_t i = 0; i < pair_count && *count < 64; i++)
    if (!strncmp(pairs[i].key.data, "a.tags.", 7) && strcmp(pairs[i].key.data, "a.tags.none"))
      tags[(*count)++] = (libkv_tag){{pairs[i].key.data + 7, pairs[i].key.len - 7}, pairs[i].value};
  return *count || text("a.tags.none") ? tags : NULL;
}

static libkv_status list(libkv_client *client, const char *op, libkv_error **error) {
  libkv_list_options options = {sizeof options, number("a.timeout_ms"), (int32_t)number("a.max_page_size"), NULL};
  char token[4096] = "";
  size_t count = 0;
  double pages = 0, max_pages = text("a.max_pages") ? (double)number("a.max_pages") : 1e9;
  if (text("a.continuation_token")) options.continuation_token = text("a.continuation_token");
  do {
    libkv_properties_page *page = NULL;
    libkv_deleted_page *deleted = NULL;
    libkv_status status =
        !strcmp(op, "list_deleted_secrets") ? libkv_list_deleted_secrets(client, &options, &deleted, error)
        : !strcmp(op, "list_properties_of_secrets")
            ? libkv_list_properties_of_secrets(client, &options, &page, error)
            : libkv_list_properties_of_secret_versions(client, text("a.name"), &options, &page, error);
    if (status != LIBKV_OK) return status;
    for (size_t i = 0; i < (page ? page->count : deleted->count); i++, count++)
      page ? put_properties(item(count), page->items[i]) : put_deleted(item(count), deleted->items[i]);
    libkv_str next = page ? page->continuation_token : deleted->continuation_token;
    options.continuation_token = next.data ? strncpy(token, next.data, sizeof token - 1) : NULL;
    libkv_properties_page_free(page), libkv_deleted_page_free(deleted);
  } while (++pages < max_pages && options.continuation_token);
  put_number("", "count", (double)count), put_number("", "pages", pages);
  if (options.continuation_token) put("", "continuation_token", token, strlen(token));
  return LIBKV_OK;
}

static libkv_status write_secret(libkv_client *client, bool is_new, libkv_secret **secret,
                                 libkv_secret_properties **properties, libkv_error **error) {
  libkv_set_secret_options set = LIBKV_SET_SECRET_OPTIONS_INIT;
  libkv_update_secret_properties_options update = LIBKV_UPDATE_SECRET_PROPERTIES_OPTIONS_INIT;
  set.timeout_ms = update.timeout_ms = number("a.timeout_ms");
  set.content_type = update.content_type = text("a.content_type");
  set.tags = update.tags = given_tags(&set.tag_count);
  update.tag_count = set.tag_count;
  set.enabled = update.enabled = given_flag("a.enabled");
  set.not_before = update.not_before = number("a.not_before");
  set.expires_on = update.expires_on = number("a.expires_on");
  set.on_conflict = text("a.on_conflict");
  set.if_changed = given_flag("a.if_changed");
  set.if_absent = given_flag("a.if_absent");
  libkv_str value = sized("a.value");
  return is_new ? libkv_set_secret(client, text("a.name"), value.data, value.len, &set, secret, error)
                : libkv_update_secret_properties(client, text("a.name"), text("a.version"), &update, properties, error);
}

static libkv_status get_secrets(libkv_client *client, libkv_on_progress on_progress, void *data,
                                libkv_secret_results **results, libkv_error **error) {
  const char *names[64];
  libkv_get_secrets_options options = LIBKV_GET_SECRETS_OPTIONS_INIT;
  for (size_t i = 0; i < pair_count && options.name_count < 64; i++)
    if (!strncmp(pairs[i].key.data, "a.names.", 8) && strcmp(pairs[i].key.data, "a.names.none"))
      names[options.name_count++] = pairs[i].value.data;
  options.timeout_ms = number("a.timeout_ms");
  options.names = options.name_count || text("a.names.none") ? names : NULL;
  options.prefix = text("a.prefix");
  options.tags = given_tags(&options.tag_count);
  options.concurrency = (int32_t)number("a.concurrency");
  options.on_progress = on_progress;
  options.progress_data = data;
  return libkv_get_secrets(client, &options, results, error);
}

static libkv_status set_secrets(libkv_client *client, libkv_on_progress on_progress, void *data,
                                libkv_secret_results **results, libkv_error **error) {
  libkv_named_value values[64];
  size_t count = 0;
  libkv_set_secrets_options options = LIBKV_SET_SECRETS_OPTIONS_INIT;
  for (size_t i = 0; i < pair_count && count < 64; i++)
    if (!strncmp(pairs[i].key.data, "a.values.", 9))
      values[count++] = (libkv_named_value){pairs[i].key.data + 9, pairs[i].value};
  options.timeout_ms = number("a.timeout_ms");
  options.content_type = text("a.content_type");
  options.tags = given_tags(&options.tag_count);
  options.enabled = given_flag("a.enabled");
  options.not_before = number("a.not_before");
  options.expires_on = number("a.expires_on");
  options.on_conflict = text("a.on_conflict");
  options.if_changed = given_flag("a.if_changed");
  options.if_absent = given_flag("a.if_absent");
  options.concurrency = (int32_t)number("a.concurrency");
  options.on_progress = on_progress;
  options.progress_data = data;
  return libkv_set_secrets(client, values, count, &options, results, error);
}

struct progress {
  size_t calls, done, total;
};

static void note(void *data, size_t done, size_t total) {
  struct progress *progress = data;
  *progress = (struct progress){progress->calls + 1, done, total};
}

static libkv_status many(libkv_client *client, bool is_set, libkv_error **error) {
  struct progress progress = {0, 0, SIZE_MAX};
  libkv_secret_results *results = NULL;
  libkv_secret_result *result = NULL;
  size_t count = 0;
  libkv_status status = (is_set ? set_secrets : get_secrets)(client, note, &progress, &results, error);
  while (status == LIBKV_OK && (status = libkv_secret_results_next(results, &result, error)) == LIBKV_OK && result) {
    char prefix[48];
    snprintf(prefix, sizeof prefix, "%serror.", item(count));
    result->secret ? put_secret(item(count), result->secret) : put_error(prefix, result->error);
    if (!result->secret) put_text(item(count), "name", result->name);
    count++;
    libkv_secret_result_free(result);
  }
  libkv_secret_results_free(results);
  put_number("", "count", (double)count), put_number("progress.", "calls", (double)progress.calls);
  put_number("progress.", "done", (double)progress.done);
  if (progress.total != SIZE_MAX) put_number("progress.", "total", (double)progress.total);
  return status;
}

/* The texts of the events that were told since the last look. */
static struct {
  size_t event;
  char *name, *value;
} told[4096];
static size_t told_count, event_count;
static pthread_mutex_t telling = PTHREAD_MUTEX_INITIALIZER;

static void keep(const char *name, const char *value) {
  if (told_count == sizeof told / sizeof *told) abort();
  told[told_count].event = event_count;
  told[told_count].name = strdup(name);
  told[told_count++].value = strdup(value);
}

static void keep_event(void *data, const libkv_log_record *record) {
  static const char *const levels[] = {"", "error", "warn", "info", "debug", "trace"};
  (void)data;
  pthread_mutex_lock(&telling);
  keep("target", record->target.data), keep("level", levels[record->level]), keep("message", record->message.data);
  for (size_t i = 0; i < record->field_count; i++) keep(record->fields[i].name.data, record->fields[i].value.data);
  event_count++;
  pthread_mutex_unlock(&telling);
}

/* Puts the events that were kept, and keeps those of a level from here on. */
static libkv_status put_events(const char *level, libkv_error **error) {
  int32_t number = !strcmp(level, "warn") ? LIBKV_LOG_WARN : !strcmp(level, "info") ? LIBKV_LOG_INFO : LIBKV_LOG_DEBUG;
  libkv_log_callback callback = strcmp(level, "off") ? keep_event : NULL;
  /* None first: what is queued is told before it returns. */
  libkv_status status = libkv_set_log(number, NULL, NULL, NULL, error);
  pthread_mutex_lock(&telling);
  for (size_t i = 0; i < told_count; i++) put(item(told[i].event), told[i].name, told[i].value, strlen(told[i].value));
  fprintf(reply, " all=");
  for (size_t i = 0; i < told_count; i++) {
    encode(told[i].value, strlen(told[i].value)), encode(" ", 1);
    free(told[i].name), free(told[i].value);
  }
  put_number("", "count", (double)event_count);
  told_count = event_count = 0;
  pthread_mutex_unlock(&telling);
  return status == LIBKV_OK && callback ? libkv_set_log(number, callback, NULL, NULL, error) : status;
}

static libkv_status call(libkv_client *client, const char *op, libkv_error **error) {
  const char *name = text("a.name"), *backup = text("a.backup");
  libkv_call_options options = {sizeof options, number("a.timeout_ms")};
  libkv_secret *secret = NULL;
  libkv_secret_properties *properties = NULL;
  libkv_deleted_secret *deleted = NULL;
  libkv_poller *poller = NULL;
  libkv_bytes *bytes = NULL;
  libkv_stats *stats = NULL;
  libkv_secret_history *history = NULL;
  libkv_properties_list *disabled = NULL;
  libkv_diagnosis *diagnosis = NULL;
  libkv_purge_deleted_secret_options purge = LIBKV_PURGE_DELETED_SECRET_OPTIONS_INIT;
  purge.timeout_ms = options.timeout_ms;
  purge.wait = given_flag("a.wait");
  libkv_poller_options polling = LIBKV_POLLER_OPTIONS_INIT;
  polling.timeout_ms = options.timeout_ms;
  polling.polling_interval_ms = number("a.polling_interval_ms");
  polling.continuation_token = text("a.continuation_token");
  libkv_status status = LIBKV_ERROR_UNSUPPORTED;
#define IS(name)                                                                                                       \
  if (!strcmp(op, name)) status
  IS("set_secret") = write_secret(client, true, &secret, NULL, error);
  IS("update_secret_properties") = write_secret(client, false, NULL, &properties, error);
  IS("get_secret") = libkv_get_secret(client, name, text("a.version"), &options, &secret, error);
  IS("try_get_secret") = libkv_try_get_secret(client, name, text("a.version"), &options, &secret, error);
  IS("get_secrets") = many(client, false, error);
  IS("set_secrets") = many(client, true, error);
  IS("get_secret_history") = libkv_get_secret_history(client, name, &options, &history, error);
  IS("rollback_secret") = libkv_rollback_secret(client, name, text("a.version"), &options, &secret, error);
  IS("prune_secret_versions") =
      libkv_prune_secret_versions(client, name, (uint32_t)number("a.keep"), &options, &disabled, error);
  IS("begin_delete_secret") = libkv_begin_delete_secret(client, name, &polling, &poller, error);
  IS("begin_recover_deleted_secret") = libkv_begin_recover_deleted_secret(client, name, &polling, &poller, error);
  IS("get_deleted_secret") = libkv_get_deleted_secret(client, name, &options, &deleted, error);
  IS("purge_deleted_secret") = libkv_purge_deleted_secret(client, name, &purge, error);
  IS("backup_secret") = libkv_backup_secret(client, name, &options, &bytes, error);
  IS("restore_secret_backup") =
      libkv_restore_secret_backup(client, (const uint8_t *)backup, sized("a.backup").len, &options, &properties, error);
  IS("diagnose") = libkv_diagnose(client, &options, &diagnosis, error);
  IS("stats") = libkv_client_stats(client, &stats, error);
  IS("log") = put_events(text("a.level") ? text("a.level") : "off", error);
  if (!strncmp(op, "list_", 5)) status = list(client, op, error);
  if (poller && flag("a.wait")) status = libkv_poller_wait(poller, &options, error);
  if (poller) put_poller(poller);
  if (status == LIBKV_OK && !strcmp(op, "try_get_secret")) put_flag("", "found", secret);
  if (secret) put_secret("", secret);
  if (history) put_number("", "count", (double)history->count);
  for (size_t i = 0; history && i < history->count; i++) {
    put_properties(item(i), history->items[i]->properties);
    put_flag(item(i), "current", history->items[i]->current);
  }
  if (disabled) put_number("", "count", (double)disabled->count);
  for (size_t i = 0; disabled && i < disabled->count; i++) put_properties(item(i), disabled->items[i]);
  if (diagnosis) put_number("", "count", (double)diagnosis->count);
  for (size_t i = 0; diagnosis && i < diagnosis->count; i++) put_step(item(i), diagnosis->items[i]);
  if (properties) put_properties("", properties);
  if (deleted) put_deleted("", deleted);
  if (bytes) put("", "backup", (const char *)bytes->data, bytes->len);
  if (stats) put_stats("", stats);
  libkv_secret_free(secret), libkv_secret_properties_free(properties), libkv_deleted_secret_free(deleted);
  libkv_poller_free(poller), libkv_bytes_free(bytes), libkv_stats_free(stats);
  libkv_secret_history_free(history), libkv_properties_list_free(disabled), libkv_diagnosis_free(diagnosis);
  return status;
}

static libkv_status open_client(libkv_client **client, libkv_error **error) {
  libkv_options *options = NULL;
  libkv_status status = libkv_options_new(&options, error);
  for (size_t i = 0; i < pair_count && status == LIBKV_OK; i++)
    if (!strncmp(pairs[i].key.data, "o.", 2))
      status = libkv_options_set(options, pairs[i].key.data + 2, pairs[i].value.data, error);
  if (status == LIBKV_OK) status = libkv_client_new(text("vault_url"), options, client, error);
  libkv_options_free(options);
  return status;
}

static bool answer(const char *verb) {
  libkv_error *error = NULL;
  libkv_status status = LIBKV_OK;
  const char *name = text("client") ? text("client") : "";
  size_t i = 0;
  while (i < 63 && strcmp(clients[i].name, name) && clients[i].name[0]) i++;
  if (!strcmp(verb, "CALL")) status = call(clients[i].client, text("op"), &error);
  if (!strcmp(verb, "OPEN")) {
    libkv_client_free(clients[i].client);
    status = open_client(&clients[i].client, &error);
    snprintf(clients[i].name, sizeof clients[i].name, "%s", name);
  }
  if (!strcmp(verb, "CLOSE")) libkv_client_free(clients[i].client), clients[i].client = NULL;
  if (error) put_error("", error);
  libkv_error_free(error);
  return status == LIBKV_OK;
}

int main(void) { return serve(answer); }
