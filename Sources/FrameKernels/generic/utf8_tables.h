// The tables of the lookup algorithm of John Keiser and Daniel Lemire, "Validating UTF-8 in less than one instruction
// per byte" (2020). Three nibbles decide whether two bytes may be adjacent: the high and the low nibble of the first,
// the high nibble of the second. Each table lists the errors that its nibble leaves possible, one bit for each error;
// an error that all three leave possible has occurred.

#ifndef FRAME_KERNELS_UTF8_TABLES_H
#define FRAME_KERNELS_UTF8_TABLES_H

enum {
    too_short = 1 << 0,    // 11______ 0_______, 11______ 11______: a lead byte, and no continuation after it
    too_long = 1 << 1,     // 0_______ 10______: ASCII, and a continuation after it
    overlong_3 = 1 << 2,   // 11100000 100_____
    too_large = 1 << 3,    // 11110100 1001____, 11110100 101_____, and above 11110100 with any of these
    surrogate = 1 << 4,    // 11101101 101_____
    overlong_2 = 1 << 5,   // 1100000_ 10______
    too_large_8 = 1 << 6,  // above 11110100, 1000____
    overlong_4 = 1 << 6,   // 11110000 1000____
    two_more = 1 << 7,     // 10______ 10______: only after a lead of three or four bytes, which is checked separately
    carry = too_short | too_long | two_more  // errors that the low nibble of the first byte cannot exclude
};

#define ROW(errors) (char)(errors)

// clang-format off
#define FIRST_HIGH                                                                    \
    ROW(too_long),                                            /* 0000____ ________ */ \
    ROW(too_long),                                            /* 0001____ ________ */ \
    ROW(too_long),                                            /* 0010____ ________ */ \
    ROW(too_long),                                            /* 0011____ ________ */ \
    ROW(too_long),                                            /* 0100____ ________ */ \
    ROW(too_long),                                            /* 0101____ ________ */ \
    ROW(too_long),                                            /* 0110____ ________ */ \
    ROW(too_long),                                            /* 0111____ ________ */ \
    ROW(two_more),                                            /* 1000____ ________ */ \
    ROW(two_more),                                            /* 1001____ ________ */ \
    ROW(two_more),                                            /* 1010____ ________ */ \
    ROW(two_more),                                            /* 1011____ ________ */ \
    ROW(too_short | overlong_2),                              /* 1100____ ________ */ \
    ROW(too_short),                                           /* 1101____ ________ */ \
    ROW(too_short | overlong_3 | surrogate),                  /* 1110____ ________ */ \
    ROW(too_short | too_large | too_large_8 | overlong_4)     /* 1111____ ________ */

#define FIRST_LOW                                                                     \
    ROW(carry | overlong_2 | overlong_3 | overlong_4),        /* ____0000 ________ */ \
    ROW(carry | overlong_2),                                  /* ____0001 ________ */ \
    ROW(carry),                                               /* ____0010 ________ */ \
    ROW(carry),                                               /* ____0011 ________ */ \
    ROW(carry | too_large),                                   /* ____0100 ________ */ \
    ROW(carry | too_large | too_large_8),                     /* ____0101 ________ */ \
    ROW(carry | too_large | too_large_8),                     /* ____0110 ________ */ \
    ROW(carry | too_large | too_large_8),                     /* ____0111 ________ */ \
    ROW(carry | too_large | too_large_8),                     /* ____1000 ________ */ \
    ROW(carry | too_large | too_large_8),                     /* ____1001 ________ */ \
    ROW(carry | too_large | too_large_8),                     /* ____1010 ________ */ \
    ROW(carry | too_large | too_large_8),                     /* ____1011 ________ */ \
    ROW(carry | too_large | too_large_8),                     /* ____1100 ________ */ \
    ROW(carry | too_large | too_large_8 | surrogate),         /* ____1101 ________ */ \
    ROW(carry | too_large | too_large_8),                     /* ____1110 ________ */ \
    ROW(carry | too_large | too_large_8)                      /* ____1111 ________ */

#define SECOND_HIGH                                                                   \
    ROW(too_short),                                           /* ________ 0000____ */ \
    ROW(too_short),                                           /* ________ 0001____ */ \
    ROW(too_short),                                           /* ________ 0010____ */ \
    ROW(too_short),                                           /* ________ 0011____ */ \
    ROW(too_short),                                           /* ________ 0100____ */ \
    ROW(too_short),                                           /* ________ 0101____ */ \
    ROW(too_short),                                           /* ________ 0110____ */ \
    ROW(too_short),                                           /* ________ 0111____ */ \
    ROW(too_long | overlong_2 | two_more | overlong_3 | too_large_8 | overlong_4), /* ________ 1000____ */ \
    ROW(too_long | overlong_2 | two_more | overlong_3 | too_large), /* ________ 1001____ */ \
    ROW(too_long | overlong_2 | two_more | surrogate | too_large),  /* ________ 1010____ */ \
    ROW(too_long | overlong_2 | two_more | surrogate | too_large),  /* ________ 1011____ */ \
    ROW(too_short),                                           /* ________ 1100____ */ \
    ROW(too_short),                                           /* ________ 1101____ */ \
    ROW(too_short),                                           /* ________ 1110____ */ \
    ROW(too_short)                                            /* ________ 1111____ */
// clang-format on

#endif
