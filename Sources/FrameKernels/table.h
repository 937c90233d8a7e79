// What each processor's file gives to the choice.

#ifndef FRAME_KERNELS_TABLE_H
#define FRAME_KERNELS_TABLE_H

#include "include/FrameKernels.h"

extern const fk_kernels fk_avx2_kernels, fk_avx512_kernels;

#endif
