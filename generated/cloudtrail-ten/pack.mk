# How to build the scanner of this pack. Set TRAIL to trailc's prefix; include from a Makefile, or
#     make -f pack.mk TRAIL=/usr/local
TRAIL ?= /usr/local
RE2C ?= re2c
SCANNER ?= scanner

PACK_C = main.c match.c filters.c regexes.c fields.c pack.c

$(SCANNER): $(PACK_C) pack.h
	$(CC) -std=c11 -O2 -I$(TRAIL)/include $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $(PACK_C) -L$(TRAIL)/lib -ltrail -lisal -ldeflate -lzstd -lcjson -lyaml -lsqlite3 -lpthread

%.c: %.re
	$(RE2C) -W --no-generation-date --no-version -o $@ $<
