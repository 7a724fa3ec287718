/*
 * calendar.h — days since 2000-01-01 and the civil calendar (dates.c). Years 1 to 9999.
 */
#ifndef ASSISTANCE_CALENDAR_H
#define ASSISTANCE_CALENDAR_H

#include <stdint.h>

extern int	DaysInMonth(int year, int month);
extern int32_t DayFromCivil(int year, int month, int day);
extern void CivilFromDay(int32_t day, int *year, int *month, int *day_of_month);

#endif
