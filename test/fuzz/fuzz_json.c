/*
 * fuzz_json.c — any bytes as a document: the reader, the compiler and the canonical form. Nothing may read beyond the text or
 * the arena that ArenaNeeded promises; the canonical form is a fixed point, never longer, and means the same.
 */
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "terms.h"

int			LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define REQUIRE(condition) do { if (!(condition)) abort(); } while (0)

/* A copy of exactly the needed size, so that a step beyond the end is seen */
static char *
Copy(const void *data, size_t size)
{
	char	   *copy = malloc(size > 0 ? size : 1);

	if (size > 0)
		memcpy(copy, data, size);
	return copy;
}

/* A refusal says where and what, in texts that end */
static void
CheckFault(Status status, const Fault *fault)
{
	REQUIRE(status != ST_INTERNAL);
	REQUIRE(fault->status == status);
	REQUIRE(memchr(fault->path, '\0', MAX_FAULT_TEXT) != NULL);
	REQUIRE(memchr(fault->found, '\0', MAX_FAULT_TEXT) != NULL);
	REQUIRE(memchr(fault->expected, '\0', MAX_FAULT_TEXT) != NULL);
	REQUIRE(fault->line >= 1 && fault->column >= 1);
}

static Status
Parse(const char *text, int length)
{
	JsonNode   *nodes = malloc(sizeof(JsonNode) * ((size_t) length + 1));
	Json		json;
	Fault		fault;
	Status		status;

	memset(&fault, 0, sizeof(fault));
	status = JsonParse(text, length, nodes, length + 1, &json, &fault);
	if (status != ST_OK)
		CheckFault(status, &fault);
	free(nodes);
	return status;
}

static Status
Compile(const char *text, int length)
{
	int64_t		needed = ArenaNeeded(length);
	char	   *arena = malloc((size_t) needed);
	Book		book;
	Fault		fault;
	Status		status;

	memset(&fault, 0, sizeof(fault));
	status = CompileBook(text, length, arena, needed, &book, &fault);
	if (status != ST_OK)
		CheckFault(status, &fault);
	free(arena);
	return status;
}

/* The canonical form in memory of its own, or NULL */
static char *
Canonical(const char *text, int length, int *out_length)
{
	int64_t		needed = ArenaNeeded(length);
	char	   *arena = malloc((size_t) needed);
	char	   *out = malloc((size_t) length + 1);
	Fault		fault;
	Status		status;

	memset(&fault, 0, sizeof(fault));
	status = CanonicalJson(text, length, arena, needed, out, out_length, &fault);
	free(arena);
	if (status == ST_OK)
		return out;
	CheckFault(status, &fault);
	free(out);
	return NULL;
}

/* Once more makes no difference, and it compiles when the document does */
static void
CheckCanonical(const char *text, int length, Status compiled)
{
	int			first_length = 0;
	int			second_length = 0;
	char	   *first = Canonical(text, length, &first_length);
	char	   *second;

	REQUIRE(first != NULL && first_length <= length);
	first = realloc(first, (size_t) first_length + 1);
	second = Canonical(first, first_length, &second_length);
	REQUIRE(second != NULL && second_length == first_length && memcmp(first, second, (size_t) first_length) == 0);
	REQUIRE((Compile(first, first_length) == ST_OK) == (compiled == ST_OK));
	free(first);
	free(second);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int			length = (int) size;
	char	   *text = Copy(data, size);
	Status		parsed = Parse(text, length);
	Status		compiled = Compile(text, length);

	if (parsed == ST_OK)
		CheckCanonical(text, length, compiled);
	else
		REQUIRE(compiled == parsed);
	free(text);
	return 0;
}
