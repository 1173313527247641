/* Every function refuses what it cannot work with, names the argument, and sends nothing. */

#include "open.h"
#include <libkv.h>

static libkv_client *client;

/* Checks that a call was refused, with a message that begins with the argument's name. */
static void refused(libkv_status status, libkv_error *error, const char *argument, int line) {
  size_t length = strlen(argument);
  bool is_named = error && !strncmp(error->message.data, argument, length) && error->message.data[length] == ':';
  bool is_refused = status == LIBKV_ERROR_INVALID_ARGUMENT && error && error->kind == status && error->attempts == 0;
  check(is_refused && is_named, __FILE__, line, error ? error->message.data : "an error");
  libkv_error_free(error);
}

#define REFUSED(argument, function, ...)                                                                               \
  do {                                                                                                                 \
    libkv_error *error = NULL;                                                                                         \
    libkv_status status = function(__VA_ARGS__, &error);                                                               \
    refused(status, error, argument, __LINE__);                                                                        \
    check(function(__VA_ARGS__, NULL) == status, __FILE__, __LINE__, "the same without a place for the error");        \
  } while (0)

static const char not_utf8[] = "\xff\xfe", too_long[] =
                                               "0123456789012345678901234567890123456789012345678901234567890123"
                                               "0123456789012345678901234567890123456789012345678901234567890123";

/* Refuses all that cannot answer, and then gives up. */
static void refuse_answers(void *data, const libkv_token_request *request, libkv_token_reply *reply) {
  const int64_t unset = LIBKV_UNSET;
  CHECK(!data && request->scope.len);
  REFUSED("token", libkv_token_reply_send, reply, NULL, 0, unset, unset);
  REFUSED("token", libkv_token_reply_send, reply, "", 0, unset, unset);
  REFUSED("token", libkv_token_reply_send, reply, not_utf8, 2, unset, unset);
  REFUSED("token", libkv_token_reply_send, reply, "t", SIZE_MAX, unset, unset);
  REFUSED("message", libkv_token_reply_fail, reply, NULL, NULL, NULL);
  REFUSED("reply", libkv_token_reply_send, NULL, "t", 1, unset, unset);
  REFUSED("reply", libkv_token_reply_fail, NULL, "why", NULL, NULL);
  libkv_token_reply_free(reply);
}

static void token_callbacks(void) {
  libkv_options *options = NULL;
  libkv_client *other = NULL;
  libkv_secret *secret = NULL;
  CHECK(libkv_options_new(&options, NULL) == LIBKV_OK);
  CHECK(libkv_options_set(options, "ca_file", given("VAULT_CA_FILE"), NULL) == LIBKV_OK);
  REFUSED("options", libkv_options_set_token_callback, NULL, refuse_answers, NULL, NULL);
  REFUSED("callback", libkv_options_set_token_callback, options, NULL, NULL, NULL);
  CHECK(libkv_options_set_token_callback(options, refuse_answers, NULL, NULL, NULL) == LIBKV_OK);
  CHECK(libkv_client_new(given("VAULT_URL"), options, &other, NULL) == LIBKV_OK);
  CHECK(libkv_get_secret(other, "n", NULL, NULL, &secret, NULL) == LIBKV_ERROR_AUTHENTICATION && !secret);
  libkv_options_free(options);
  libkv_client_free(other);
}

static void clients_and_options(void) {
  libkv_options *options = NULL;
  libkv_client *other = NULL;
  CHECK(libkv_options_new(&options, NULL) == LIBKV_OK);
  CHECK(libkv_options_new(NULL, NULL) == LIBKV_ERROR_INVALID_ARGUMENT);
  REFUSED("options", libkv_options_set, NULL, "credential", "static_token");
  REFUSED("key", libkv_options_set, options, NULL, "x");
  REFUSED("key", libkv_options_set, options, not_utf8, "x");
  REFUSED("value", libkv_options_set, options, "credential", NULL);
  REFUSED("value", libkv_options_set, options, "credential", not_utf8);
  REFUSED("vault_url", libkv_client_new, NULL, options, &other);
  REFUSED("vault_url", libkv_client_new, not_utf8, NULL, &other);
  REFUSED("client", libkv_client_new, given("VAULT_URL"), options, NULL);
  CHECK(libkv_client_new("ftp://vault", NULL, &other, NULL) == LIBKV_ERROR_INVALID_CONFIG && !other);
  libkv_options_free(options);
  REFUSED("client", libkv_client_stats, NULL, &(libkv_stats *){NULL});
  REFUSED("stats", libkv_client_stats, client, NULL);
}

