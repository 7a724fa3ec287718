/*
 * assistance.h — what the rooms ask of the library as a whole.
 */
#ifndef ASSISTANCE_H
#define ASSISTANCE_H

/* Raises 55000 when the SQL objects are of another version than this library. */
extern void CheckVersion(void);

#endif
