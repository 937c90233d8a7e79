// Which kernels the processor can run: determined once, when the program is loaded.

#include <stdlib.h>
#include <string.h>

#include "generic/kernel_tables.h"

enum { maximum_sets = 2 };

static const wsk_kernels *usable[maximum_sets + 1];
const wsk_kernels *wsk_chosen;

__attribute__((constructor)) static void choose(void) {
    int count = 0;
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("bmi") &&
        __builtin_cpu_supports("bmi2"))
        usable[count++] = &wsk_avx512_kernels;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2"))
        usable[count++] = &wsk_avx2_kernels;
#elif FRAME_KERNELS_NEON
    usable[count++] = &wsk_neon_kernels;
#endif
    usable[count] = 0;
    wsk_chosen = usable[0];

    // For benchmarks and tests. The name of kernels that this processor cannot run is ignored.
    const char *const name = getenv("WEBSOCKET_FRAMES_KERNELS");
    if (!name) return;
    for (int number = 0; number < count; number++) {
        if (strcmp(usable[number]->name, name) == 0) wsk_chosen = usable[number];
    }
    if (strcmp(name, "none") == 0) wsk_chosen = 0;
}

const wsk_kernels *wsk_kernels_at(int number) { return number >= 0 && number < maximum_sets ? usable[number] : 0; }
