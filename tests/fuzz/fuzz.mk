# The fuzzers: libFuzzer programs over the compiler's and the runtime's sources, all instrumented. Run by `make fuzz`.
B ?= build/fuzz
FUZZ_SECONDS ?= 60
FUZZ_SEED    ?=

CC      = clang
FLAGS   = -std=c11 -g -O1 -D_GNU_SOURCE -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
INCLUDE = -iquote compiler -Iruntime -Iruntime/include -iquote $(B)/compiler -I$(B)/runtime -Igenerated/cloudtrail-ten
LIBS    = -lyaml -lcjson -lisal -ldeflate -lzstd -lpthread

GRAMMARS = $(patsubst %.y,$(B)/%.c,$(wildcard compiler/*/*.y))
LEXERS   = $(patsubst %.re,$(B)/%.c,$(wildcard compiler/*/*.re runtime/*/*.re))
PACK_RE  = $(patsubst generated/%.re,$(B)/generated/%.c,$(wildcard generated/cloudtrail-ten/*.re))
SOURCES  = $(wildcard compiler/*/*.c runtime/*/*.c) \
           $(filter-out %/main.c,$(wildcard generated/cloudtrail-ten/*.c))
TABLES   = $(B)/compiler/catalogue/tables.c
OBJECTS  = $(SOURCES:%.c=$(B)/%.o) $(TABLES:.c=.o) $(GRAMMARS:.c=.o) $(LEXERS:.c=.o) $(PACK_RE:.c=.o)
FUZZERS  = $(patsubst tests/fuzz/%.c,$(B)/%,$(wildcard tests/fuzz/fuzz_*.c))

.PHONY: fuzz
fuzz: $(FUZZERS)
	FUZZ_SECONDS=$(FUZZ_SECONDS) FUZZ_SEED=$(FUZZ_SEED) tests/fuzz/run $(FUZZERS)

$(B)/fuzz_%: tests/fuzz/fuzz_%.c $(B)/all.a
	$(CC) $(FLAGS) -fsanitize=fuzzer $(INCLUDE) -o $@ $< $(B)/all.a $(LIBS)

$(B)/all.a: $(OBJECTS)
	rm -f $@ && ar rcs $@ $^

$(B)/%.o: %.c | $(GRAMMARS) $(LEXERS)
	@mkdir -p $(@D)
	$(CC) $(FLAGS) $(KERNEL) $(INCLUDE) -MMD -MP -c -o $@ $<

$(B)/%.o: $(B)/%.c
	$(CC) $(FLAGS) $(INCLUDE) -MMD -MP -c -o $@ $<

$(TABLES): compiler/catalogue/tables.awk $(addprefix compiler/catalogue/,fields.txt events.txt apis.txt)
	@mkdir -p $(@D)
	LC_ALL=C awk -f $^ >$@.new && mv $@.new $@

$(B)/%.c: %.re
	@mkdir -p $(@D)
	re2c -i -W --no-generation-date --no-version -I $(<D) -o $@ $<

$(B)/compiler/%.c: compiler/%.y
	@mkdir -p $(@D)
	lemon -q -T/usr/share/lemon/lempar.c -d$(@D) $<

include runtime/json/kernels.mk runtime/sieve/kernels.mk

-include $(OBJECTS:.o=.d)

%.c: %.y
.SECONDARY:
