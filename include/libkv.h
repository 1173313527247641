/*
 * libkv: a client for Azure Key Vault secrets.
 *
 * A complete program, which reads one secret:
 *
 *   #include <libkv.h>
 *   #include <stdio.h>
 *
 *   int main(void) {
 *     libkv_options *options = NULL;
 *     libkv_client *client = NULL;
 *     libkv_secret *secret = NULL;
 *     libkv_error *error = NULL;
 *     if (libkv_options_new(&options, &error) == LIBKV_OK &&
 *         libkv_options_set(options, "credential", "client_secret", &error) == LIBKV_OK &&
 *         libkv_options_set(options, "credential.tenant_id", "...", &error) == LIBKV_OK &&
 *         libkv_options_set(options, "credential.client_id", "...", &error) == LIBKV_OK &&
 *         libkv_options_set(options, "credential.client_secret", "...", &error) == LIBKV_OK &&
 *         libkv_client_new("https://contoso.vault.azure.net", options, &client, &error) == LIBKV_OK &&
 *         libkv_get_secret(client, "db-password", NULL, NULL, &secret, &error) == LIBKV_OK) {
 *       printf("%s is %zu bytes long\n", secret->properties->name.data, secret->value.len);
 *     } else {
 *       fprintf(stderr, "%s: %s\n", error->kind_name.data, error->message.data);
 *     }
 *     int code = error ? 1 : 0;
 *     libkv_error_free(error);
 *     libkv_secret_free(secret);
 *     libkv_client_free(client);
 *     libkv_options_free(options);
 *     return code;
 *   }
 *
 *   cc program.c $(pkg-config --cflags --libs libkv)
 *
 * Handles and results
 *   The library allocates every handle and every result, and one function frees it, once:
 *   libkv_secret_free for a libkv_secret. Whatever a result points to lives until then. Freeing NULL
 *   does nothing, so that a pointer which is set to NULL behind its free is safe; a debug build of libkv
 *   also leaves alone what was freed before. Freeing zeroes all texts of a result, values among them. A
 *   result belongs to the thread that has it; it may pass to another, or be read by many while none
 *   frees it.
 *
 * Failures
 *   A function that can fail returns LIBKV_OK or the number of an error kind. Its last argument is
 *   where the whole error goes, and may be NULL. A place for a result or an error is emptied first, so
 *   free what it held before. It is filled only on success, or only on failure.
 *
 * Arguments
 *   Names and other texts are UTF-8 that ends with a NUL; values and backups are a pointer and a
 *   length. They are copied before a function returns. NULL where it is not said to be allowed, or text
 *   that is not UTF-8, gives LIBKV_ERROR_INVALID_ARGUMENT with a message that names the argument, and
 *   nothing is sent. A handle or a pointer that is neither NULL nor valid is undefined behaviour, as
 *   everywhere in C.
 *
 * Optional arguments
 *   They come as a structure, or NULL for none. Start from its macro, which gives every member its
 *   default, then set members:
 *
 *     libkv_set_secret_options options = LIBKV_SET_SECRET_OPTIONS_INIT;
 *     options.content_type = "application/json";
 *
 *   A structure that is only zeroed is refused.
 *
 * Absent things
 *   A text that is absent has NULL data; a number or a time that is absent is LIBKV_UNSET. Times are
 *   Unix seconds.
 *
 * Threads
 *   Any function may be called from any thread, and a client serves all of them at once. Only freeing is
 *   left to one. A thread that waits for a call serves the network meanwhile, for others too: it needs 256
 *   KiB of stack, and what its callbacks take. No function is a cancellation point of pthread_cancel.
 *
 *   libkv starts threads at the first call; libkv_shutdown ends them, without which the library must not
 *   be unloaded by dlclose. They have the signal mask of the thread that makes the first call: who wants
 *   signals elsewhere blocks them around it. No function raises SIGPIPE for a connection that breaks:
 *   that signal is blocked in libkv's threads, and in a thread while it waits for a call.
 *
 *   A thread that is ending, in a handler of atexit or in the destructor of a static object or of a key
 *   of pthread_key_create, may free everything and shut libkv down; its calls fail with
 *   LIBKV_ERROR_INVALID_STATE.
 *
 * Asynchronous calls
 *   What waits for the vault has a second form, whose name ends in _async: it starts the call and
 *   returns. The callback is told what the call came to, exactly once, also when it is cancelled, its
 *   deadline comes or libkv is shut down: data, as it was given, and a result or an error, which the
 *   callback keeps or frees. When the function itself fails, nothing has been started and nothing is
 *   told.
 *
 *     static void got(void *data, libkv_secret *secret, libkv_error *error) {
 *       use(data, secret, error);
 *       libkv_secret_free(secret);
 *       libkv_error_free(error);
 *     }
 *
 *     libkv_get_secret_async(client, "db-password", NULL, NULL, got, data, NULL, &error);
 *
 *   A callback is called by a thread of libkv's own, never by the function that starts the call, so that
 *   locks held there do no harm; it may be called before that function returns. Other calls wait for its
 *   thread, so it is to return soon: what would block fails in it with LIBKV_ERROR_INVALID_STATE, but it
 *   may start other calls. Those of several calls may run at a time. No exception and no longjmp may
 *   leave it.
 *
 *   call, where it is not NULL, gets a handle for libkv_call_cancel, before the callback can be called;
 *   libkv_call_free frees it at any time, in the callback too. The arguments are copied. The client may
 *   be freed meanwhile. The child of a fork is told nothing of its parent's calls.
 *
 * Errors of every call
 *   LIBKV_ERROR_INVALID_ARGUMENT, LIBKV_ERROR_INVALID_STATE, LIBKV_ERROR_AUTHENTICATION,
 *   LIBKV_ERROR_FORBIDDEN, LIBKV_ERROR_THROTTLED, LIBKV_ERROR_UNAVAILABLE, LIBKV_ERROR_NETWORK,
 *   LIBKV_ERROR_TIMEOUT, LIBKV_ERROR_CANCELLED, LIBKV_ERROR_PROTOCOL, LIBKV_ERROR_UNSUPPORTED and
 *   LIBKV_ERROR_INTERNAL. Each function adds its own.
 *
 * Options of a client
 *   libkv_options_set takes these keys, and values as text.
 *
 *   credential
 *     Where tokens come from. default tries the next six in turn, or those that AZURE_TOKEN_CREDENTIALS
 *     names, and stays with the first that gives one. Values: default, environment, workload_identity,
 *     managed_identity, azure_cli, azure_powershell, azure_developer_cli, client_secret,
 *     client_certificate, static_token. Default: default.
 *   credential.token
 *     The bearer token of static_token. Values: text.
 *   credential.tenant_id
 *     The tenant of an application or a workload identity, and of developers' tools, which otherwise
 *     ask the one that the vault names. Values: text.
 *   credential.client_id
 *     The client id of an application or a workload identity, or of a managed identity among several.
 *     Values: text.
 *   credential.client_secret
 *     The application's secret of client_secret. Values: text.
 *   credential.certificate_path
 *     The PEM or PFX file of client_certificate, with a certificate and its RSA key. Values: text.
 *   credential.certificate_password
 *     The password of that file, if it has one. Values: text.
 *   credential.federated_token_file
 *     The file of workload_identity that holds the pod's token, otherwise that of
 *     AZURE_FEDERATED_TOKEN_FILE. Values: text.
 *   credential.object_id
 *     The object id of a managed identity among several. Values: text.
 *   credential.resource_id
 *     The Azure resource id of a managed identity among several. Values: text.
 *   credential.authority_host
 *     The https URL of the token authority, otherwise that of AZURE_AUTHORITY_HOST, of the cloud that
 *     the vault's host belongs to, or of the public cloud. Values: text.
 *   credential.scope
 *     The scope of tokens for a vault outside Azure's known clouds, so that its first request can carry
 *     one. Values: text.
 *   verify_challenge_resource
 *     Refuse an authentication challenge whose resource is not a parent domain of the vault's host.
 *     Values: true, false. Default: true.
 *   allow_http
 *     Admit a plain http vault URL on a loopback host. Values: true, false. Default: false.
 *   api_version
 *     The service's REST API version. Values: text. Default: 2026-04-01.
 *   ca_file
 *     A PEM file with certificate authorities to trust besides the operating system's, or those of
 *     SSL_CERT_FILE and SSL_CERT_DIR; Python takes that of REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE
 *     otherwise, Node that of NODE_EXTRA_CA_CERTS. A process reads them once for all its clients that
 *     trust the same. Values: text.
 *   proxy
 *     The URL of an HTTP proxy, with user and password where it wants them, otherwise that of
 *     HTTPS_PROXY but for the hosts of NO_PROXY; none for no proxy. Values: text.
 *   timeout_ms
 *     The deadline of a call that has none of its own, in milliseconds. Values: 1 to 86400000. Default:
 *     60000.
 *   connect_timeout_ms
 *     The longest time for a connection to be made, in milliseconds. Values: 1 to 3600000. Default:
 *     10000.
 *   poll_interval_ms
 *     The longest time between two looks at a running deletion or recovery, in milliseconds. Values: 1
 *     to 3600000. Default: 2000.
 *   max_response_bytes
 *     The largest answer that is read, in bytes. Values: 65536 to 1073741824. Default: 67108864.
 *   retry.max_attempts
 *     How often a request is tried in all; throttled tries (429) do not count. Values: 1 to 100.
 *     Default: 5.
 *   retry.base_delay_ms
 *     The upper bound of the first random wait before another try, in milliseconds; it doubles with
 *     each try. Values: 0 to 3600000. Default: 500.
 *   retry.max_delay_ms
 *     The upper bound of every such wait, in milliseconds. Values: 0 to 3600000. Default: 16000.
 *   cache.ttl_ms
 *     How long a value that was read is kept in memory and given again, in milliseconds; 0 turns the
 *     cache off. Values: 0 to 86400000. Default: 0.
 *   cache.stale_ms
 *     How long after that it is still given, marked as stale, while the vault throttles or is away, in
 *     milliseconds. Values: 0 to 86400000. Default: 0.
 *   cache.max_entries
 *     How many values are kept at most; the one read longest ago makes room. Values: 1 to 10000.
 *     Default: 1000.
 *
 * Growth
 *   Structures gain members at their end and enumerations gain numbers; nothing else changes while the
 *   soname stays. Programs built before go on working with a later library. libkv_abi_version() tells
 *   what the loaded library knows.
 */

#ifndef LIBKV_H
#define LIBKV_H

/* Made from bindings/c by `make bless`. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Makes a libkv_str initializer from a string literal. */
#define LIBKV_STR(literal) {"" literal, sizeof(literal) - 1}

/** A libkv_call_options in which nothing is given. */
#define LIBKV_CALL_OPTIONS_INIT {sizeof(libkv_call_options), LIBKV_UNSET}

