/*
 * arguments.c — what the key=value arguments of insurer_first say. Text only: catalog.c asks whether the names exist.
 */
#include "postgres.h"

#include "guard/guard.h"
#include "utils/builtins.h"
#include "utils/varlena.h"

#define SPACE " \t\r\n"

static const char *const column_keys[N_FIELDS] = {
	[FIELD_CLAIM] = "claim",
	[FIELD_LAYER] = "layer",
	[FIELD_AMOUNT] = "amount",
	[FIELD_REVERSES] = "reverses",
	[FIELD_REVISION] = "revision",
	[FIELD_PLACE] = "place",
	[FIELD_KIND] = "kind",
	[FIELD_STATE] = "state",
	[FIELD_ONLY] = "only",
};

static const char *const all_keys =
	"claim, layer, amount, bill, order, reverses, bill_reverses, revision, place, kind, state, map, only, caps; "
	"docs/register.md, section 5, shows each";

/* The text without white space at either end, a copy */
static char *
Trimmed(const char *text, int length)
{
	while (length > 0 && strchr(SPACE, text[length - 1]) != NULL)
		length--;
	while (length > 0 && strchr(SPACE, *text) != NULL)
	{
		text++;
		length--;
	}
	return pnstrdup(text, length);
}

/* The next word of a list, or NULL at its end; a copy */
static char *
NextWord(const char **text)
{
	const char *start = *text + strspn(*text, SPACE);
	int			length = strcspn(start, SPACE);

	*text = start + length;
	return length == 0 ? NULL : pnstrdup(start, length);
}

int
ChainPlace(const Chain *chain, const char *name)
{
	for (int i = 0; i < chain->n; i++)
		if (strcmp(chain->name[i], name) == 0)
			return i;
	return -1;
}

/* What a code stands for; NULL: not in the list */
const char *
CodeName(const Codes *codes, const char *code)
{
	for (int i = 0; i < codes->n; i++)
		if (strcmp(codes->code[i], code) == 0)
			return codes->name[i];
	return NULL;
}

/* Layers in order, separated by white space; where says what the text is, for errors. */
void
ParseChain(Chain *chain, const char *text, const char *where)
{
	const char *rest = text;
	char	   *word;

	chain->n = 0;
	while ((word = NextWord(&rest)) != NULL)
	{
		if (ChainPlace(chain, word) >= 0)
			RefuseArguments(psprintf("%s names layer %s twice.", where, word), "Name each layer once, the first payer first.");
		if (chain->n == MAX_CHAIN)
			RefuseArguments(psprintf("%s has more than %d layers.", where, MAX_CHAIN), "Leave out layers that nobody pays.");
		chain->name[chain->n++] = word;
	}
	if (chain->n == 0)
		RefuseArguments(psprintf("%s names no layer.", where), "Write 'order=basic critical assistance', the first payer first.");
}

static void
AddCode(Codes *codes, const char *key, char *code, char *name)
{
	if (CodeName(codes, code) != NULL)
		RefuseArguments(psprintf("Argument %s has code %s twice.", key, code), "Write each code once.");
	if (codes->n == MAX_GUARD_CODES)
		RefuseArguments(psprintf("Argument %s has more than %d codes.", key, MAX_GUARD_CODES), "Leave out codes that do not occur.");
	codes->code[codes->n] = code;
	codes->name[codes->n++] = name;
}

/* "code:name code:name …", or "code code …" where plain */
static void
ParseCodes(Codes *codes, const char *key, const char *text, bool plain)
{
	char	   *word;

	while ((word = NextWord(&text)) != NULL)
	{
		char	   *colon = strchr(word, ':');

		if (plain)
			AddCode(codes, key, word, word);
		else if (colon == NULL || colon == word || colon[1] == '\0')
			RefuseArguments(psprintf("Argument %s has \"%s\" where a pair belongs.", key, word),
							"Write pairs of a code and what it stands for, like 310100:basic, separated by spaces.");
		else
		{
			*colon = '\0';
			AddCode(codes, key, word, colon + 1);
		}
	}
	if (codes->n == 0)
		RefuseArguments(psprintf("Argument %s lists no code.", key), "Write the codes separated by spaces.");
}

