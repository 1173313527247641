/* A program that leaves SIGPIPE as it is: what breaks under libkv does not end it, what breaks under itself does. */

#define _POSIX_C_SOURCE 200809L
#include "../open.h"
#include "../wait.h"
#include <libkv.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static int broken;

/* Writes to a pipe that nobody reads, as libkv does to a connection that its peer has closed. */
static void write_to_nobody(void) { CHECK(write(broken, "x", 1) == -1 && errno == EPIPE); }

/* The end of an operation is told while its call waits. */
static void hear(void *heard, const libkv_log_record *record) {
  if (strcmp(record->target.data, "libkv::operation")) return;
  ++*(size_t *)heard;
  write_to_nobody();
}

static void tell(void *told, libkv_secret *secret, libkv_error *error) {
  write_to_nobody();
  libkv_secret_free(secret);
  libkv_error_free(error);
  sem_post(told);
}

static void its_threads_and_calls_go_on(libkv_client *client) {
  size_t heard = 0;
  sem_t told;
  CHECK(sem_init(&told, 0, 0) == 0);
  CHECK(libkv_set_log(LIBKV_LOG_DEBUG, hear, &heard, NULL, NULL) == LIBKV_OK);
  CHECK(libkv_set_secret(client, "pipes", "v", 1, NULL, NULL, NULL) == LIBKV_OK && heard);
  CHECK(libkv_set_log(0, NULL, NULL, NULL, NULL) == LIBKV_OK);
  CHECK(libkv_get_secret_async(client, "pipes", NULL, NULL, tell, &told, NULL, NULL) == LIBKV_OK && arrives(&told));
}

/* What was raised in the call does not come behind it, and what is raised there does. */
static void the_program_gets_its_own(libkv_client *client) {
  int status = 0;
  pid_t child = fork();
  if (child == 0) {
    alarm(60);
    its_threads_and_calls_go_on(client);
    write_to_nobody();
    _exit(1);
  }
  CHECK(child > 0 && waitpid(child, &status, 0) == child && WIFSIGNALED(status) && WTERMSIG(status) == SIGPIPE);
}

/* What the program holds back stays with it. */
static void what_is_blocked_stays_blocked(libkv_client *client) {
  sigset_t only, waiting;
  CHECK(sigemptyset(&only) == 0 && sigaddset(&only, SIGPIPE) == 0 && sigprocmask(SIG_BLOCK, &only, NULL) == 0);
  write_to_nobody();
  its_threads_and_calls_go_on(client);
  CHECK(sigpending(&waiting) == 0 && sigismember(&waiting, SIGPIPE) == 1);
}

int main(void) {
  int ends[2];
  CHECK(signal(SIGPIPE, SIG_DFL) != SIG_ERR && pipe(ends) == 0 && close(ends[0]) == 0);
  broken = ends[1];
  libkv_client *client = open_client();
  its_threads_and_calls_go_on(client);
  the_program_gets_its_own(client);
  what_is_blocked_stays_blocked(client);
  libkv_client_free(client);
  CHECK(libkv_shutdown(NULL) == LIBKV_OK);
  return summary();
}
