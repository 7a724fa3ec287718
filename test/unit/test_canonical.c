/*
 * test_canonical.c — the canonical form of documents.
 */
#include "check.h"

#include <stdlib.h>

#include "terms.h"

#define ROOM 65536

static char out[ROOM];
static Fault fault;

/* The canonical form of a text, with a final zero; the status. */
static Status
Canonical(const char *text, int64_t arena_size)
{
	int			length = (int) strlen(text);
	int			n = 0;
	char	   *arena = malloc((size_t) arena_size);
	Status		status = CanonicalJson(text, length, arena, arena_size, out, &n, &fault);

	free(arena);
	if (status == ST_OK)
	{
		CHECK(n <= length);
		out[n] = '\0';
	}
	return status;
}

static const char *const forms[][2] = {
	{" { } ", "{}"},
	{"[ ]", "[]"},
	{" [ 1 , 2.50 , 3.00 , -4.0 , 0.0 , 100 , 0.10 , 10.01 ] ", "[1,2.5,3,-4,0,100,0.1,10.01]"},
	{"true", "true"},
	{"[ false , null , true ]", "[false,null,true]"},
	{"{\"b\":1,\"a\":2}", "{\"a\":2,\"b\":1}"},
	{"{\"b\" : { \"d\" : [ { } , { \"z\" : 0 , \"y\" : [ ] } ] , \"c\" : \"\" } , \"a\" : 2}",
	"{\"a\":2,\"b\":{\"c\":\"\",\"d\":[{},{\"y\":[],\"z\":0}]}}"},
	{"{\"ab\":1,\"a\":2,\"B\":3,\"\":4,\"b\":5}", "{\"\":4,\"B\":3,\"a\":2,\"ab\":1,\"b\":5}"},
	{"{\"\\u0062\":1,\"a\":2}", "{\"a\":2,\"b\":1}"},
	{"{\"\xE4\xBD\x8E\":1,\"\\u4e00\":2,\"z\":3}", "{\"z\":3,\"\xE4\xB8\x80\":2,\"\xE4\xBD\x8E\":1}"},
	{"\"\\u4f4e\\/\\u0022\\u005c\\u0001\\n\\uD83D\\uDE00\"", "\"\xE4\xBD\x8E/\\\"\\\\\\u0001\\n\xF0\x9F\x98\x80\""},
	{"[[[[[[[[[[[[[[[[ ]]]]]]]]]]]]]]]]", "[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]"}
};

static void
TestForms(void)
{
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
	{
		CHECK_INT(Canonical(forms[i][0], ArenaNeeded((int) strlen(forms[i][0]))), ST_OK);
		CHECK_TEXT(out, forms[i][1]);
		/* a canonical form is its own */
		CHECK_INT(Canonical(forms[i][1], ArenaNeeded((int) strlen(forms[i][1]))), ST_OK);
		CHECK_TEXT(out, forms[i][1]);
	}
}

static void
TestRefused(void)
{
	CHECK_INT(Canonical("{\"a\":1,\"a\":2}", ArenaNeeded(13)), ST_JSON_SYNTAX);
	CHECK_INT(Canonical("[1e3]", ArenaNeeded(5)), ST_JSON_SYNTAX);
	CHECK_INT(Canonical("[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]", ArenaNeeded(35)), ST_JSON_TOO_DEEP);
	CHECK_INT(Canonical("[]", 16), ST_INTERNAL);
	for (int64_t size = 700; size < 760; size++)
	{
		Status		status = Canonical("{\"abcdefghijkl\":{\"b\":1}}", size);

		CHECK(status == ST_OK || status == ST_INTERNAL);
	}
}

/* Many keys in every order come out in byte order. */
static void
TestOrder(void)
{
	static char text[ROOM];

	for (int n = 1; n <= 200; n += 1)
	{
		int			length = snprintf(text, sizeof(text), "{");
		const char *at;
		char		last[8] = "";

		for (int i = 0; i < n; i++)
			length += snprintf(text + length, sizeof(text) - (size_t) length, "%s\"%04d\":0", i == 0 ? "" : ",",
				(i * 7919 + n) % 9973);
		snprintf(text + length, sizeof(text) - (size_t) length, "}");
		CHECK_INT(Canonical(text, ArenaNeeded((int) strlen(text))), ST_OK);
		CHECK_INT(strlen(out), strlen(text));
		at = out + 2;
		for (int i = 0; i < n; i++, at += 9)
		{
			if (strncmp(at, last, 4) <= 0 && i > 0)
				CHECK_INT(i, 0);
			memcpy(last, at, 4);
		}
	}
}

int
main(void)
{
	TestForms();
	TestRefused();
	TestOrder();
	return CheckEnd();
}
