# trailc: rules for CloudTrail, compiled. `make help` lists the targets.

PREFIX  ?= /usr/local
DESTDIR ?=
CC      ?= cc
B       ?= build

# What the user gives is appended, never overwritten.
WARN     = -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wmissing-prototypes $(WERROR)
# No tables for unwinding at run time: a tenth of a scanner, and nothing in it unwinds.
BASE     = -std=c11 -O2 -g -fno-asynchronous-unwind-tables $(WARN)
CPP_BASE = -D_GNU_SOURCE -iquote compiler -Iruntime -Iruntime/include -iquote $(B)/compiler -I$(B)/runtime
COMPILE  = $(CC) $(BASE) $(KERNEL) $(CPP_BASE) $(CPPFLAGS) $(CFLAGS) -MMD -MP
RE2C     = re2c -i -W -Werror --no-generation-date --no-version
LEMPAR   = /usr/share/lemon/lempar.c

LIBS_RUNTIME  = -lisal -ldeflate -lzstd -lcjson -lyaml -lsqlite3 -lpthread
LIBS_COMPILER = $(LIBS_RUNTIME)

# ---- sources ----

COMPILER_C  = $(wildcard compiler/*.c compiler/*/*.c)
COMPILER_RE = $(wildcard compiler/*/*.re)
COMPILER_Y  = $(wildcard compiler/*/*.y)
RUNTIME_C   = $(wildcard runtime/*/*.c)
RUNTIME_RE  = $(wildcard runtime/*/*.re)

GRAMMARS    = $(COMPILER_Y:compiler/%.y=$(B)/compiler/%.c)
LEXERS      = $(COMPILER_RE:compiler/%.re=$(B)/compiler/%.c)
TABLES      = $(B)/compiler/catalogue/tables.c
COMPILER_O  = $(COMPILER_C:%.c=$(B)/%.o) $(GRAMMARS:.c=.o) $(LEXERS:.c=.o) $(TABLES:.c=.o)
REPORT_MADE = $(B)/runtime/report/assets.c $(B)/runtime/report/attack_table.c
RUNTIME_O   = $(RUNTIME_C:%.c=$(B)/%.o) $(RUNTIME_RE:%.re=$(B)/%.o) $(REPORT_MADE:.c=.o)

# The compiler splits a rule's words by the machine that splits a log's values: these objects are in both. What
# `trailc explain` reads events with it takes from the runtime's library.
TEXT_O      = $(B)/runtime/match/text.o $(B)/runtime/match/lowercase.o $(B)/runtime/match/utf8.o $(B)/runtime/hash/sha256.o

.PHONY: all
all: $(B)/trailc $(B)/libtrail.a $(B)/include/trail

# trailc finds its runtime beside itself.
$(B)/include/trail: $(wildcard runtime/include/trail/*.h)
	@mkdir -p $@
	cp $^ $@
	@touch $@

$(B)/trailc: $(B)/compiler/main.o $(B)/libtrailc.a $(B)/libtrail.a
	$(CC) $(BASE) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS_COMPILER)

# Everything of the compiler but main.c: the tests link it.
$(B)/libtrailc.a: $(filter-out $(B)/compiler/main.o,$(COMPILER_O)) $(TEXT_O)
	rm -f $@ && $(AR) rcs $@ $^

$(B)/libtrail.a: $(RUNTIME_O)
	rm -f $@ && $(AR) rcs $@ $^

$(B)/%.o: %.c | $(GRAMMARS)
	@mkdir -p $(@D)
	$(COMPILE) -c -o $@ $<

$(B)/%.o: $(B)/%.c
	@mkdir -p $(@D)
	$(COMPILE) -c -o $@ $<

$(B)/%.c: %.re
	@mkdir -p $(@D)
	$(RE2C) -I $(<D) -o $@ $<

$(B)/runtime/match/text.c: runtime/match/text_classes.inc

include runtime/json/kernels.mk runtime/sieve/kernels.mk runtime/window/kernels.mk runtime/report/assets.mk

# The catalogue's text, as tables.
$(TABLES): compiler/catalogue/tables.awk $(addprefix compiler/catalogue/,fields.txt events.txt apis.txt)
	@mkdir -p $(@D)
	LC_ALL=C awk -f $^ >$@.new && mv $@.new $@

# Not yacc, which make would offer.
%.c: %.y

$(B)/compiler/%.c: compiler/%.y
	@mkdir -p $(@D)
	lemon -q -T$(LEMPAR) -d$(@D) $<

# lemon's output has its own idea of clean.
$(GRAMMARS:.c=.o): WARN = -Wall -Wno-unused-parameter -Wno-unused-variable -Wno-sign-compare $(WERROR)
.PRECIOUS: $(B)/%.c $(B)/compiler/%.c

-include $(COMPILER_O:.o=.d) $(RUNTIME_O:.o=.d)

# ---- tests ----

UNIT = $(patsubst tests/unit/%.c,$(B)/tests/unit/%,$(wildcard tests/unit/*.c))

$(B)/tests/unit/%: tests/unit/%.c $(B)/libtrailc.a $(B)/libtrail.a
	@mkdir -p $(@D)
	$(COMPILE) $(LDFLAGS) -o $@ $< $(B)/libtrailc.a $(B)/libtrail.a -lcheck -lsubunit -lm -lrt -lunistring -lpcre2-8 $(LIBS_COMPILER)

.PHONY: unit
unit: $(UNIT)

TESTS = $(UNIT) $(filter-out tests/bench/%,$(sort $(wildcard tests/*/*.sh)))
# What the scripts under tests/ run.
export TRAILC = $(abspath $(B))/trailc
export BUILD  = $(abspath $(B))

