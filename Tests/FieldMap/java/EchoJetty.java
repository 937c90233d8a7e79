// An echo server of Jetty: java EchoJetty.java PORT

import java.nio.ByteBuffer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.api.annotations.OnWebSocketError;
import org.eclipse.jetty.websocket.api.annotations.OnWebSocketMessage;
import org.eclipse.jetty.websocket.api.annotations.WebSocket;
import org.eclipse.jetty.websocket.server.WebSocketHandler;
import org.eclipse.jetty.websocket.servlet.WebSocketServletFactory;

public class EchoJetty {
    @WebSocket
    public static class Echo {
        @OnWebSocketMessage
        public void receive(Session session, String text) throws java.io.IOException { session.getRemote().sendString(text); }

        @OnWebSocketMessage
        public void receive(Session session, byte[] bytes, int start, int count) throws java.io.IOException {
            session.getRemote().sendBytes(ByteBuffer.wrap(bytes, start, count));
        }

        @OnWebSocketError
        public void fail(Session session, Throwable fault) {}
    }

    public static void main(String[] arguments) throws Exception {
        System.setProperty("org.eclipse.jetty.LEVEL", "OFF");
        var server = new Server();
        var connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        connector.setPort(Integer.parseInt(arguments[0]));
        server.addConnector(connector);
        server.setHandler(new WebSocketHandler() {
            public void configure(WebSocketServletFactory factory) {
                factory.getPolicy().setMaxTextMessageSize(1 << 26);
                factory.getPolicy().setMaxBinaryMessageSize(1 << 26);
                factory.register(Echo.class);
            }
        });
        server.start();
    }
}