/* A name as SQL reads it: folded to lower case unless quoted, perhaps qualified */
static List *
ParseName(const char *key, const char *text)
{
	char	   *copy = pstrdup(text);
	List	   *names;

	if (*text == '\0' || !SplitIdentifierString(copy, '.', &names) || names == NIL)
		RefuseArguments(psprintf("Argument %s has \"%s\" where a name belongs.", key, text),
						"Write the name as in SQL; quote it if it has capitals.");
	return names;
}

static char *
ParseColumn(const char *key, const char *text)
{
	List	   *names = ParseName(key, text);

	if (list_length(names) != 1)
		RefuseArguments(psprintf("Argument %s has \"%s\" where the name of a column belongs.", key, text),
						"Write the column alone, without its table.");
	return linitial(names);
}

/* "head(inside)": the two texts; inside is NULL where there are no parentheses */
static char *
ParseHead(const char *key, const char *text, char **inside)
{
	const char *open = strchr(text, '(');
	int			length = strlen(text);

	*inside = NULL;
	if (open == NULL)
		return Trimmed(text, length);
	if (text[length - 1] != ')')
		RefuseArguments(psprintf("Argument %s has an open parenthesis.", key), "Close it at the end of the argument.");
	*inside = Trimmed(open + 1, length - (int) (open - text) - 2);
	return Trimmed(text, (int) (open - text));
}

/* "table(key, total)" or "table(key, total, chain)" */
static void
ParseBill(GuardWords *words, const char *text)
{
	char	   *inside;
	char	   *table = ParseHead("bill", text, &inside);
	List	   *columns = NIL;

	if (inside == NULL || !SplitIdentifierString(inside, ',', &columns) ||
		list_length(columns) < 2 || list_length(columns) > 3)
		RefuseArguments(psprintf("Argument bill is \"%s\".", text),
						"Write 'bill=table(key column, total column)', and as a third the column with the bill's own order if it has one.");
	words->bill_text = table;
	words->bill = ParseName("bill", table);
	if (list_length(words->bill) > 2)
		RefuseArguments(psprintf("Argument bill names table \"%s\".", table), "Write table or schema.table.");
	words->bill_key = linitial(columns);
	words->bill_total = lsecond(columns);
	words->bill_chain = list_length(columns) == 3 ? lthird(columns) : NULL;
}

/* "function" or "schema.function" */
static void
ParseCaps(GuardWords *words, char *text)
{
	words->caps_text = text;
	words->caps = ParseName("caps", text);
	if (list_length(words->caps) > 2)
		RefuseArguments(psprintf("Argument caps names function \"%s\".", text), "Write function or schema.function.");
}

/* Words of the state column: our own, unless the argument translates others into them */
static void
ParseStates(Codes *states, const char *inside)
{
	const char *const own[] = {"paid", "settled", "waived", "not_applicable"};

	if (inside != NULL)
		ParseCodes(states, "state", inside, false);
	for (int i = 0; i < states->n; i++)
	{
		bool		known = false;

		for (int j = 0; j < lengthof(own); j++)
			known |= strcmp(states->name[i], own[j]) == 0;
		if (!known)
			RefuseArguments(psprintf("Argument state translates %s into %s.", states->code[i], states->name[i]),
							"Translate into paid, settled, waived or not_applicable.");
	}
	for (int j = 0; inside == NULL && j < lengthof(own); j++)
		AddCode(states, "state", pstrdup(own[j]), pstrdup(own[j]));
}

/* An argument that names a column, some with a list behind it */
static bool
ParseField(GuardWords *words, const char *key, const char *value)
{
	char	   *inside;
	char	   *head;
	int			field = 0;

	while (field < N_FIELDS && strcmp(column_keys[field], key) != 0)
		field++;
	if (field == N_FIELDS)
		return false;
	head = ParseHead(key, value, &inside);
	words->column[field] = ParseColumn(key, head);
	if (field == FIELD_STATE)
		ParseStates(&words->states, inside);
	else if (field == FIELD_ONLY)
		ParseCodes(&words->only, key, inside == NULL ? "" : inside, true);
	else if (inside != NULL)
		RefuseArguments(psprintf("Argument %s has parentheses.", key), psprintf("Write '%s=column'.", key));
	return true;
}

