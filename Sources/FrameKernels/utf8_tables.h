// The tables of the lookup algorithm of John Keiser and Daniel Lemire, "Validating UTF-8 in less than one instruction
// per byte" (2020). Whether two bytes may stand side by side shows in three of their half bytes: the high and the low
// half of the first, the high half of the second. Each table gives the errors that its half byte leaves possible, a bit
// an error; an error that all three leave possible is there.

#ifndef FRAME_KERNELS_UTF8_TABLES_H
#define FRAME_KERNELS_UTF8_TABLES_H

enum {
    too_short = 1 << 0,   // a lead byte, and no continuation after it
    too_long = 1 << 1,    // ASCII, and a continuation after it
    overlong_3 = 1 << 2,  // E0, and 80…9F
    too_large = 1 << 3,   // F4, and 90…BF, or F5 and up
    surrogate = 1 << 4,   // ED, and A0…BF
    overlong_2 = 1 << 5,  // C0 or C1
    too_large_8 = 1 << 6, // F5 and up, and 80…8F
    overlong_4 = 1 << 6,  // F0, and 80…8F
    two_more = 1 << 7,  // two continuations: right after a lead of three or four bytes only, which is looked at apart
    carry = too_short | too_long | two_more
};

// clang-format off
#define FIRST_HIGH \
    too_long, too_long, too_long, too_long, too_long, too_long, too_long, too_long, \
    (char)two_more, (char)two_more, (char)two_more, (char)two_more, \
    too_short | overlong_2, too_short, too_short | overlong_3 | surrogate, \
    too_short | too_large | too_large_8 | overlong_4

#define FIRST_LOW \
    (char)(carry | overlong_2 | overlong_3 | overlong_4), (char)(carry | overlong_2), (char)carry, (char)carry, \
    (char)(carry | too_large), \
    (char)(carry | too_large | too_large_8), (char)(carry | too_large | too_large_8), \
    (char)(carry | too_large | too_large_8), (char)(carry | too_large | too_large_8), \
    (char)(carry | too_large | too_large_8), (char)(carry | too_large | too_large_8), \
    (char)(carry | too_large | too_large_8), (char)(carry | too_large | too_large_8), \
    (char)(carry | too_large | too_large_8 | surrogate), \
    (char)(carry | too_large | too_large_8), (char)(carry | too_large | too_large_8)

#define SECOND_HIGH \
    too_short, too_short, too_short, too_short, too_short, too_short, too_short, too_short, \
    (char)(too_long | overlong_2 | two_more | overlong_3 | too_large_8 | overlong_4), \
    (char)(too_long | overlong_2 | two_more | overlong_3 | too_large), \
    (char)(too_long | overlong_2 | two_more | surrogate | too_large), \
    (char)(too_long | overlong_2 | two_more | surrogate | too_large), \
    too_short, too_short, too_short, too_short
// clang-format on

#endif
