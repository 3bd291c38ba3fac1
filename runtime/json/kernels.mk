# Each kernel is compiled for its own processor; which one runs is chosen where it runs. Sets KERNEL for its object.
ifneq ($(findstring x86_64,$(shell $(CC) -dumpmachine)),)
$(B)/runtime/json/index_avx512.o: KERNEL = -mavx512bw -mavx512vl -mbmi -mbmi2 -mpclmul -mpopcnt $(KERNEL_SANITIZE)
$(B)/runtime/json/index_avx2.o: KERNEL = -mavx2 -mbmi -mpclmul -mpopcnt
$(B)/runtime/json/index_sse.o: KERNEL = -msse4.2 -mpclmul -mpopcnt
endif
