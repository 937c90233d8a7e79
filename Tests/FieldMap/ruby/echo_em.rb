# An echo server of em-websocket: ruby echo_em.rb PORT
require 'em-websocket'

EM.run do
  EM::WebSocket.run(host: '127.0.0.1', port: ARGV[0].to_i) do |socket|
    socket.onmessage { |text| socket.send(text) }
    socket.onbinary { |bytes| socket.send_binary(bytes) }
    socket.onerror { |_| }
  end
end
