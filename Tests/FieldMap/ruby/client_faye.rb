# A client of faye-websocket that connects repeatedly while somebody listens: ruby client_faye.rb URL
require 'eventmachine'
require 'faye/websocket'

def connect
  socket = Faye::WebSocket::Client.new(ARGV[0])
  socket.on(:message) { |event| socket.send(event.data) }
  socket.on(:close) { EM.next_tick { connect } }
end

EM.run { connect }
