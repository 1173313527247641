/* Results: what they hold, how long they live, what optional arguments and places do. */

#include "open.h"
#include <libkv.h>

static libkv_client *client;

static bool is_text(libkv_str view, const char *text) {
  return view.data && view.len == strlen(text) && !memcmp(view.data, text, view.len + 1);
}

static void values_may_hold_nuls_and_be_empty(void) {
  libkv_secret *secret = NULL;
  CHECK(libkv_set_secret(client, "results-nul", "a\0b", 3, NULL, NULL, NULL) == LIBKV_OK);
  CHECK(libkv_get_secret(client, "results-nul", "", NULL, &secret, NULL) == LIBKV_OK);
  CHECK(secret && secret->value.len == 3 && !memcmp(secret->value.data, "a\0b", 4));
  libkv_secret_free(secret);
  CHECK(libkv_set_secret(client, "results-empty", "", 0, NULL, &secret, NULL) == LIBKV_OK);
  CHECK(secret && is_text(secret->value, "") && is_text(secret->properties->name, "results-empty"));
  CHECK(secret && !secret->properties->content_type.data && secret->properties->tag_count == 0);
  CHECK(secret && secret->properties->enabled && secret->properties->expires_on == LIBKV_UNSET);
  libkv_secret_free(secret);
}

static void tags_of_a_result_can_be_passed_on(void) {
  libkv_set_secret_options set = LIBKV_SET_SECRET_OPTIONS_INIT;
  libkv_update_secret_properties_options update = LIBKV_UPDATE_SECRET_PROPERTIES_OPTIONS_INIT;
  libkv_tag tags[] = {{LIBKV_STR("env"), LIBKV_STR("prod")}, {LIBKV_STR("team"), LIBKV_STR("")}};
  libkv_secret *first = NULL, *second = NULL;
  libkv_secret_properties *properties = NULL;
  set.content_type = "text/plain";
  set.tags = tags;
  set.tag_count = 2;
  set.expires_on = 253402300799; /* the end of the year 9999 */
  CHECK(libkv_set_secret(client, "results-tags", "v", 1, &set, &first, NULL) == LIBKV_OK && first);
  set.tags = first->properties->tags;
  set.tag_count = first->properties->tag_count;
  CHECK(libkv_set_secret(client, "results-tags", "v", 1, &set, &second, NULL) == LIBKV_OK && second);
  CHECK(second->properties->tag_count == 2 && is_text(second->properties->tags[0].value, "prod"));
  CHECK(is_text(second->properties->tags[1].key, "team") && is_text(second->properties->tags[1].value, ""));
  CHECK(second->properties->expires_on == 253402300799 && is_text(second->properties->content_type, "text/plain"));

  update.enabled = 0;
  CHECK(libkv_update_secret_properties(client, "results-tags", first->properties->version.data, &update, &properties,
                                       NULL) == LIBKV_OK);
  CHECK(properties && !properties->enabled && properties->tag_count == 2);
  libkv_secret_properties_free(properties);
  update.tags = tags;
  CHECK(libkv_update_secret_properties(client, "results-tags", NULL, &update, &properties, NULL) == LIBKV_OK);
  CHECK(properties && properties->tag_count == 0);
  libkv_secret_properties_free(properties);
  libkv_secret_free(second);
  libkv_secret_free(first);
}

/* A program built against the first header passes a shorter structure. */
static void a_shorter_structure_has_defaults_behind_its_end(void) {
  libkv_set_secret_options set = LIBKV_SET_SECRET_OPTIONS_INIT;
  libkv_secret *secret = NULL;
  set.size = offsetof(libkv_set_secret_options, tags);
  set.content_type = "text/plain";
  set.tag_count = SIZE_MAX;
  set.enabled = 2;
  CHECK(libkv_set_secret(client, "results-size", "v", 1, &set, &secret, NULL) == LIBKV_OK);
  CHECK(secret && is_text(secret->properties->content_type, "text/plain") && secret->properties->enabled);
  libkv_secret_free(secret);
}

static void lists_go_on_from_a_token(void) {
  libkv_list_options options = LIBKV_LIST_OPTIONS_INIT;
  libkv_properties_page *first = NULL, *second = NULL;
  options.max_page_size = 1;
  CHECK(libkv_list_properties_of_secrets(client, &options, &first, NULL) == LIBKV_OK && first && first->count == 1);
  options.continuation_token = first->continuation_token.data;
  CHECK(libkv_list_properties_of_secrets(client, &options, &second, NULL) == LIBKV_OK && second && second->count == 1);
  CHECK(strcmp(first->items[0]->name.data, second->items[0]->name.data) != 0);
  CHECK(!first->items[0]->version.data);
  libkv_properties_page_free(second);
  libkv_properties_page_free(first);
}

