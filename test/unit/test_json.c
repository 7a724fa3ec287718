/*
 * test_json.c — faults, the strict JSON reader, the writer, dates.
 */
#include "check.h"

#include <limits.h>
#include <stdint.h>
#include <stdlib.h>

#include "jsontext.h"
#include "limits.h"
#include "utf8.h"

#define ROOM 4096

static JsonNode nodes[ROOM];
static Json json;
static Fault fault;

/* Parse a text that ends with a zero. */
static Status
Parse(const char *text)
{
	memset(&fault, 0, sizeof(fault));
	return JsonParse(text, (int) strlen(text), nodes, ROOM, &json, &fault);
}

/* ---- faults ---- */

static void
TestFault(void)
{
	char		text[400];

	CHECK_INT(FaultSet(&fault, ST_NO_PAGE, "$.a", NULL, "b"), ST_NO_PAGE);
	CHECK_TEXT(fault.path, "$.a");
	CHECK_TEXT(fault.found, "");
	CHECK_TEXT(fault.expected, "b");
	CHECK_INT(FaultFormat(&fault, ST_OVERFLOW, "$", "less", "%d and %s", 7, "more"), ST_OVERFLOW);
	CHECK_TEXT(fault.found, "7 and more");

	/* 255 bytes fit; a character that would be cut is left out */
	memset(text, 'x', sizeof(text));
	text[255] = '\0';
	FaultSet(&fault, ST_OVERFLOW, text, text, text);
	CHECK_INT(strlen(fault.path), 255);
	text[255] = 'x';
	text[256] = '\0';
	FaultSet(&fault, ST_OVERFLOW, text, text, text);
	CHECK_INT(strlen(fault.path), 255);
	memcpy(text + 253, "\xE4\xBD\x8E\xE4\xBF\x9D", 7);
	FaultFormat(&fault, ST_OVERFLOW, text, "", "%s", text);
	CHECK_INT(strlen(fault.path), 253);
	CHECK_INT(strlen(fault.found), 253);

	/* a text may be moved within the fault itself */
	FaultSet(&fault, ST_OVERFLOW, "path", "found", "expected");
	FaultSet(&fault, ST_OVERFLOW, fault.path, fault.expected, fault.found);
	CHECK_TEXT(fault.found, "expected");

	/* bytes that are no character at all */
	memset(text, '\x80', 300);
	text[300] = '\0';
	FaultSet(&fault, ST_OVERFLOW, text, "", "");
	CHECK_INT(strlen(fault.path), 0);
}

/* ---- characters ---- */

