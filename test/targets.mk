# targets.mk — the project's own targets beside those of PGXS; included by the Makefile before PGXS. They need no
# PostgreSQL to be read: test/setup.sh installs what is missing, then everything happens in build/ and on throwaway
# clusters.
#
#	make demo		build, start a throwaway cluster, settle real policies and published examples
#	make psql		the same, then psql on that database
#	make check		everything that can fail; ends with "N passed, N failed"
#	make bench		speed, one line per figure (BENCH_BILLS, BENCH_RUNS)
#	make unit frozen oracle fuzz	single parts of check
#	make coverage		branch coverage of the core by its unit tests
#	make dist		build/dist/assistance-VERSION.tar.gz with META.json

TEST_GOALS := demo psql check bench unit frozen oracle fuzz coverage dist
.PHONY: $(TEST_GOALS)

ifneq ($(filter $(TEST_GOALS),$(MAKECMDGOALS)),)

demo:
	@test/setup.sh demo
	@test/cluster.sh test/demo/run.sh

psql:
	@test/setup.sh demo
	@test/cluster.sh test/demo/run.sh psql

check:
	@test/setup.sh check
	@test/check.sh

bench:
	@test/setup.sh bench
	@test/bench/run.sh

unit frozen oracle fuzz:
	@test/setup.sh check
	@test/check.sh $@

coverage:
	@test/setup.sh check
	@$(MAKE) -s -f test/core.mk coverage

dist:
	@test/dist.sh

endif
