// Conversations over TLS with `ws`: node --tls-keylog=FILE tls_client.cjs PORT VERSION:SUITE[:again],…
// Consecutive ports, one per suite; with `again` the previous session is resumed on its port. Suites that cannot be
// negotiated are skipped.
const WebSocket = require('ws')

async function talk(port, version, suite, session) {
    const ws = new WebSocket(`wss://127.0.0.1:${port}/`, {
        perMessageDeflate: false, rejectUnauthorized: false, minVersion: version, maxVersion: version,
        ciphers: suite.startsWith('TLS_') ? suite : `${suite}:@SECLEVEL=0`, session,
    })
    let ticket
    ws.on('upgrade', (response) => {
        ticket = response.socket.getSession()
        response.socket.on('session', (value) => (ticket = value))
    })
    await new Promise((resolve, reject) => ws.once('open', resolve).once('error', reject))
    ws.send('hello through TLS')
    await new Promise((resolve) => ws.once('message', resolve))
    ws.close(1000)
    await new Promise((resolve) => ws.once('close', resolve))
    return ticket
}

async function main() {
    let port = Number(process.argv[2]) - 1
    let session
    for (const words of process.argv[3].split(',')) {
        const [version, suite, again] = words.split(':')
        if (!again) port += 1
        try {
            session = await talk(port, `TLSv${version}`, suite, again ? session : undefined)
        } catch {
            session = undefined
        }
    }
    // Node writes its key log line by line, without waiting for it.
    setTimeout(() => process.exit(0), 1000)
}
main()
