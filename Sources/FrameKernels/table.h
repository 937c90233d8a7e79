// What one processor's file gives to the choice.

#ifndef FRAME_KERNELS_TABLE_H
#define FRAME_KERNELS_TABLE_H

#include "include/FrameKernels.h"

typedef struct {
    fk_run (*skim)(const uint8_t *, size_t, fk_terms);
    fk_frame (*take)(uint8_t *, size_t, fk_terms);
    size_t (*text_prefix)(const uint8_t *, size_t, uint32_t);
    size_t (*unmask)(uint8_t *, size_t, uint32_t);
} fk_kernels;

extern const fk_kernels fk_avx2_kernels, fk_avx512_kernels;

#endif
