/* A program that loads libkv as a plugin does, uses it, shuts it down and unloads it, three times. What libkv has left
 * behind anywhere would then be called where nothing is. */

#define _POSIX_C_SOURCE 200809L
#include "../check.h"
#include <dlfcn.h>
#include <libkv.h>
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

/* dlsym gives an object's address, which ISO C does not turn into a function's. */
#define LOAD(function)                                                                                                 \
  do {                                                                                                                 \
    void *symbol = dlsym(library, #function);                                                                          \
    CHECK(symbol);                                                                                                     \
    memcpy(&its.function, &symbol, sizeof symbol);                                                                     \
  } while (0)

static struct {
  __typeof__(&libkv_options_new) libkv_options_new;
  __typeof__(&libkv_options_set) libkv_options_set;
  __typeof__(&libkv_options_free) libkv_options_free;
  __typeof__(&libkv_client_new) libkv_client_new;
  __typeof__(&libkv_client_free) libkv_client_free;
  __typeof__(&libkv_set_secret) libkv_set_secret;
  __typeof__(&libkv_secret_free) libkv_secret_free;
  __typeof__(&libkv_shutdown) libkv_shutdown;
} its;

/* Gives the library. A thread that has used it keeps it loaded for as long as it lives. */
static void *load_and_use(void *unused) {
  (void)unused;
  void *library = dlopen(given("LIBKV"), RTLD_NOW | RTLD_LOCAL);
  libkv_options *options = NULL;
  libkv_client *client = NULL;
  libkv_secret *secret = NULL;
  CHECK(library);
  if (!library) return NULL;
  LOAD(libkv_options_new);
  LOAD(libkv_options_set);
  LOAD(libkv_options_free);
  LOAD(libkv_client_new);
  LOAD(libkv_client_free);
  LOAD(libkv_set_secret);
  LOAD(libkv_secret_free);
  LOAD(libkv_shutdown);
  CHECK(its.libkv_options_new(&options, NULL) == LIBKV_OK);
  CHECK(its.libkv_options_set(options, "credential", "static_token", NULL) == LIBKV_OK);
  CHECK(its.libkv_options_set(options, "credential.token", given("VAULT_TOKEN"), NULL) == LIBKV_OK);
  CHECK(its.libkv_options_set(options, "ca_file", given("VAULT_CA_FILE"), NULL) == LIBKV_OK);
  CHECK(its.libkv_client_new(given("VAULT_URL"), options, &client, NULL) == LIBKV_OK);
  CHECK(its.libkv_set_secret(client, "plugin", "v", 1, NULL, &secret, NULL) == LIBKV_OK && secret);
  its.libkv_secret_free(secret);
  its.libkv_client_free(client);
  its.libkv_options_free(options);
  CHECK(its.libkv_shutdown(NULL) == LIBKV_OK);
  return library;
}

static void unload(void *library) {
  int status = -1;
  CHECK(library && dlclose(library) == 0 && !dlopen(given("LIBKV"), RTLD_NOW | RTLD_NOLOAD));
  pid_t child = fork();
  if (child == 0) _exit(0);
  CHECK(child > 0 && waitpid(child, &status, 0) == child && status == 0);
}

int main(void) {
  for (int i = 0; i < 3; i++) {
    pthread_t thread;
    void *library = NULL;
    CHECK(pthread_create(&thread, NULL, load_and_use, NULL) == 0 && pthread_join(thread, &library) == 0);
    unload(library);
  }
  return summary();
}
