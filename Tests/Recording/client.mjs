// Node.js clients: `ws`, and the WebSocket that is built into Node.
// node client.mjs ws|undici ACTION URL
import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';

const WS = createRequire(import.meta.url)('ws');
const [library, action, url] = process.argv.slice(2);
const greetings = 'Grüße, Привет, 你好, שלום, नमस्ते 👋🏽';
const emoji = '🧭 north, 🐫 camel, 🍉 melon';

/** Opens a `ws` client. */
async function open(options) {
  const ws = new WS(url, options);
  ws.on('error', () => {});
  await new Promise((resolve) => ws.once('open', resolve));
  return ws;
}

/** Resolves with the next message, pong or end of the connection. */
const next = (ws) => new Promise((resolve) => ['message', 'pong', 'close'].forEach((e) => ws.once(e, resolve)));
const closed = (ws) => ws.readyState === 3 || new Promise((resolve) => ws.once('close', resolve));

/** Opens, writes raw bytes to the underlying socket, and waits for the end. */
async function raw(bytes, { end = false } = {}) {
  const ws = await open({ perMessageDeflate: false });
  ws.send('Hello');
  await next(ws);
  ws._socket.write(bytes);
  if (end) ws._socket.end();
  await closed(ws);
}

const wsActions = {
  async echo() {
    const ws = await open({ perMessageDeflate: false });
    for (const message of ['Hello', emoji, Buffer.alloc(40, 7)]) {
      ws.send(message);
      await next(ws);
    }
    ws.close(1000, 'готово');
    await closed(ws);
  },
  async echo_deflate() {
    const ws = await open({ perMessageDeflate: { threshold: 0 } });
    for (let i = 0; i < 3; i++) {
      ws.send(greetings.repeat(3));
      await next(ws);
    }
    ws.send('not compressed', { compress: false });
    await next(ws);
    ws.close(1000);
    await closed(ws);
  },
  async echo_no_takeover() {
    const ws = await open({
      perMessageDeflate: { threshold: 0, clientNoContextTakeover: true, serverNoContextTakeover: true },
    });
    for (let i = 0; i < 3; i++) {
      ws.send(greetings.repeat(2));
      await next(ws);
    }
    ws.close(1000);
    await closed(ws);
  },
  async small_server_window() {
    const ws = await open({ perMessageDeflate: { threshold: 0, serverMaxWindowBits: 9 } });
    // The text repeats itself after 700 bytes, further back than a window of 9 bits reaches.
    const half = Array.from({ length: 160 }, (_, i) => i * i).join(' ').slice(0, 700);
    for (let i = 0; i < 2; i++) {
      ws.send(half + half);
      await next(ws);
    }
    ws.close(1000);
    await closed(ws);
  },
  async client_no_takeover() {
    const ws = await open({ perMessageDeflate: { threshold: 0, clientNoContextTakeover: true } });
    for (let i = 0; i < 3; i++) {
      ws.send(greetings.repeat(2));
      await next(ws);
    }
    ws.close(1000);
    await closed(ws);
  },
  async deflate_fragments() {
    const ws = await open({ perMessageDeflate: { threshold: 0 } });
    const answer = next(ws);
    ws.send(greetings, { fin: false });
    ws.send(emoji, { fin: false });
    ws.send(greetings, { fin: true });
    await answer;
    ws.close();
    await closed(ws);
  },
  async fragments() {
    const ws = await open({ perMessageDeflate: false });
    ws.send('one ', { fin: false });
    ws.ping('between');
    await next(ws);
    ws.send('two ', { fin: false });
    ws.pong();
    const answer = next(ws);
    ws.send('three');
    await answer;
    ws.send(Buffer.from([1, 2, 3]), { fin: false });
    const second = next(ws);
    ws.send(Buffer.alloc(0), { fin: true });
    await second;
    ws.close();
    await closed(ws);
  },
  async lengths() {
    const ws = await open({ perMessageDeflate: false });
    for (const size of [0, 1, 125, 126, 127]) {
      ws.send(Buffer.alloc(size, size));
      await next(ws);
    }
    ws.close(1000);
    await closed(ws);
  },
  async send_65535() {
    const ws = await open({ perMessageDeflate: false });
    ws.send(Buffer.from(Array.from({ length: 65535 }, (_, i) => i & 255)));
    await next(ws);
    ws.close(1000);
    await closed(ws);
  },
  async listen() {
    await closed(await open({ perMessageDeflate: false }));
  },
  async listen_deflate() {
    await closed(await open());
  },
  async speak() {
    const ws = await open({ perMessageDeflate: false });
    ws.send('Hello');
    await closed(ws);
  },
  async speak_deflate() {
    const ws = await open({ perMessageDeflate: { threshold: 0 } });
    ws.send(greetings);
    await closed(ws);
  },
  async close_in_message() {
    const ws = await open({ perMessageDeflate: false });
    ws.send('to be ', { fin: false });
    ws.close(1001, 'continued elsewhere');
    await closed(ws);
  },
  async end_between_fragments() {
    const ws = await open({ perMessageDeflate: false });
    ws.send('to be ', { fin: false });
    ws.send('continued', { fin: false });
    ws._socket.end();
    await closed(ws);
  },
  async vanish() {
    const ws = await open({ perMessageDeflate: false });
    ws.send('Hello');
    await next(ws);
    ws.terminate();
    await closed(ws);
  },
  async rsv1_on_continuation() {
    const ws = await open({ perMessageDeflate: { threshold: 0 } });
    ws.send(greetings, { fin: false });
    await sleep(200);
    const mask = { fin: true, mask: true, readOnly: true, opcode: 0, rsv1: true };
    ws._sender.sendFrame(WS.Sender.frame(Buffer.from('Hello'), mask));
    await closed(ws);
  },
  async second_upgrade() {
    await raw('GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
  },
  async length_top_bit() {
    await raw(Buffer.from('82ff800000000000000537fa213d7f9f4d5158', 'hex'));
  },
  async half_header() {
    await raw(Buffer.from('82fe01', 'hex'), { end: true });
  },
  async opcode_7_half_frame() {
    await raw(Buffer.from('87', 'hex'), { end: true });
  },
};

/** Opens Node's own client. */
async function openOwn() {
  const ws = new WebSocket(url);
  ws.binaryType = 'arraybuffer';
  await new Promise((resolve) => (ws.onopen = resolve));
  ws.end = new Promise((resolve) => (ws.onclose = resolve));
  return ws;
}
const nextOwn = (ws) => new Promise((resolve) => { ws.onmessage = resolve; ws.end.then(resolve); });

const undiciActions = {
  async echo() {
    const ws = await openOwn();
    for (const message of [greetings, emoji, new Uint8Array(40).fill(9)]) {
      ws.send(message);
      await nextOwn(ws);
    }
    ws.close(3001, 'zurück bis später 🌙');
    await ws.end;
  },
  async close_empty() {
    const ws = await openOwn();
    ws.send('Hello');
    await nextOwn(ws);
    ws.close();
    await ws.end;
  },
  async listen() {
    await (await openOwn()).end;
  },
};

await (library === 'ws' ? wsActions : undiciActions)[action]();
process.exit(0);