/* Each operation that takes a client and a name, with options or without. */
static void names(const char *name) {
  libkv_secret *secret = NULL;
  libkv_secret_properties *properties = NULL;
  libkv_deleted_secret *deleted = NULL;
  libkv_properties_page *page = NULL;
  libkv_poller *poller = NULL;
  libkv_bytes *backup = NULL;
  libkv_secret_history *history = NULL;
  libkv_properties_list *disabled = NULL;
  REFUSED("name", libkv_set_secret, client, name, "v", 1, NULL, &secret);
  REFUSED("name", libkv_get_secret, client, name, NULL, NULL, &secret);
  REFUSED("name", libkv_try_get_secret, client, name, NULL, NULL, &secret);
  REFUSED("name", libkv_get_secret_history, client, name, NULL, &history);
  REFUSED("name", libkv_rollback_secret, client, name, "0123", NULL, &secret);
  REFUSED("name", libkv_prune_secret_versions, client, name, 1, NULL, &disabled);
  REFUSED("name", libkv_update_secret_properties, client, name, NULL, NULL, &properties);
  REFUSED("name", libkv_list_properties_of_secret_versions, client, name, NULL, &page);
  REFUSED("name", libkv_begin_delete_secret, client, name, NULL, &poller);
  REFUSED("name", libkv_get_deleted_secret, client, name, NULL, &deleted);
  REFUSED("name", libkv_begin_recover_deleted_secret, client, name, NULL, &poller);
  REFUSED("name", libkv_purge_deleted_secret, client, name, NULL);
  REFUSED("name", libkv_backup_secret, client, name, NULL, &backup);
  CHECK(!secret && !properties && !deleted && !page && !poller && !backup && !history && !disabled);
}

