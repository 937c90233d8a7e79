# An echo server of the gem websocket: ruby echo_websocket.rb PORT
require 'socket'
require 'websocket'

def serve(socket)
  handshake = WebSocket::Handshake::Server.new
  handshake << socket.readpartial(65_536) until handshake.finished?
  return socket.write(handshake.to_s) unless handshake.valid?

  socket.write(handshake.to_s)
  incoming = WebSocket::Frame::Incoming::Server.new(version: handshake.version)
  answer = ->(type, data, code = nil) {
    socket.write(WebSocket::Frame::Outgoing::Server.new(version: handshake.version, data: data, type: type, code: code).to_s)
  }
  incoming << handshake.leftovers.to_s
  loop do
    while (message = incoming.next)
      case message.type
      when :ping then answer.(:pong, message.data)
      when :text, :binary then answer.(message.type, message.data)
      when :close then return answer.(:close, message.data, message.code)
      end
    end
    return if incoming.error?

    incoming << socket.readpartial(65_536)
  end
rescue EOFError, SystemCallError, IOError, WebSocket::Error
ensure
  socket.close
end

WebSocket.max_frame_size = 1 << 26
server = TCPServer.new('127.0.0.1', ARGV[0].to_i)
loop { Thread.new(server.accept) { |socket| serve(socket) } }
