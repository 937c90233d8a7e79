// WebSocket over HTTP/2 (RFC 8441) with Node's http2: a server that echoes every message, and writes its frames itself.
//   node h2_server.mjs PORT [CERTIFICATE]
import { createSecureServer, createServer } from 'node:http2'
import { readFileSync } from 'node:fs'

const [port, certificate] = [Number(process.argv[2]), process.argv[3]]
const settings = { enableConnectProtocol: true }
const page = readFileSync(new URL('tls_page.html', import.meta.url))
const both = certificate && readFileSync(certificate)
const server = both ? createSecureServer({ settings, key: both, cert: both }) : createServer({ settings })

function frame(first, payload) {
    const length = payload.length < 126 ? [payload.length] : [126, payload.length >> 8, payload.length & 255]
    return Buffer.concat([Buffer.from([first, ...length]), payload])
}

server.on('stream', (stream, headers) => {
    stream.on('error', () => {})
    if (headers[':path'] === '/talk') {
        stream.respond({ ':status': 200, 'content-type': 'text/html' })
        return stream.end(page)
    }
    if (headers[':protocol'] !== 'websocket') {
        stream.respond({ ':status': 404 })
        return stream.end('no page\n')
    }
    stream.respond({ ':status': headers[':path'] === '/chat/1' ? 403 : 200 }, { endStream: headers[':path'] === '/chat/1' })
    let held = Buffer.alloc(0)
    stream.on('data', (data) => {
        held = Buffer.concat([held, data])
        while (held.length >= 6) {
            let length = held[1] & 127
            const start = length === 126 ? 8 : 6
            if (length === 126) length = held.readUInt16BE(2)
            if (held.length < start + length) return
            const key = held.subarray(start - 4, start)
            const payload = Buffer.from(held.subarray(start, start + length)).map((byte, index) => byte ^ key[index % 4])
            stream.write(frame(held[0], payload))
            if ((held[0] & 15) === 8) stream.end()
            held = held.subarray(start + length)
        }
    })
})
server.listen(port, '127.0.0.1', () => console.log('ready'))
