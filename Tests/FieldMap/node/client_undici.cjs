// A client of undici that connects as long as somebody listens: node client_undici.cjs URL
const { WebSocket } = require('undici');
let failures = 0;
function connect() {
  const socket = new WebSocket(process.argv[2]);
  socket.binaryType = 'arraybuffer';
  socket.onopen = () => { failures = 0; };
  socket.onmessage = (event) => { if (socket.readyState === 1) socket.send(event.data); };
  socket.onclose = () => { if (++failures > 50) process.exit(); setImmediate(connect); };
}
connect();
