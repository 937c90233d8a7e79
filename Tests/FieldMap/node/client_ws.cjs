// A client of ws that connects repeatedly while somebody listens: node client_ws.cjs URL
const WebSocket = require('ws');
function connect() {
  const socket = new WebSocket(process.argv[2], { maxPayload: 0 });
  socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
  socket.on('error', (error) => { if (error.code === 'ECONNREFUSED') process.exit(); });
  socket.on('close', () => setImmediate(connect));
}
connect();
