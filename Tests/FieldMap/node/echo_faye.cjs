// An echo server of faye-websocket: node echo_faye.cjs PORT
const http = require('http');
const WebSocket = require('faye-websocket');
const server = http.createServer((request, response) => { response.writeHead(404); response.end(); });
server.on('upgrade', (request, socket, head) => {
  const connection = new WebSocket(request, socket, head);
  connection.on('message', (event) => connection.send(event.data));
});
server.listen(+process.argv[2], '127.0.0.1');
