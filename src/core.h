/*
 * core.h — the headers of the core as the PostgreSQL side sees them: three of its types share their names with types of
 * PostgreSQL and are called CoreName, CorePage and CoreParam here.
 */
#ifndef ASSISTANCE_CORE_H
#define ASSISTANCE_CORE_H

#define Name CoreName
#define Page CorePage
#define Param CoreParam

#include "core/json.h"
#include "core/settle.h"

#undef Name
#undef Page
#undef Param

#endif
