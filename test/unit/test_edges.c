/*
 * test_edges.c — edges of small inline functions and of whole books that no document of the other tests comes to: characters at
 * the limits of UTF-8, sums at the limits of money, more names in a book than it can number, too little room to compile in.
 */
#include "books.h"

#include "fold.h"
#include "text.h"

/* a layer but for its name */
#define LAYER "'kind':'other','base':{'copay':1},'rules':[{'name':'r','ratio':1}]"

/* Names of one character: what is one, what is a control character, what is no UTF-8 */
static void
TestCharacters(void)
{
	static const char *const fit[] = {"~", "\xC2\xA0", "\xC3\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80",
		"\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF1\x80\x80\x80", "\xF4\x8F\xBF\xBF"};
	static const char *const control[] = {"\x01", "\x1F", "\x7F", "\xC2\x80", "\xC2\x9F"};
	static const char *const broken[] = {"\x80", "\xC1\xBF", "\xC3", "\xC3 ", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xEF\xBF",
		"\xEF\xBF ", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80"};

	for (size_t i = 0; i < sizeof(fit) / sizeof(fit[0]); i++)
		CHECK(NameProblem(fit[i], (int) strlen(fit[i]), MAX_CODE) == NULL);
	for (size_t i = 0; i < sizeof(control) / sizeof(control[0]); i++)
		CHECK_TEXT(NameProblem(control[i], (int) strlen(control[i]), MAX_CODE), "a control character");
	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++)
		CHECK_TEXT(NameProblem(broken[i], (int) strlen(broken[i]), MAX_CODE), "bytes that are not UTF-8");
}

/* The bytes of a code point, whether it is a character or not; returns how many */
static int
EncodeUtf8(uint32_t point, char *text)
{
	static const unsigned char lead[] = {0, 0, 0xC0, 0xE0, 0xF0};
	int			n = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;

	text[0] = (char) (lead[n] | point >> 6 * (n - 1));
	for (int i = 1; i < n; i++)
		text[i] = (char) (0x80 | (point >> 6 * (n - 1 - i) & 0x3F));
	return n;
}

/* Does NameProblem say this of the text? NULL: that it is a name */
static bool
Says(const char *text, int length, const char *problem)
{
	const char *found = NameProblem(text, length, MAX_CODE);

	return problem == NULL || found == NULL ? found == problem : strcmp(found, problem) == 0;
}

/* Every code point between two letters, beyond U+2000 one in eleven; with each of its later bytes missing or another */
static void
TestEveryCharacter(void)
{
	static const char *const no_utf8 = "bytes that are not UTF-8";
	uint32_t	wrong = 0;

	for (uint32_t point = 0; point < 0x110000; point += point < 0x2000 ? 1 : 11)
	{
		char		text[8] = "a";
		int			n = EncodeUtf8(point, text + 1);
		bool		control = point < 0x20 || (point >= 0x7F && point < 0xA0);

		text[1 + n] = 'z';
		wrong += !Says(text, n + 2, point >= 0xD800 && point < 0xE000 ? no_utf8 : control ? "a control character" : NULL);
		for (int i = 1; i < n; i++)
		{
			char		good = text[1 + i];

			wrong += !Says(text, 1 + i, no_utf8);
			text[1 + i] = 'b';
			wrong += !Says(text, n + 2, no_utf8);
			text[1 + i] = good;
		}
	}
	CHECK_INT(wrong, 0);
}

/* Every byte at every place of a text of every length, among letters */
static void
TestEveryPlace(void)
{
	int			wrong = 0;

	for (int length = 1; length <= MAX_CODE; length++)
		for (int place = 0; place < length; place++)
			for (int byte = 0; byte < 256; byte++)
			{
				char		text[MAX_CODE];

				memset(text, 'n', sizeof(text));
				text[place] = (char) byte;
				wrong += !Says(text, length, byte >= 0x80 ? "bytes that are not UTF-8" :
							   byte < 0x20 || byte == 0x7F ? "a control character" : NULL);
			}
	CHECK_INT(wrong, 0);
}

/* Texts of at most 8 bytes are equal when their keys are: each length is its own */
static void
TestKeys(void)
{
	static const char *const texts[] = {"", "1", "2", "11", "12", "21", "121", "112", "1212", "12121", "1212121", "12121212"};
	const int	n = sizeof(texts) / sizeof(texts[0]);
	int			equal = 0;

	for (int i = 0; i < n; i++)
	{
		for (int j = 0; j < n; j++)
			equal += CodeKey((Code) {texts[i], (uint8_t) strlen(texts[i])}) == CodeKey((Code) {texts[j], (uint8_t) strlen(texts[j])});
	}
	CHECK_INT(equal, n);
	CHECK(CodeKey((Code) {"123456789", 9}) == CodeKey((Code) {"12345678", 8}));
	CHECK(CodeHasKey((Code) {"123456789", 9}, (Code) {"123456789", 9}, CodeKey((Code) {"12345678", 8})));
	CHECK(!CodeHasKey((Code) {"123456789", 9}, (Code) {"123456780", 9}, CodeKey((Code) {"12345678", 8})));
	CHECK(!CodeHasKey((Code) {"123456789", 9}, (Code) {"12345678", 8}, CodeKey((Code) {"12345678", 8})));
	CHECK(!CodeHasKey((Code) {"12345678", 8}, (Code) {"12345679", 8}, CodeKey((Code) {"12345679", 8})));
}

