#ifndef PSEUDO_TERMINAL_H
#define PSEUDO_TERMINAL_H

#include <stdbool.h>
#include <sys/types.h>

/// Runs a program in a new terminal that controls it. Gives the process, or -1; `master` is the end where a
/// person would sit. Both lists end with NULL.
pid_t pseudo_terminal_start(
    const char *program, char *const arguments[], char *const environment[], const char *folder,
    unsigned short columns, int *master);

/// Whether the system has a library of this name.
bool pseudo_terminal_can_load(const char *library);

#endif
