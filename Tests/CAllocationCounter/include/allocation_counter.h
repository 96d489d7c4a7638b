#pragma once

/// How often this thread has asked for memory: malloc, calloc, realloc and the aligned ones of this
/// whole process count, since they are replaced by those of this library.
long allocation_count(void);
