// An echo server of Deno: deno run --allow-net echo_deno.js PORT
Deno.serve({ hostname: '127.0.0.1', port: +Deno.args[0] }, (request) => {
  if (request.headers.get('upgrade')?.toLowerCase() !== 'websocket') return new Response(null, { status: 426 });
  const { socket, response } = Deno.upgradeWebSocket(request);
  socket.binaryType = 'arraybuffer';
  socket.onmessage = (event) => socket.send(event.data);
  socket.onerror = () => {};
  return response;
});
