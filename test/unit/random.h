/*
 * random.h — the same pseudo-random numbers on every run (xorshift), for tests on generated input.
 */
#ifndef ASSISTANCE_RANDOM_H
#define ASSISTANCE_RANDOM_H

#include <stdint.h>

static uint64_t random_state = UINT64_C(0x9E3779B97F4A7C15);

static inline uint64_t
Random(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state;
}

/* 0 .. n - 1 */
static inline int
Below(int n)
{
	return (int) (Random() % (uint64_t) n);
}

#endif
