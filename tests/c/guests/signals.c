/* A program that blocks all signals before libkv starts a thread: a signal to the process waits for the program. */

#define _POSIX_C_SOURCE 200809L
#include "../open.h"
#include <libkv.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t handled;

static void handle(int number) {
  (void)number;
  handled = 1;
}

int main(void) {
  sigset_t all, usual, waiting;
  struct sigaction action = {.sa_handler = handle};
  struct timespec patience = {30, 0};
  libkv_secret *secret = NULL;
  CHECK(sigaction(SIGTERM, &action, NULL) == 0);
  CHECK(sigfillset(&all) == 0 && pthread_sigmask(SIG_BLOCK, &all, &usual) == 0);
  libkv_client *client = open_client();
  CHECK(libkv_set_secret(client, "signals", "v", 1, NULL, NULL, NULL) == LIBKV_OK);
  CHECK(kill(getpid(), SIGTERM) == 0);
  CHECK(libkv_get_secret(client, "signals", NULL, NULL, &secret, NULL) == LIBKV_OK && !handled);
  libkv_secret_free(secret);
  /* No thread of libkv has taken it. */
  CHECK(sigpending(&waiting) == 0 && sigismember(&waiting, SIGTERM) == 1);
  CHECK(sigtimedwait(&all, NULL, &patience) == SIGTERM && !handled);
  CHECK(pthread_sigmask(SIG_SETMASK, &usual, NULL) == 0);
  libkv_client_free(client);
  CHECK(libkv_shutdown(NULL) == LIBKV_OK);
  return summary();
}
