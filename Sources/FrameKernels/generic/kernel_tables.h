// The tables of functions that each processor's file provides.

#ifndef FRAME_KERNELS_TABLE_H
#define FRAME_KERNELS_TABLE_H

#include "../include/FrameKernels.h"

/// arm64, with the lowest byte of a word first, as the kernels require.
#if defined(__aarch64__) && defined(__ARM_NEON) && !defined(__AARCH64EB__)
#define FRAME_KERNELS_NEON 1
#else
#define FRAME_KERNELS_NEON 0
#endif

WSK_HIDDEN extern const wsk_kernels wsk_avx2_kernels, wsk_avx512_kernels, wsk_neon_kernels;

#endif
