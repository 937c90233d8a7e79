// Which kernels the processor can run: asked once, when the program is loaded.

#include "table.h"

static const fk_kernels *chosen;
static const char *name = "none";

int fk_restrict(int level) {
    chosen = 0;
    name = "none";
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (level >= 2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("bmi2")) {
        chosen = &fk_avx512_kernels;
        name = "avx512";
        return 2;
    }
    if (level >= 1 && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2")) {
        chosen = &fk_avx2_kernels;
        name = "avx2";
        return 1;
    }
#else
    (void)level;
#endif
    return 0;
}

__attribute__((constructor)) static void choose(void) { fk_restrict(2); }

const char *fk_name(void) { return name; }

fk_run fk_skim(const uint8_t *bytes, size_t count, fk_terms terms) {
    return chosen ? chosen->skim(bytes, count, terms) : (fk_run){0, 0, 0};
}

fk_frame fk_take(uint8_t *bytes, size_t count, fk_terms terms) {
    return chosen ? chosen->take(bytes, count, terms) : (fk_frame){0, 0, 0};
}

size_t fk_text_prefix(const uint8_t *bytes, size_t count, uint32_t key) {
    return chosen && count >= 64 ? chosen->text_prefix(bytes, count, key) : 0;
}

size_t fk_unmask(uint8_t *bytes, size_t count, uint32_t key) {
    return chosen && count >= 64 ? chosen->unmask(bytes, count, key) : 0;
}
