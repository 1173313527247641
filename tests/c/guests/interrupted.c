/* A program whose calls are interrupted all the time by a signal that it handles, and that restarts nothing. */

#define _XOPEN_SOURCE 700
#include "../open.h"
#include <libkv.h>
#include <signal.h>
#include <sys/time.h>

enum { ROUNDS = 100 };

static volatile sig_atomic_t interruptions;

static void handle(int number) {
  (void)number;
  interruptions++;
}

int main(void) {
  const struct itimerval often = {{0, 200}, {0, 200}}, never = {{0, 0}, {0, 0}};
  struct sigaction action = {.sa_handler = handle};
  CHECK(sigaction(SIGALRM, &action, NULL) == 0 && setitimer(ITIMER_REAL, &often, NULL) == 0);
  libkv_client *client = open_client();
  CHECK(libkv_set_secret(client, "interrupted", "v", 1, NULL, NULL, NULL) == LIBKV_OK);
  for (int round = 0; round < ROUNDS; round++) {
    libkv_secret *secret = NULL;
    CHECK(libkv_get_secret(client, "interrupted", NULL, NULL, &secret, NULL) == LIBKV_OK && secret);
    libkv_secret_free(secret);
  }
  libkv_client_free(client);
  CHECK(libkv_shutdown(NULL) == LIBKV_OK);
  CHECK(setitimer(ITIMER_REAL, &never, NULL) == 0 && interruptions > 0);
  return summary();
}