static void handles_and_places(void) {
  libkv_properties_page *page = NULL;
  libkv_deleted_page *deleted_page = NULL;
  const uint8_t blob[] = {1};
  bool done = true;
  REFUSED("client", libkv_diagnose, NULL, NULL, &(libkv_diagnosis *){NULL});
  REFUSED("client", libkv_set_secret, NULL, "n", "v", 1, NULL, NULL);
  REFUSED("client", libkv_get_secret, NULL, "n", NULL, NULL, &(libkv_secret *){NULL});
  REFUSED("client", libkv_try_get_secret, NULL, "n", NULL, NULL, &(libkv_secret *){NULL});
  REFUSED("client", libkv_get_secrets, NULL, NULL, &(libkv_secret_results *){NULL});
  REFUSED("client", libkv_set_secrets, NULL, &(libkv_named_value){"n", LIBKV_STR("v")}, 1, NULL,
          &(libkv_secret_results *){NULL});
  REFUSED("client", libkv_get_secret_history, NULL, "n", NULL, &(libkv_secret_history *){NULL});
  REFUSED("client", libkv_rollback_secret, NULL, "n", "0123", NULL, NULL);
  REFUSED("client", libkv_prune_secret_versions, NULL, "n", 1, NULL, NULL);
  REFUSED("client", libkv_update_secret_properties, NULL, "n", NULL, NULL, NULL);
  REFUSED("client", libkv_list_properties_of_secrets, NULL, NULL, &page);
  REFUSED("client", libkv_list_properties_of_secret_versions, NULL, "n", NULL, &page);
  REFUSED("client", libkv_list_deleted_secrets, NULL, NULL, &deleted_page);
  REFUSED("client", libkv_begin_delete_secret, NULL, "n", NULL, NULL);
  REFUSED("client", libkv_get_deleted_secret, NULL, "n", NULL, &(libkv_deleted_secret *){NULL});
  REFUSED("client", libkv_begin_recover_deleted_secret, NULL, "n", NULL, NULL);
  REFUSED("client", libkv_purge_deleted_secret, NULL, "n", NULL);
  REFUSED("client", libkv_backup_secret, NULL, "n", NULL, &(libkv_bytes *){NULL});
  REFUSED("client", libkv_restore_secret_backup, NULL, blob, 1, NULL, NULL);
  REFUSED("poller", libkv_poller_poll, NULL, NULL, &done);
  CHECK(!done);
  REFUSED("poller", libkv_poller_wait, NULL, NULL);
  REFUSED("diagnosis", libkv_diagnose, client, NULL, NULL);
  REFUSED("secret", libkv_get_secret, client, "n", NULL, NULL, NULL);
  REFUSED("secret", libkv_try_get_secret, client, "n", NULL, NULL, NULL);
  REFUSED("results", libkv_get_secrets, client, NULL, NULL);
  REFUSED("results", libkv_set_secrets, client, &(libkv_named_value){"n", LIBKV_STR("v")}, 1, NULL, NULL);
  REFUSED("results", libkv_secret_results_next, NULL, &(libkv_secret_result *){NULL});
  REFUSED("history", libkv_get_secret_history, client, "n", NULL, NULL);
  REFUSED("page", libkv_list_properties_of_secrets, client, NULL, NULL);
  REFUSED("page", libkv_list_properties_of_secret_versions, client, "n", NULL, NULL);
  REFUSED("page", libkv_list_deleted_secrets, client, NULL, NULL);
  REFUSED("deleted", libkv_get_deleted_secret, client, "n", NULL, NULL);
  REFUSED("backup", libkv_backup_secret, client, "n", NULL, NULL);
  CHECK(!libkv_client_vault_url(NULL) && !libkv_poller_properties(NULL) && !libkv_poller_deleted_secret(NULL));
  CHECK(!libkv_poller_is_done(NULL) && !libkv_poller_look_count(NULL) && !libkv_poller_continuation_token(NULL));
  libkv_client_close(NULL);
}

static void how_to_poll(void) {
  const int64_t wrong_intervals[] = {0, -1, INT64_MIN, 3600001, INT64_MAX};
  const char *wrong_tokens[] = {"", "n", "{}", "{\"state\":{\"name\":\"other\"}}", not_utf8};
  libkv_poller *poller = NULL;
  for (size_t i = 0; i < sizeof wrong_intervals / sizeof *wrong_intervals; i++) {
    libkv_poller_options options = LIBKV_POLLER_OPTIONS_INIT;
    options.polling_interval_ms = wrong_intervals[i];
    REFUSED("polling_interval", libkv_begin_delete_secret, client, "n", &options, &poller);
    REFUSED("polling_interval", libkv_begin_recover_deleted_secret, client, "n", &options, &poller);
  }
  for (size_t i = 0; i < sizeof wrong_tokens / sizeof *wrong_tokens; i++) {
    libkv_poller_options options = LIBKV_POLLER_OPTIONS_INIT;
    options.continuation_token = wrong_tokens[i];
    REFUSED("continuation_token", libkv_begin_delete_secret, client, "n", &options, &poller);
    REFUSED("continuation_token", libkv_begin_recover_deleted_secret, client, "n", &options, &poller);
  }
  CHECK(!poller);
}