/* One "key=value"; seen holds the keys before it */
static void
ParseArgument(GuardWords *words, const char *argument, List **seen)
{
	const char *equals = strchr(argument, '=');
	char	   *key;
	char	   *value;
	ListCell   *cell;

	if (equals == NULL)
		RefuseArguments(psprintf("\"%s\" is no pair of key and value.", argument), psprintf("Write key=value. Keys are %s.", all_keys));
	key = Trimmed(argument, (int) (equals - argument));
	value = Trimmed(equals + 1, strlen(equals + 1));
	foreach(cell, *seen)
		if (strcmp(lfirst(cell), key) == 0)
			RefuseArguments(psprintf("Argument %s is given twice.", key), "Write each key once.");
	*seen = lappend(*seen, key);
	if (strcmp(key, "bill") == 0)
		ParseBill(words, value);
	else if (strcmp(key, "bill_reverses") == 0)
		words->bill_reverses = ParseColumn(key, value);
	else if (strcmp(key, "caps") == 0)
		ParseCaps(words, value);
	else if (strcmp(key, "order") == 0)
		ParseChain(&words->order, value, "Argument order");
	else if (strcmp(key, "map") == 0)
		ParseCodes(&words->map, key, value, false);
	else if (!ParseField(words, key, value))
		RefuseArguments(psprintf("Unknown key %s.", key), psprintf("Keys are %s.", all_keys));
}

/* Places are those of whole settlements, and an order of their own. */
static void
CheckPlaceWords(const GuardWords *words)
{
	if (words->column[FIELD_PLACE] == NULL)
		return;
	if (words->order.n > 0 || words->bill_chain != NULL)
		RefuseArguments("Arguments place and order are both given.",
						"Give place where each payment states its layer's place, else order.");
	if (words->column[FIELD_REVISION] == NULL)
		RefuseArguments("Argument place is given without revision.", "Write 'revision=column' too: places are those of a settlement.");
}

/* What must stand there, and what may not stand together */
static void
CheckWords(const GuardWords *words)
{
	for (int field = FIELD_CLAIM; field <= FIELD_AMOUNT; field++)
		if (words->column[field] == NULL)
			RefuseArguments(psprintf("Argument %s is missing.", column_keys[field]),
							psprintf("Write '%s=column' with a column of the payment table.", column_keys[field]));
	if (words->bill == NIL)
		RefuseArguments("Argument bill is missing.", "Write 'bill=table(key column, total column)'.");
	CheckPlaceWords(words);
	if (words->order.n == 0 && words->bill_chain == NULL && words->column[FIELD_PLACE] == NULL)
		RefuseArguments("Argument order is missing.", "Write 'order=basic critical assistance', the first payer first.");
	if (words->column[FIELD_REVERSES] != NULL && words->bill_reverses != NULL)
		RefuseArguments("Arguments reverses and bill_reverses are both given.",
						"Give reverses where a payment says what it takes back, bill_reverses where its bill says it.");
	for (int i = 0; words->order.n > 0 && words->bill_chain == NULL && i < words->map.n; i++)
		if (strcmp(words->map.name[i], "-") != 0 && ChainPlace(&words->order, words->map.name[i]) < 0)
			RefuseArguments(psprintf("Argument map gives %s to layer %s, which is not in the order.", words->map.code[i],
									 words->map.name[i]),
							"Map to a layer of the order, or to - for rows that no layer pays.");
}

void
ParseArguments(GuardWords *words, const Trigger *trigger)
{
	List	   *seen = NIL;

	for (int i = 0; i < trigger->tgnargs; i++)
		ParseArgument(words, trigger->tgargs[i], &seen);
	CheckWords(words);
}
