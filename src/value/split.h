/*
 * split.h — assistance.split: 14 amounts by column, then the lines; as a tuple, and as an expanded record that a call site shows
 * row after row.
 */
#ifndef ASSISTANCE_VALUE_SPLIT_H
#define ASSISTANCE_VALUE_SPLIT_H

#include "access/htup_details.h"
#include "fen.h"
#include "value/lines.h"
#include "value/shown.h"

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

/* the column of each kind of layer */
extern const uint8 split_of_kind[LAYER_KINDS];

/* What forming one split leaves for the next. */
typedef struct SplitFormer
{
	int			header_length;
	char	   *header;			/* of every tuple, but for its length */
	char		zero[4];		/* 0.00 as tuples store it, in three bytes */
	int			zero_length;
	LinesHead	lines_head;
	const Split *split;			/* the one that is formed or shown */
	int			lines_length;	/* of lines; 0: not written yet */
	char	   *lines;			/* its lines as a stored value */
	int			tuple_length;	/* of tuple; 0: not written yet */
	char	   *tuple;			/* all of it as a stored value */
} SplitFormer;

/*
 * The split of the current row as an expanded record: whoever takes columns out of it finds them as they are, and the tuple and
 * its lines are only written for those who store them.
 */
typedef struct SplitShow
{
	ExpandedRecordHeader record;	/* first: its methods are ours */
	ExpandedObjectHeader lines;
	SplitFormer *former;
	Datum		values[SPLIT_COLUMNS];
	bool		nulls[SPLIT_COLUMNS];
	Datum		zero;
	uint32		written;		/* bits: amounts that are not 0 */
	char		amounts[SPLIT_AMOUNTS][NUMERIC_MAX];
} SplitShow;

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

/* Prepare to show values of the row type type_id. */
extern SplitShow *NewSplitShow(SplitFormer *former, Oid type_id, MemoryContext memory);

/* A split as assistance.split, good until the next call or until *split changes. */
extern Datum ShowSplit(SplitShow *show, const Split *split);

/* Refuse a row type that is no longer what split.sql made. */
extern void CheckSplitType(TupleDesc desc);

/* Are these the 14 amounts, numeric(16,2), from column first on? */
extern bool AreSplitAmounts(TupleDesc desc, int first);

/* Is the column there, and of this type ("schema.type")? */
extern bool IsColumnOf(TupleDesc desc, int index, const char *type);

/* Its amounts in fen. */
extern void SplitAmounts(const Split *split, int64 amount_fen[SPLIT_AMOUNTS]);

#endif