/** A libkv_set_secret_options in which nothing is given. */
#define LIBKV_SET_SECRET_OPTIONS_INIT \
  {sizeof(libkv_set_secret_options), LIBKV_UNSET, NULL, NULL, 0, LIBKV_UNSET, LIBKV_UNSET, LIBKV_UNSET, NULL, \
   LIBKV_UNSET, LIBKV_UNSET}

/** A libkv_set_secrets_options in which nothing is given. */
#define LIBKV_SET_SECRETS_OPTIONS_INIT \
  {sizeof(libkv_set_secrets_options), LIBKV_UNSET, NULL, NULL, 0, LIBKV_UNSET, LIBKV_UNSET, LIBKV_UNSET, NULL, \
   LIBKV_UNSET, LIBKV_UNSET, LIBKV_UNSET, NULL, NULL}

/** A libkv_get_secrets_options in which nothing is given. */
#define LIBKV_GET_SECRETS_OPTIONS_INIT \
  {sizeof(libkv_get_secrets_options), LIBKV_UNSET, NULL, 0, NULL, NULL, 0, LIBKV_UNSET, NULL, NULL}

/** A libkv_update_secret_properties_options in which nothing is given. */
#define LIBKV_UPDATE_SECRET_PROPERTIES_OPTIONS_INIT \
  {sizeof(libkv_update_secret_properties_options), LIBKV_UNSET, NULL, NULL, 0, LIBKV_UNSET, LIBKV_UNSET, LIBKV_UNSET}

/** A libkv_poller_options in which nothing is given. */
#define LIBKV_POLLER_OPTIONS_INIT {sizeof(libkv_poller_options), LIBKV_UNSET, LIBKV_UNSET, NULL}

/** A libkv_purge_deleted_secret_options in which nothing is given. */
#define LIBKV_PURGE_DELETED_SECRET_OPTIONS_INIT \
  {sizeof(libkv_purge_deleted_secret_options), LIBKV_UNSET, LIBKV_UNSET, LIBKV_UNSET}

/** A libkv_list_options in which nothing is given. */
#define LIBKV_LIST_OPTIONS_INIT {sizeof(libkv_list_options), LIBKV_UNSET, LIBKV_UNSET, NULL}

/**
 * The newest set of functions and fields that this header knows. It grows with every addition.
 *
 * A library serves a program when `libkv_abi_version() >= LIBKV_ABI_VERSION`.
 */
#define LIBKV_ABI_VERSION 1

/**
 * The value of a number or a time that is not given: 1901-12-13T20:45:52Z, for a time.
 */
#define LIBKV_UNSET INT32_MIN

/**
 * The level of what a call could not recover from.
 */
#define LIBKV_LOG_ERROR 1

/**
 * The level of what somebody should look at, such as a vault that throttles.
 */
#define LIBKV_LOG_WARN 2

/**
 * The level of what is worth knowing, such as a try that failed and is repeated.
 */
#define LIBKV_LOG_INFO 3

/**
 * The level of each call and each request.
 */
#define LIBKV_LOG_DEBUG 4

/**
 * The level of everything.
 */
#define LIBKV_LOG_TRACE 5

/**
 * Says what went wrong, coarse enough to act on.
 *
 * The numbers are stable and append-only: bindings and stored logs may rely on them.
 */
enum LIBKV_ERROR
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * An argument of the call breaks a rule; nothing was sent.
   */
  LIBKV_ERROR_INVALID_ARGUMENT = 1,
  /**
   * A client option is unknown, malformed or out of range, or the vault URL is not acceptable.
   */
  LIBKV_ERROR_INVALID_CONFIG = 2,
  /**
   * The object cannot be used in this way at this moment, such as a closed client.
   */
  LIBKV_ERROR_INVALID_STATE = 3,
  /**
   * No token could be had, or the vault did not accept it (401).
   */
  LIBKV_ERROR_AUTHENTICATION = 10,
  /**
   * An access policy, a role assignment, the firewall or the vault's protection refused the call (403).
   */
  LIBKV_ERROR_FORBIDDEN = 11,
  /**
   * The secret version is disabled and cannot be read (403).
   */
  LIBKV_ERROR_SECRET_DISABLED = 12,
  /**
   * The secret belongs to a certificate and only the certificate can change it (403).
   */
  LIBKV_ERROR_MANAGED_SECRET = 13,
  /**
   * No such secret, version or deleted secret (404).
   */
  LIBKV_ERROR_NOT_FOUND = 20,
  /**
   * A restore (409), or a set that is only for an absent name, met one that is in use.
   */
  LIBKV_ERROR_ALREADY_EXISTS = 21,
  /**
   * The name is held by a soft-deleted secret (409).
   */
  LIBKV_ERROR_SOFT_DELETED = 22,
  /**
   * The name is held by a secret whose deletion or purge has not finished (409).
   */
  LIBKV_ERROR_BEING_DELETED = 23,
  /**
   * The name is held by a secret whose recovery has not finished (409).
   */
  LIBKV_ERROR_BEING_RECOVERED = 24,
  /**
   * Another conflict, such as two recoveries at once (409).
   */
  LIBKV_ERROR_CONFLICT = 25,
  /**
   * The vault refused for its request rate until the deadline (429).
   */
  LIBKV_ERROR_THROTTLED = 30,
  /**
   * The vault failed or was unavailable (408, 500, 502, 503, 504) until attempts or time ran out.
   */
  LIBKV_ERROR_UNAVAILABLE = 31,
  /**
   * The vault could not be reached, or the connection broke.
   */
  LIBKV_ERROR_NETWORK = 32,
  /**
   * The deadline passed; nothing that was sent could have changed the vault.
   */
  LIBKV_ERROR_TIMEOUT = 33,
  /**
   * The caller gave the call up.
   */
  LIBKV_ERROR_CANCELLED = 34,
  /**
   * A write may or may not have been applied, and looking it up was not possible.
   */
  LIBKV_ERROR_OUTCOME_UNKNOWN = 35,
  /**
   * The vault answered something that Key Vault does not answer.
   */
  LIBKV_ERROR_PROTOCOL = 40,
  /**
   * The vault or this build does not support the request.
   */
  LIBKV_ERROR_UNSUPPORTED = 41,
  /**
   * A defect of libkv.
   */
  LIBKV_ERROR_INTERNAL = 50,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum LIBKV_ERROR LIBKV_ERROR;
#else
typedef int32_t LIBKV_ERROR;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * A call that was started. In the child of a fork it does nothing.
 *
 * Functions: those that end in `_async`; `libkv_call_cancel`, `libkv_call_free`.
 */
typedef struct libkv_call libkv_call;

/**
 * A client of one vault. Make one per vault and use it from all threads: they share connections, token and statistics. It
 * also works in the child of a fork.
 *
 * Functions: `libkv_client_new`, `libkv_client_vault_url`, `libkv_client_stats`, `libkv_diagnose`, `libkv_client_close`,
 * `libkv_client_free`; for secrets `libkv_set_secret`, `libkv_get_secret`, `libkv_try_get_secret`,
 * `libkv_update_secret_properties`, `libkv_list_properties_of_secrets`, `libkv_begin_delete_secret`, `libkv_backup_secret`,
 * `libkv_restore_secret_backup`; for many secrets at once `libkv_get_secrets`, `libkv_set_secrets`; for a secret's versions
 * `libkv_list_properties_of_secret_versions`, `libkv_get_secret_history`, `libkv_rollback_secret`,
 * `libkv_prune_secret_versions`; for deleted secrets `libkv_get_deleted_secret`, `libkv_list_deleted_secrets`,
 * `libkv_begin_recover_deleted_secret`, `libkv_purge_deleted_secret`. Those that wait for the vault have a second form, whose
 * name ends in `_async`.
 */
typedef struct libkv_client libkv_client;

/**
 * The options of a client, as pairs of key and text, which "Options of a client" in the introduction lists. Nothing is checked
 * before `libkv_client_new`.
 *
 * Functions: `libkv_options_new`, `libkv_options_set`, `libkv_options_set_token_callback`, `libkv_options_free`.
 */
typedef struct libkv_options libkv_options;

/**
 * A deletion or recovery that has begun, and that the vault goes on with whether or not somebody waits for it.
 *
 * Functions: `libkv_begin_delete_secret`, `libkv_begin_recover_deleted_secret`; `libkv_poller_properties`,
 * `libkv_poller_deleted_secret`, `libkv_poller_is_done`, `libkv_poller_look_count`, `libkv_poller_continuation_token`,
 * `libkv_poller_poll`, `libkv_poller_wait`, the last two also with `_async`; `libkv_poller_free`.
 */
typedef struct libkv_poller libkv_poller;

/**
 * The results of an operation on many secrets, in order, while others are under way. In the child of a fork they are refused.
 *
 * Functions: `libkv_get_secrets`, `libkv_set_secrets`; `libkv_secret_results_next`, `libkv_secret_results_next_async`,
 * `libkv_secret_results_free`.
 */
typedef struct libkv_secret_results libkv_secret_results;

/**
 * Where the answer to one request for a token goes. It may be answered after the callback has returned, by any thread, and
 * outlives the client. In the child of a fork it is refused.
 *
 * Functions: `libkv_token_reply_send`, `libkv_token_reply_fail`, `libkv_token_reply_free`.
 */
typedef struct libkv_token_reply libkv_token_reply;

/**
 * What a function comes to: `LIBKV_OK`, or the number of an error kind such as `LIBKV_ERROR_NOT_FOUND`.
 * Numbers never change their meaning; later libraries may return more of them.
 */
typedef int32_t libkv_status;

/**
 * A text, or no text when `data` is NULL: `len` bytes of UTF-8, and a NUL behind them that `len` does not count.
 *
 * In a result it lives until the result is freed. A secret's value may hold NULs of its own: go by `len` there.
 * `LIBKV_STR("text")` makes one from a literal.
 */
typedef struct libkv_str {
  /**
   * The first byte; NULL where there is no text.
   */
  const char *data;
  /**
   * The number of bytes.
   */
  size_t len;
} libkv_str;

/**
 * Why a call failed. It never holds a secret's value or a token.
 *
 * Functions: `libkv_error_free`, only for one that a function gave by itself: one that is part of a result is freed with that.
 */
typedef struct libkv_error {
  /**
   * What to branch on; what the function returned.
   */
  libkv_status kind;
  /**
   * The kind's name, such as "not_found".
   */
  struct libkv_str kind_name;
  /**
   * What happened, for a person.
   */
  struct libkv_str message;
  /**
   * The HTTP status of the vault's answer, or `LIBKV_UNSET`.
   */
  int32_t status;
  /**
   * The service's own code, such as "Forbidden", if it sent one.
   */
  struct libkv_str code;
  /**
   * The service's finer code, such as "ForbiddenByRbac", if it sent one.
   */
  struct libkv_str inner_code;
  /**
   * The service's id of the request, for a support case, if it sent one.
   */
  struct libkv_str request_id;
  /**
   * How long to wait before another try, in seconds, or `LIBKV_UNSET`.
   */
  double retry_after;
  /**
   * How often the request was tried, throttled tries included; 0 when nothing was sent.
   */
  uint32_t attempts;
  /**
   * How long the call took, in seconds.
   */
  double elapsed;
  /**
   * The next step for a person, if libkv knows one.
   */
  struct libkv_str advice;
  /**
   * What the token callback gave as the cause of its failure, or NULL; it lives until the error is freed.
   */
  const void *cause;
} libkv_error;