static void values(void) {
  libkv_secret *secret = NULL;
  libkv_properties_page *page = NULL;
  libkv_set_secret_options set = LIBKV_SET_SECRET_OPTIONS_INIT;
  libkv_list_options list = LIBKV_LIST_OPTIONS_INIT;
  libkv_call_options call = LIBKV_CALL_OPTIONS_INIT, zeroed = {0, 0};
  libkv_purge_deleted_secret_options purge = LIBKV_PURGE_DELETED_SECRET_OPTIONS_INIT;
  const char *wrong_policies[] = {"", "overwrite", "Purge", not_utf8};
  libkv_tag tags[16] = {{LIBKV_STR("k"), {NULL, 0}}};
  REFUSED("value", libkv_set_secret, client, "n", NULL, 0, NULL, &secret);
  REFUSED("value", libkv_set_secret, client, "n", not_utf8, 2, NULL, &secret);
  REFUSED("value", libkv_set_secret, client, "n", "v", SIZE_MAX, NULL, &secret);
  REFUSED("version", libkv_get_secret, client, "n", not_utf8, NULL, &secret);
  REFUSED("version", libkv_get_secret, client, "n", "../x", NULL, &secret);
  REFUSED("version", libkv_update_secret_properties, client, "n", too_long, NULL, NULL);
  REFUSED("version", libkv_try_get_secret, client, "n", too_long, NULL, &secret);
  REFUSED("version", libkv_rollback_secret, client, "n", NULL, NULL, NULL);
  REFUSED("version", libkv_rollback_secret, client, "n", "", NULL, NULL);
  REFUSED("keep", libkv_prune_secret_versions, client, "n", 0, NULL, NULL);
  purge.wait = -1;
  REFUSED("wait", libkv_purge_deleted_secret, client, "n", &purge);
  REFUSED("backup", libkv_restore_secret_backup, client, NULL, 0, NULL, NULL);
  REFUSED("backup", libkv_restore_secret_backup, client, (const uint8_t *)"", 0, NULL, NULL);
  REFUSED("options", libkv_backup_secret, client, "n", &zeroed, &(libkv_bytes *){NULL});
  zeroed.size = sizeof zeroed;
  REFUSED("timeout", libkv_backup_secret, client, "n", &zeroed, &(libkv_bytes *){NULL});
  REFUSED("timeout", libkv_diagnose, client, &zeroed, &(libkv_diagnosis *){NULL});
  call.timeout_ms = -1;
  REFUSED("timeout", libkv_get_secret, client, "n", NULL, &call, &secret);
  call.size = sizeof call + 8;
  CHECK(libkv_get_secret(client, "n", NULL, &call, &secret, NULL) == LIBKV_ERROR_UNSUPPORTED);
  set.enabled = 2;
  REFUSED("enabled", libkv_set_secret, client, "n", "v", 1, &set, &secret);
  set.enabled = LIBKV_UNSET;
  set.content_type = not_utf8;
  REFUSED("content_type", libkv_set_secret, client, "n", "v", 1, &set, &secret);
  set.content_type = NULL;
  set.tag_count = 1;
  REFUSED("tags", libkv_set_secret, client, "n", "v", 1, &set, &secret);
  set.tags = tags;
  REFUSED("tags[0].value", libkv_set_secret, client, "n", "v", 1, &set, &secret);
  set.tag_count = SIZE_MAX;
  REFUSED("tags", libkv_set_secret, client, "n", "v", 1, &set, &secret);
  set = (libkv_set_secret_options)LIBKV_SET_SECRET_OPTIONS_INIT;
  for (size_t i = 0; i < sizeof wrong_policies / sizeof *wrong_policies; i++) {
    set.on_conflict = wrong_policies[i];
    REFUSED("on_conflict", libkv_set_secret, client, "n", "v", 1, &set, &secret);
  }
  set.on_conflict = NULL;
  set.if_changed = 2;
  REFUSED("if_changed", libkv_set_secret, client, "n", "v", 1, &set, &secret);
  set.if_changed = 1;
  set.if_absent = -1;
  REFUSED("if_absent", libkv_set_secret, client, "n", "v", 1, &set, &secret);
  set.if_absent = 1;
  REFUSED("if_absent", libkv_set_secret, client, "n", "v", 1, &set, &secret);
  list.max_page_size = -1;
  REFUSED("max_page_size", libkv_list_properties_of_secrets, client, &list, &page);
  list.max_page_size = LIBKV_UNSET;
  list.continuation_token = not_utf8;
  REFUSED("continuation_token", libkv_list_properties_of_secrets, client, &list, &page);
  list.continuation_token = "https://evil.example/secrets";
  REFUSED("continuation_token", libkv_list_properties_of_secrets, client, &list, &page);
  CHECK(!secret && !page);
}