.PHONY: check
check: deps-test
	@$(MAKE) --no-print-directory -j$(JOBS) all unit test-programs
	JOBS=$(JOBS) tests/run $(B)/tests/logs $(TESTS)

# Programs that the test scripts run.
.PHONY: test-programs
test-programs: $(B)/tests/day $(B)/tests/measure $(B)/tests/differential $(B)/tests/lucene $(B)/tests/lucene-cases $(B)/tests/regexes $(B)/tests/logic $(B)/tests/rewrites

$(B)/tests/rewrites: tests/golden/rewrites.c $(B)/libtrailc.a
	@mkdir -p $(@D)
	$(COMPILE) $(LDFLAGS) -o $@ $^ $(LIBS_COMPILER)

# Router, outbox and sender, for the tests of channels.
test-programs: $(B)/tests/deliver
$(B)/tests/deliver: tests/channels/deliver.c $(B)/libtrail.a
	@mkdir -p $(@D)
	$(COMPILE) $(LDFLAGS) -o $@ $< $(B)/libtrail.a $(LIBS_RUNTIME)

# What is unusual, found in labelled series: the table of runtime/baseline.md.
test-programs: $(B)/tests/usual
$(B)/tests/usual: tests/usual/usual.c tests/usual/series.c tests/usual/series.h $(B)/libtrail.a
	@mkdir -p $(@D)
	$(CC) $(BASE) $(CPP_BASE) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.c %.a,$^) -lm $(LIBS_RUNTIME)

# Learning a year of counts.
test-programs: $(B)/tests/year
$(B)/tests/year: tests/bench/year.c $(B)/libtrail.a
	@mkdir -p $(@D)
	$(COMPILE) $(LDFLAGS) -o $@ $< $(B)/libtrail.a $(LIBS_RUNTIME)

$(B)/tests/measure: tests/bench/measure.c
	@mkdir -p $(@D)
	$(COMPILE) $(LDFLAGS) -o $@ $<

# Rule files as JSON, and rule files in any layout, for the tests of what editors use.
test-programs: $(B)/tests/documents $(B)/tests/layouts
$(B)/tests/documents: tests/editors/documents.c $(B)/libtrailc.a
	@mkdir -p $(@D)
	$(COMPILE) $(LDFLAGS) -o $@ $< $(B)/libtrailc.a $(LIBS_COMPILER)

$(B)/tests/layouts: $(addprefix tests/differential/,random.c random_filters.c random_words.c) tests/editors/layouts.c $(B)/libtrailc.a
	@mkdir -p $(@D)
	$(CC) $(BASE) $(CPP_BASE) -iquote tests $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.c %.a,$^) -lunistring $(LIBS_COMPILER)