/**
 * Frees what `data` points to, or is NULL where there is nothing to free. It may be called by any thread, and calls nothing of
 * libkv.
 */
typedef void (*libkv_release)(void *data);

/**
 * What a token is wanted for. It lives until the callback returns.
 */
typedef struct libkv_token_request {
  /**
   * The scope, such as "https://vault.azure.net/.default".
   */
  struct libkv_str scope;
  /**
   * The tenant that the vault's challenge names, if it has been asked.
   */
  struct libkv_str tenant_id;
  /**
   * Claims that the token must satisfy (continuous access evaluation), as JSON, if the vault asks for some.
   */
  struct libkv_str claims;
} libkv_token_request;

/**
 * Is asked for a token; see `libkv_options_set_token_callback`. `data` is what was given there. `reply` is the callback's own, to
 * free with `libkv_token_reply_free`.
 *
 *     static void give_token(void *data, const libkv_token_request *request, libkv_token_reply *reply) {
 *       struct login *login = data;
 *       libkv_token_reply_send(reply, login->token, strlen(login->token), login->expires_on, LIBKV_UNSET, NULL);
 *       libkv_token_reply_free(reply);
 *     }
 */
typedef void (*libkv_token_callback)(void *data,
                                     const struct libkv_token_request *request,
                                     struct libkv_token_reply *reply);

/**
 * What a client has done since it was made.
 *
 * Functions: `libkv_client_stats`, `libkv_stats_free`.
 */
typedef struct libkv_stats {
  /**
   * Operations started.
   */
  uint64_t operations;
  /**
   * HTTP requests sent to the vault.
   */
  uint64_t requests;
  /**
   * Requests that were sent again after a failure other than throttling.
   */
  uint64_t retries;
  /**
   * Answers with status 429.
   */
  uint64_t throttled;
  /**
   * Time spent waiting between tries, and for a turn while the vault throttles, in milliseconds.
   */
  uint64_t waited_ms;
  /**
   * Tokens asked for.
   */
  uint64_t tokens;
  /**
   * Reads answered from the cache, or by a read that was under way already.
   */
  uint64_t cache_hits;
  /**
   * Writes whose answer was lost, and of which a look at the vault found that they had been applied.
   */
  uint64_t settled;
} libkv_stats;

/**
 * One step on the way to a vault, and how it went; freed with the diagnosis.
 */
typedef struct libkv_diagnosis_step {
  /**
   * What was tried: "dns", "tcp", "tls", "challenge", "clock", "token" or "call".
   */
  struct libkv_str name;
  /**
   * How it went: "ok", "failed", or "skipped" where it does not apply or one before it failed.
   */
  struct libkv_str verdict;
  /**
   * How long it took, in seconds.
   */
  double elapsed;
  /**
   * What was found, for a person. It never holds a secret's value or a token.
   */
  struct libkv_str detail;
  /**
   * The next step for a person, if the step failed and libkv knows one.
   */
  struct libkv_str advice;
} libkv_diagnosis_step;

/**
 * The steps on the way to a vault, in order.
 *
 * Functions: `libkv_diagnose`, `libkv_diagnosis_free`.
 */
typedef struct libkv_diagnosis {
  /**
   * The steps; freed with the diagnosis.
   */
  const struct libkv_diagnosis_step *const *items;
  /**
   * The number of steps.
   */
  size_t count;
} libkv_diagnosis;

/**
 * The optional arguments of a call that has no others. Start from `LIBKV_CALL_OPTIONS_INIT`.
 *
 * Functions: `libkv_get_secret`, `libkv_try_get_secret`, `libkv_get_deleted_secret`, `libkv_backup_secret`,
 * `libkv_restore_secret_backup`, `libkv_get_secret_history`, `libkv_rollback_secret`, `libkv_prune_secret_versions`,
 * `libkv_poller_poll`, `libkv_poller_wait`, `libkv_diagnose`.
 */
typedef struct libkv_call_options {
  /**
   * `sizeof` this structure.
   */
  size_t size;
  /**
   * The call's deadline in milliseconds from its begin, more than 0. Default: the client's `timeout_ms`.
   */
  int64_t timeout_ms;
} libkv_call_options;

/**
 * Is told a diagnosis or an error; see "Asynchronous calls". Both are the callback's, and one of them is NULL.
 */
typedef void (*libkv_diagnosis_callback)(void *data,
                                         struct libkv_diagnosis *diagnosis,
                                         struct libkv_error *error);

/**
 * A tag of a secret. As an argument its texts need no NUL behind them, so that the tags of a result can be passed on.
 */
typedef struct libkv_tag {
  /**
   * The key, at most 512 characters.
   */
  struct libkv_str key;
  /**
   * The value, at most 512 characters.
   */
  struct libkv_str value;
} libkv_tag;

/**
 * A secret version without its value.
 *
 * Functions: `libkv_update_secret_properties`, `libkv_restore_secret_backup`, `libkv_poller_properties`;
 * `libkv_secret_properties_free`, only for one that a function gave by itself: one that is part of another result or of a poller
 * is freed with that.
 */
typedef struct libkv_secret_properties {
  /**
   * The identifier, "https://VAULT/secrets/NAME/VERSION"; without the version in lists of secrets.
   */
  struct libkv_str id;
  /**
   * The secret's name.
   */
  struct libkv_str name;
  /**
   * The version, 32 hexadecimal digits; none in lists of secrets.
   */
  struct libkv_str version;
  /**
   * The vault's URL.
   */
  struct libkv_str vault_url;
  /**
   * What the value is, such as "application/json", if it was said.
   */
  struct libkv_str content_type;
  /**
   * Whether the value can be read.
   */
  bool enabled;
  /**
   * The Unix time in seconds before which the secret is not to be used, or `LIBKV_UNSET`.
   */
  int64_t not_before;
  /**
   * The Unix time in seconds after which the secret is not to be used, or `LIBKV_UNSET`.
   */
  int64_t expires_on;
  /**
   * When the version was made, in Unix seconds, or `LIBKV_UNSET`.
   */
  int64_t created_on;
  /**
   * When the version's properties last changed, in Unix seconds, or `LIBKV_UNSET`.
   */
  int64_t updated_on;
  /**
   * How many days a deleted secret can be recovered, 7 to 90, or `LIBKV_UNSET`; 0 without soft delete.
   */
  int32_t recoverable_days;
  /**
   * What happens to a deleted secret, such as "Recoverable+Purgeable", if the service said it.
   */
  struct libkv_str recovery_level;
  /**
   * The version's tags, by key.
   */
  const struct libkv_tag *tags;
  /**
   * The number of tags.
   */
  size_t tag_count;
  /**
   * Whether the secret belongs to a certificate.
   */
  bool managed;
  /**
   * The identifier of the key behind a certificate's secret.
   */
  struct libkv_str key_id;
  /**
   * The version of the previous certificate, of a certificate's secret.
   */
  struct libkv_str previous_version;
} libkv_secret_properties;

/**
 * A secret version with its value.
 *
 * Functions: `libkv_get_secret`, `libkv_try_get_secret`, `libkv_set_secret`, `libkv_rollback_secret`; `libkv_secret_free`, only
 * for one that a function gave by itself: one that is part of another result is freed with that.
 */
typedef struct libkv_secret {
  /**
   * The value, at most 25,600 characters; may be empty, and may hold NULs.
   */
  struct libkv_str value;
  /**
   * Everything else about the version; freed with the secret.
   */
  const struct libkv_secret_properties *properties;
  /**
   * Whether the value comes from the cache although its time is over, because the vault throttles or cannot be reached.
   */
  bool stale;
} libkv_secret;

/**
 * A secret in the soft-deleted state.
 *
 * Functions: `libkv_get_deleted_secret`, `libkv_poller_deleted_secret`; `libkv_deleted_secret_free`, only for one that a
 * function gave by itself: one that is part of another result or of a poller is freed with that.
 */
typedef struct libkv_deleted_secret {
  /**
   * The properties of its newest version; freed with it.
   */
  const struct libkv_secret_properties *properties;
  /**
   * The identifier under which it can be recovered or purged; none in a vault without soft delete.
   */
  struct libkv_str recovery_id;
  /**
   * When it was deleted, in Unix seconds, or `LIBKV_UNSET`.
   */
  int64_t deleted_date;
  /**
   * When the service purges it for good, in Unix seconds, or `LIBKV_UNSET`.
   */
  int64_t scheduled_purge_date;
} libkv_deleted_secret;

/**
 * The optional arguments of `libkv_set_secret`. Start from `LIBKV_SET_SECRET_OPTIONS_INIT`.
 */
typedef struct libkv_set_secret_options {
  /**
   * `sizeof` this structure.
   */
  size_t size;
  /**
   * The call's deadline in milliseconds from its begin, more than 0. Default: the client's `timeout_ms`.
   */
  int64_t timeout_ms;
  /**
   * What the value is, such as "application/json"; at most 255 characters. Default: NULL, none.
   */
  const char *content_type;
  /**
   * The version's tags, at most 15. Default: NULL, none.
   */
  const struct libkv_tag *tags;
  /**
   * The number of tags.
   */
  size_t tag_count;
  /**
   * 1 if the value can be read, 0 if not. Default: 1.
   */
  int32_t enabled;
  /**
   * The Unix time in seconds before which the secret is not to be used; the service does not enforce it. Default: none.
   */
  int64_t not_before;
  /**
   * The Unix time in seconds after which the secret is not to be used; the service does not enforce it. Default: none.
   */
  int64_t expires_on;
  /**
   * What to do about a soft-deleted secret of the name: "fail", "recover" or "purge". Recovering brings it back with its
   * versions and writes on top. Purging removes it for good and writes the first version of a new one; it needs the purge
   * permission and a vault without purge protection. Both wait, within the deadline, for a deletion, recovery or purge
   * under way. Default: NULL, which fails.
   */
  const char *on_conflict;
  /**
   * 1 to write only what differs from the newest version in value, content type, tags or another property; a set that
   * changes nothing gives that version. Reads the secret first, which needs the permission. Default: 0.
   */
  int32_t if_changed;
  /**
   * 1 to write only where no secret has the name; one that has it, disabled or not, fails with
   * `LIBKV_ERROR_ALREADY_EXISTS`. Reads the secret first, which needs the permission. The service has no such condition
   * of its own: two callers that read before either writes make two versions. Default: 0.
   */
  int32_t if_absent;
} libkv_set_secret_options;

/**
 * Is told a secret or an error, or neither where a call found none; see "Asynchronous calls". Both are the callback's.
 */
typedef void (*libkv_secret_callback)(void *data,
                                      struct libkv_secret *secret,
                                      struct libkv_error *error);

