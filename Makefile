# assistance — build, install and regression tests in the usual PGXS way. The version stands in assistance.control only.
# What "make demo", "make check" and "make bench" do: test/targets.mk; they need no PostgreSQL to be installed yet.
# Names of variables begin with OUR_ where PGXS does not ask for them: it has an INSTALL_SCRIPT and a VERSION of its own.

EXTENSION = assistance
OUR_VERSION := $(shell sed -n "s/^default_version = '\(.*\)'/\1/p" assistance.control)

MODULE_big = assistance
OUR_CORE_OBJS := $(sort $(patsubst %.c,%.o,$(wildcard src/core/*.c)))
OUR_GLUE_OBJS := $(sort $(patsubst %.c,%.o,$(filter-out src/core/%,$(wildcard src/*.c src/*/*.c))))
OBJS = $(OUR_CORE_OBJS) $(OUR_GLUE_OBJS)

# The install script is these parts, in this order.
OUR_SQL_PARTS = src/assistance.sql \
	src/value/terms.sql \
	src/value/bill.sql \
	src/value/charge.sql \
	src/value/account.sql \
	src/value/split.sql \
	src/settle/settle.sql \
	src/settle/settle_year.sql \
	src/explain/explain.sql \
	src/dictionary/dictionary.sql \
	src/dictionary/region.sql \
	src/dictionary/category.sql \
	src/dictionary/code.sql \
	src/dictionary/statistic.sql \
	src/dictionary/pilot_unit.sql \
	src/dictionary/lookup.sql \
	src/policy/values.sql \
	src/policy/compare.sql \
	src/policy/glance_words.sql \
	src/policy/glance.sql \
	src/policy/policy.sql \
	src/policy/document.sql \
	src/policy/statistic.sql \
	src/policy/in_force.sql \
	src/policy/lookup.sql \
	src/policy/views.sql \
	src/policy/lint.sql \
	src/policy/check.sql \
	src/policy/publish.sql \
	src/policy/roles.sql \
	src/guard/guard.sql \
	src/simulate/study.sql \
	src/simulate/simulate.sql \
	src/simulate/batch.sql \
	src/simulate/synthetic.sql \
	src/simulate/forecast.sql \
	src/simulate/report.sql \
	src/simulate/report_limits.sql \
	src/simulate/report_page.sql \
	src/register/triggers.sql \
	src/register/create_register.sql \
	src/register/create_partitions.sql \
	src/register/create_objects.sql \
	src/register/comments.sql \
	src/register/claims.sql \
	src/register/recoverables.sql \
	src/register/again.sql \
	src/register/resettle.sql \
	src/register/close_year.sql \
	src/register/verify.sql \
	src/register/chain.sql \
	src/register/remaining.sql \
	src/register/beyond_caps.sql \
	src/register/create_register_roles.sql \
	src/national/funds.sql \
	src/national/read.sql \
	src/national/bill.sql \
	src/national/setlinfo.sql \
	src/national/totals.sql \
	src/national/import.sql \
	src/national/reconcile.sql \
	src/national/print.sql \
	src/register/create_national_views.sql
OUR_SCRIPT = assistance--$(OUR_VERSION).sql
DATA_built = $(OUR_SCRIPT)
DATA = $(wildcard src/update/assistance--*--*.sql)

REGRESS = install change_of_terms values make_bill charge settle settle_scan explain errors guard simulate settle_batch synthetic simulation_report lint register \
	simulate_register forecast
REGRESS_OPTS = --inputdir=. --outputdir=. --encoding=UTF8

PG_CPPFLAGS = -Isrc -DASSISTANCE_VERSION='"$(OUR_VERSION)"'
PG_CFLAGS = -std=c11 -Wall -Wextra -Werror -Wno-declaration-after-statement
SHLIB_LINK = -Wl,--version-script=src/exports.map

# The fold is many small functions in many files: gcc inlines across them (measured: 1.5 times as fast), and knows which form of
# clearing a small array this processor likes (1.2 times); tuning keeps to the instructions that every processor has.
OUR_FAST = $(if $(findstring gcc,$(CC)),-flto=auto $(shell $(CC) -mtune=native -E -x c /dev/null >/dev/null 2>&1 && echo -mtune=native))
PG_CFLAGS += $(OUR_FAST)
SHLIB_LINK += $(OUR_FAST)
EXTRA_CLEAN = assistance--*.sql

# Bitcode would serve inlining by the JIT, which our functions are too large for.
override with_llvm = no

-include test/targets.mk

ifeq ($(filter $(TEST_GOALS),$(MAKECMDGOALS)),)

PG_CONFIG ?= pg_config
PGXS := $(shell $(PG_CONFIG) --pgxs)
include $(PGXS)

# PostgreSQL's headers are not written for -Wextra; the core includes none of them.
# Amounts that were just written one by one are not to be read back as a vector, which waits for all of them (measured: 3 % of a fold).
# The server's packages keep a frame pointer for those who profile it; the register it takes is worth 3 % of a fold.
$(OBJS): override CFLAGS += -fno-tree-vectorize -fomit-frame-pointer
$(OUR_GLUE_OBJS): override CFLAGS += -Wno-unused-parameter -Wno-missing-field-initializers -Wno-sign-compare -Wno-ignored-attributes

$(OBJS): $(wildcard src/*.h src/*/*.h) assistance.control
$(shlib): src/exports.map

$(OUR_SCRIPT): $(OUR_SQL_PARTS) assistance.control Makefile
	cat $(OUR_SQL_PARTS) > $@

endif
