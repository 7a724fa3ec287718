# core.mk — programs that link the core without PostgreSQL: unit tests, the oracle's driver, fuzzers, the fold bench.
# Objects and programs go to build/<flavour>: asan (tests), fuzz (clang), cov (coverage), fast (bench).

build := $(abspath $(or $(ASSISTANCE_BUILD),build))
warnings := -std=c11 -Wall -Wextra -Werror
# not -I: src/core/limits.h must not stand for <limits.h>
include_core := -iquote src/core -iquote test/unit
core := $(notdir $(basename $(wildcard src/core/*.c)))

flags_asan := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
flags_fuzz := -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
flags_cov := -O0 -g --coverage -DASSISTANCE_COVERAGE
tune := $(shell gcc -mtune=native -E -x c /dev/null >/dev/null 2>&1 && echo -mtune=native)
flags_fast := -O2 -g -fno-tree-vectorize -flto=auto $(tune)
link_fuzz := -fsanitize=fuzzer,address,undefined

unit_tests := $(notdir $(basename $(wildcard test/unit/test_*.c)))
unit_help := $(notdir $(basename $(filter-out test/unit/test_%,$(wildcard test/unit/*.c))))
fuzzers := $(notdir $(basename $(wildcard test/fuzz/fuzz_*.c)))

.PHONY: unit compare fuzz bench coverage
.SECONDARY:

unit: $(unit_tests:%=$(build)/asan/%)
compare: $(build)/asan/compare
fuzz: $(fuzzers:%=$(build)/fuzz/%)
bench: $(build)/fast/fold

# One rule set per flavour: $(1) flavour, $(2) compiler
define flavour
objects_$(1) := $$(core:%=$(build)/$(1)/core/%.o)

$(build)/$(1)/core/%.o: src/core/%.c
	@mkdir -p $$(@D)
	$(2) $$(warnings) $$(flags_$(1)) $$(include_core) -MMD -MP -c $$< -o $$@

$(build)/$(1)/test/%.o: test/%.c
	@mkdir -p $$(@D)
	$(2) $$(warnings) $$(flags_$(1)) $$(include_core) -MMD -MP -c $$< -o $$@

-include $$(wildcard $(build)/$(1)/core/*.d $(build)/$(1)/test/*/*.d)
endef

$(eval $(call flavour,asan,$(or $(GCC),gcc)))
$(eval $(call flavour,cov,$(or $(GCC),gcc)))
$(eval $(call flavour,fast,$(or $(GCC),gcc)))
$(eval $(call flavour,fuzz,$(or $(CLANG),clang)))

$(build)/asan/test_%: $(build)/asan/test/unit/test_%.o $(unit_help:%=$(build)/asan/test/unit/%.o) $(objects_asan)
	$(or $(GCC),gcc) $(flags_asan) -o $@ $^

$(build)/cov/test_%: $(build)/cov/test/unit/test_%.o $(unit_help:%=$(build)/cov/test/unit/%.o) $(objects_cov)
	$(or $(GCC),gcc) $(flags_cov) -o $@ $^

$(build)/asan/compare: $(build)/asan/test/oracle/compare.o $(objects_asan)
	$(or $(GCC),gcc) $(flags_asan) -o $@ $^

$(build)/fuzz/fuzz_%: $(build)/fuzz/test/fuzz/fuzz_%.o $(objects_fuzz)
	$(or $(CLANG),clang) $(link_fuzz) -o $@ $^

$(build)/fast/fold: $(build)/fast/test/bench/fold.o $(objects_fast)
	$(or $(GCC),gcc) $(flags_fast) -o $@ $^

# Line and branch coverage of the core by the unit tests alone; COUNTS is a file that receives "passed failed".
coverage: $(unit_tests:%=$(build)/cov/%)
	@find $(build)/cov -name '*.gcda' -delete
	@for test in $(unit_tests); do $(build)/cov/$$test >$(build)/cov/output || { cat $(build)/cov/output; exit 1; }; done
	@python3 test/coverage.py $(if $(COUNTS),--counts $(COUNTS)) test/unit/unreachable.txt $(build)/cov/core $(build)/cov/test/unit
