/*
 * value.h — what a simulation found, as the functions that make rows read it; and its stored form.
 */
#ifndef ASSISTANCE_SIMULATE_VALUE_H
#define ASSISTANCE_SIMULATE_VALUE_H

#include "simulate/simulate.h"
#include "value/terms.h"

#define SIMULATION_FORMAT 1		/* every released format stays readable */

/* Numbers of texts are one more than their place, so that 0 is null; in groups one number more stands for all others. */
#define NULL_TEXT 0

typedef struct SimulatedText
{
	const char *text;
	int			length;
} SimulatedText;

typedef struct SimulatedScenario
{
	uint32		name;
	uint32		parameter;
	uint32		step;
	uint8		digest[DIGEST_BYTES];	/* of its terms */
} SimulatedScenario;

typedef struct SimulatedCell
{
	uint32		dims;			/* place in dims */
	int32		month;
	int64		bills;
	int64		column_fen[COLUMNS];
} SimulatedCell;

/* kinds of payers: those of layers, then … */
#define PAYER_IS_HOSPITAL LAYER_KINDS
#define PAYER_IS_PATIENT (LAYER_KINDS + 1)
#define PAYER_KINDS (LAYER_KINDS + 2)

typedef struct SimulatedPayer
{
	uint32		layer;			/* text; NULL_TEXT for hospital and patient */
	uint32		kind;
} SimulatedPayer;

typedef struct SimulatedCost
{
	uint32		cell;
	uint32		payer;
	Sum			sum;
} SimulatedCost;

typedef struct SimulatedLimit
{
	uint32		region;
	uint32		scheme;
	int32		from_day;		/* of the page */
	uint32		payer;			/* n_payers: rules of several layers share it */
	uint32		rule;			/* text; NULL_TEXT: several rules share it */
	uint32		which;			/* LimitKind */
	uint32		number;			/* of caps and ceilings: from 1; else 0 */
	uint32		name;			/* of the counter or ceiling, where there is one */
	int64		persons;		/* to whom the rule was applied … */
	int64		persons_reached;
	int64		bills;
	int64		bills_reached;
	Exact		amount;
} SimulatedLimit;

typedef struct Simulation
{
	uint32		n_texts;
	SimulatedText *texts;		/* in byte order */
	uint32		n_scenarios;
	SimulatedScenario *scenarios;
	uint32		n_dims;
	Dims	   *dims;			/* in order of their texts */
	uint32		n_cells;
	SimulatedCell *cells;		/* in order of dimensions and month */
	uint32		n_payers;
	SimulatedPayer *payers;		/* layers in order of their first appearance in the books, then hospital and patient */
	uint32	   *n_costs;		/* by scenario */
	SimulatedCost **costs;		/* in order of cell and payer */
	uint32		n_groups;
	uint32	   *groups;			/* texts, NULL_TEXT, or n_texts + 1: others */
	PersonGroup **in_group;		/* [scenario][group], and behind them all persons */
	uint32	   *n_limits;
	SimulatedLimit **limits;
} Simulation;

extern Datum EncodeSimulation(const Simulation *simulation);

/* Check every byte; raises MA302 */
extern Simulation *DecodeSimulation(Datum value);

#endif
