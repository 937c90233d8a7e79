# An echo server of Mojolicious: perl echo_mojo.pl PORT
use Mojolicious::Lite -signatures;
use Mojo::Server::Daemon;

websocket '/' => sub ($c) {
  $c->tx->with_compression;
  $c->tx->max_websocket_size(1 << 26);
  $c->on(text   => sub ($c, $bytes) { $c->send({text => $bytes}) });
  $c->on(binary => sub ($c, $bytes) { $c->send({binary => $bytes}) });
};
app->log->level('fatal');
Mojo::Server::Daemon->new(app => app, listen => ["http://127.0.0.1:$ARGV[0]"], silent => 1)->run;