/**
 * The optional arguments of `libkv_update_secret_properties`, which keeps what is not given.
 * Start from `LIBKV_UPDATE_SECRET_PROPERTIES_OPTIONS_INIT`.
 */
typedef struct libkv_update_secret_properties_options {
  /**
   * `sizeof` this structure.
   */
  size_t size;
  /**
   * The call's deadline in milliseconds from its begin, more than 0. Default: the client's `timeout_ms`.
   */
  int64_t timeout_ms;
  /**
   * What the value is, such as "application/json"; at most 255 characters.
   */
  const char *content_type;
  /**
   * The version's tags, all of them, at most 15. NULL keeps the tags; any other pointer with a count of 0 removes them.
   */
  const struct libkv_tag *tags;
  /**
   * The number of tags.
   */
  size_t tag_count;
  /**
   * 1 if the value can be read, 0 if not.
   */
  int32_t enabled;
  /**
   * The Unix time in seconds before which the secret is not to be used; the service does not enforce it.
   */
  int64_t not_before;
  /**
   * The Unix time in seconds after which the secret is not to be used; the service does not enforce it.
   */
  int64_t expires_on;
} libkv_update_secret_properties_options;

/**
 * Is told properties or an error; see "Asynchronous calls". Both are the callback's, and one of them is NULL.
 */
typedef void (*libkv_secret_properties_callback)(void *data,
                                                 struct libkv_secret_properties *properties,
                                                 struct libkv_error *error);

/**
 * What became of one secret among many.
 *
 * Functions: `libkv_secret_results_next`, `libkv_secret_result_free`.
 */
typedef struct libkv_secret_result {
  /**
   * The secret's name.
   */
  struct libkv_str name;
  /**
   * The secret, NULL if it failed; freed with the result.
   */
  const struct libkv_secret *secret;
  /**
   * Why it failed, NULL if it did not; freed with the result.
   */
  const struct libkv_error *error;
} libkv_secret_result;

/**
 * Is told a result or an error, or neither behind the last result; see "Asynchronous calls". Both are the callback's.
 */
typedef void (*libkv_secret_result_callback)(void *data,
                                             struct libkv_secret_result *result,
                                             struct libkv_error *error);

/**
 * Is told how many results have been taken, and how many there are in all: `SIZE_MAX` while the vault's list is still being
 * read. `data` is the `progress_data` beside it. It may call libkv, but frees none of these results. It is called by the thread that
 * waits for the result, or ahead of the callback by the one of libkv's own that tells it.
 */
typedef void (*libkv_on_progress)(void *data, size_t done, size_t total);

/**
 * The optional arguments of `libkv_get_secrets`. Start from `LIBKV_GET_SECRETS_OPTIONS_INIT`.
 */
typedef struct libkv_get_secrets_options {
  /**
   * `sizeof` this structure.
   */
  size_t size;
  /**
   * The deadline of each secret, and of each page of the list, in milliseconds from its begin, more than 0. Default: the
   * client's `timeout_ms`.
   */
  int64_t timeout_ms;
  /**
   * The names of the secrets to read, in this order. NULL reads all that the vault lists; any other pointer with a count of
   * 0 reads none.
   */
  const char *const *names;
  /**
   * The number of names.
   */
  size_t name_count;
  /**
   * How the names of the secrets to read begin, of those that the vault lists; letter case makes no difference. Not
   * together with `names`. Default: NULL, any.
   */
  const char *prefix;
  /**
   * The tags that the newest version of a secret to read has, all of them, of those that the vault lists. Not together
   * with `names`. Default: NULL, any.
   */
  const struct libkv_tag *tags;
  /**
   * The number of tags.
   */
  size_t tag_count;
  /**
   * How many secrets are under way at a time, 1 to 256. Default: 64.
   */
  int32_t concurrency;
  /**
   * Called after each result that is taken, as long as the results live. Default: NULL, none.
   */
  libkv_on_progress on_progress;
  /**
   * What `on_progress` gets as its `data`.
   */
  void *progress_data;
} libkv_get_secrets_options;

/**
 * A secret to set; `libkv_set_secrets` takes them.
 */
typedef struct libkv_named_value {
  /**
   * The name, which ends with a NUL.
   */
  const char *name;
  /**
   * The value; it needs no NUL behind it.
   */
  struct libkv_str value;
} libkv_named_value;

/**
 * The optional arguments of `libkv_set_secrets`, the same for all secrets. Start from `LIBKV_SET_SECRETS_OPTIONS_INIT`.
 */
typedef struct libkv_set_secrets_options {
  /**
   * `sizeof` this structure.
   */
  size_t size;
  /**
   * The deadline of each secret in milliseconds from its begin, more than 0. Default: the client's `timeout_ms`.
   */
  int64_t timeout_ms;
  /**
   * What the values are, as in `libkv_set_secret_options`. Default: NULL, none.
   */
  const char *content_type;
  /**
   * Each version's tags, at most 15. Default: NULL, none.
   */
  const struct libkv_tag *tags;
  /**
   * The number of tags.
   */
  size_t tag_count;
  /**
   * 1 if the values can be read, 0 if not. Default: 1.
   */
  int32_t enabled;
  /**
   * The Unix time in seconds before which the secrets are not to be used. Default: none.
   */
  int64_t not_before;
  /**
   * The Unix time in seconds after which the secrets are not to be used. Default: none.
   */
  int64_t expires_on;
  /**
   * What to do about soft-deleted secrets of the names, as in `libkv_set_secret_options`. Default: NULL, which fails.
   */
  const char *on_conflict;
  /**
   * 1 to write only what changes something, as in `libkv_set_secret_options`. Default: 0.
   */
  int32_t if_changed;
  /**
   * 1 to write only where no secret has the name, as in `libkv_set_secret_options`. Default: 0.
   */
  int32_t if_absent;
  /**
   * How many secrets are under way at a time, 1 to 256. Default: 64.
   */
  int32_t concurrency;
  /**
   * Called after each result that is taken, as long as the results live. Default: NULL, none.
   */
  libkv_on_progress on_progress;
  /**
   * What `on_progress` gets as its `data`.
   */
  void *progress_data;
} libkv_set_secrets_options;

/**
 * One page of a list of secrets or of versions. A page may be empty although others follow.
 *
 * Functions: `libkv_list_properties_of_secrets`, `libkv_list_properties_of_secret_versions`, `libkv_properties_page_free`.
 */
typedef struct libkv_properties_page {
  /**
   * The page's items; freed with the page.
   */
  const struct libkv_secret_properties *const *items;
  /**
   * The number of items.
   */
  size_t count;
  /**
   * What the next call takes to go on behind this page; none on the last one.
   */
  struct libkv_str continuation_token;
} libkv_properties_page;

/**
 * One page of a list of deleted secrets. A page may be empty although others follow.
 *
 * Functions: `libkv_list_deleted_secrets`, `libkv_deleted_page_free`.
 */
typedef struct libkv_deleted_page {
  /**
   * The page's items; freed with the page.
   */
  const struct libkv_deleted_secret *const *items;
  /**
   * The number of items.
   */
  size_t count;
  /**
   * What the next call takes to go on behind this page; none on the last one.
   */
  struct libkv_str continuation_token;
} libkv_deleted_page;

/**
 * The optional arguments of lists. Start from `LIBKV_LIST_OPTIONS_INIT`.
 *
 * Functions: `libkv_list_properties_of_secrets`, `libkv_list_properties_of_secret_versions`, `libkv_list_deleted_secrets`.
 */
typedef struct libkv_list_options {
  /**
   * `sizeof` this structure.
   */
  size_t size;
  /**
   * The call's deadline in milliseconds from its begin, more than 0. Default: the client's `timeout_ms`.
   */
  int64_t timeout_ms;
  /**
   * How many items a page has at most, 1 to 25. Default: 25.
   */
  int32_t max_page_size;
  /**
   * The `continuation_token` of the page before. Default: NULL, from the beginning.
   */
  const char *continuation_token;
} libkv_list_options;

/**
 * Is told a page of secrets or of versions or an error; see "Asynchronous calls". Both are the callback's, and one of them is NULL.
 */
typedef void (*libkv_properties_page_callback)(void *data,
                                               struct libkv_properties_page *page,
                                               struct libkv_error *error);

/**
 * Is told a page of deleted secrets or an error; see "Asynchronous calls". Both are the callback's, and one of them is NULL.
 */
typedef void (*libkv_deleted_page_callback)(void *data,
                                            struct libkv_deleted_page *page,
                                            struct libkv_error *error);

/**
 * A version of a secret, as its history shows it; freed with the history.
 */
typedef struct libkv_secret_version {
  /**
   * The version without its value.
   */
  const struct libkv_secret_properties *properties;
  /**
   * Whether it is the version that a read without a version means.
   */
  bool current;
} libkv_secret_version;

/**
 * A secret's versions, from the newest to the oldest.
 *
 * Functions: `libkv_get_secret_history`, `libkv_secret_history_free`.
 */
typedef struct libkv_secret_history {
  /**
   * The versions; freed with the history.
   */
  const struct libkv_secret_version *const *items;
  /**
   * The number of versions.
   */
  size_t count;
} libkv_secret_history;

/**
 * A whole list of versions without their values.
 *
 * Functions: `libkv_prune_secret_versions`, `libkv_properties_list_free`.
 */
typedef struct libkv_properties_list {
  /**
   * The list's items; freed with the list.
   */
  const struct libkv_secret_properties *const *items;
  /**
   * The number of items.
   */
  size_t count;
} libkv_properties_list;

/**
 * Is told a history or an error; see "Asynchronous calls". Both are the callback's, and one of them is NULL.
 */
typedef void (*libkv_secret_history_callback)(void *data,
                                              struct libkv_secret_history *history,
                                              struct libkv_error *error);

/**
 * Is told a list of versions or an error; see "Asynchronous calls". Both are the callback's, and one of them is NULL.
 */
typedef void (*libkv_properties_list_callback)(void *data,
                                               struct libkv_properties_list *list,
                                               struct libkv_error *error);

/**
 * Is told that a call without a result is done, or why it failed; see "Asynchronous calls". The error is the callback's, NULL
 * for a success.
 */
typedef void (*libkv_done_callback)(void *data, struct libkv_error *error);

/**
 * The optional arguments of what gives pollers. Start from `LIBKV_POLLER_OPTIONS_INIT`.
 *
 * Functions: `libkv_begin_delete_secret`, `libkv_begin_recover_deleted_secret`.
 */
typedef struct libkv_poller_options {
  /**
   * `sizeof` this structure.
   */
  size_t size;
  /**
   * The deadline of the call that begins the work, in milliseconds, more than 0. Default: the client's `timeout_ms`.
   */
  int64_t timeout_ms;
  /**
   * How long the poller's waits pause between two looks, in milliseconds, 1 to 3600000. Default: the second look follows the
   * first after 50 ms, and each further pause is twice as long, up to the client's `poll_interval_ms`.
   */
  int64_t polling_interval_ms;
  /**
   * What `libkv_poller_continuation_token` of another poller gave, for the same secret and operation: the call begins nothing
   * anew, but looks once. Default: NULL, to begin.
   */
  const char *continuation_token;
} libkv_poller_options;

