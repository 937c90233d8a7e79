import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The WebSocket client of java.net.http: java Client.java ACTION URL */
class Client implements WebSocket.Listener {
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

    @Override public CompletionStage<?> onText(WebSocket ws, CharSequence data, boolean last) {
        ws.request(1);
        if (last) events.add("text");
        return null;
    }

    @Override public CompletionStage<?> onBinary(WebSocket ws, ByteBuffer data, boolean last) {
        ws.request(1);
        if (last) events.add("binary");
        return null;
    }

    @Override public CompletionStage<?> onPong(WebSocket ws, ByteBuffer message) {
        ws.request(1);
        events.add("pong");
        return null;
    }

    @Override public CompletionStage<?> onClose(WebSocket ws, int code, String reason) {
        events.add("close");
        return null;
    }

    @Override public void onError(WebSocket ws, Throwable error) {
        events.add("error");
    }

    private void next() throws InterruptedException {
        events.poll(4, TimeUnit.SECONDS);
    }

    public static void main(String[] arguments) throws Exception {
        var client = new Client();
        var ws = HttpClient.newHttpClient().newWebSocketBuilder()
            .buildAsync(URI.create(arguments[1]), client).join();
        switch (arguments[0]) {
        case "echo" -> {
            ws.sendText("Grüße, Привет, 你好, שלום, नमस्ते 👋🏽", true).join();
            client.next();
            ws.sendBinary(ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5}), true).join();
            client.next();
            ws.sendClose(WebSocket.NORMAL_CLOSURE, "до свидания").join();
            client.next();
        }
        case "fragments" -> {
            ws.sendText("🧭 north, ", false).join();
            ws.sendPing(ByteBuffer.wrap("between".getBytes())).join();
            client.next();
            ws.sendText("🐫 camel, ", false).join();
            ws.sendText("🍉 melon", true).join();
            client.next();
            ws.sendClose(4321, "").join();
            client.next();
        }
        case "listen" -> client.next();
        case "abort" -> {
            ws.sendText("to be ", false).join();
            ws.abort();
        }
        default -> throw new IllegalArgumentException(arguments[0]);
        }
        Thread.sleep(300);
        System.exit(0);
    }
}