static void many_to_get(void) {
  libkv_get_secrets_options get = LIBKV_GET_SECRETS_OPTIONS_INIT;
  libkv_secret_results *results = NULL;
  const char *some[] = {"n", NULL};
  get.concurrency = -1;
  REFUSED("concurrency", libkv_get_secrets, client, &get, &results);
  get.concurrency = 257;
  REFUSED("concurrency", libkv_get_secrets, client, &get, &results);
  get.concurrency = LIBKV_UNSET;
  get.prefix = not_utf8;
  REFUSED("prefix", libkv_get_secrets, client, &get, &results);
  get.prefix = NULL;
  get.tag_count = 1;
  REFUSED("tags", libkv_get_secrets, client, &get, &results);
  get.tag_count = 0;
  get.name_count = 2;
  REFUSED("names", libkv_get_secrets, client, &get, &results);
  get.names = some;
  REFUSED("names[1]", libkv_get_secrets, client, &get, &results);
  some[1] = not_utf8;
  REFUSED("names[1]", libkv_get_secrets, client, &get, &results);
  some[1] = "m";
  get.prefix = "n";
  REFUSED("names", libkv_get_secrets, client, &get, &results);
  get.prefix = NULL;
  CHECK(libkv_get_secrets(client, &get, &results, NULL) == LIBKV_OK);
  REFUSED("result", libkv_secret_results_next, results, NULL);
  libkv_secret_results_free(results);
}

static void many_to_set(void) {
  libkv_set_secrets_options set = LIBKV_SET_SECRETS_OPTIONS_INIT;
  libkv_secret_results *results = NULL;
  libkv_named_value values[] = {{"n", LIBKV_STR("v")}, {NULL, LIBKV_STR("v")}};
  REFUSED("values", libkv_set_secrets, client, NULL, 0, NULL, &results);
  REFUSED("values", libkv_set_secrets, client, values, SIZE_MAX, NULL, &results);
  REFUSED("values[1].name", libkv_set_secrets, client, values, 2, NULL, &results);
  values[1].name = "N";
  REFUSED("values", libkv_set_secrets, client, values, 2, NULL, &results);
  values[1].value.data = NULL;
  REFUSED("values[1].value", libkv_set_secrets, client, values, 2, NULL, &results);
  set.concurrency = 0;
  REFUSED("concurrency", libkv_set_secrets, client, values, 1, &set, &results);
  set.concurrency = 1;
  set.timeout_ms = 0;
  REFUSED("timeout", libkv_set_secrets, client, values, 1, &set, &results);
  set.timeout_ms = LIBKV_UNSET;
  set.on_conflict = "overwrite";
  REFUSED("on_conflict", libkv_set_secrets, client, values, 1, &set, &results);
  CHECK(!results);
}

static void freeing_nothing(void) {
  libkv_client_free(NULL), libkv_options_free(NULL), libkv_poller_free(NULL), libkv_error_free(NULL);
  libkv_secret_free(NULL), libkv_secret_properties_free(NULL), libkv_deleted_secret_free(NULL);
  libkv_properties_page_free(NULL), libkv_deleted_page_free(NULL), libkv_stats_free(NULL), libkv_bytes_free(NULL);
  libkv_secret_history_free(NULL), libkv_properties_list_free(NULL);
  libkv_secret_results_free(NULL), libkv_secret_result_free(NULL);
  libkv_diagnosis_free(NULL), libkv_token_reply_free(NULL);
}

int main(void) {
  const char *wrong_names[] = {NULL, "", not_utf8, too_long, "a/b", "../x", "a b", "\xc3\xa4"};
  libkv_stats *stats = NULL;
  client = open_client();
  clients_and_options();
  token_callbacks();
  for (size_t i = 0; i < sizeof wrong_names / sizeof *wrong_names; i++) names(wrong_names[i]);
  handles_and_places();
  how_to_poll();
  values();
  many_to_get();
  many_to_set();
  freeing_nothing();
  CHECK(libkv_client_stats(client, &stats, NULL) == LIBKV_OK && stats->requests == 0 && stats->tokens == 0);
  libkv_stats_free(stats);
  libkv_client_free(client);
  return summary();
}
