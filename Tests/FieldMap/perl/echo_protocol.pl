# An echo server of Protocol::WebSocket, with AnyEvent's sockets: perl echo_protocol.pl PORT
use strict;
use warnings;
use AnyEvent::Handle;
use AnyEvent::Socket;
use Protocol::WebSocket::Frame;
use Protocol::WebSocket::Handshake::Server;

my %open;

sub end { my ($handle) = @_; $handle->destroy; delete $open{$handle} }

sub receive {
  my ($handle, $frame) = @_;
  while (defined(my $bytes = $frame->next_bytes)) {
    my $type = $frame->is_ping ? 'pong' : $frame->is_close ? 'close' : $frame->is_text ? 'text' : 'binary';
    next if $frame->is_pong;
    $handle->push_write(Protocol::WebSocket::Frame->new(buffer => $bytes, type => $type)->to_bytes);
    return $handle->on_drain(\&end) if $frame->is_close;
  }
}

my $guard = tcp_server '127.0.0.1', $ARGV[0], sub {
  my ($socket) = @_;
  my ($handshake, $frame) = (Protocol::WebSocket::Handshake::Server->new, Protocol::WebSocket::Frame->new(max_payload_size => 1 << 26));
  my $handle = AnyEvent::Handle->new(fh => $socket, on_error => \&end, on_eof => \&end);
  $open{$handle} = $handle;
  $handle->on_read(sub {
    my $bytes = delete $handle->{rbuf};
    if (!$handshake->is_done) {
      return $handle->on_drain(\&end) if !defined $handshake->parse($bytes);
      return if !$handshake->is_done;
      $handle->push_write($handshake->to_string);
    }
    $frame->append($bytes);
    # It dies if it does not accept a frame.
    eval { receive($handle, $frame); 1 } or $handle->on_drain(\&end);
  });
};
AnyEvent->condvar->recv;
