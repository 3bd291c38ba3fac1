# Each kernel is compiled for its own processor; which one runs is chosen where it runs. Sets KERNEL for its object. (gcc
# would keep what goes from block to block in pairs, and the pairs in memory.)
SIEVE = -fno-tree-slp-vectorize
ifneq ($(findstring x86_64,$(shell $(CC) -dumpmachine)),)
$(B)/runtime/sieve/sieve_avx512.o: KERNEL = $(SIEVE) -mavx512bw -mavx512vl -mavx512vbmi -mbmi -mbmi2 -mpclmul -mpopcnt $(KERNEL_SANITIZE)
$(B)/runtime/sieve/sieve_avx2.o: KERNEL = $(SIEVE) -mavx2 -mbmi -mbmi2 -mpclmul -mpopcnt
$(B)/runtime/sieve/sieve_sse.o: KERNEL = $(SIEVE) -msse4.2 -mpclmul -mpopcnt
endif
