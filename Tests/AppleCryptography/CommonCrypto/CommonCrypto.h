// The declarations of Apple's CommonCryptor.h that SystemCryptography.swift uses, with their documented types and values.

#include <stddef.h>
#include <stdint.h>

typedef int32_t CCCryptorStatus;
enum { kCCSuccess = 0, kCCParamError = -4300 };
typedef uint32_t CCOperation;
enum { kCCEncrypt = 0, kCCDecrypt };
typedef uint32_t CCAlgorithm;
enum { kCCAlgorithmAES = 0 };
typedef uint32_t CCOptions;
enum { kCCOptionPKCS7Padding = 0x0001, kCCOptionECBMode = 0x0002 };

CCCryptorStatus CCCrypt(
    CCOperation op, CCAlgorithm alg, CCOptions options, const void *key, size_t keyLength, const void *iv,
    const void *dataIn, size_t dataInLength, void *dataOut, size_t dataOutAvailable, size_t *dataOutMoved);