/**
 * Is told a poller or an error; see "Asynchronous calls". Both are the callback's, and one of them is NULL.
 */
typedef void (*libkv_poller_callback)(void *data,
                                      struct libkv_poller *poller,
                                      struct libkv_error *error);

/**
 * Is told a deleted secret or an error; see "Asynchronous calls". Both are the callback's, and one of them is NULL.
 */
typedef void (*libkv_deleted_secret_callback)(void *data,
                                              struct libkv_deleted_secret *deleted,
                                              struct libkv_error *error);

/**
 * The optional arguments of `libkv_purge_deleted_secret`. Start from `LIBKV_PURGE_DELETED_SECRET_OPTIONS_INIT`.
 */
typedef struct libkv_purge_deleted_secret_options {
  /**
   * `sizeof` this structure.
   */
  size_t size;
  /**
   * The call's deadline in milliseconds from its begin, more than 0. Default: the client's `timeout_ms`.
   */
  int64_t timeout_ms;
  /**
   * 1 to wait, within the deadline, for a deletion under way before the purge, and for the deleted secret to be gone after
   * it. The service can hold the name back for some seconds more, which only a set with `on_conflict` "purge" waits out.
   * Default: 0.
   */
  int32_t wait;
  /**
   * Left as the macro sets it.
   */
  int32_t reserved;
} libkv_purge_deleted_secret_options;

/**
 * A backup, which only Azure can read.
 *
 * Functions: `libkv_backup_secret`, `libkv_bytes_free`.
 */
typedef struct libkv_bytes {
  /**
   * The first byte.
   */
  const uint8_t *data;
  /**
   * The number of bytes.
   */
  size_t len;
} libkv_bytes;

/**
 * Is told a backup or an error; see "Asynchronous calls". Both are the callback's, and one of them is NULL.
 */
typedef void (*libkv_bytes_callback)(void *data,
                                     struct libkv_bytes *backup,
                                     struct libkv_error *error);

/**
 * One of the particulars of a record.
 */
typedef struct libkv_log_field {
  /**
   * What it is, such as "status".
   */
  struct libkv_str name;
  /**
   * Its value, numbers in decimal.
   */
  struct libkv_str value;
} libkv_log_field;

/**
 * What happened. It never holds a secret's value or a token. It lives until the callback returns.
 */
typedef struct libkv_log_record {
  /**
   * How much it matters, `LIBKV_LOG_ERROR` to `LIBKV_LOG_TRACE`.
   */
  int32_t level;
  /**
   * What kind of event it is, such as "libkv::retry"; docs/events.md lists them with their fields.
   */
  struct libkv_str target;
  /**
   * What happened, for a person.
   */
  struct libkv_str message;
  /**
   * The particulars, in order.
   */
  const struct libkv_log_field *fields;
  /**
   * The number of fields.
   */
  size_t field_count;
} libkv_log_record;

/**
 * Is told what happened; see `libkv_set_log`. `data` is what was given there.
 */
typedef void (*libkv_log_callback)(void *data, const struct libkv_log_record *record);

/**
 * The call did what it says.
 */
#define LIBKV_OK 0

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * Returns the newest set of functions and fields that the loaded library knows.
 *
 * Threads: any.
 */
uint32_t libkv_abi_version(void);

/**
 * Returns the loaded library's version, such as "0.1.0".
 *
 * Ownership: the text is the library's and lives as long as the program.
 * Threads: any.
 */
const char *libkv_version(void);

/**
 * Frees an error; NULL is allowed.
 *
 * Threads: any, once.
 */
void libkv_error_free(struct libkv_error *error);

/**
 * Answers a request with a token. Where nobody waits for it any more, it is dropped.
 *
 * `token` has `len` bytes. `expires_on` is the Unix time in seconds at which it stops being accepted, and `refresh_on` the one
 * from which libkv asks for another, both or either `LIBKV_UNSET`: a token without an end is used until the vault refuses it, and
 * one without a time to refresh is replaced 5 minutes ahead of its end.
 *
 * Ownership: the token is copied; the copies are zeroed. The reply remains to be freed.
 * Threads: any.
 * Errors: `LIBKV_ERROR_INVALID_STATE` when it has been answered, and in the child of a fork; `LIBKV_ERROR_INVALID_ARGUMENT`,
 * which leaves it to be answered.
 */
libkv_status libkv_token_reply_send(const struct libkv_token_reply *reply,
                                    const char *token,
                                    size_t len,
                                    int64_t expires_on,
                                    int64_t refresh_on,
                                    struct libkv_error **error);

/**
 * Answers a request with a failure: the calls that wait for the token fail with `LIBKV_ERROR_AUTHENTICATION`, and the next one
 * asks again.
 *
 * `message` says why, for a person, without a secret in it; what is not UTF-8 of it is replaced. `cause` may be NULL; the errors
 * of those calls have it as their `cause`, for the program to find there what it knows about the failure.
 *
 * Ownership: the message is copied. `cause` is handed over in any case, and `release`, which may be NULL, is called with it once,
 * when those errors are freed and the client has asked again or is gone. The reply remains to be freed.
 * Threads: any.
 * Errors: `LIBKV_ERROR_INVALID_STATE` when it has been answered, and in the child of a fork; `LIBKV_ERROR_INVALID_ARGUMENT`,
 * which leaves it to be answered.
 */
libkv_status libkv_token_reply_fail(const struct libkv_token_reply *reply,
                                    const char *message,
                                    void *cause,
                                    libkv_release release,
                                    struct libkv_error **error);

/**
 * Frees a reply; NULL is allowed. One that has not been answered is a failure, whose message says so.
 *
 * Threads: any, once, when no other function uses the reply.
 */
void libkv_token_reply_free(struct libkv_token_reply *reply);

/**
 * Makes options that leave everything at its default.
 *
 * Ownership: free the options with `libkv_options_free`.
 * Threads: any.
 * Errors: `LIBKV_ERROR_INVALID_ARGUMENT`.
 */
libkv_status libkv_options_new(struct libkv_options **options, struct libkv_error **error);

/**
 * Sets an option, such as "retry.max_attempts" to "8". A later value for the same key wins; `.` and `_` in keys are alike.
 *
 * Ownership: key and value are copied; the copy of the value is zeroed when it is freed.
 * Threads: any.
 * Errors: `LIBKV_ERROR_INVALID_ARGUMENT`. What the option may be is checked by `libkv_client_new`.
 */
libkv_status libkv_options_set(struct libkv_options *options,
                               const char *key,
                               const char *value,
                               struct libkv_error **error);

/**
 * Has `callback` asked for tokens, instead of what the option `credential` says. A later callback replaces it.
 *
 * `callback` is called when a client has no token or wants another, once for however many calls wait; it need not cache. It
 * answers through its `reply`, at once or later. `data` is handed to it as it is, and may be NULL.
 *
 * A call waits for the answer within its deadline, and fails with `LIBKV_ERROR_AUTHENTICATION` when it is a failure or the reply is
 * freed without one. An answer that comes too late is dropped, and the next call asks again.
 *
 * Ownership: `data` is handed over in any case. `release`, which may be NULL, is called with it once: when these options, the last
 * client made with them and what is under way are gone; not in the child of a fork for a client made before it.
 * Threads: `callback` is called by threads that libkv starts for it, several at a time where several clients want a token. It may
 * block, and may use other clients; the one that waits for its answer would wait until the deadline. In the child of a fork it is
 * called there. It may still be under way when the program ends.
 * Errors: `LIBKV_ERROR_INVALID_ARGUMENT`.
 */
libkv_status libkv_options_set_token_callback(struct libkv_options *options,
                                              libkv_token_callback callback,
                                              void *data,
                                              libkv_release release,
                                              struct libkv_error **error);

/**
 * Frees options; NULL is allowed. Clients made with them stay as they are.
 *
 * Threads: any, once, when no other function uses them.
 */
void libkv_options_free(struct libkv_options *options);

/**
 * Makes a client. Sends nothing and starts no thread.
 *
 * `vault_url` is the vault's, such as "https://contoso.vault.azure.net". `options` may be NULL.
 *
 * Ownership: free the client with `libkv_client_free`. The options are copied.
 * Threads: any.
 * Errors: `LIBKV_ERROR_INVALID_CONFIG`, which names the vault URL or the option and the rule it breaks;
 * `LIBKV_ERROR_INVALID_ARGUMENT`.
 */
libkv_status libkv_client_new(const char *vault_url,
                              const struct libkv_options *options,
                              struct libkv_client **client,
                              struct libkv_error **error);

/**
 * Returns the vault's URL, without a trailing slash; NULL for NULL.
 *
 * Ownership: the text is the client's and ends with it.
 * Threads: any.
 */
const char *libkv_client_vault_url(const struct libkv_client *client);

/**
 * Says what the client has done since it was made.
 *
 * Ownership: free the result with `libkv_stats_free`.
 * Threads: any.
 * Errors: `LIBKV_ERROR_INVALID_STATE` when the client is closed; `LIBKV_ERROR_INVALID_ARGUMENT`.
 */
libkv_status libkv_client_stats(const struct libkv_client *client,
                                struct libkv_stats **stats,
                                struct libkv_error **error);

/**
 * Refuses calls from here on, with `LIBKV_ERROR_INVALID_STATE`. Those under way go on, and so do pollers and the results of
 * many secrets. NULL is allowed.
 *
 * Threads: any.
 */
void libkv_client_close(const struct libkv_client *client);

/**
 * Frees a client; NULL is allowed. Its results and pollers live on.
 *
 * Threads: any, once, when no other function uses the client.
 */
void libkv_client_free(struct libkv_client *client);

/**
 * Frees statistics; NULL is allowed.
 *
 * Threads: any, once.
 */
void libkv_stats_free(struct libkv_stats *stats);

/**
 * Ends a call early: its callback is told `LIBKV_ERROR_CANCELLED`, unless the outcome was there before. Of a write that was under
 * way nobody knows whether it has been applied. NULL is allowed.
 *
 * Threads: any; does not wait for the callback.
 */
void libkv_call_cancel(const struct libkv_call *call);

/**
 * Frees a call's handle; NULL is allowed. The call itself goes on.
 *
 * Threads: any, once, when no other function uses the handle.
 */
void libkv_call_free(struct libkv_call *call);

/**
 * Frees a diagnosis with its steps; NULL is allowed.
 *
 * Threads: any, once.
 */
void libkv_diagnosis_free(struct libkv_diagnosis *diagnosis);

