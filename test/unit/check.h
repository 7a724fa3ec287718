/*
 * check.h — what a unit test needs: checks that go on after a failure, and a last line that counts them. One program per test
 * file; nothing here is part of the product.
 */
#ifndef ASSISTANCE_CHECK_H
#define ASSISTANCE_CHECK_H

#include <stdio.h>
#include <string.h>

static long checks_passed = 0;
static long checks_failed = 0;

/* Count one check; of those that fail, say where and what */
static inline void
CheckThat(int holds, const char *file, int line, const char *what)
{
	if (holds)
	{
		checks_passed++;
		return;
	}
	checks_failed++;
	printf("%s:%d: failed: %s\n", file, line, what);
}

static inline void
CheckIntegers(long long actual, long long expected, const char *file, int line, const char *what)
{
	CheckThat(actual == expected, file, line, what);
	if (actual != expected)
		printf("\tis %lld, expected %lld\n", actual, expected);
}

static inline void
CheckTexts(const char *actual, const char *expected, const char *file, int line, const char *what)
{
	CheckThat(strcmp(actual, expected) == 0, file, line, what);
	if (strcmp(actual, expected) != 0)
		printf("\tis       \"%s\"\n\texpected \"%s\"\n", actual, expected);
}

#define CHECK(condition) CheckThat((condition) ? 1 : 0, __FILE__, __LINE__, #condition)
#define CHECK_INT(actual, expected) CheckIntegers((long long) (actual), (long long) (expected), __FILE__, __LINE__, #actual)
#define CHECK_TEXT(actual, expected) CheckTexts((actual), (expected), __FILE__, __LINE__, #actual)

/* The last line; the exit status of main */
static inline int
CheckEnd(void)
{
	printf("%ld passed, %ld failed\n", checks_passed, checks_failed);
	return checks_failed > 0;
}

#endif