/* A sum that leaves the range is refused and nothing is written */
static void
TestSums(void)
{
	int64_t		sum = 7;

	CHECK(AddFen(MAX_FEN, 0, &sum) && sum == MAX_FEN);
	CHECK(AddFen(-MAX_FEN, 0, &sum) && sum == -MAX_FEN);
	sum = 7;
	CHECK(!AddFen(MAX_FEN, 1, &sum));
	CHECK(!AddFen(-MAX_FEN, -1, &sum));
	CHECK(!AddFen(INT64_MAX, 1, &sum));
	CHECK(!AddFen(INT64_MIN, -1, &sum));
	CHECK_INT(sum, 7);
}

/* The gross column and the plain buckets are the same in a page and in an account; named parts are not */
static void
TestBuckets(void)
{
	static Fold fold;
	Run			run = {.fold = &fold};

	fold.part_slot[1] = 3;
	CHECK_INT(AccountBucket(&run, BUCKET_COPAY), BUCKET_COPAY);
	CHECK_INT(AccountBucket(&run, BUCKET_GROSS), BUCKET_GROSS);
	CHECK_INT(AccountBucket(&run, BUCKET_PART + 1), BUCKET_PART + 3);
}

/* A book of so many pages of 24 layers and a page of more layers, all of different names; a page without layers ends it */
static const char *
BookOfLayers(int pages, int more)
{
	static char text[ROOM];
	int			n = snprintf(text, ROOM, "{'format':1,'engine':1,'pages':[");

	for (int p = 0; p < pages; p++)
	{
		n += snprintf(text + n, ROOM - (size_t) n, "%s{'title':'t','region':'R%d','scheme':'s','from':'2024-01-01','sources':"
					  "{'d':{'document':'d'}},'cite':{'source':'d'},'layers':[", p > 0 ? "," : "", p);
		for (int l = 0; l < MAX_LAYERS; l++)
			n += snprintf(text + n, ROOM - (size_t) n, "%s{'name':'p%dl%d'," LAYER "}",
						  l > 0 ? "," : "", p, l);
		n += snprintf(text + n, ROOM - (size_t) n, "]}");
	}
	n += snprintf(text + n, ROOM - (size_t) n, ",{'title':'t','region':'last','scheme':'s','from':'2024-01-01','sources':"
				  "{'d':{'document':'d'}},'cite':{'source':'d'},'layers':[");
	for (int l = 0; l < more; l++)
		n += snprintf(text + n, ROOM - (size_t) n, "%s{'name':'last%d'," LAYER "}",
					  l > 0 ? "," : "", l);
	snprintf(text + n, ROOM - (size_t) n, "]},{'title':'t','region':'after','scheme':'s','from':'2024-01-01','sources':{},"
			 "'layers':[]}]}");
	return text;
}

/* A book numbers at most 1024 different names */
static void
TestNames(void)
{
	const int	pages = MAX_BOOK_NAMES / MAX_LAYERS;
	const int	rest = MAX_BOOK_NAMES % MAX_LAYERS;

	CHECK_INT(Compile(BookOfLayers(pages, rest)), ST_OK);
	CHECK_INT(Compile(BookOfLayers(pages, rest + 1)), ST_DOC_LIMIT);
}

/* Too small an arena is refused wherever it ends, and a larger one never fails where a smaller one did not */
static void
TestArena(void)
{
	const char *text = BookOfLayers(2, 1);
	int			n_ok = 0;
	int			wrong = 0;
	int			length;
	int64_t		needed;

	CHECK_INT(Compile(text), ST_OK);
	length = (int) strlen(text);
	needed = ArenaNeeded(length);
	for (int64_t size = 0; size <= needed; size += 32)
	{
		bool		ok;

		memset(&fault, 0, sizeof(fault));
		ok = CompileBook(document, length, arena, size, &book, &fault) == ST_OK;
		n_ok += ok;
		wrong += n_ok > 0 && !ok;
	}
	CHECK(n_ok > 0);
	CHECK_INT(wrong, 0);
}

int
main(void)
{
	TestCharacters();
	TestEveryCharacter();
	TestEveryPlace();
	TestKeys();
	TestSums();
	TestBuckets();
	TestNames();
	TestArena();
	free(arena);
	return CheckEnd();
}
