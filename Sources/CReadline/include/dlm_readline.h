#ifndef DLM_READLINE_H
#define DLM_READLINE_H

#include <stdbool.h>
#include <stddef.h>

// GNU readline, found at run time: nothing of it is needed to build, and a system without it has a
// plain prompt. Names and meanings are those of readline's own manual.

/// Loads the library; false where there is none, or it lacks something that is needed.
bool dlm_readline_load(void);

/// What was loaded: "libreadline.so.8"; NULL before.
const char *dlm_readline_library(void);

/// The name by which .inputrc and terminals know the program.
void dlm_readline_begin(const char *application);

/// Asks for candidates for the bytes from `start` to `cursor` of the line. Gives a list that ends with
/// NULL, each string and the list itself from malloc; NULL for none.
typedef char **(*dlm_readline_completer)(
    const char *line, int start, int cursor, void *context);

/// Shows candidates when there are several: the list that the completer gave.
typedef void (*dlm_readline_lister)(char **candidates, int count, void *context);

void dlm_readline_set_completer(
    dlm_readline_completer completer, dlm_readline_lister lister, void *context);

/// Reads a line without its end. NULL at the end of the input. From malloc.
/// `interrupted` becomes true where the user has pressed Ctrl-C; the text is then "".
char *dlm_readline_read(const char *prompt, bool *interrupted);

void dlm_readline_add_history(const char *line);
/// Both give 0, or an error number.
int dlm_readline_read_history(const char *path);
int dlm_readline_write_history(const char *path, int most);

#endif
