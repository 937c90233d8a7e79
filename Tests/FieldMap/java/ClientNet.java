// The WebSocket client of java.net.http, which connects repeatedly while somebody listens: java ClientNet.java URL

import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;

class ClientNet {
    public static void main(String[] arguments) throws InterruptedException {
        var client = HttpClient.newHttpClient();
        while (true) {
            var over = new CompletableFuture<Void>();
            try {
                client.newWebSocketBuilder().buildAsync(URI.create(arguments[0]), new WebSocket.Listener() {
                    public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
                        over.complete(null);
                        return null;
                    }

                    public void onError(WebSocket socket, Throwable fault) { over.complete(null); }

                    public CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean isLast) {
                        socket.request(1);
                        return socket.sendText(text.toString(), isLast);
                    }

                    public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer bytes, boolean isLast) {
                        socket.request(1);
                        return socket.sendBinary(bytes, isLast);
                    }
                }).get();
                over.get();
            } catch (ExecutionException fault) {
                if (fault.getCause() instanceof ConnectException) return;
            }
        }
    }
}
