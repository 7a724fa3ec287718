/*
 * text.h — is a text fit to be a name, a code or an identifier? And pieces of paths.
 */
#ifndef ASSISTANCE_TEXT_H
#define ASSISTANCE_TEXT_H

/*
 * What keeps a text from being a name of 1 .. max bytes in valid UTF-8 without control characters (U+0000 .. U+001F,
 * U+007F .. U+009F), as words for a fault; NULL when it is one.
 */
extern const char *NameProblem(const char *text, int length, int max);

/* The longest prefix of at most max bytes of a valid UTF-8 text that does not cut a character */
extern int	WholeCharacters(const char *text, int length, int max);

/* An index of at least 0 in brackets, without a final zero: "[12]"; returns its length */
#define INDEX_BYTES 12
extern int	IndexText(char *out, int index);

#endif
