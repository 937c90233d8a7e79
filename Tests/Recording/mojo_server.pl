# A Mojolicious server: perl mojo_server.pl ACTION PORT
use Mojolicious::Lite -signatures;
use Mojo::Server::Daemon;
use Mojo::IOLoop;
use utf8;

my ($action, $port) = @ARGV;
my $greetings = 'Grüße, Привет, 你好, שלום, नमस्ते 👋🏽';

my $echo = sub ($c) {
  $c->on(text   => sub ($c, $bytes) { $c->send({text => $bytes}) });
  $c->on(binary => sub ($c, $bytes) { $c->send({binary => $bytes}) });
};

my %actions = (
  echo         => $echo,
  echo_deflate => sub ($c) { $c->tx->with_compression; $echo->($c) },
  farewell     => sub ($c) { $c->send($greetings)->finish(1000 => 'до свидания, さようなら 👋') },
  finish_empty => sub ($c) { $c->send('Hello')->finish },
  finish_1006  => sub ($c) { $c->send('Hello')->finish(1006 => 'abnormal') },
  finish_long  => sub ($c) { $c->finish(1011 => 'an exception with all of its text, ' x 5) },
  throw        => sub ($c) { $c->on(message => sub ($c, $text) { die "out of cheese\n" }) },
  opcode_3     => sub ($c) { $c->send('Hello'); $c->send([1, 0, 0, 0, 3, 'Hello']) },
  opcode_15    => sub ($c) { $c->send([1, 0, 0, 0, 15, '']) },
  latin1       => sub ($c) { $c->send([1, 0, 0, 0, 1, "Gr\xfc\xdfe"]) },
  cut_reason   => sub ($c) { $c->send([1, 0, 0, 0, 8, pack('n', 1000) . substr("\xd0\xbf\xd0\xbe\xd0\xba\xd0\xb0", 0, 7)]) },
  one_byte     => sub ($c) { $c->send([1, 0, 0, 0, 8, "\x03"]) },
  split_close  => sub ($c) { $c->send([0, 0, 0, 0, 8, pack('n', 1000)]) },
  continuation => sub ($c) { $c->send('Hello'); $c->send([1, 0, 0, 0, 0, ' world']) },
  interleaved  => sub ($c) { $c->send([0, 0, 0, 0, 1, 'first, ']); $c->send([0, 0, 0, 0, 2, 'second']) },
  text_after_close => sub ($c) { $c->send([1, 0, 0, 0, 8, pack('n', 1001)]); $c->send('one more thing') },
  rsv1_on_continuation => sub ($c) {
    $c->tx->with_compression;
    my $whole = $c->tx->build_message($greetings x 2);
    $c->send([0, 1, 0, 0, 1, substr($whole->[5], 0, 30)]);
    $c->send([1, 1, 0, 0, 0, substr($whole->[5], 30)]);
  },
  fragments => sub ($c) {
    $c->send([0, 0, 0, 0, 1, "\xf0\x9f\x90"]);
    $c->send([1, 0, 0, 0, 9, 'in the middle of a camel']);
    $c->send([1, 0, 0, 0, 0, "\xab"]);
    $c->on(message => sub ($c, $text) { $c->finish(1000) });
  },
);

app->log->level('fatal');
websocket '/' => $actions{$action};
Mojo::Server::Daemon->new(app => app, listen => ["http://127.0.0.1:$port"], silent => 1)->run;
