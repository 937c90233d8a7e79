// Node.js servers: `ws`, and `http` alone.
// node server.cjs ACTION PORT
const http = require('node:http');
const crypto = require('node:crypto');
const { WebSocketServer, Sender } = require('ws');

const [action, port] = process.argv.slice(2);
const host = process.env.RECORD_HOST ?? '127.0.0.1';
const greetings = 'Grüße, Привет, 你好, שלום, नमस्ते 👋🏽';

/** Serves with `ws`. */
function serve(options, onConnection) {
  const server = new WebSocketServer({ host, port: Number(port), ...options });
  server.on('connection', (ws, request) => {
    ws.on('error', () => {});
    onConnection(ws, request);
  });
}

/** Echoes every message. */
const echo = (ws) => ws.on('message', (data, isBinary) => ws.send(data, { binary: isBinary }));

/** Sends a server's frame with custom options. */
const send = (ws, data, options) =>
  ws._sender.sendFrame(Sender.frame(Buffer.from(data), { fin: true, mask: false, readOnly: true, ...options }));

const actions = {
  echo: () => serve({ perMessageDeflate: false }, echo),
  echo_deflate: () => serve({ perMessageDeflate: { threshold: 0 } }, echo),
  echo_no_takeover: () =>
    serve({ perMessageDeflate: { threshold: 0, serverNoContextTakeover: true, clientNoContextTakeover: true } }, echo),
  small_client_window: () => serve({ perMessageDeflate: { threshold: 0, clientMaxWindowBits: 9 } }, echo),
  limited: () => serve({ perMessageDeflate: false, maxPayload: 1024 }, echo),
  size: () =>
    serve({ perMessageDeflate: false }, (ws) => ws.on('message', (data) => ws.send(`${data.length} received`))),
  push_65536: () =>
    serve({ perMessageDeflate: false }, (ws) => {
      ws.send(Buffer.from(Array.from({ length: 65536 }, (_, i) => (i * 7) & 255)));
      ws.close(1000);
    }),
  close_4001: () =>
    serve({ perMessageDeflate: false }, (ws) => {
      ws.send('Hello');
      ws.close(4001, 'вы не вошли 🔒');
    }),
  close_empty: () => serve({ perMessageDeflate: false }, (ws) => ws.on('message', () => ws.close())),
  ping: () =>
    serve({ perMessageDeflate: false }, (ws) => {
      ws.on('pong', (data) => (data.length ? ws.close(1000) : ws.ping('🏓 number two')));
      ws.ping();
    }),
  fragments_deflate: () =>
    serve({ perMessageDeflate: { threshold: 0 } }, (ws) => {
      ws.send(greetings, { fin: false });
      ws.send(greetings, { fin: false });
      ws.send('the end', { fin: true });
      ws.send(Buffer.alloc(300), { binary: true });
      ws.close(1000);
    }),
  terminate: () =>
    serve({ perMessageDeflate: false }, (ws) => ws.on('message', (data) => ws.send(data, () => ws.terminate()))),
  end_between_fragments: () =>
    serve({ perMessageDeflate: false }, (ws) => {
      ws.send('to be ', { fin: false });
      ws._socket.end();
    }),
  half_frame: () =>
    serve({ perMessageDeflate: false }, (ws) => {
      const [header] = Sender.frame(Buffer.alloc(300), { fin: true, mask: false, readOnly: true, opcode: 2 });
      ws._socket.end(Buffer.concat([header, Buffer.alloc(100, 5)]));
    }),
  masked: () =>
    serve({ perMessageDeflate: false }, (ws) => {
      ws.send('Hello');
      send(ws, 'from behind a mask', { opcode: 1, mask: true });
    }),
  rsv1_without_deflate: () =>
    serve({ perMessageDeflate: false }, (ws) => send(ws, Buffer.from('f248cdc9c90700', 'hex'), { opcode: 1, rsv1: true })),
  rsv1_on_pong: () =>
    serve({ perMessageDeflate: { threshold: 0 } }, (ws) =>
      ws.on('message', () => {
        ws.send(greetings);
        setTimeout(() => send(ws, 'Hello', { opcode: 10, rsv1: true }), 200);
      })),
  close_1015: () =>
    serve({ perMessageDeflate: false }, (ws) => {
      ws.send('Hello');
      send(ws, Buffer.from([0x03, 0xf7]), { opcode: 8 });
    }),
  http_error: () =>
    serve({ perMessageDeflate: false }, (ws) =>
      ws.on('message', () =>
        ws._socket.end('HTTP/1.1 500 Internal Server Error\r\nConnection: close\r\nContent-Length: 6\r\n\r\nsorry\n'))),
  http_error_deflate: () =>
    serve({ perMessageDeflate: { threshold: 0 } }, (ws) =>
      ws.on('message', () => ws._socket.end('HTTP/1.1 502 Bad Gateway\r\nConnection: close\r\n\r\n'))),
  refuses_and_upgrades: () => {
    // A rate limiter answers, but does not stop the upgrade.
    const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
    const server = http.createServer();
    server.on('upgrade', (request, socket, head) => {
      socket.on('error', () => {});
      socket.write('HTTP/1.1 429 Too Many Requests\r\nRetry-After: 60\r\nContent-Length: 0\r\n\r\n');
      sockets.handleUpgrade(request, socket, head, (ws) => {
        ws.send('Hello');
        ws.close(1000);
      });
    });
    server.listen(Number(port), host);
  },
  pipe: () => {
    const server = http.createServer((_, response) => response.writeHead(426).end());
    server.on('upgrade', (request, socket) => {
      const guid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
      const accept = crypto.createHash('sha1').update(request.headers['sec-websocket-key'] + guid).digest('base64');
      socket.write('HTTP/1.1 101 Web Socket Protocol Handshake\r\nUpgrade: WebSocket\r\nConnection: Upgrade\r\n' +
        `Sec-WebSocket-Accept: ${accept}\r\n\r\n`);
      socket.on('error', () => {});
      socket.pipe(socket);
    });
    server.listen(Number(port), host);
  },
};

actions[action]();
