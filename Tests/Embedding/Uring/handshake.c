#include "client.h"

#include <openssl/evp.h>
#include <openssl/sha.h>
#include <string.h>
#include <strings.h>

static void say(client *client, const char *text) { client_append(client, &client->output, text, strlen(text)); }

static void refuse(client *client, const char *status, const char *fields) {
    client->is_refused = true;
    say(client, "HTTP/1.1 ");
    say(client, status);
    say(client, "\r\nConnection: close\r\nContent-Length: 0\r\n");
    say(client, fields);
    say(client, "\r\n");
}

/* The value of a header field, without the spaces around it; NULL if the field is not there. */
static const char *value(const char *head, const char *name, size_t *count) {
    size_t length = strlen(name);
    for (const char *line = head; (line = strstr(line, "\r\n")) && line[2] != '\r';) {
        line += 2;
        if (strncasecmp(line, name, length) != 0 || line[length] != ':') continue;
        const char *start = line + length + 1;
        start += strspn(start, " \t");
        *count = strcspn(start, "\r");
        while (*count && strchr(" \t", start[*count - 1])) --*count;
        return start;
    }
    return NULL;
}

/* Whether a field's list has a word. */
static bool lists(const char *head, const char *name, const char *word) {
    size_t count = 0, length = strlen(word);
    const char *list = value(head, name, &count);
    for (size_t at = 0; list && at < count;) {
        size_t item = strcspn(list + at, ",\r"), start = at + strspn(list + at, " \t");
        size_t end = at + item;
        while (end > start && strchr(" \t", list[end - 1])) --end;
        if (end - start == length && strncasecmp(list + start, word, length) == 0) return true;
        at += item + 1;
    }
    return false;
}

/* 16 bytes in Base64 (§4.1). */
static bool is_key(const char *key, size_t count) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    return key && count == 24 && strspn(key, digits) == 22 && strchr("AQgw", key[21]) && key[22] == '=' && key[23] == '=';
}

void client_answer_request(client *client, const settings *settings, const char *head) {
    const char *line_end = strstr(head, "\r\n");
    if (line_end - head < 9 || memcmp(line_end - 9, " HTTP/1.1", 9) != 0) return refuse(client, "400 Bad Request", "");
    if (strncmp(head, "GET ", 4) != 0) return refuse(client, "405 Method Not Allowed", "Allow: GET\r\n");
    if (!lists(head, "Upgrade", "websocket") || !lists(head, "Connection", "upgrade")
        || !lists(head, "Sec-WebSocket-Version", "13"))
        return refuse(client, "426 Upgrade Required", "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n");
    size_t count = 0;
    const char *key = value(head, "Sec-WebSocket-Key", &count);
    if (!is_key(key, count)) return refuse(client, "400 Bad Request", "");

    static const char identifier[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    char joined[24 + sizeof identifier - 1];
    memcpy(joined, key, 24);
    memcpy(joined + 24, identifier, sizeof identifier - 1);
    unsigned char digest[SHA_DIGEST_LENGTH], accept[29];
    SHA1((const unsigned char *)joined, sizeof joined, digest);
    EVP_EncodeBlock(accept, digest, sizeof digest);
    say(client, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ");
    say(client, (const char *)accept);
    say(client, "\r\n\r\n");

    wsf_options options;
    client->is_upgraded = wsf_options_init(&options, sizeof options, WSF_CLIENT);
    options.max_frame = settings->max_frame;
    options.max_message = settings->max_message;
    client->is_upgraded &= wsf_connection_init(&client->connection, sizeof client->connection, &options);
    client->deadline = 0;
}
