// CCCrypt for AES without padding, implemented with OpenSSL.

#include "CommonCrypto/CommonCrypto.h"
#include <openssl/evp.h>

CCCryptorStatus CCCrypt(
    CCOperation op, CCAlgorithm alg, CCOptions options, const void *key, size_t keyLength, const void *iv,
    const void *dataIn, size_t dataInLength, void *dataOut, size_t dataOutAvailable, size_t *dataOutMoved) {
    if (alg != kCCAlgorithmAES || dataOutAvailable < dataInLength || (keyLength != 16 && keyLength != 32)) return kCCParamError;
    const EVP_CIPHER *blocks = options & kCCOptionECBMode ? (keyLength == 16 ? EVP_aes_128_ecb() : EVP_aes_256_ecb())
                                                          : (keyLength == 16 ? EVP_aes_128_cbc() : EVP_aes_256_cbc());
    EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
    int first = 0, last = 0;
    int done = EVP_CipherInit_ex(context, blocks, NULL, key, iv, op == kCCEncrypt) && EVP_CIPHER_CTX_set_padding(context, 0)
        && EVP_CipherUpdate(context, dataOut, &first, dataIn, (int)dataInLength)
        && EVP_CipherFinal_ex(context, (unsigned char *)dataOut + first, &last);
    EVP_CIPHER_CTX_free(context);
    *dataOutMoved = (size_t)(first + last);
    return done ? kCCSuccess : kCCParamError;
}
