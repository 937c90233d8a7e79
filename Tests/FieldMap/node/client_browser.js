// A client of the browsers' WebSocket API, in Node (undici), Deno and Chromium: it connects repeatedly.
// node client_browser.js URL, or a page's address: client_chromium.html#URL
const url = globalThis.Deno?.args[0] ?? globalThis.process?.argv[2] ?? location.hash.slice(1);
function connect() {
  const socket = new WebSocket(url);
  let isOpen = false;
  socket.binaryType = 'arraybuffer';
  socket.onopen = () => { isOpen = true; };
  socket.onmessage = (event) => socket.send(event.data);
  socket.onerror = () => {};
  socket.onclose = () => setTimeout(connect, isOpen ? 0 : 50);
}
connect();