static void pollers_outlive_their_client(void) {
  libkv_client *other = open_client();
  libkv_poller *poller = NULL;
  libkv_deleted_page *page = NULL;
  libkv_deleted_secret *deleted = NULL;
  bool done = false;
  CHECK(libkv_set_secret(client, "results-poller", "v", 1, NULL, NULL, NULL) == LIBKV_OK);
  CHECK(libkv_begin_delete_secret(other, "results-poller", NULL, &poller, NULL) == LIBKV_OK && poller);
  libkv_client_free(other);
  CHECK(libkv_poller_wait(poller, NULL, NULL) == LIBKV_OK && libkv_poller_is_done(poller));
  CHECK(is_text(libkv_poller_properties(poller)->name, "results-poller"));
  CHECK(libkv_poller_deleted_secret(poller)->scheduled_purge_date > libkv_poller_deleted_secret(poller)->deleted_date);
  libkv_poller_free(poller);

  CHECK(libkv_get_deleted_secret(client, "results-poller", NULL, &deleted, NULL) == LIBKV_OK && deleted);
  CHECK(is_text(deleted->properties->name, "results-poller") && deleted->recovery_id.data);
  libkv_deleted_secret_free(deleted);
  CHECK(libkv_list_deleted_secrets(client, NULL, &page, NULL) == LIBKV_OK && page && page->count > 0);
  libkv_deleted_page_free(page);

  CHECK(libkv_begin_recover_deleted_secret(client, "results-poller", NULL, &poller, NULL) == LIBKV_OK && poller);
  CHECK(libkv_poller_wait(poller, NULL, NULL) == LIBKV_OK && !libkv_poller_deleted_secret(poller));
  CHECK(libkv_poller_poll(poller, NULL, &done, NULL) == LIBKV_OK && done);
  libkv_poller_free(poller);
  CHECK(libkv_begin_delete_secret(client, "results-poller", NULL, NULL, NULL) == LIBKV_OK);
}

static void a_poller_is_gone_on_with_by_its_token(void) {
  libkv_poller_options options = LIBKV_POLLER_OPTIONS_INIT;
  libkv_poller *begun = NULL, *resumed = NULL;
  libkv_error *error = NULL;
  CHECK(libkv_set_secret(client, "results-resumed", "v", 1, NULL, NULL, NULL) == LIBKV_OK);
  CHECK(libkv_begin_delete_secret(client, "results-resumed", NULL, &begun, NULL) == LIBKV_OK && begun);
  CHECK(libkv_poller_look_count(begun) == 0);

  options.polling_interval_ms = 1;
  options.continuation_token = libkv_poller_continuation_token(begun);
  CHECK(libkv_begin_recover_deleted_secret(client, "results-resumed", &options, &resumed, &error) ==
        LIBKV_ERROR_INVALID_ARGUMENT);
  CHECK(!resumed && error && !strncmp(error->message.data, "continuation_token: ", 20));
  libkv_error_free(error);
  CHECK(libkv_begin_delete_secret(client, "results-resumed", &options, &resumed, NULL) == LIBKV_OK && resumed);
  CHECK(!strcmp(libkv_poller_continuation_token(resumed), libkv_poller_continuation_token(begun)));
  libkv_poller_free(begun);
  CHECK(libkv_poller_wait(resumed, NULL, NULL) == LIBKV_OK && libkv_poller_look_count(resumed) > 0);
  CHECK(is_text(libkv_poller_properties(resumed)->name, "results-resumed"));
  CHECK(libkv_poller_deleted_secret(resumed)->recovery_id.data);
  /* What was lent stays where it is. */
  CHECK(libkv_poller_properties(resumed) == libkv_poller_properties(resumed));
  libkv_poller_free(resumed);
}

static void a_backup_comes_back(void) {
  libkv_bytes *backup = NULL;
  libkv_poller *poller = NULL;
  libkv_secret_properties *properties = NULL;
  libkv_error *error = NULL;
  CHECK(libkv_set_secret(client, "results-backup", "v", 1, NULL, NULL, NULL) == LIBKV_OK);
  CHECK(libkv_backup_secret(client, "results-backup", NULL, &backup, NULL) == LIBKV_OK && backup && backup->len > 0);
  CHECK(libkv_restore_secret_backup(client, backup->data, backup->len, NULL, &properties, &error) ==
        LIBKV_ERROR_ALREADY_EXISTS);
  CHECK(!properties && error && error->status == 409 && error->attempts == 1 && error->elapsed > 0);
  CHECK(error && is_text(error->kind_name, "already_exists") && error->advice.data);
  libkv_error_free(error);
  CHECK(libkv_begin_delete_secret(client, "results-backup", NULL, &poller, NULL) == LIBKV_OK);
  CHECK(libkv_poller_wait(poller, NULL, NULL) == LIBKV_OK);
  CHECK(libkv_purge_deleted_secret(client, "results-backup", NULL, NULL) == LIBKV_OK);
  CHECK(libkv_restore_secret_backup(client, backup->data, backup->len, NULL, &properties, NULL) == LIBKV_OK);
  CHECK(properties && is_text(properties->name, "results-backup"));
  libkv_secret_properties_free(properties);
  libkv_poller_free(poller);
  libkv_bytes_free(backup);
}

static void a_closed_client_refuses(void) {
  libkv_client *other = open_client();
  libkv_secret *secret = NULL;
  libkv_stats *stats = NULL;
  CHECK(!strcmp(libkv_client_vault_url(other), given("VAULT_URL")));
  libkv_client_close(other);
  CHECK(libkv_get_secret(other, "n", NULL, NULL, &secret, NULL) == LIBKV_ERROR_INVALID_STATE && !secret);
  CHECK(libkv_client_stats(other, &stats, NULL) == LIBKV_ERROR_INVALID_STATE && !stats);
  libkv_client_free(other);
}

int main(void) {
  CHECK(libkv_abi_version() == LIBKV_ABI_VERSION && strchr(libkv_version(), '.'));
  client = open_client();
  values_may_hold_nuls_and_be_empty();
  tags_of_a_result_can_be_passed_on();
  a_shorter_structure_has_defaults_behind_its_end();
  lists_go_on_from_a_token();
  pollers_outlive_their_client();
  a_poller_is_gone_on_with_by_its_token();
  a_backup_comes_back();
  a_closed_client_refuses();
  libkv_client_free(client);
  return summary();
}