/**
 * Goes the way to the vault step by step: name, connection, TLS, what token the vault asks for, the clock, the token, and one
 * harmless call, which lists at most one secret without its value.
 *
 * `options` may be NULL. A step that fails, or that the deadline cuts short, is no failure of the call: the diagnosis says so. The
 * claims of the token are shown, the token is not.
 *
 * Ownership: free the diagnosis with `libkv_diagnosis_free`.
 * Threads: any; blocks until the last step is done or its deadline comes.
 * Errors: `LIBKV_ERROR_INVALID_ARGUMENT`, `LIBKV_ERROR_INVALID_STATE`, `LIBKV_ERROR_UNSUPPORTED`.
 */
libkv_status libkv_diagnose(const struct libkv_client *client,
                            const struct libkv_call_options *options,
                            struct libkv_diagnosis **diagnosis,
                            struct libkv_error **error);

/**
 * Starts `libkv_diagnose`, and has `callback` told the diagnosis.
 *
 * Arguments, ownership and errors are those of `libkv_diagnose`; the rest is under "Asynchronous calls" in the introduction.
 * Threads: any; does not block.
 */
libkv_status libkv_diagnose_async(const struct libkv_client *client,
                                  const struct libkv_call_options *options,
                                  libkv_diagnosis_callback callback,
                                  void *data,
                                  struct libkv_call **call,
                                  struct libkv_error **error);

/**
 * Frees properties; NULL is allowed.
 *
 * Threads: any, once.
 */
void libkv_secret_properties_free(struct libkv_secret_properties *properties);

/**
 * Zeroes and frees a secret; NULL is allowed.
 *
 * Threads: any, once.
 */
void libkv_secret_free(struct libkv_secret *secret);

/**
 * Frees a deleted secret; NULL is allowed.
 *
 * Threads: any, once.
 */
void libkv_deleted_secret_free(struct libkv_deleted_secret *deleted);

/**
 * Makes a new version of a secret, and the secret if there is none. Nothing is inherited from the version before.
 *
 * `name` has 1 to 127 of `0-9 a-z A-Z -`. `value` has `value_len` bytes of UTF-8 and at most 25,600 characters; it may be
 * empty and may hold NULs, but it is not NULL. `options` may be NULL. `secret` gets the version with its value, and may be
 * NULL.
 *
 * Ownership: free the secret with `libkv_secret_free`. The arguments are copied; the copy of the value is zeroed.
 * Threads: any; blocks until the call is done or its deadline comes.
 * Errors: `LIBKV_ERROR_SOFT_DELETED`, `LIBKV_ERROR_BEING_DELETED` and `LIBKV_ERROR_BEING_RECOVERED` for a name that is held;
 * `LIBKV_ERROR_FORBIDDEN` also for a recovery or purge that `on_conflict` asks for and that is refused;
 * `LIBKV_ERROR_ALREADY_EXISTS` for a name in use when `if_absent` is 1;
 * `LIBKV_ERROR_MANAGED_SECRET` for a certificate's; `LIBKV_ERROR_OUTCOME_UNKNOWN` when the vault's answer was lost and
 * reading it up was not possible; and those of every call, which the introduction lists.
 */
libkv_status libkv_set_secret(const struct libkv_client *client,
                              const char *name,
                              const char *value,
                              size_t value_len,
                              const struct libkv_set_secret_options *options,
                              struct libkv_secret **secret,
                              struct libkv_error **error);

/**
 * Starts `libkv_set_secret`, and has `callback` told the version with its value.
 *
 * Arguments, ownership and errors are those of `libkv_set_secret`; the rest is under "Asynchronous calls" in the introduction.
 * Threads: any; does not block.
 */
libkv_status libkv_set_secret_async(const struct libkv_client *client,
                                    const char *name,
                                    const char *value,
                                    size_t value_len,
                                    const struct libkv_set_secret_options *options,
                                    libkv_secret_callback callback,
                                    void *data,
                                    struct libkv_call **call,
                                    struct libkv_error **error);

/**
 * Reads a secret with its value.
 *
 * `version` names the version; NULL or an empty text means the newest. `options` may be NULL.
 *
 * Ownership: free the secret with `libkv_secret_free`.
 * Threads: any; blocks until the call is done or its deadline comes.
 * Errors: `LIBKV_ERROR_NOT_FOUND`; `LIBKV_ERROR_SECRET_DISABLED` for a disabled version, also where older ones are enabled;
 * and those of every call.
 */
libkv_status libkv_get_secret(const struct libkv_client *client,
                              const char *name,
                              const char *version,
                              const struct libkv_call_options *options,
                              struct libkv_secret **secret,
                              struct libkv_error **error);

/**
 * Starts `libkv_get_secret`, and has `callback` told the secret.
 *
 * Arguments, ownership and errors are those of `libkv_get_secret`; the rest is under "Asynchronous calls" in the introduction.
 * Threads: any; does not block.
 */
libkv_status libkv_get_secret_async(const struct libkv_client *client,
                                    const char *name,
                                    const char *version,
                                    const struct libkv_call_options *options,
                                    libkv_secret_callback callback,
                                    void *data,
                                    struct libkv_call **call,
                                    struct libkv_error **error);

/**
 * Reads a secret as `libkv_get_secret` does, but gives none where the vault has no such secret or version.
 *
 * `version` names the version; NULL or an empty text means the newest. `options` may be NULL. `secret` gets NULL where there is
 * none, which is a success; a soft-deleted secret is none.
 *
 * Ownership: free the secret with `libkv_secret_free`.
 * Threads: any; blocks until the call is done or its deadline comes.
 * Errors: `LIBKV_ERROR_SECRET_DISABLED` for a disabled version, also where older ones are enabled; and those of every call.
 */
libkv_status libkv_try_get_secret(const struct libkv_client *client,
                                  const char *name,
                                  const char *version,
                                  const struct libkv_call_options *options,
                                  struct libkv_secret **secret,
                                  struct libkv_error **error);

/**
 * Starts `libkv_try_get_secret`, and has `callback` told the secret, or NULL and NULL where there is none.
 *
 * Arguments, ownership and errors are those of `libkv_try_get_secret`; the rest is under "Asynchronous calls" in the introduction.
 * Threads: any; does not block.
 */
libkv_status libkv_try_get_secret_async(const struct libkv_client *client,
                                        const char *name,
                                        const char *version,
                                        const struct libkv_call_options *options,
                                        libkv_secret_callback callback,
                                        void *data,
                                        struct libkv_call **call,
                                        struct libkv_error **error);

/**
 * Changes the properties of a version; the value cannot change.
 *
 * `version` names the version; NULL or an empty text means the newest. What `options` do not give stays as it is; tags are
 * replaced as a whole. `options` may be NULL. `properties` gets what the version has then, and may be NULL.
 *
 * Ownership: free the properties with `libkv_secret_properties_free`. The arguments are copied.
 * Threads: any; blocks until the call is done or its deadline comes.
 * Errors: `LIBKV_ERROR_NOT_FOUND`, `LIBKV_ERROR_MANAGED_SECRET`, and those of every call.
 */
libkv_status libkv_update_secret_properties(const struct libkv_client *client,
                                            const char *name,
                                            const char *version,
                                            const struct libkv_update_secret_properties_options *options,
                                            struct libkv_secret_properties **properties,
                                            struct libkv_error **error);

/**
 * Starts `libkv_update_secret_properties`, and has `callback` told what the version has then.
 *
 * Arguments, ownership and errors are those of `libkv_update_secret_properties`; the rest is under "Asynchronous calls" in the introduction.
 * Threads: any; does not block.
 */
libkv_status libkv_update_secret_properties_async(const struct libkv_client *client,
                                                  const char *name,
                                                  const char *version,
                                                  const struct libkv_update_secret_properties_options *options,
                                                  libkv_secret_properties_callback callback,
                                                  void *data,
                                                  struct libkv_call **call,
                                                  struct libkv_error **error);

/**
 * Waits for the next result, while up to `concurrency` others go on. `result` gets NULL behind the last one.
 *
 * The first call begins the work; what is under way goes on between two calls. A secret that fails has its error in its result,
 * and the call succeeds. The options' `on_progress` is called before this returns, on the same thread.
 *
 * Ownership: free the result with `libkv_secret_result_free`.
 * Threads: any; several take turns. Blocks until the result is there, or that secret's deadline comes.
 * Errors: those of listing the vault's secrets, after the results of those listed before; `LIBKV_ERROR_INVALID_STATE` in the
 * child of a fork; `LIBKV_ERROR_INVALID_ARGUMENT`.
 */
libkv_status libkv_secret_results_next(const struct libkv_secret_results *results,
                                       struct libkv_secret_result **result,
                                       struct libkv_error **error);

/**
 * Starts `libkv_secret_results_next`, and has `callback` told the next result, or NULL and NULL behind the last one.
 *
 * Arguments, ownership and errors are those of `libkv_secret_results_next`; the rest is under "Asynchronous calls" in the introduction.
 * Threads: any; does not block.
 */
libkv_status libkv_secret_results_next_async(const struct libkv_secret_results *results,
                                             libkv_secret_result_callback callback,
                                             void *data,
                                             struct libkv_call **call,
                                             struct libkv_error **error);

/**
 * Cancels what is under way and frees the results; NULL is allowed. Whether a set that was under way has been applied is left
 * open.
 *
 * Threads: any, once, when no other function uses the results.
 */
void libkv_secret_results_free(struct libkv_secret_results *results);

/**
 * Zeroes and frees a result with its secret or error; NULL is allowed.
 *
 * Threads: any, once.
 */
void libkv_secret_result_free(struct libkv_secret_result *result);

/**
 * Reads many secrets with their values: all that the vault lists, or those that `options` name or describe.
 *
 * `options` may be NULL. `results` gives one result for each secret, in the order of the names or of the list; a secret that fails,
 * such as a disabled one, has its own error. Nothing is sent before the first result is asked for.
 *
 * Ownership: free the results with `libkv_secret_results_free`. The arguments are copied.
 * Threads: any.
 * Errors: `LIBKV_ERROR_INVALID_ARGUMENT`, `LIBKV_ERROR_INVALID_STATE`, `LIBKV_ERROR_UNSUPPORTED`.
 */
libkv_status libkv_get_secrets(const struct libkv_client *client,
                               const struct libkv_get_secrets_options *options,
                               struct libkv_secret_results **results,
                               struct libkv_error **error);

/**
 * Makes a new version of each of these secrets, as `libkv_set_secret` does.
 *
 * `values` has `value_count` secrets, each of another name; letter case makes no difference between names. `options` may be
 * NULL. `results` gives one result for each, in their order; a secret that fails has its own error. Nothing is sent before the
 * first result is asked for.
 *
 * Ownership: free the results with `libkv_secret_results_free`. The arguments are copied; the copies of the values are zeroed.
 * Threads: any.
 * Errors: `LIBKV_ERROR_INVALID_ARGUMENT`, `LIBKV_ERROR_INVALID_STATE`, `LIBKV_ERROR_UNSUPPORTED`.
 */
libkv_status libkv_set_secrets(const struct libkv_client *client,
                               const struct libkv_named_value *values,
                               size_t value_count,
                               const struct libkv_set_secrets_options *options,
                               struct libkv_secret_results **results,
                               struct libkv_error **error);

