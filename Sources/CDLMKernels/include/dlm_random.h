#pragma once

#include <stdint.h>

/// Four 32-bit draws of the counter-based generator Philox4x32-10.
///
/// The key is `seed + stream * 0x9E3779B97F4A7C15` (low word, high word), the counter is
/// (block low, block high, counter low, counter high). Element `e` of a draw is word `e % 4` of block
/// `e / 4`. A uniform number in [0, 1) is `(u >> 8) * 2^-24`. Normal numbers come in pairs, elements
/// 0, 1 and 2, 3 of a block, by Box and Muller: `r cos(t)`, `r sin(t)` with
/// `r = sqrt(-2 log(((u0 >> 8) + 1) * 2^-24))`, `t = 2 pi (u1 >> 8) * 2^-24`.
/// - Source: Salmon, Moraes, Dror and Shaw 2011, https://doi.org/10.1145/2063384.2063405
void dlm_philox(uint64_t seed, uint64_t stream, uint64_t counter, uint64_t block, uint32_t out[4]);
