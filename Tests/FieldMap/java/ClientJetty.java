// A client of Jetty that connects repeatedly while somebody listens: java ClientJetty.java URL

import java.net.ConnectException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.api.WebSocketListener;
import org.eclipse.jetty.websocket.client.ClientUpgradeRequest;
import org.eclipse.jetty.websocket.client.WebSocketClient;

public class ClientJetty {
    public static class Echo implements WebSocketListener {
        final CompletableFuture<Void> over = new CompletableFuture<>();
        private Session session;

        public void onWebSocketConnect(Session session) { this.session = session; }

        public void onWebSocketText(String text) { session.getRemote().sendStringByFuture(text); }

        public void onWebSocketBinary(byte[] bytes, int start, int count) {
            session.getRemote().sendBytesByFuture(ByteBuffer.wrap(bytes, start, count));
        }

        public void onWebSocketError(Throwable fault) {}

        public void onWebSocketClose(int code, String reason) { over.complete(null); }
    }

    public static void main(String[] arguments) throws Exception {
        System.setProperty("org.eclipse.jetty.LEVEL", "OFF");
        var client = new WebSocketClient();
        client.getPolicy().setMaxTextMessageSize(1 << 26);
        client.getPolicy().setMaxBinaryMessageSize(1 << 26);
        client.start();
        while (true) {
            var echo = new Echo();
            var request = new ClientUpgradeRequest();
            request.addExtensions("permessage-deflate");
            try {
                client.connect(echo, URI.create(arguments[0]), request).get();
                echo.over.get();
            } catch (ExecutionException fault) {
                if (fault.getCause() instanceof ConnectException) System.exit(0);
            }
        }
    }
}
