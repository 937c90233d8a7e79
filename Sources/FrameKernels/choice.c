// Which kernels the processor can run: asked once, when the program is loaded.

#include "table.h"

enum { kinds = 2 };

static const fk_kernels *usable[kinds + 1];
const fk_kernels *fk_chosen;

__attribute__((constructor)) static void choose(void) {
    int count = 0;
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("bmi") &&
        __builtin_cpu_supports("bmi2"))
        usable[count++] = &fk_avx512_kernels;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2"))
        usable[count++] = &fk_avx2_kernels;
#elif FRAME_KERNELS_NEON
    usable[count++] = &fk_neon_kernels;
#endif
    usable[count] = 0;
    fk_chosen = usable[0];
}

const fk_kernels *fk_kernels_at(int number) { return number >= 0 && number < kinds ? usable[number] : 0; }
