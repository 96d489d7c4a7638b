#pragma once

/// Lets `malloc` ask the system for megabytes at a time. Called once, before the first thread.
void dlm_grow_memory_in_large_steps(void);

/// Gives pages that nothing uses any more back to the system, where the C library can.
void dlm_give_back_memory(void);
