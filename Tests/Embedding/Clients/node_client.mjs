// Node.js `ws`, as it is, and with broken frames put under it.
//     node node_client.mjs ACTION URL [WORDS…]
// Ends with status 0 if all is as it should be.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';

const WebSocket = createRequire(import.meta.url)('ws');
const [action, url, ...words] = process.argv.slice(2);
const greetings = 'Grüße, Привет, 你好, שלום, नमस्ते, 👋🏽 ';

/** A client whose connection is open. It offers compression, as `ws` does by itself. */
async function open(options = {}) {
  const ws = new WebSocket(url, options);
  await new Promise((resolve, reject) => ws.once('open', resolve).once('error', reject));
  return ws;
}

/** What the client says next of one kind, as the arguments of its event. */
const next = (ws, kind) => new Promise((resolve) => ws.once(kind, (...values) => resolve(values)));

/** Sends a message, and expects it back. */
async function echo(ws, message) {
  ws.send(message);
  await expect(ws, message);
}

async function expect(ws, message) {
  const [data, isBinary] = await next(ws, 'message');
  assert.equal(isBinary, typeof message !== 'string');
  assert.ok(data.equals(Buffer.from(message)), `${data.length} bytes came back otherwise`);
}

/** The code and the reason of the end. */
async function closing(ws) {
  const [code, reason] = await next(ws, 'close');
  return [code, reason.toString()];
}

const actions = {
  async sizes() {
    const ws = await open();
    for (const size of [0, 1, 125, 126, 65535, 65536, 1 << 20, 16 << 20]) {
      await echo(ws, 'x'.repeat(size));
      await echo(ws, Buffer.alloc(size, 0xfe));
    }
    ws.close(1000, 'fertig');
    assert.equal((await closing(ws))[0], 1000);
  },
  async languages() {
    const ws = await open();
    for (let count = 1; count < 60; count++) await echo(ws, greetings.repeat(count));
    ws.close();
    assert.deepEqual(await closing(ws), [1005, '']);
  },
  async fragments() {
    const ws = await open();
    const bytes = Buffer.from(greetings);
    const pong = next(ws, 'pong');
    for (const byte of bytes) {
      ws.send(Buffer.of(byte), { binary: false, fin: false });
      if (byte === 0x2c) ws.ping('between');
    }
    ws.send('', { fin: true });
    await expect(ws, greetings);
    assert.equal((await pong)[0].toString(), 'between');
    ws.close(4000, 'до свидания');
    assert.equal((await closing(ws))[0], 4000);
  },
  async pings() {
    const ws = await open();
    for (const payload of [Buffer.alloc(0), Buffer.from('probe'), Buffer.alloc(125, 1)]) {
      ws.ping(payload);
      assert.ok((await next(ws, 'pong'))[0].equals(payload));
    }
    ws.pong('nobody asked');
    await echo(ws, 'still here');
    ws.terminate();
  },
  /** ORDER CODE: a message that the server answers with a Close. */
  async order() {
    const ws = await open();
    ws.send(words[0]);
    assert.equal((await closing(ws))[0], Number(words[1]));
  },
  /** HEX CODE REASON: bytes on the socket under the client. */
  async broken() {
    const ws = await open({ perMessageDeflate: false });
    await echo(ws, 'before');
    ws._socket.write(Buffer.from(words[0], 'hex'));
    assert.deepEqual(await closing(ws), [Number(words[1]), words[2]]);
  },
  /** OPTIONS COUNT: compressed messages, in fragments and with pings among them, sent ahead of their echoes. */
  async deflate() {
    const options = JSON.parse(words[0]);
    const ws = await open({ perMessageDeflate: options, maxPayload: 0 });
    const bits = (name) => Number(new RegExp(`${name}=(\\d+)`).exec(agreed(ws))?.[1] ?? 15);
    assert.equal(bits('client_max_window_bits'), options.clientMaxWindowBits);
    assert.equal(bits('server_max_window_bits'), options.serverMaxWindowBits);
    const expected = [];
    let [pings, pongs, isSent] = [0, 0, false];
    ws.on('pong', () => pongs++);
    const all = new Promise((resolve, reject) => {
      ws.on('message', (data, isBinary) => {
        const message = expected.shift();
        const isRight = isBinary === (typeof message !== 'string') && data.equals(Buffer.from(message));
        if (!isRight) reject(new Error(`${data.length} bytes came back otherwise`));
        if (isSent && !expected.length) resolve();
      });
      ws.on('close', (code) => reject(new Error(`closed with ${code}`)));
    });
    for (const message of said(Number(words[1]))) {
      expected.push(message);
      if (message.length % 5 === 0 && message.length > 2) {
        const [bytes, binary] = [Buffer.from(message), typeof message !== 'string'];
        ws.send(bytes.subarray(0, bytes.length >> 1), { fin: false, binary });
        ws.ping('between');
        pings++;
        ws.send(bytes.subarray(bytes.length >> 1), { fin: true, binary });
      } else {
        ws.send(message);
      }
      if (ws.bufferedAmount > 1 << 20) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    isSent = true;
    ws.send('the last one');
    expected.push('the last one');
    await all;
    assert.equal(pongs, pings);
    ws.removeAllListeners('close');
    ws.close(1000);
    assert.equal((await closing(ws))[0], 1000);
  },
};

/** What the server agreed to. */
const agreed = (ws) => {
  const { params } = ws._extensions['permessage-deflate'];
  return Object.entries(params).map(([name, value]) => `${name}=${value}`).join('; ');
};

/** Empty to medium messages, text and binary, and two large ones. */
function* said(count) {
  let state = 7692;
  const below = (limit) => (state = (Math.imul(state, 1103515245) + 12345) >>> 0) % limit;
  for (let number = 0; number < count; number++) {
    const size = [0, below(20), below(200), below(200), below(3000), below(20000)][below(60) ? 1 + below(4) : 5 * below(2)];
    const text = `${greetings}{"id":${number},"text":"${below(1e9)}"}`;
    if (below(3)) yield text.repeat(Math.ceil(size / 60)).slice(0, size).replace(/[\ud800-\udbff]$/, '');
    else yield Buffer.from(Array.from({ length: size }, () => below(256)));
  }
  for (const size of [1 << 20, 16 << 20]) yield Buffer.concat([crypto.getRandomValues(Buffer.alloc(65536)), Buffer.alloc(size - 65536, 'abc')]);
}

await actions[action]();
