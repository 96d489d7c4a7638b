#include "pseudo_terminal.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#ifdef __APPLE__
#include <util.h>
#else
#include <pty.h>
#endif

// Swift offers neither forkpty nor what a child may do between fork and exec.
pid_t pseudo_terminal_start(
    const char *program, char *const arguments[], char *const environment[], const char *folder,
    unsigned short columns, int *master) {
  struct winsize size = {.ws_row = 40, .ws_col = columns};
  pid_t child = forkpty(master, 0, 0, &size);
  if (child == 0) {
    if (chdir(folder) == 0) execve(program, arguments, environment);
    _exit(127);
  }
  // Another test's child must not keep this terminal open.
  if (child > 0) fcntl(*master, F_SETFD, FD_CLOEXEC);
  return child;
}

bool pseudo_terminal_can_load(const char *library) { return dlopen(library, RTLD_NOW) != NULL; }
