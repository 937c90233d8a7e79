vcl 4.1;
# Varnish in front of the echo server: BACKEND is filled in.
backend echo {
    .host = "127.0.0.1";
    .port = "BACKEND";
}
sub vcl_recv {
    if (req.http.upgrade ~ "(?i)websocket") { return (pipe); }
}
sub vcl_pipe {
    if (req.http.upgrade) {
        set bereq.http.upgrade = req.http.upgrade;
        set bereq.http.connection = req.http.connection;
    }
}