# The live engine in a world of its own; `make torture` runs 10,000 of them.
test-programs: $(B)/tests/simulation
$(B)/tests/simulation: $(wildcard tests/simulation/*.c tests/simulation/*.h) $(B)/libtrail.a
	@mkdir -p $(@D)
	$(CC) $(BASE) $(CPP_BASE) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.c %.a,$^) $(LIBS_RUNTIME)

.PHONY: torture
torture: deps-test
	@$(MAKE) --no-print-directory -s -j$(JOBS) all test-programs $(B)/tests/unit/test_state_crash $(B)/tests/unit/test_service_crash
	$(B)/tests/simulation 1 10000
	$(B)/tests/unit/test_state_crash 10000
	$(B)/tests/unit/test_service_crash 10000

$(B)/tests/day: $(wildcard tests/day/*.c) tests/day/day.h
	@mkdir -p $(@D)
	$(CC) $(BASE) $(CPP_BASE) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.c,$^) -lisal

.PHONY: day
day: $(B)/tests/day
	@rm -rf $(B)/day
	@$(B)/tests/day --out $(B)/day >/dev/null
	@echo "$(B)/day: $$(find $(B)/day -type f | wc -l) files"

# The naive evaluator, and what is held against it.
NAIVE  = $(addprefix tests/differential/,naive.c naive_event.c naive_pattern.c filters.c random.c)
LUCENE = campaign.c draw.c lucene.c reading.c reading_regex.c records.c replay.c stored.c verdicts.c vocabulary.c
HELD   = $(B)/tests/differential $(B)/tests/logic $(B)/tests/lucene $(B)/tests/lucene-cases
$(B)/tests/differential: $(addprefix tests/differential/,differential.c random_dense.c random_events.c random_filters.c random_words.c)
$(B)/tests/logic: $(addprefix tests/differential/,logic.c random_events.c random_filters.c random_words.c)
$(B)/tests/lucene: $(addprefix tests/lucene/,$(LUCENE)) tests/differential/random_filters.c
$(B)/tests/lucene-cases: tests/lucene/cases.c tests/lucene/departures.c tests/differential/random_words.c
$(HELD): $(NAIVE) $(wildcard tests/differential/*.h tests/lucene/*.h) $(B)/libtrailc.a $(B)/libtrail.a
	@mkdir -p $(@D)
	$(CC) $(BASE) $(CPP_BASE) -iquote tests/differential $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.c,$^) $(filter %.a,$^) -lunistring -lpcre2-8 $(LIBS_COMPILER)

# Random filters, held against the real Lucene: SEED, FILTERS, BLESS=1 (see tests/lucene/campaign).
.PHONY: check-lucene
check-lucene:
	@.ci/deps build test lucene
	@$(MAKE) --no-print-directory -s -j$(JOBS) all $(B)/tests/lucene
	@tests/lucene/campaign

$(B)/tests/regexes: tests/differential/regexes.c tests/differential/random.c tests/differential/random.h $(B)/libtrailc.a
	@mkdir -p $(@D)
	$(CC) $(BASE) $(CPP_BASE) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $(filter %.c %.a,$^) -lunistring -lpcre2-8 $(LIBS_COMPILER)

# The same tests, with the compiler, the runtime and every scanner that they build under the sanitizers.
# (The stack on which gcc's sanitizer watches frames that were left is not aligned for registers of 64 bytes.)
SANITIZE = -fsanitize=address,undefined -fno-sanitize-recover=all
.PHONY: sanitize
sanitize:
	KERNEL_SANITIZE="--param asan-use-after-return=0" \
	    CFLAGS="-O1 $(SANITIZE)" LDFLAGS="$(SANITIZE)" ASAN_OPTIONS=detect_stack_use_after_return=1 \
	    $(MAKE) --no-print-directory check B=$(B)/sanitize

JOBS ?= $(shell nproc)
FUZZ_SECONDS ?= 60
FUZZ_SEED    ?=
.PHONY: fuzz
fuzz:
	@.ci/deps build fuzz
	@$(MAKE) --no-print-directory -j$(JOBS) B=$(B)/fuzz FUZZ_SECONDS=$(FUZZ_SECONDS) FUZZ_SEED=$(FUZZ_SEED) -f tests/fuzz/fuzz.mk

# Rewrites the expected outputs; look at the difference before committing it.
.PHONY: bless
bless: all $(B)/tests/rewrites
	BLESS=1 tests/golden/run.sh

.PHONY: demo
demo: deps-build
	@$(MAKE) --no-print-directory -s -j$(JOBS) all $(B)/tests/day
	@examples/demo.sh

# What the README shows of the report.
.PHONY: picture
picture: deps-test
	@$(MAKE) --no-print-directory -s -j$(JOBS) all $(B)/tests/day
	@examples/demo.sh >/dev/null
	@NODE_PATH=$(BUILD)/browser/node_modules node tests/browser/picture.cjs $(BUILD)/demo/report.html examples/report.png

.PHONY: bench bench-quick
bench bench-quick:
	@.ci/deps build test bench
	@$(MAKE) --no-print-directory -s -j$(JOBS) all test-programs
	@tests/bench/bench.sh $(if $(filter bench-quick,$@),--quick)

# How long after a line's last byte its alert is told, on standard output and at a channel's receiver.
$(B)/tests/latency: tests/bench/latency.c
	@mkdir -p $(@D)
	$(COMPILE) $(LDFLAGS) -o $@ $<

.PHONY: latency
latency: all $(B)/tests/latency
	@tests/bench/latency.sh

# ---- installing ----

.PHONY: deps deps-build deps-test
deps:
	@.ci/deps build test fuzz
deps-build:
	@.ci/deps build
deps-test:
	@.ci/deps build test

# Where to, for the shell: a path may hold spaces and quotes.
install uninstall: export TO = $(DESTDIR)$(PREFIX)

.PHONY: install uninstall
install: all
	install -d "$$TO/bin" "$$TO/lib" "$$TO/include/trail" "$$TO/share/man/man1" "$$TO/share/man/man5" "$$TO/share/trailc/rules" "$$TO/lib/systemd/system"
	sed 's|@PREFIX@|$(PREFIX)|g' runtime/trailc@.service >"$$TO/lib/systemd/system/trailc@.service"
	install -m 755 $(B)/trailc "$$TO/bin/trailc"
	install -m 644 $(B)/libtrail.a "$$TO/lib/libtrail.a"
	install -m 644 runtime/include/trail/*.h "$$TO/include/trail/"
	install -m 644 compiler/trailc.1 runtime/trailc-scanner.1 "$$TO/share/man/man1/"
	install -m 644 compiler/trailc-rules.5 runtime/trailc-config.5 "$$TO/share/man/man5/"
	cp -R rules/cloudtrail-ten "$$TO/share/trailc/rules/"

uninstall:
	rm -f "$$TO/bin/trailc" "$$TO/lib/libtrail.a" "$$TO/share/man/man1/trailc.1" "$$TO/share/man/man1/trailc-scanner.1" \
	    "$$TO/share/man/man5/trailc-rules.5" "$$TO/share/man/man5/trailc-config.5"
	rm -f "$$TO/lib/systemd/system/trailc@.service"
	rm -rf "$$TO/include/trail" "$$TO/share/trailc"

# ---- for those who change it ----

.PHONY: fmt lint compile_commands.json clean help
WRITTEN = $(shell git ls-files '*.c' '*.h' ':!generated' ':!tests/golden')

fmt:
	@.ci/deps dev
	clang-format -i $(WRITTEN)

# What cppcheck says of memory, too, is wrong here: it does not see what is handed over by the statement that returns, or
# filled in by its address. The sanitizers look at that.
lint:
	@.ci/deps build dev
	clang-format --dry-run -Werror $(WRITTEN)
	cppcheck --quiet --std=c11 --enable=warning,portability --error-exitcode=1 --inline-suppr \
	    $(patsubst %,--suppress=%,memleak uninitvar identicalInnerCondition nullPointerArithmeticRedundantCheck \
	    shiftTooManyBitsSigned AssignmentAddressToInteger) \
	    -Icompiler -Iruntime -Iruntime/include compiler runtime

compile_commands.json:
	@.ci/deps build dev
	bear --output $@ -- $(MAKE) -B all

clean:
	rm -rf $(B)

help:
	@echo 'make              build trailc and libtrail.a into $(B)/'
	@echo 'make demo         generate a day of CloudTrail, compile the ten alerts, show what they find'
	@echo 'make picture      the report of make demo as examples/report.png'
	@echo 'make day          the same day alone, in $(B)/day'
	@echo 'make check        run all tests (installs what they need); ends with N passed, N failed'
	@echo 'make check-lucene hold thousands of random filters against the real Lucene (needs Java; see tests/lucene)'
	@echo 'make bench        measure scanners beside their peers, print ratios and targets (make bench-quick: small)'
	@echo 'make latency      how long after a line its alert is told and has come to a channel, at 1,000 events a second'
	@echo 'make install      PREFIX=$(PREFIX) DESTDIR='
	@echo 'make uninstall    the reverse'
	@echo 'make sanitize     all tests under AddressSanitizer and UndefinedBehaviorSanitizer'
	@echo 'make torture      ten thousand simulated worlds of logs, rotations and crashes; scans and services ended at every step'
	@echo 'make fuzz         run each fuzzer for FUZZ_SECONDS=$(FUZZ_SECONDS)'
	@echo 'make bless        rewrite the golden files and generated/'
	@echo 'make deps         install the packages of .ci/packages'
	@echo 'make fmt lint compile_commands.json clean'