/**
 * Frees a page with its items; NULL is allowed.
 *
 * Threads: any, once.
 */
void libkv_properties_page_free(struct libkv_properties_page *page);

/**
 * Frees a page with its items; NULL is allowed.
 *
 * Threads: any, once.
 */
void libkv_deleted_page_free(struct libkv_deleted_page *page);

/**
 * Reads one page of the vault's secrets, without values, by upper-cased name.
 *
 * `options` may be NULL. While a page has a `continuation_token`, another page follows.
 *
 * Ownership: free the page with `libkv_properties_page_free`.
 * Threads: any; blocks until the call is done or its deadline comes.
 * Errors: those of every call.
 */
libkv_status libkv_list_properties_of_secrets(const struct libkv_client *client,
                                              const struct libkv_list_options *options,
                                              struct libkv_properties_page **page,
                                              struct libkv_error **error);

/**
 * Starts `libkv_list_properties_of_secrets`, and has `callback` told the page.
 *
 * Arguments, ownership and errors are those of `libkv_list_properties_of_secrets`; the rest is under "Asynchronous calls" in the introduction.
 * Threads: any; does not block.
 */
libkv_status libkv_list_properties_of_secrets_async(const struct libkv_client *client,
                                                    const struct libkv_list_options *options,
                                                    libkv_properties_page_callback callback,
                                                    void *data,
                                                    struct libkv_call **call,
                                                    struct libkv_error **error);

/**
 * Reads one page of a secret's versions, without values, by version id; an unknown name has none.
 *
 * `options` may be NULL. While a page has a `continuation_token`, another page follows.
 *
 * Ownership: free the page with `libkv_properties_page_free`.
 * Threads: any; blocks until the call is done or its deadline comes.
 * Errors: those of every call.
 */
libkv_status libkv_list_properties_of_secret_versions(const struct libkv_client *client,
                                                      const char *name,
                                                      const struct libkv_list_options *options,
                                                      struct libkv_properties_page **page,
                                                      struct libkv_error **error);

/**
 * Starts `libkv_list_properties_of_secret_versions`, and has `callback` told the page.
 *
 * Arguments, ownership and errors are those of `libkv_list_properties_of_secret_versions`; the rest is under "Asynchronous calls" in the introduction.
 * Threads: any; does not block.
 */
libkv_status libkv_list_properties_of_secret_versions_async(const struct libkv_client *client,
                                                            const char *name,
                                                            const struct libkv_list_options *options,
                                                            libkv_properties_page_callback callback,
                                                            void *data,
                                                            struct libkv_call **call,
                                                            struct libkv_error **error);

/**
 * Reads one page of the vault's deleted secrets.
 *
 * `options` may be NULL. While a page has a `continuation_token`, another page follows.
 *
 * Ownership: free the page with `libkv_deleted_page_free`.
 * Threads: any; blocks until the call is done or its deadline comes.
 * Errors: those of every call.
 */
libkv_status libkv_list_deleted_secrets(const struct libkv_client *client,
                                        const struct libkv_list_options *options,
                                        struct libkv_deleted_page **page,
                                        struct libkv_error **error);

/**
 * Starts `libkv_list_deleted_secrets`, and has `callback` told the page.
 *
 * Arguments, ownership and errors are those of `libkv_list_deleted_secrets`; the rest is under "Asynchronous calls" in the introduction.
 * Threads: any; does not block.
 */
libkv_status libkv_list_deleted_secrets_async(const struct libkv_client *client,
                                              const struct libkv_list_options *options,
                                              libkv_deleted_page_callback callback,
                                              void *data,
                                              struct libkv_call **call,
                                              struct libkv_error **error);

/**
 * Frees a history with its versions; NULL is allowed.
 *
 * Threads: any, once.
 */
void libkv_secret_history_free(struct libkv_secret_history *history);

/**
 * Frees a list with its items; NULL is allowed.
 *
 * Threads: any, once.
 */
void libkv_properties_list_free(struct libkv_properties_list *list);

/**
 * Reads a secret's versions without their values, from the newest to the oldest, the current one marked.
 *
 * `options` may be NULL. The service tells times in whole seconds only: of several versions made in one second, the newest
 * comes first and the others stand by their ids. Needs the permissions to list and to get.
 *
 * Ownership: free the history with `libkv_secret_history_free`.
 * Threads: any; blocks until the call is done or its deadline comes.
 * Errors: `LIBKV_ERROR_NOT_FOUND`, and those of every call.
 */
libkv_status libkv_get_secret_history(const struct libkv_client *client,
                                      const char *name,
                                      const struct libkv_call_options *options,
                                      struct libkv_secret_history **history,
                                      struct libkv_error **error);

/**
 * Starts `libkv_get_secret_history`, and has `callback` told the history.
 *
 * Arguments, ownership and errors are those of `libkv_get_secret_history`; the rest is under "Asynchronous calls" in the introduction.
 * Threads: any; does not block.
 */
libkv_status libkv_get_secret_history_async(const struct libkv_client *client,
                                            const char *name,
                                            const struct libkv_call_options *options,
                                            libkv_secret_history_callback callback,
                                            void *data,
                                            struct libkv_call **call,
                                            struct libkv_error **error);

/**
 * Makes a new version with the value, content type and tags of an older one. Dates are not brought back, and the new version
 * is enabled.
 *
 * `version` names the older one. `options` may be NULL. `secret` gets the new version with its value, and may be NULL.
 *
 * Ownership: free the secret with `libkv_secret_free`.
 * Threads: any; blocks until the call is done or its deadline comes.
 * Errors: `LIBKV_ERROR_NOT_FOUND`; `LIBKV_ERROR_SECRET_DISABLED` for a disabled version, which cannot be read;
 * `LIBKV_ERROR_MANAGED_SECRET`; `LIBKV_ERROR_OUTCOME_UNKNOWN`; and those of every call.
 */
libkv_status libkv_rollback_secret(const struct libkv_client *client,
                                   const char *name,
                                   const char *version,
                                   const struct libkv_call_options *options,
                                   struct libkv_secret **secret,
                                   struct libkv_error **error);

/**
 * Starts `libkv_rollback_secret`, and has `callback` told the new version with its value.
 *
 * Arguments, ownership and errors are those of `libkv_rollback_secret`; the rest is under "Asynchronous calls" in the introduction.
 * Threads: any; does not block.
 */
libkv_status libkv_rollback_secret_async(const struct libkv_client *client,
                                         const char *name,
                                         const char *version,
                                         const struct libkv_call_options *options,
                                         libkv_secret_callback callback,
                                         void *data,
                                         struct libkv_call **call,
                                         struct libkv_error **error);

/**
 * Disables a secret's enabled versions except the newest `keep` of them. The service cannot remove a version.
 *
 * `keep` is at least 1; the order is that of `libkv_get_secret_history`. `options` may be NULL. `disabled` gets the versions
 * that this call disabled, and may be NULL. A failure midway leaves disabled what has been; the same call again goes on.
 *
 * Ownership: free the list with `libkv_properties_list_free`.
 * Threads: any; blocks until the call is done or its deadline comes.
 * Errors: `LIBKV_ERROR_NOT_FOUND`, `LIBKV_ERROR_MANAGED_SECRET`, and those of every call.
 */
libkv_status libkv_prune_secret_versions(const struct libkv_client *client,
                                         const char *name,
                                         uint32_t keep,
                                         const struct libkv_call_options *options,
                                         struct libkv_properties_list **disabled,
                                         struct libkv_error **error);

/**
 * Starts `libkv_prune_secret_versions`, and has `callback` told the versions that it disabled.
 *
 * Arguments, ownership and errors are those of `libkv_prune_secret_versions`; the rest is under "Asynchronous calls" in the introduction.
 * Threads: any; does not block.
 */
libkv_status libkv_prune_secret_versions_async(const struct libkv_client *client,
                                               const char *name,
                                               uint32_t keep,
                                               const struct libkv_call_options *options,
                                               libkv_properties_list_callback callback,
                                               void *data,
                                               struct libkv_call **call,
                                               struct libkv_error **error);

/**
 * Returns the properties of the secret that is being deleted or recovered, as the vault answered when that began; NULL for NULL.
 *
 * A poller made from a continuation token has them once it has seen that the vault has finished, and not where this caller may
 * not read them; it gives NULL otherwise.
 *
 * Ownership: the properties are the poller's and end with it.
 * Threads: any.
 */
const struct libkv_secret_properties *libkv_poller_properties(const struct libkv_poller *poller);

/**
 * Returns the secret that is being deleted, when `libkv_poller_properties` returns its properties; NULL for a recovery and for
 * NULL.
 *
 * Ownership: the deleted secret is the poller's and ends with it.
 * Threads: any.
 */
const struct libkv_deleted_secret *libkv_poller_deleted_secret(const struct libkv_poller *poller);

/**
 * Tells what the last look found, without looking; false for NULL.
 *
 * Threads: any.
 */
bool libkv_poller_is_done(const struct libkv_poller *poller);

/**
 * Returns how many looks have told whether the vault has finished; 0 for NULL.
 *
 * Threads: any.
 */
uint64_t libkv_poller_look_count(const struct libkv_poller *poller);

/**
 * Returns what `continuation_token` of `libkv_poller_options` takes, in any language and process, to go on with this work; NULL
 * for NULL. It holds the vault's URL and the secret's name.
 *
 * Ownership: the text is the poller's and ends with it.
 * Threads: any.
 */
const char *libkv_poller_continuation_token(const struct libkv_poller *poller);

/**
 * Looks once and tells whether the vault has finished. `options` may be NULL. `done` may be NULL.
 *
 * Threads: any; blocks until the vault has answered.
 * Errors: those of reading a secret, but for `LIBKV_ERROR_NOT_FOUND`.
 */
libkv_status libkv_poller_poll(const struct libkv_poller *poller,
                               const struct libkv_call_options *options,
                               bool *done,
                               struct libkv_error **error);

/**
 * Starts `libkv_poller_poll`, and has `callback` told when it has looked; `libkv_poller_is_done` says what it found.
 *
 * Arguments, ownership and errors are those of `libkv_poller_poll`; the rest is under "Asynchronous calls" in the introduction.
 * Threads: any; does not block.
 */
libkv_status libkv_poller_poll_async(const struct libkv_poller *poller,
                                     const struct libkv_call_options *options,
                                     libkv_done_callback callback,
                                     void *data,
                                     struct libkv_call **call,
                                     struct libkv_error **error);

/**
 * Waits until the vault has finished. `options` may be NULL.
 *
 * Threads: any; blocks until then.
 * Errors: `LIBKV_ERROR_TIMEOUT` when the deadline comes first, and those of reading a secret. The vault goes on all the same.
 */
libkv_status libkv_poller_wait(const struct libkv_poller *poller,
                               const struct libkv_call_options *options,
                               struct libkv_error **error);

