// Which kernels the processor can run: asked once, when the program is loaded.

#include "table.h"

enum { kinds = 2 };

static const fk_kernels *usable[kinds + 1];
#define chosen (usable[0])

__attribute__((constructor)) static void choose(void) {
    int count = 0;
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("bmi2"))
        usable[count++] = &fk_avx512_kernels;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2")) usable[count++] = &fk_avx2_kernels;
#endif
    usable[count] = 0;
}

const fk_kernels *fk_kernels_at(int number) { return number >= 0 && number < kinds ? usable[number] : 0; }

fk_run fk_skim(const uint8_t *bytes, size_t count, fk_terms terms) {
    return chosen ? chosen->skim(bytes, count, terms) : (fk_run){0, 0, 0};
}

fk_frame fk_take(uint8_t *bytes, size_t count, fk_terms terms) {
    return chosen ? chosen->take(bytes, count, terms) : (fk_frame){0, 0, 0};
}

size_t fk_text_prefix(const uint8_t *bytes, size_t count, uint32_t key) {
    return chosen ? chosen->text_prefix(bytes, count, key) : 0;
}

size_t fk_unmask_text(uint8_t *bytes, size_t count, uint32_t key) {
    return chosen ? chosen->unmask_text(bytes, count, key) : 0;
}

size_t fk_unmask(uint8_t *bytes, size_t count, uint32_t key) {
    return chosen && count >= 64 ? chosen->unmask(bytes, count, key) : 0;
}
