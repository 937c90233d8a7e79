# An echo server of websocket-driver: ruby echo_driver.rb PORT
require 'socket'
require 'websocket/driver'

class Connection
  attr_reader :url

  def initialize(socket)
    @socket = socket
    @driver = WebSocket::Driver.server(self)
    @driver.on(:connect) { |_| @driver.start if WebSocket::Driver.websocket?(@driver.env) }
    @driver.on(:message) { |event| event.data.is_a?(String) ? @driver.text(event.data) : @driver.binary(event.data) }
    @driver.on(:close) { |_| @isOver = true }
    @driver.on(:error) { |_| }
  end

  def write(bytes)
    @socket.write(bytes)
  rescue SystemCallError
    @isOver = true
  end

  def run
    until @isOver
      @driver.parse(@socket.readpartial(65_536))
    end
  rescue EOFError, SystemCallError, IOError
  ensure
    @socket.close
  end
end

server = TCPServer.new('127.0.0.1', ARGV[0].to_i)
loop { Thread.new(server.accept) { |socket| Connection.new(socket).run } }
