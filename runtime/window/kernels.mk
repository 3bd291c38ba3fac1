# Each kernel is compiled for its own processor; which one runs is chosen where it runs. Sets KERNEL for its object.
ifneq ($(findstring x86_64,$(shell $(CC) -dumpmachine)),)
$(B)/runtime/window/siphash_avx512.o: KERNEL = -mavx512bw -mavx512vl $(KERNEL_SANITIZE)
$(B)/runtime/window/siphash_avx2.o: KERNEL = -mavx2
endif
