// WebSocket over HTTP/2 (RFC 8441) with Node's http2: a client that writes its frames itself.
//   node h2_client.mjs URL STREAMS     (NODE_EXTRA_CA_CERTS and --tls-keylog are up to the caller)
import { connect, constants } from 'node:http2'
import { randomBytes } from 'node:crypto'

const [url, count] = [process.argv[2], Number(process.argv[3] ?? 1)]

function frame(opcode, payload) {
    const key = randomBytes(4)
    const masked = Buffer.from(payload).map((byte, index) => byte ^ key[index % 4])
    const length = masked.length < 126 ? [0x80 | masked.length] : [0xfe, masked.length >> 8, masked.length & 255]
    return Buffer.concat([Buffer.from([0x80 | opcode, ...length]), key, masked])
}

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds))

const session = connect(url, { rejectUnauthorized: false })
session.on('error', (error) => console.error(error))
await new Promise((resolve) => session.once('remoteSettings', resolve))
// An ordinary request first, so that both header tables have entries.
const page = session.request({ ':path': '/page', 'user-agent': 'h2_client' })
page.on('error', () => {})
page.resume()
await pause(100)

async function talk(index) {
    const stream = session.request(
        {
            ':method': 'CONNECT', ':protocol': 'websocket', ':scheme': 'https', ':path': `/chat/${index}`,
            ':authority': 'h2.example', 'sec-websocket-version': '13', 'user-agent': 'h2_client', origin: 'https://h2.example',
        },
        { endStream: false },
    )
    stream.on('error', () => {})
    const status = await new Promise((resolve) => stream.once('response', (headers) => resolve(headers[':status'])))
    if (status !== 200) return
    stream.on('data', () => {})
    stream.write(frame(1, `hello on stream ${index}`))
    await pause(60)
    stream.write(frame(2, Buffer.alloc(300 + index, 7)))
    await pause(60)
    if (index === 2) {
        stream.close(constants.NGHTTP2_CANCEL)
        return
    }
    stream.write(frame(8, [3, 232]))
    await pause(60)
    stream.end()
}

await Promise.all(Array.from({ length: count }, (_, index) => talk(index)))
await pause(200)
session.close()
await pause(100)
process.exit(0)
