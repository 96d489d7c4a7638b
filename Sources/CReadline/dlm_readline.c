#define _GNU_SOURCE
#include "dlm_readline.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

typedef char **completion_function(const char *, int, int);
typedef void display_function(char **, int, int);
typedef int key_function(int, int);

// The functions and variables that are used, by readline's names.
static struct {
  char *(*readline)(const char *);
  void (*using_history)(void);
  void (*add_history)(const char *);
  int (*read_history)(const char *);
  int (*write_history)(const char *);
  void (*stifle_history)(int);
  int (*variable_bind)(const char *, const char *);
  int *write_timestamps;
  char *comment_character;
  key_function *end_of_line;
  key_function *newline;
  int (*bind_key_in_map)(int, key_function *, void *);
  void *emacs_keymap;
  void *vi_insertion_keymap;
  void *vi_movement_keymap;
  int (*on_new_line)(void);
  void (*forced_update_display)(void);
  const char **readline_name;
  char **line_buffer;
  int *point;
  int *attempted_completion_over;
  int *completion_suppress_append;
  const char **basic_word_break_characters;
  completion_function **attempted_completion_function;
  display_function **completion_display_matches_hook;
} rl;

static const char *library;
static dlm_readline_completer completer;
static dlm_readline_lister lister;
static void *completer_context;
static bool was_interrupted;

static bool find(void *handle, const char *name, void *slot) {
  void *address = dlsym(handle, name);
  memcpy(slot, &address, sizeof address);
  return address != NULL;
}

bool dlm_readline_load(void) {
  if (library) return true;
  static const char *const names[] = {
      "libreadline.so.8", "libreadline.so.7", "libreadline.so", "libreadline.8.dylib"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    void *handle = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
    if (!handle) continue;
    bool complete = find(handle, "readline", &rl.readline) &&
        find(handle, "using_history", &rl.using_history) &&
        find(handle, "add_history", &rl.add_history) &&
        find(handle, "read_history", &rl.read_history) &&
        find(handle, "write_history", &rl.write_history) &&
        find(handle, "stifle_history", &rl.stifle_history) &&
        find(handle, "rl_variable_bind", &rl.variable_bind) &&
        find(handle, "history_write_timestamps", &rl.write_timestamps) &&
        find(handle, "history_comment_char", &rl.comment_character) &&
        find(handle, "rl_end_of_line", &rl.end_of_line) &&
        find(handle, "rl_newline", &rl.newline) &&
        find(handle, "rl_bind_key_in_map", &rl.bind_key_in_map) &&
        find(handle, "emacs_standard_keymap", &rl.emacs_keymap) &&
        find(handle, "vi_insertion_keymap", &rl.vi_insertion_keymap) &&
        find(handle, "vi_movement_keymap", &rl.vi_movement_keymap) &&
        find(handle, "rl_on_new_line", &rl.on_new_line) &&
        find(handle, "rl_forced_update_display", &rl.forced_update_display) &&
        find(handle, "rl_readline_name", &rl.readline_name) &&
        find(handle, "rl_line_buffer", &rl.line_buffer) && find(handle, "rl_point", &rl.point) &&
        find(handle, "rl_attempted_completion_over", &rl.attempted_completion_over) &&
        find(handle, "rl_completion_suppress_append", &rl.completion_suppress_append) &&
        find(handle, "rl_basic_word_break_characters", &rl.basic_word_break_characters) &&
        find(handle, "rl_attempted_completion_function", &rl.attempted_completion_function) &&
        find(handle, "rl_completion_display_matches_hook", &rl.completion_display_matches_hook);
    if (complete) {
      library = names[i];
      return true;
    }
    dlclose(handle);
  }
  return false;
}

const char *dlm_readline_library(void) { return library; }

// readline frees what it gets, and wants the common beginning of all candidates in front of them.
static char **complete(const char *word, int start, int end) {
  (void)word;
  *rl.attempted_completion_over = 1;
  *rl.completion_suppress_append = 1;
  if (!completer) return NULL;
  char **found = completer(*rl.line_buffer, start, end, completer_context);
  if (!found) return NULL;
  size_t count = 0;
  while (found[count]) count++;
  if (count == 0) {
    free(found);
    return NULL;
  }
  size_t common = strlen(found[0]);
  for (size_t i = 1; i < count; i++) {
    size_t same = 0;
    while (same < common && found[i][same] == found[0][same]) same++;
    common = same;
  }
  // Never half of a character.
  while (common > 0 && ((unsigned char)found[0][common] & 0xC0) == 0x80) common--;
  char **matches = calloc(count + 2, sizeof *matches);
  if (!matches) abort();
  matches[0] = strndup(found[0], common);
  for (size_t i = 0; i < count && count > 1; i++) matches[i + 1] = found[i];
  if (count == 1) free(found[0]);
  free(found);
  return matches;
}

static void display(char **matches, int count, int longest) {
  (void)longest;
  if (lister) lister(matches + 1, count, completer_context);
  rl.on_new_line();
  rl.forced_update_display();
}

static int interrupt(int count, int key) {
  was_interrupted = true;
  rl.end_of_line(1, key);
  return rl.newline(count, '\n');
}

enum { control_c = 3 };

void dlm_readline_begin(const char *application) {
  // It is read with the first line, when the caller's string may be gone.
  *rl.readline_name = strdup(application);
  rl.bind_key_in_map(control_c, interrupt, rl.emacs_keymap);
  rl.bind_key_in_map(control_c, interrupt, rl.vi_insertion_keymap);
  rl.bind_key_in_map(control_c, interrupt, rl.vi_movement_keymap);
  rl.using_history();
  // With a line of time before each entry, an entry of several lines is read back as one.
  *rl.write_timestamps = 1;
  *rl.comment_character = '#';
  rl.variable_bind("enable-bracketed-paste", "on");
  rl.variable_bind("show-all-if-ambiguous", "on");
  *rl.basic_word_break_characters = " \t\n\"'`@$><=;|&{(,[]})+-*/^%?!.:";
}

void dlm_readline_set_completer(
    dlm_readline_completer complete_with, dlm_readline_lister list_with, void *context) {
  completer = complete_with;
  lister = list_with;
  completer_context = context;
  *rl.attempted_completion_function = complete;
  *rl.completion_display_matches_hook = display;
}

// While a line is edited Ctrl-C is a key. As a signal it would reach any thread of the process, and not
// wake the one that reads.
char *dlm_readline_read(const char *prompt, bool *interrupted) {
  struct termios outer;
  bool is_terminal = tcgetattr(STDIN_FILENO, &outer) == 0;
  if (is_terminal) {
    struct termios own = outer;
    own.c_cc[VINTR] = _POSIX_VDISABLE;
    tcsetattr(STDIN_FILENO, TCSADRAIN, &own);
  }
  was_interrupted = false;
  char *line = rl.readline(prompt);
  if (is_terminal) tcsetattr(STDIN_FILENO, TCSADRAIN, &outer);
  *interrupted = was_interrupted && line != NULL;
  if (*interrupted) line[0] = 0;
  return line;
}

void dlm_readline_add_history(const char *line) { rl.add_history(line); }

int dlm_readline_read_history(const char *path) { return rl.read_history(path); }

int dlm_readline_write_history(const char *path, int most) {
  rl.stifle_history(most);
  return rl.write_history(path);
}
