/*
 * record.h — a settlement record of the national interface as C reads it: one cell for each field that we know, under the name of
 * 2304, whatever the record calls it. From jsonb, or from a row of a table with national names.
 */
#ifndef ASSISTANCE_NATIONAL_RECORD_H
#define ASSISTANCE_NATIONAL_RECORD_H

#include "access/htup.h"
#include "compat.h"
#include "dictionary/memo.h"
#include "utils/jsonb.h"
#include "utils/timestamp.h"

/* X(constant, name, is an amount); the first SETLINFO_FIELDS in the order of 2304 */
#define FIELD_TABLE(X) \
	X(MDTRT_ID, "mdtrt_id", false) X(SETL_ID, "setl_id", false) X(PSN_NO, "psn_no", false) X(PSN_NAME, "psn_name", false) \
	X(PSN_CERT_TYPE, "psn_cert_type", false) X(CERTNO, "certno", false) X(GEND, "gend", false) X(NATY, "naty", false) \
	X(BRDY, "brdy", false) X(AGE, "age", false) X(INSUTYPE, "insutype", false) X(PSN_TYPE, "psn_type", false) \
	X(CVLSERV_FLAG, "cvlserv_flag", false) X(SETL_TIME, "setl_time", false) X(MDTRT_CERT_TYPE, "mdtrt_cert_type", false) \
	X(MED_TYPE, "med_type", false) X(MEDFEE_SUMAMT, "medfee_sumamt", true) X(FULAMT_OWNPAY_AMT, "fulamt_ownpay_amt", true) \
	X(OVERLMT_SELFPAY, "overlmt_selfpay", true) X(PRESELFPAY_AMT, "preselfpay_amt", true) X(INSCP_SCP_AMT, "inscp_scp_amt", true) \
	X(ACT_PAY_DEDC, "act_pay_dedc", true) X(HIFP_PAY, "hifp_pay", true) X(POOL_PROP_SELFPAY, "pool_prop_selfpay", true) \
	X(CVLSERV_PAY, "cvlserv_pay", true) X(HIFES_PAY, "hifes_pay", true) X(HIFMI_PAY, "hifmi_pay", true) \
	X(HIFOB_PAY, "hifob_pay", true) X(HIFDM_PAY, "hifdm_pay", true) X(MAF_PAY, "maf_pay", true) \
	X(HOSP_PART_AMT, "hosp_part_amt", true) X(OTH_PAY, "oth_pay", true) X(FUND_PAY_SUMAMT, "fund_pay_sumamt", true) \
	X(PSN_PART_AMT, "psn_part_amt", true) X(ACCT_PAY, "acct_pay", true) X(PSN_CASH_PAY, "psn_cash_pay", true) X(BALC, "balc", true) \
	X(ACCT_MULAID_PAY, "acct_mulaid_pay", true) X(MEDINS_SETL_ID, "medins_setl_id", false) X(CLR_OPTINS, "clr_optins", false) \
	X(CLR_WAY, "clr_way", false) X(CLR_TYPE, "clr_type", false) X(INSU_ADMDVS, "insu_admdvs", false) \
	X(FIXMEDINS_CODE, "fixmedins_code", false) X(DEDC_HOSP_LV, "dedc_hosp_lv", false) X(HOSP_LV, "hosp_lv", false) \
	X(BEGNDATE, "begndate", false) X(ENDDATE, "enddate", false) X(DISE_CODG, "dise_codg", false) X(YEAR, "year", false) \
	X(SETL_TYPE, "setl_type", false) X(REFD_SETL_FLAG, "refd_setl_flag", false) X(INIT_SETL_ID, "init_setl_id", false) \
	X(MAT_IDET_CODE, "mat_idet_code", false) X(PSN_IDET_TYPE, "psn_idet_type", false) X(MED_SUMFEE, "med_sumfee", true) \
	X(DEDC_STD, "dedc_std", true) X(CRT_DEDC, "crt_dedc", true) X(SETLDETAIL, "setldetail", false) X(ASSISTANCE, "assistance", false)

typedef enum Field
{
#define X(constant, name, amount) F_##constant,
	FIELD_TABLE(X)
#undef X
	FIELDS
} Field;

#define SETLINFO_FIELDS (F_CLR_TYPE + 1)

extern const char *const field_name[FIELDS];
extern const bool field_is_amount[FIELDS];

typedef enum CellKind
{
	CELL_ABSENT,
	CELL_NULL,					/* null, or blank */
	CELL_TEXT,
	CELL_NUMBER,
	CELL_TIME,					/* of a row: civil time */
	CELL_OTHER					/* a boolean, an array or an object of JSON */
} CellKind;

typedef struct Cell
{
	CellKind	kind;
	bool		own_name;		/* under the name of 2304, not another spelling */
	Word		spelling;
	Word		text;
	Datum		number;			/* numeric */
	Timestamp	time;
	JsonbValue	json;			/* as it came; not of a row */
} Cell;

typedef struct Record
{
	Cell		cell[FIELDS];
	int			n_others;		/* members that we do not know, null ones first */
	JsonbValue *others;			/* key, value, key, value … */
} Record;

/* Columns of a row type, worked out once. Starts all zero. */
typedef struct RowForm
{
	uint64		identifier;		/* of the row type as it was then */
	TupleDesc	desc;
	int16	   *field;			/* by column: Field, or -1 */
} RowForm;

/* Read a record; raises MA801. Texts point into the argument. */
extern void RecordFromJsonb(Jsonb *setlinfo, Record *record);
extern void RecordFromRow(HeapTupleHeader row, RowForm *form, MemoryContext memory, Record *record);

/* The record in its normal form. */
extern Jsonb *RecordToJsonb(const Record *record);

/* MA801, with what was found and what was expected */
extern void RefuseRecord(const char *detail, const char *hint) __attribute__((noreturn));

/* A date or time; false when there is none. Raises MA801. */
extern bool CellTime(const Record *record, Field field, Timestamp *time);

/* A text; of a number its digits. The text is NULL when there is none. */
extern Word CellText(const Record *record, Field field);

/* An amount that came as text; false when it is none. */
extern bool TextAmount(Word text, Datum *number);

static inline bool
HasNumber(const Record *record, Field field)
{
	return record->cell[field].kind == CELL_NUMBER;
}

static inline Datum
NumberOf(const Record *record, Field field)
{
	return record->cell[field].number;
}

/* ---- identities I1 to I6 ---- */

typedef enum Verdict
{
	SKIPPED,
	HOLDS,
	FAILS
} Verdict;

#define IDENTITIES 6
#define ERROR_IDENTITIES 4		/* the first ones are errors, the others warnings */

typedef struct Identity
{
	Verdict		verdict;
	bool		has_left;
	bool		has_right;
	Datum		left;			/* numeric */
	Datum		right;
} Identity;

extern const char *const identity_formula[IDENTITIES];

/* The first n identities; lines: those of setldetail, or NULL. */
extern void CheckIdentities(const Record *record, const JsonbValue *lines, int n, Identity *identity);

/* "I1: …, but a and b; I2: …" for the errors among them, NULL when none fails; palloc'd */
extern char *FailedIdentities(const Record *record);

#endif
