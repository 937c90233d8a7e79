// An echo server of Tomcat: java EchoTomcat.java PORT FOLDER

import jakarta.websocket.OnError;
import jakarta.websocket.OnMessage;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.logging.LogManager;
import org.apache.catalina.servlets.DefaultServlet;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.websocket.server.WsSci;

public class EchoTomcat {
    @ServerEndpoint("/")
    public static class Echo {
        @OnMessage(maxMessageSize = 1 << 26)
        public void receive(Session session, String text) throws IOException { session.getBasicRemote().sendText(text); }

        @OnMessage(maxMessageSize = 1 << 26)
        public void receive(Session session, ByteBuffer bytes) throws IOException { session.getBasicRemote().sendBinary(bytes); }

        @OnError
        public void fail(Throwable fault) {}
    }

    public static void main(String[] arguments) throws Exception {
        LogManager.getLogManager().reset();
        var tomcat = new Tomcat();
        tomcat.setBaseDir(arguments[1]);
        tomcat.setPort(Integer.parseInt(arguments[0]));
        tomcat.getConnector().setProperty("address", "127.0.0.1");
        var context = tomcat.addContext("", null);
        context.addServletContainerInitializer(new WsSci(), Set.of(Echo.class));
        Tomcat.addServlet(context, "default", new DefaultServlet());
        context.addServletMappingDecoded("/", "default");
        tomcat.start();
    }
}