static void
TestUtf8(void)
{
	static const struct
	{
		const char *text;
		int			length;
	}			cases[] = {
		{"a", 1}, {"\xC3\xA9", 2}, {"\xE4\xBD\x8E", 3}, {"\xF0\x9F\x98\x80", 4}, {"\xEF\xBF\xBF", 3}, {"\xF4\x8F\xBF\xBF", 4},
		{"\x80", 0}, {"\xC1\xBF", 0}, {"\xC3", 0}, {"\xC3(", 0}, {"\xE4\xBD", 0}, {"\xE4\xBD(", 0}, {"\xE0\x9F\xBF", 0},
		{"\xE0\xA0\x80", 3}, {"\xED\xA0\x80", 0}, {"\xED\x9F\xBF", 3}, {"\xF0\x8F\xBF\xBF", 0}, {"\xF0\x90\x80\x80", 4},
		{"\xF4\x90\x80\x80", 0}, {"\xF5\x80\x80\x80", 0}, {"\xFF", 0}
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CHECK_INT(Utf8Length(cases[i].text, (int) strlen(cases[i].text)), cases[i].length);
	CHECK(Utf8Continues('\xBF'));
	CHECK(!Utf8Continues('a'));
}

/* ---- reading ---- */

typedef struct Refused
{
	const char *text;
	Status		status;
	const char *path;
	int			line;
	int			column;
} Refused;

static const Refused refused[] = {
	{"", ST_JSON_SYNTAX, "$", 1, 1},
	{"  ", ST_JSON_SYNTAX, "$", 1, 3},
	{"{", ST_JSON_SYNTAX, "$", 1, 2},
	{"[", ST_JSON_SYNTAX, "$", 1, 2},
	{"[1", ST_JSON_SYNTAX, "$", 1, 3},
	{"[1,", ST_JSON_SYNTAX, "$", 1, 4},
	{"[1,]", ST_JSON_SYNTAX, "$", 1, 4},
	{"[1 2]", ST_JSON_SYNTAX, "$", 1, 4},
	{"[1}", ST_JSON_SYNTAX, "$", 1, 3},
	{"{\"a\":1]", ST_JSON_SYNTAX, "$", 1, 7},
	{"{\"a\":1,}", ST_JSON_SYNTAX, "$", 1, 8},
	{"{a:1}", ST_JSON_SYNTAX, "$", 1, 2},
	{"{\"a\"}", ST_JSON_SYNTAX, "$.a", 1, 5},
	{"{\"a\" 1}", ST_JSON_SYNTAX, "$.a", 1, 6},
	{"{\"a\":}", ST_JSON_SYNTAX, "$.a", 1, 6},
	{"{\"a\":[{\"b\":tru}]}", ST_JSON_SYNTAX, "$.a[0].b", 1, 12},
	{"{\"a\":1,\"b\":2,\"a\":3}", ST_JSON_SYNTAX, "$.a", 1, 14},
	{"{\"a\":1,\"\\u0061\":3}", ST_JSON_SYNTAX, "$[\"\\u0061\"]", 1, 8},
	{"1 1", ST_JSON_SYNTAX, "$", 1, 3},
	{"nul", ST_JSON_SYNTAX, "$", 1, 1},
	{"\x01", ST_JSON_SYNTAX, "$", 1, 1},
	{"\x7F", ST_JSON_SYNTAX, "$", 1, 1},
	{"\xEF\xBB\xBF{}", ST_JSON_SYNTAX, "$", 1, 1},
	{"-", ST_JSON_SYNTAX, "$", 1, 2},
	{"-a", ST_JSON_SYNTAX, "$", 1, 2},
	{"01", ST_JSON_SYNTAX, "$", 1, 1},
	{"1.", ST_JSON_SYNTAX, "$", 1, 3},
	{"1.x", ST_JSON_SYNTAX, "$", 1, 3},
	{".5", ST_JSON_SYNTAX, "$", 1, 1},
	{"+5", ST_JSON_SYNTAX, "$", 1, 1},
	{"1e3", ST_JSON_SYNTAX, "$", 1, 2},
	{"1.5E3", ST_JSON_SYNTAX, "$", 1, 4},
	{"-0", ST_JSON_SYNTAX, "$", 1, 1},
	{"[-0.00]", ST_JSON_SYNTAX, "$", 1, 2},
	{"1234567890123456789012345678901", ST_JSON_SYNTAX, "$", 1, 1},
	{"1.234567890123456789012345678901", ST_JSON_SYNTAX, "$", 1, 1},
	{"NaN", ST_JSON_SYNTAX, "$", 1, 1},
	{"\"a", ST_JSON_SYNTAX, "$", 1, 3},
	{"\"a\nb\"", ST_JSON_SYNTAX, "$", 1, 3},
	{"\"\xC3\"", ST_JSON_SYNTAX, "$", 1, 2},
	{"\"\xED\xA0\x80\"", ST_JSON_SYNTAX, "$", 1, 2},
	{"\"\\", ST_JSON_SYNTAX, "$", 1, 2},
	{"\"\\x\"", ST_JSON_SYNTAX, "$", 1, 2},
	{"\"\\u12\"", ST_JSON_SYNTAX, "$", 1, 2},
	{"\"\\u12G4\"", ST_JSON_SYNTAX, "$", 1, 2},
	{"\"\\u12:4\"", ST_JSON_SYNTAX, "$", 1, 2},
	{"\"\\u12`4\"", ST_JSON_SYNTAX, "$", 1, 2},
	{"\"\\u12g4\"", ST_JSON_SYNTAX, "$", 1, 2},
	{"\"\\u1 34\"", ST_JSON_SYNTAX, "$", 1, 2},
	{"\"\\u12", ST_JSON_SYNTAX, "$", 1, 2},
	{"\"a\\u0000\"", ST_JSON_SYNTAX, "$", 1, 3},
	{"\"\\uD83D\"", ST_JSON_SYNTAX, "$", 1, 2},
	{"\"\\uD83Dabcdef\"", ST_JSON_SYNTAX, "$", 1, 2},
	{"\"\\uD83D\\u0041\"", ST_JSON_SYNTAX, "$", 1, 2},
	{"\"\\uD83D\\uE000\"", ST_JSON_SYNTAX, "$", 1, 2},
	{"\"\\uD83D\\uXXXX\"", ST_JSON_SYNTAX, "$", 1, 2},
	{"\"\\uDE00\"", ST_JSON_SYNTAX, "$", 1, 2},
	{"{\"a\":\n \"\xE4\xBD\x8E\",\n\t\"b\": x}", ST_JSON_SYNTAX, "$.b", 3, 7},
	{"[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]", ST_JSON_TOO_DEEP, "$[0][0][0][0][0][0][0][0][0][0][0][0][0][0][0]", 1, 17},
	{"{\"\n\":1}", ST_JSON_SYNTAX, "$", 1, 3},
	{"{1:1}", ST_JSON_SYNTAX, "$", 1, 2},
	{"{\"a\":1,2}", ST_JSON_SYNTAX, "$", 1, 8},
};

static void
TestRefused(void)
{
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
	{
		CHECK_INT(Parse(refused[i].text), refused[i].status);
		CHECK_INT(fault.status, refused[i].status);
		CHECK_TEXT(fault.path, refused[i].path);
		CHECK_INT(fault.line, refused[i].line);
		CHECK_INT(fault.column, refused[i].column);
		CHECK(fault.found[0] != '\0' && fault.expected[0] != '\0');
	}
	CHECK_INT(Parse("[@]"), ST_JSON_SYNTAX);
	CHECK_TEXT(fault.found, "the character @");
	CHECK_INT(Parse("[\x02]"), ST_JSON_SYNTAX);
	CHECK_TEXT(fault.found, "the byte 0x02");
	CHECK_INT(Parse("["), ST_JSON_SYNTAX);
	CHECK_TEXT(fault.found, "the end of the document");
	CHECK_INT(JsonParse("[1,\0]", 5, nodes, ROOM, &json, &fault), ST_JSON_SYNTAX);
	CHECK_INT(JsonParse("1 \0", 3, nodes, ROOM, &json, &fault), ST_JSON_SYNTAX);
}

/* What is too large: the text, the caller's nodes, one object. */
static void
TestTooLarge(void)
{
	static char big[MAX_JSON_BYTES + 1];
	static JsonNode many[MAX_JSON_BYTES / 2 + 2];
	static const char *const short_of_nodes[] = {"[1]", "[\"a\"]", "[true]", "[[]]", "{\"a\":1}"};
	int			length = 0;

	memset(big, ' ', sizeof(big));
	big[0] = '1';
	CHECK_INT(JsonParse(big, MAX_JSON_BYTES, nodes, ROOM, &json, &fault), ST_OK);
	CHECK_INT(JsonParse(big, MAX_JSON_BYTES + 1, nodes, ROOM, &json, &fault), ST_JSON_TOO_LARGE);
	for (int i = 0; i < 5; i++)
		CHECK_INT(JsonParse(short_of_nodes[i], (int) strlen(short_of_nodes[i]), nodes, 1, &json, &fault), ST_JSON_TOO_LARGE);
	CHECK_INT(JsonParse("1", 1, nodes, 0, &json, &fault), ST_JSON_TOO_LARGE);
	CHECK_INT(JsonParse("[1,1]", 5, nodes, 3, &json, &fault), ST_OK);

	big[length++] = '{';
	for (int i = 0; i < 1024; i++)
		length += snprintf(big + length, 16, "\"%d\":1,", i);
	big[length - 1] = '}';
	CHECK_INT(JsonParse(big, length, many, MAX_JSON_BYTES / 2 + 2, &json, &fault), ST_OK);
	CHECK_INT(json.nodes[0].n_children, 1024);
	length += snprintf(big + length - 1, 16, ",\"1024\":1}") - 1;
	CHECK_INT(JsonParse(big, length, many, MAX_JSON_BYTES / 2 + 2, &json, &fault), ST_JSON_TOO_LARGE);
}

static void
TestTape(void)
{
	CHECK_INT(Parse(" { \"a\" : [ 1 , -2.50 , \"x\\\"y\" ] , \"b\" : { } , \"c\" : [ ] , \"d\":true,\"e\":false,"
	"\"f\":null } \r\n\t"), ST_OK);
	CHECK_INT(json.n_nodes, 16);
	CHECK_INT(nodes[0].type, JSON_OBJECT);
	CHECK_INT(nodes[0].n_children, 6);
	CHECK_INT(nodes[0].next, 16);
	CHECK_INT(nodes[2].type, JSON_ARRAY);
	CHECK_INT(nodes[2].n_children, 3);
	CHECK_INT(nodes[2].next, 6);
	CHECK_INT(nodes[5].escaped, true);
	CHECK_INT(JsonMember(&json, 0, "a"), 2);
	CHECK_INT(JsonMember(&json, 0, "b"), 7);
	CHECK_INT(nodes[7].n_children, 0);
	CHECK_INT(nodes[7].next, 8);
	CHECK_INT(nodes[JsonMember(&json, 0, "d")].type, JSON_TRUE);
	CHECK_INT(nodes[JsonMember(&json, 0, "e")].type, JSON_FALSE);
	CHECK_INT(nodes[JsonMember(&json, 0, "f")].type, JSON_NULL);
	CHECK_INT(JsonMember(&json, 0, "g"), -1);
	CHECK_INT(JsonMember(&json, 7, "g"), -1);
	CHECK(JsonIs(&json, 5, "x\"y"));
	CHECK(!JsonIs(&json, 5, "x\"yz"));
	CHECK(!JsonIs(&json, 5, "x\""));
	CHECK_INT(Parse("[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]"), ST_OK);
}

static void
TestText(void)
{
	static const char all[] = "[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00e9\\u4F4E\\uD83D\\uDE00\\uFFFDz\",\"plain\",\"\"]";
	static const char plain[] = "\"\\/\b\f\n\r\tA\xC3\xA9\xE4\xBD\x8E\xF0\x9F\x98\x80\xEF\xBF\xBDz";
	const char *text;
	int			length;
	char		buffer[32];

	CHECK_INT(Parse(all), ST_OK);
	CHECK(JsonIs(&json, 1, plain));
	CHECK(JsonString(&json, 1, buffer, (int) sizeof(buffer), &text, &length));
	CHECK(text == buffer);
	CHECK_INT(length, strlen(plain));
	CHECK(memcmp(text, plain, (size_t) length) == 0);
	CHECK(JsonString(&json, 1, buffer, length, &text, &length));
	CHECK(!JsonString(&json, 1, buffer, length - 1, &text, &length));
	CHECK(JsonString(&json, 2, NULL, 0, &text, &length));
	CHECK_INT(length, 5);
	CHECK(text == json.text + nodes[2].start);
	CHECK(JsonString(&json, 3, NULL, 0, &text, &length));
	CHECK_INT(length, 0);
	CHECK(JsonCompare(&json, 2, 3) > 0);
	CHECK(JsonCompare(&json, 3, 2) < 0);
	CHECK_INT(JsonCompare(&json, 2, 2), 0);
}

typedef struct Decimal
{
	const char *text;
	int			decimals;
	bool		fits;
	int64_t		value;
} Decimal;

static const Decimal decimals[] = {
	{"0", 0, true, 0}, {"0", 6, true, 0}, {"1.5", 2, true, 150}, {"-1.5", 2, true, -150}, {"1.50", 1, true, 15},
	{"1.55", 1, false, 0}, {"1.000", 0, true, 1}, {"1.001", 2, false, 0}, {"0.000001", 6, true, 1}, {"0.0000001", 6, false, 0},
	{"4000000000000000000", 0, true, INT64_C(4000000000000000000)}, {"4000000000000000001", 0, false, 0},
	{"-4000000000000000000", 0, true, INT64_C(-4000000000000000000)}, {"40000000000000000000", 0, false, 0},
	{"4000000000000", 6, true, INT64_C(4000000000000000000)}, {"4000000000001", 6, false, 0},
	{"10000000000000", 2, true, INT64_C(1000000000000000)}, {"999999999999999999999999999999", 0, false, 0}, {"12", 2, true, 1200}
};

static void
TestDecimal(void)
{
	for (size_t i = 0; i < sizeof(decimals) / sizeof(decimals[0]); i++)
	{
		int64_t		value = 0;

		CHECK_INT(Parse(decimals[i].text), ST_OK);
		CHECK_INT(JsonDecimal(&json, 0, decimals[i].decimals, &value), decimals[i].fits);
		CHECK_INT(value, decimals[i].value);
	}
}

static void
TestPath(void)
{
	char		path[MAX_FAULT_TEXT];
	char		longer[600];
	int			line;
	int			column;

	CHECK_INT(Parse("{\"a\":[1,{\"b_2\":[]}],\"\xE4\xBD\x8E \":{\"\":1,\"2a\":2,\"x-y\":3},\"L\":0}"), ST_OK);
	JsonPath(&json, 0, path, (int) sizeof(path));
	CHECK_TEXT(path, "$");
	JsonPath(&json, 6, path, (int) sizeof(path));
	CHECK_TEXT(path, "$.a[1].b_2");
	JsonPath(&json, 5, path, (int) sizeof(path));
	CHECK_TEXT(path, "$.a[1].b_2");
	JsonPath(&json, 10, path, (int) sizeof(path));
	CHECK_TEXT(path, "$[\"\xE4\xBD\x8E \"][\"\"]");
	JsonPath(&json, 12, path, (int) sizeof(path));
	CHECK_TEXT(path, "$[\"\xE4\xBD\x8E \"][\"2a\"]");
	JsonPath(&json, 14, path, (int) sizeof(path));
	CHECK_TEXT(path, "$[\"\xE4\xBD\x8E \"][\"x-y\"]");
	JsonPath(&json, 16, path, (int) sizeof(path));
	CHECK_TEXT(path, "$.L");
	CHECK_INT(Parse("{\"a:\":1,\"a~\":2}"), ST_OK);
	JsonPath(&json, 2, path, (int) sizeof(path));
	CHECK_TEXT(path, "$[\"a:\"]");
	JsonPath(&json, 4, path, (int) sizeof(path));
	CHECK_TEXT(path, "$[\"a~\"]");
	CHECK_INT(Parse("{\"a\":[1,{\"b_2\":[]}],\"\xE4\xBD\x8E \":{\"\":1,\"2a\":2,\"x-y\":3},\"L\":0}"), ST_OK);
	JsonPath(&json, 14, path, 5);
	CHECK_TEXT(path, "$[\"");
	JsonPath(&json, 14, path, 7);
	CHECK_TEXT(path, "$[\"\xE4\xBD\x8E");
	JsonPath(&json, 14, path, 2);
	CHECK_TEXT(path, "$");
	JsonPath(&json, 14, path, 1);
	CHECK_TEXT(path, "");

	snprintf(longer, sizeof(longer), "{\"%0500d\":[0,0,0,0,0,0,0,0,0,0,0,0,1]}", 1);
	CHECK_INT(Parse(longer), ST_OK);
	JsonPath(&json, 15, path, (int) sizeof(path));
	CHECK_INT(strlen(path), MAX_FAULT_TEXT - 1);
	CHECK_INT(Parse("[0,0,0,0,0,0,0,0,0,0,0,0,1]"), ST_OK);
	JsonPath(&json, 13, path, (int) sizeof(path));
	CHECK_TEXT(path, "$[12]");

	CHECK_INT(Parse("[\n\"\xE4\xBD\x8E\", 5]"), ST_OK);
	JsonPosition(&json, nodes[2].start, &line, &column);
	CHECK_INT(line, 2);
	CHECK_INT(column, 6);
	CHECK_INT(JsonFault(&json, 2, &fault, ST_DOC_BAD_VALUE, "5", "6"), ST_DOC_BAD_VALUE);
	CHECK_TEXT(fault.path, "$[1]");
	CHECK_INT(fault.column, 6);
	JsonFault(&json, 1, &fault, ST_DOC_BAD_VALUE, "5", "6");
	CHECK_INT(fault.column, 1);
	CHECK_INT(fault.line, 2);
}

/* ---- writing ---- */

static char written[512];
static JsonWriter writer;

static void
Begin(void)
{
	memset(written, 0, sizeof(written));
	writer = (JsonWriter) {written, (int) sizeof(written) - 1, 0, false};
}

/* Something of everything. */
static void
WriteAll(void)
{
	JsonOpen(&writer, '{');
	JsonKey(&writer, "a", -1);
	JsonOpen(&writer, '[');
	JsonInteger(&writer, 0);
	JsonInteger(&writer, INT64_MIN);
	JsonBool(&writer, true);
	JsonBool(&writer, false);
	JsonClose(&writer, ']');
	JsonKey(&writer, "bc", 1);
	JsonText(&writer, "x\"\\\b\f\n\r\t\x01\x1F\x7F\xE4\xBD\x8E", -1);
	JsonKey(&writer, "c", -1);
	JsonOpen(&writer, '{');
	JsonClose(&writer, '}');
	JsonKey(&writer, "d", -1);
	JsonText(&writer, "\0z", 2);
	JsonClose(&writer, '}');
}

static void
TestWriter(void)
{
	static const char expected[] = "{\"a\":[0,-9223372036854775808,true,false],"
	"\"b\":\"x\\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u001f\x7F\xE4\xBD\x8E\","
		"\"c\":{},\"d\":\"\\u0000z\"}";
	int			length = (int) strlen(expected);

	Begin();
	WriteAll();
	CHECK_TEXT(written, expected);
	CHECK_INT(writer.length, length);
	Begin();
	writer.size = 10;
	WriteAll();
	CHECK_INT(writer.length, length);
	CHECK_INT(strlen(written), 10);
	writer = (JsonWriter) {NULL, 100, 0, false};
	WriteAll();
	CHECK_INT(writer.length, length);
	Begin();
	JsonVerbatim(&writer, "1.5", 3);
	CHECK_TEXT(written, "1.5");
}

typedef struct Scaled
{
	int64_t		value;
	int			decimals;
	int			min_decimals;
	const char *text;
} Scaled;

static const Scaled scaled[] = {
	{0, 2, 2, "0.00"}, {0, 2, 0, "0"}, {5, 2, 2, "0.05"}, {-5, 2, 2, "-0.05"}, {150, 2, 0, "1.5"}, {150, 2, 2, "1.50"}, {100, 2, 0,
		"1"},
	{100, 2, 1, "1.0"}, {123456, 6, 2, "0.123456"}, {120000, 6, 2, "0.12"}, {1234, 0, 0, "1234"}, {1000, 0, 0, "1000"},
	{10001, 11, 2, "0.00000010001"}
};

static void
TestScaled(void)
{
	for (size_t i = 0; i < sizeof(scaled) / sizeof(scaled[0]); i++)
	{
		Begin();
		JsonScaled(&writer, scaled[i].value, scaled[i].decimals, scaled[i].min_decimals);
		CHECK_TEXT(written, scaled[i].text);
	}
	Begin();
	JsonScaled(&writer, (__int128) INT64_MAX * INT64_MAX, 9, 2);
	CHECK_TEXT(written, "85070591730234615847396907784.232501249");
	Begin();
	JsonScaled(&writer, (__int128) ((unsigned __int128) 1 << 127), 0, 0);
	CHECK_TEXT(written, "-170141183460469231731687303715884105728");
}

/* ---- dates ---- */

typedef struct Date
{
	const char *text;
	bool		real;
	int32_t		day;
} Date;

static const Date dates[] = {
	{"2000-01-01", true, 0}, {"1999-12-31", true, -1}, {"2000-02-29", true, 59}, {"2000-03-01", true, 60}, {"1970-01-01", true,
	-10957},
	{"0001-01-01", true, -730119}, {"9999-12-31", true, 2921939}, {"2024-02-29", true, 8825}, {"1900-03-01", true, -36465},
	{"2023-02-29", false, 0}, {"1900-02-29", false, 0}, {"2023-13-01", false, 0}, {"2023-00-01", false, 0}, {"2023-01-00", false,
	0},
	{"2023-04-31", false, 0}, {"0000-01-01", false, 0}, {"2023-1-01", false, 0}, {"2023/01/01", false, 0}, {"2023-01/01", false, 0},
	{"202a-01-01", false, 0}, {"2023-01-0/", false, 0}, {"2023-01-01x", false, 0}, {"", false, 0}
};

static void
TestDates(void)
{
	for (size_t i = 0; i < sizeof(dates) / sizeof(dates[0]); i++)
	{
		int32_t		day = 0;

		CHECK_INT(ParseDate(dates[i].text, (int) strlen(dates[i].text), &day), dates[i].real);
		CHECK_INT(day, dates[i].day);
		Begin();
		JsonDate(&writer, day);
		CHECK(!dates[i].real || strncmp(written + 1, dates[i].text, 10) == 0);
	}
	/* every day of four centuries and more comes back */
	for (int32_t day = -200000; day < 200000; day += 1)
	{
		int32_t		back = 0;

		Begin();
		JsonDate(&writer, day);
		if (!ParseDate(written + 1, 10, &back) || back != day)
			CHECK_INT(back, day);
	}
}

typedef struct Stamp
{
	const char *text;
	bool		real;
	int64_t		microseconds;
	const char *again;
} Stamp;

static const Stamp stamps[] = {
	{"2000-01-01", true, 0, "2000-01-01T00:00:00"},
	{"2000-01-01T00:00:01", true, 1000000, "2000-01-01T00:00:01"},
	{"2000-01-02 03:04:05.5", true, INT64_C(97445500000), "2000-01-02T03:04:05.500000"},
	{"1999-12-31T23:59:59.999999", true, -1, "1999-12-31T23:59:59.999999"},
	{"1999-12-31T00:00:00", true, INT64_C(-86400000000), "1999-12-31T00:00:00"},
	{"2000-01-01T00:00:00.000000", true, 0, "2000-01-01T00:00:00"},
	{"2000-01-01T24:00:00", false, 0, NULL}, {"2000-01-01T00:60:00", false, 0, NULL}, {"2000-01-01T00:00:60", false, 0, NULL},
	{"2000-01-01T0a:00:00", false, 0, NULL}, {"2000-01-01T00:0a:00", false, 0, NULL}, {"2000-01-01T00:00:0a", false, 0, NULL},
	{"2000-01-01T00.00:00", false, 0, NULL}, {"2000-01-01T00:00.00", false, 0, NULL}, {"2000-01-01x00:00:00", false, 0, NULL},
	{"2000-01-01T00:00", false, 0, NULL}, {"2000-01-01T00:00:00.", false, 0, NULL}, {"2000-01-01T00:00:00.1234567", false, 0, NULL},
	{"2000-01-01T00:00:00x5", false, 0, NULL}, {"2000-01-01T00:00:00.x", false, 0, NULL}, {"2000-13-01T00:00:00", false, 0, NULL},
	{"2000-01-1", false, 0, NULL}
};

static void
TestStamps(void)
{
	for (size_t i = 0; i < sizeof(stamps) / sizeof(stamps[0]); i++)
	{
		int64_t		microseconds = 0;

		CHECK_INT(ParseTimestamp(stamps[i].text, (int) strlen(stamps[i].text), &microseconds), stamps[i].real);
		CHECK_INT(microseconds, stamps[i].microseconds);
		if (!stamps[i].real)
			continue;
		Begin();
		JsonTimestamp(&writer, microseconds);
		CHECK_INT(strlen(written), strlen(stamps[i].again) + 2);
		CHECK(strncmp(written + 1, stamps[i].again, strlen(stamps[i].again)) == 0);
	}
}

int
main(void)
{
	TestFault();
	TestUtf8();
	TestRefused();
	TestTooLarge();
	TestTape();
	TestText();
	TestDecimal();
	TestPath();
	TestWriter();
	TestScaled();
	TestDates();
	TestStamps();
	return CheckEnd();
}
