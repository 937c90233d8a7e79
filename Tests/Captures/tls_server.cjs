// Echo servers over TLS with `ws`: node tls_server.cjs PORT VERSION:SUITE,… CERTIFICATES KEYLOG
// Consecutive ports, one per suite; the key log may be empty. The port of a suite that Node does not support stays closed.
const { WebSocketServer } = require('ws')
const { createServer } = require('node:https')
const { appendFileSync, readFileSync } = require('node:fs')

const [port, suites, folder, keys] = process.argv.slice(2)
const file = (name) => readFileSync(`${folder}/${name}`)

suites.split(',').forEach((words, index) => {
    const [version, suite] = words.split(':')
    const options = {
        key: [file('ec-key.pem'), file('rsa-key.pem')], cert: [file('ec.pem'), file('rsa.pem')], dhparam: 'auto',
        minVersion: `TLSv${version}`, maxVersion: `TLSv${version}`,
        ciphers: suite.startsWith('TLS_') ? suite : `${suite}:@SECLEVEL=0`,
    }
    let server
    try {
        server = createServer(options)
    } catch {
        return
    }
    if (keys) server.on('keylog', (line) => appendFileSync(keys, line))
    const echo = new WebSocketServer({ server, perMessageDeflate: false })
    echo.on('connection', (ws) => ws.on('message', (data, isBinary) => ws.send(data, { binary: isBinary })))
    server.listen(Number(port) + index, '127.0.0.1')
})
