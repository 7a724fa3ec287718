/*
 * split.h — forming assistance.split: 14 amounts by column, then the lines.
 */
#ifndef ASSISTANCE_VALUE_SPLIT_H
#define ASSISTANCE_VALUE_SPLIT_H

#include "access/htup_details.h"
#include "value/lines.h"

/* The amounts of assistance.split in the order of split.sql; lines follow. */
enum
{
	SPLIT_TOTAL,
	SPLIT_BASIC,
	SPLIT_CRITICAL,
	SPLIT_SUPPLEMENTARY,
	SPLIT_ASSISTANCE,
	SPLIT_TILT,
	SPLIT_EMERGENCY,
	SPLIT_GOVERNMENT,
	SPLIT_OTHER,
	SPLIT_CHARITY,
	SPLIT_HOSPITAL,
	SPLIT_PATIENT,
	SPLIT_ADJUSTMENT,
	SPLIT_RECOVERABLE,
	SPLIT_AMOUNTS
};

#define SPLIT_COLUMNS (SPLIT_AMOUNTS + 1)

/* What forming one split leaves for the next. */
typedef struct SplitFormer
{
	int			header_length;
	char	   *header;			/* of every tuple, but for its length */
	LinesHead	lines_head;
	char		zero[4];		/* 0.00 as tuples store it, in three bytes */
	int			zero_length;
	char	   *buffer;
} SplitFormer;

/* Prepare to form values of the row type type_id; everything is allocated in memory. */
extern SplitFormer *NewSplitFormer(Oid type_id, MemoryContext memory);

/* The book changes: pages may go. */
static inline void
SplitFormerForget(SplitFormer *former)
{
	former->lines_head.page = NULL;
}

/* A split as assistance.split, palloc'd. */
extern Datum FormSplit(SplitFormer *former, const Split *split);

/* Refuse a row type that is no longer what split.sql made. */
extern void CheckSplitType(TupleDesc desc);

/* Are these the 14 amounts, numeric(16,2), from column first on? */
extern bool AreSplitAmounts(TupleDesc desc, int first);

/* Is the column there, and of this type ("schema.type")? */
extern bool IsColumnOf(TupleDesc desc, int index, const char *type);

/* Its amounts in fen. */
extern void SplitAmounts(const Split *split, int64 amount_fen[SPLIT_AMOUNTS]);

#endif
