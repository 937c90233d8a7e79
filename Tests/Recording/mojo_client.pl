# A Mojolicious client: perl mojo_client.pl ACTION URL
use Mojo::Base -strict, -signatures;
use Mojo::UserAgent;
use Mojo::IOLoop;
use utf8;

my ($action, $url) = @ARGV;
my @messages = ('Hello', 'Grüße, Привет, 你好, שלום, नमस्ते 👋🏽', {binary => join '', map {chr} 0 .. 63});

my $echo = sub ($tx) {
  my @left = @messages;
  $tx->on(message => sub { @left ? $tx->send(shift @left) : $tx->finish(1000 => 'всё') });
  $tx->send(shift @left);
};
my %actions = (
  echo         => $echo,
  listen       => sub ($tx) { $tx->on(message => sub { }) },
  speak        => sub ($tx) { $tx->on(message => sub { }); $tx->send('Hello') },
  finish_1004  => sub ($tx) { $tx->send('Hello'); $tx->finish(1004) },
  finish_5000  => sub ($tx) { $tx->finish(5000 => 'too high') },
);

my $ua = Mojo::UserAgent->new;
my $tx = $ua->build_websocket_tx($url);
$ua->start($tx => sub ($ua, $tx) {
  return Mojo::IOLoop->stop unless $tx->is_websocket;
  $tx->on(finish => sub { Mojo::IOLoop->stop });
  $actions{$action}->($tx);
});
Mojo::IOLoop->timer(8 => sub { Mojo::IOLoop->stop });
Mojo::IOLoop->start;
