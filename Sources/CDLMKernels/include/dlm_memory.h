#pragma once

/// Lets `malloc` ask the system for megabytes at a time. Called once, before the first thread.
void dlm_grow_memory_in_large_steps(void);