/**
 * Starts `libkv_poller_wait`, and has `callback` told when the vault has finished.
 *
 * Arguments, ownership and errors are those of `libkv_poller_wait`; the rest is under "Asynchronous calls" in the introduction.
 * Threads: any; does not block.
 */
libkv_status libkv_poller_wait_async(const struct libkv_poller *poller,
                                     const struct libkv_call_options *options,
                                     libkv_done_callback callback,
                                     void *data,
                                     struct libkv_call **call,
                                     struct libkv_error **error);

/**
 * Frees a poller; NULL is allowed. The vault goes on all the same.
 *
 * Threads: any, once, when no other function uses the poller.
 */
void libkv_poller_free(struct libkv_poller *poller);

/**
 * Begins to delete a secret with all its versions. Until its scheduled purge date it can be recovered, and its name is held.
 *
 * `options` may be NULL, and say how the poller looks, or which deletion to go on with. `poller` waits until the vault has
 * finished, and may be NULL: the vault goes on all the same.
 *
 * Ownership: free the poller with `libkv_poller_free`.
 * Threads: any; blocks until the deletion has begun or the deadline comes.
 * Errors: `LIBKV_ERROR_NOT_FOUND`, `LIBKV_ERROR_MANAGED_SECRET`, `LIBKV_ERROR_BEING_DELETED`,
 * `LIBKV_ERROR_BEING_RECOVERED`, `LIBKV_ERROR_OUTCOME_UNKNOWN`, and those of every call.
 */
libkv_status libkv_begin_delete_secret(const struct libkv_client *client,
                                       const char *name,
                                       const struct libkv_poller_options *options,
                                       struct libkv_poller **poller,
                                       struct libkv_error **error);

/**
 * Starts `libkv_begin_delete_secret`, and has `callback` told the poller when the deletion has begun.
 *
 * Arguments, ownership and errors are those of `libkv_begin_delete_secret`; the rest is under "Asynchronous calls" in the introduction.
 * Threads: any; does not block.
 */
libkv_status libkv_begin_delete_secret_async(const struct libkv_client *client,
                                             const char *name,
                                             const struct libkv_poller_options *options,
                                             libkv_poller_callback callback,
                                             void *data,
                                             struct libkv_call **call,
                                             struct libkv_error **error);

/**
 * Reads a deleted secret, without its value.
 *
 * `options` may be NULL.
 *
 * Ownership: free the deleted secret with `libkv_deleted_secret_free`.
 * Threads: any; blocks until the call is done or its deadline comes.
 * Errors: `LIBKV_ERROR_NOT_FOUND`, and those of every call.
 */
libkv_status libkv_get_deleted_secret(const struct libkv_client *client,
                                      const char *name,
                                      const struct libkv_call_options *options,
                                      struct libkv_deleted_secret **deleted,
                                      struct libkv_error **error);

/**
 * Starts `libkv_get_deleted_secret`, and has `callback` told the deleted secret.
 *
 * Arguments, ownership and errors are those of `libkv_get_deleted_secret`; the rest is under "Asynchronous calls" in the introduction.
 * Threads: any; does not block.
 */
libkv_status libkv_get_deleted_secret_async(const struct libkv_client *client,
                                            const char *name,
                                            const struct libkv_call_options *options,
                                            libkv_deleted_secret_callback callback,
                                            void *data,
                                            struct libkv_call **call,
                                            struct libkv_error **error);

/**
 * Begins to bring a deleted secret back with all its versions.
 *
 * `options` may be NULL, and say how the poller looks, or which recovery to go on with. `poller` waits until the secret can be
 * used, and may be NULL: the vault goes on all the same.
 *
 * Ownership: free the poller with `libkv_poller_free`.
 * Threads: any; blocks until the recovery has begun or the deadline comes.
 * Errors: `LIBKV_ERROR_NOT_FOUND`, `LIBKV_ERROR_BEING_DELETED`, `LIBKV_ERROR_CONFLICT`, `LIBKV_ERROR_OUTCOME_UNKNOWN`,
 * and those of every call.
 */
libkv_status libkv_begin_recover_deleted_secret(const struct libkv_client *client,
                                                const char *name,
                                                const struct libkv_poller_options *options,
                                                struct libkv_poller **poller,
                                                struct libkv_error **error);

/**
 * Starts `libkv_begin_recover_deleted_secret`, and has `callback` told the poller when the recovery has begun.
 *
 * Arguments, ownership and errors are those of `libkv_begin_recover_deleted_secret`; the rest is under "Asynchronous calls" in the introduction.
 * Threads: any; does not block.
 */
libkv_status libkv_begin_recover_deleted_secret_async(const struct libkv_client *client,
                                                      const char *name,
                                                      const struct libkv_poller_options *options,
                                                      libkv_poller_callback callback,
                                                      void *data,
                                                      struct libkv_call **call,
                                                      struct libkv_error **error);

/**
 * Removes a deleted secret for good. Needs the purge permission and a vault without purge protection.
 *
 * `options` may be NULL, and say whether to wait until the secret is gone.
 *
 * Threads: any; blocks until the call is done or its deadline comes.
 * Errors: `LIBKV_ERROR_NOT_FOUND`, `LIBKV_ERROR_FORBIDDEN`, `LIBKV_ERROR_BEING_DELETED`,
 * `LIBKV_ERROR_OUTCOME_UNKNOWN`, and those of every call.
 */
libkv_status libkv_purge_deleted_secret(const struct libkv_client *client,
                                        const char *name,
                                        const struct libkv_purge_deleted_secret_options *options,
                                        struct libkv_error **error);

/**
 * Starts `libkv_purge_deleted_secret`, and has `callback` told when it is done.
 *
 * Arguments, ownership and errors are those of `libkv_purge_deleted_secret`; the rest is under "Asynchronous calls" in the introduction.
 * Threads: any; does not block.
 */
libkv_status libkv_purge_deleted_secret_async(const struct libkv_client *client,
                                              const char *name,
                                              const struct libkv_purge_deleted_secret_options *options,
                                              libkv_done_callback callback,
                                              void *data,
                                              struct libkv_call **call,
                                              struct libkv_error **error);

/**
 * Frees bytes; NULL is allowed.
 *
 * Threads: any, once.
 */
void libkv_bytes_free(struct libkv_bytes *bytes);

/**
 * Backs up a secret with all its versions into a blob that only Azure can read.
 *
 * `options` may be NULL.
 *
 * Ownership: free the backup with `libkv_bytes_free`.
 * Threads: any; blocks until the call is done or its deadline comes.
 * Errors: `LIBKV_ERROR_NOT_FOUND`, and those of every call.
 */
libkv_status libkv_backup_secret(const struct libkv_client *client,
                                 const char *name,
                                 const struct libkv_call_options *options,
                                 struct libkv_bytes **backup,
                                 struct libkv_error **error);

/**
 * Starts `libkv_backup_secret`, and has `callback` told the backup.
 *
 * Arguments, ownership and errors are those of `libkv_backup_secret`; the rest is under "Asynchronous calls" in the introduction.
 * Threads: any; does not block.
 */
libkv_status libkv_backup_secret_async(const struct libkv_client *client,
                                       const char *name,
                                       const struct libkv_call_options *options,
                                       libkv_bytes_callback callback,
                                       void *data,
                                       struct libkv_call **call,
                                       struct libkv_error **error);

/**
 * Restores a backup, into a vault of the same subscription and geography.
 *
 * `backup` has `backup_len` bytes. `options` may be NULL. `properties` gets those of the newest version, and may be NULL.
 *
 * Ownership: free the properties with `libkv_secret_properties_free`. The backup is copied.
 * Threads: any; blocks until the call is done or its deadline comes.
 * Errors: `LIBKV_ERROR_ALREADY_EXISTS` for a name in use, soft-deleted included; `LIBKV_ERROR_OUTCOME_UNKNOWN`; and those of
 * every call.
 */
libkv_status libkv_restore_secret_backup(const struct libkv_client *client,
                                         const uint8_t *backup,
                                         size_t backup_len,
                                         const struct libkv_call_options *options,
                                         struct libkv_secret_properties **properties,
                                         struct libkv_error **error);

/**
 * Starts `libkv_restore_secret_backup`, and has `callback` told the properties of the newest version.
 *
 * Arguments, ownership and errors are those of `libkv_restore_secret_backup`; the rest is under "Asynchronous calls" in the introduction.
 * Threads: any; does not block.
 */
libkv_status libkv_restore_secret_backup_async(const struct libkv_client *client,
                                               const uint8_t *backup,
                                               size_t backup_len,
                                               const struct libkv_call_options *options,
                                               libkv_secret_properties_callback callback,
                                               void *data,
                                               struct libkv_call **call,
                                               struct libkv_error **error);

/**
 * Has `callback`, and no other, told what libkv does in this process, for all clients: what is at `level` and what matters more.
 * NULL for `callback` ends that, whatever the level. While nothing is told, logging costs next to nothing.
 *
 *     static void log_it(void *data, const libkv_log_record *record) {
 *       fprintf(data, "%s: %s\n", record->target.data, record->message.data);
 *     }
 *
 *     libkv_set_log(LIBKV_LOG_INFO, log_it, stderr, NULL, &error);
 *
 * Ownership: `data` is handed over in any case. `release`, which may be NULL, is called with it once, when the callback has been
 * replaced and no thread is in it any more.
 * Threads: any. `callback` is called by the thread that makes a blocking call, while it waits, and for everything else by one
 * thread of libkv's own, so that several threads may be in it at a time. It may block, which keeps nobody waiting but the call that
 * it tells of; what it takes too long to hear is dropped, and a record says how many. It may call this and start asynchronous
 * calls, but what blocks may fail in it with `LIBKV_ERROR_INVALID_STATE`. What its own calls do on its thread is not told. When this
 * returns in another thread, what happened before in libkv's own threads has been told.
 * Errors: `LIBKV_ERROR_INVALID_ARGUMENT`.
 */
libkv_status libkv_set_log(int32_t level,
                           libkv_log_callback callback,
                           void *data,
                           libkv_release release,
                           struct libkv_error **error);

/**
 * Ends what libkv does in this process, and waits until its threads are gone: before `dlclose`, or at the end of a program that
 * looks for leaks: it leaves no memory of libkv's own, but for some 100 bytes where a log callback has been set. A program that
 * just ends needs it not.
 *
 * Calls under way fail with `LIBKV_ERROR_CANCELLED`: those that block return, and callbacks are told before this returns. Of a
 * write that was under way nobody knows whether it has been applied. It also waits for token callbacks to return. Handles and
 * results stay as they are and remain to be freed; the next call starts libkv anew.
 *
 * Threads: any but those of callbacks. What other threads start meanwhile is refused with `LIBKV_ERROR_INVALID_STATE`; what they
 * start later starts libkv anew, so that a program stops them first.
 * Errors: `LIBKV_ERROR_INVALID_STATE` in a callback, and while another thread shuts libkv down.
 */
libkv_status libkv_shutdown(struct libkv_error **error);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* LIBKV_H */
