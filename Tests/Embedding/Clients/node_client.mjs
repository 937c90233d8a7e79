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
};

await actions[action]();
