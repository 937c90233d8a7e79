import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.crypto.SecretKey;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Conversations over TLS with java.net.http, one after the other, wherever one can be negotiated: java TLSClient.java URL…
 *
 * Java writes no key log. If SSLKEYLOGFILE is set, the secrets are taken from the engines, which needs
 * --add-opens java.base/sun.security.ssl=ALL-UNNAMED.
 */
class TLSClient implements WebSocket.Listener {
    private final CountDownLatch answered = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);

    @Override public CompletionStage<?> onText(WebSocket ws, CharSequence data, boolean last) {
        ws.request(1);
        answered.countDown();
        return null;
    }

    @Override public CompletionStage<?> onClose(WebSocket ws, int code, String reason) {
        closed.countDown();
        return null;
    }

    /** The certificates are made for the recording, so all are accepted. */
    private static final class Trusting extends X509ExtendedTrustManager {
        @Override public void checkClientTrusted(X509Certificate[] chain, String type) {}
        @Override public void checkServerTrusted(X509Certificate[] chain, String type) {}
        @Override public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}
        @Override public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}
        @Override public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}
        @Override public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}
        @Override public X509Certificate[] getAcceptedIssuers() { return new X509Certificate[0]; }
    }

    /** Remembers every 32 bytes that it returned: the ClientHello randoms are among them, and so are session identifiers. */
    private static final class Remembering extends SecureRandom {
        private final List<byte[]> given = new ArrayList<>();

        @Override public void nextBytes(byte[] bytes) {
            super.nextBytes(bytes);
            if (bytes.length == 32) given.add(bytes.clone());
        }
    }

    /** A context that remembers its last engine. */
    private static final class Context extends SSLContextSpi {
        private final SSLContext real;
        private LookedInto last;

        Context(SSLContext real) { this.real = real; }

        @Override protected void engineInit(KeyManager[] keys, TrustManager[] trust, SecureRandom random) {}
        @Override protected SSLSocketFactory engineGetSocketFactory() { return real.getSocketFactory(); }
        @Override protected SSLServerSocketFactory engineGetServerSocketFactory() { return real.getServerSocketFactory(); }
        @Override protected SSLEngine engineCreateSSLEngine() { return last = new LookedInto(real.createSSLEngine()); }
        @Override protected SSLEngine engineCreateSSLEngine(String host, int port) { return last = new LookedInto(real.createSSLEngine(host, port)); }
        @Override protected SSLSessionContext engineGetServerSessionContext() { return real.getServerSessionContext(); }
        @Override protected SSLSessionContext engineGetClientSessionContext() { return real.getClientSessionContext(); }
        @Override protected SSLParameters engineGetDefaultSSLParameters() { return real.getDefaultSSLParameters(); }
        @Override protected SSLParameters engineGetSupportedSSLParameters() { return real.getSupportedSSLParameters(); }
    }

    /** A field of an object, whichever class declares it. */
    private static Object field(Object of, String name) throws ReflectiveOperationException {
        for (Class<?> type = of.getClass(); type != null; type = type.getSuperclass()) {
            for (var field : type.getDeclaredFields()) {
                if (!field.getName().equals(name)) continue;
                field.setAccessible(true);
                return field.get(of);
            }
        }
        throw new NoSuchFieldException(name);
    }

    /** An engine that collects the secrets of its records, first those of the handshake, then those of the application. */
    private static final class LookedInto extends SSLEngine {
        private final SSLEngine real;
        private final Map<String, List<byte[]>> secrets = new LinkedHashMap<>();

        LookedInto(SSLEngine real) { this.real = real; }

        private void look(String side, String inHandshake, String record, String cipher) throws ReflectiveOperationException {
            var transport = field(real, "conContext");
            var handshake = field(transport, "handshakeContext");
            var secret = (SecretKey) (handshake != null ? field(handshake, inHandshake)
                : field(field(field(transport, record), cipher), "baseSecret"));
            var known = secrets.computeIfAbsent(side, name -> new ArrayList<>());
            if (secret == null || !known.isEmpty() && Arrays.equals(known.get(known.size() - 1), secret.getEncoded())) return;
            known.add(secret.getEncoded());
        }

        private SSLEngineResult looking(SSLEngineResult result) {
            try {
                look("CLIENT", "baseWriteSecret", "outputRecord", "writeCipher");
                look("SERVER", "baseReadSecret", "inputRecord", "readCipher");
            } catch (ReflectiveOperationException notOpened) {
                secrets.clear();
            }
            return result;
        }

        /** The lines of a key log. */
        String keyLog(String random) throws ReflectiveOperationException {
            var lines = new StringBuilder();
            if (getSession().getProtocol().equals("TLSv1.3")) {
                secrets.forEach((side, known) -> {
                    for (var label : List.of("_HANDSHAKE_TRAFFIC_SECRET ", "_TRAFFIC_SECRET_0 ")) {
                        var secret = known.get(label.startsWith("_H") ? 0 : 1);
                        lines.append(side + label + random + " " + HexFormat.of().formatHex(secret) + "\n");
                    }
                });
            } else {
                var secret = (SecretKey) field(getSession(), "masterSecret");
                lines.append("CLIENT_RANDOM " + random + " " + HexFormat.of().formatHex(secret.getEncoded()) + "\n");
            }
            return lines.toString();
        }

        @Override public SSLEngineResult wrap(ByteBuffer[] from, int at, int count, ByteBuffer to) throws SSLException {
            looking(null);
            return looking(real.wrap(from, at, count, to));
        }

        @Override public SSLEngineResult unwrap(ByteBuffer from, ByteBuffer[] to, int at, int count) throws SSLException {
            looking(null);
            return looking(real.unwrap(from, to, at, count));
        }

        @Override public Runnable getDelegatedTask() { return real.getDelegatedTask(); }
        @Override public void closeInbound() throws SSLException { real.closeInbound(); }
        @Override public boolean isInboundDone() { return real.isInboundDone(); }
        @Override public void closeOutbound() { real.closeOutbound(); }
        @Override public boolean isOutboundDone() { return real.isOutboundDone(); }
        @Override public String[] getSupportedCipherSuites() { return real.getSupportedCipherSuites(); }
        @Override public String[] getEnabledCipherSuites() { return real.getEnabledCipherSuites(); }
        @Override public void setEnabledCipherSuites(String[] names) { real.setEnabledCipherSuites(names); }
        @Override public String[] getSupportedProtocols() { return real.getSupportedProtocols(); }
        @Override public String[] getEnabledProtocols() { return real.getEnabledProtocols(); }
        @Override public void setEnabledProtocols(String[] names) { real.setEnabledProtocols(names); }
        @Override public SSLSession getSession() { return real.getSession(); }
        @Override public void beginHandshake() throws SSLException { real.beginHandshake(); }
        @Override public SSLEngineResult.HandshakeStatus getHandshakeStatus() { return real.getHandshakeStatus(); }
        @Override public void setUseClientMode(boolean mode) { real.setUseClientMode(mode); }
        @Override public boolean getUseClientMode() { return real.getUseClientMode(); }
        @Override public void setNeedClientAuth(boolean need) { real.setNeedClientAuth(need); }
        @Override public boolean getNeedClientAuth() { return real.getNeedClientAuth(); }
        @Override public void setWantClientAuth(boolean want) { real.setWantClientAuth(want); }
        @Override public boolean getWantClientAuth() { return real.getWantClientAuth(); }
        @Override public void setEnableSessionCreation(boolean flag) { real.setEnableSessionCreation(flag); }
        @Override public boolean getEnableSessionCreation() { return real.getEnableSessionCreation(); }
        @Override public SSLParameters getSSLParameters() { return real.getSSLParameters(); }
        @Override public void setSSLParameters(SSLParameters parameters) { real.setSSLParameters(parameters); }
        @Override public String getApplicationProtocol() { return real.getApplicationProtocol(); }
    }

    public static void main(String[] arguments) throws Exception {
        var file = System.getenv().getOrDefault("SSLKEYLOGFILE", "");
        var random = new Remembering();
        var real = SSLContext.getInstance("TLS");
        real.init(null, new TrustManager[] {new Trusting()}, random);
        var engines = new Context(real);
        var context = new SSLContext(engines, real.getProvider(), "TLS") {};
        for (var url : arguments) {
            var client = new TLSClient();
            WebSocket ws;
            random.given.clear();
            try {
                ws = HttpClient.newBuilder().sslContext(context).build().newWebSocketBuilder()
                    .buildAsync(URI.create(url), client).join();
            } catch (java.util.concurrent.CompletionException notAgreed) {
                continue;
            }
            if (!file.isEmpty()) {
                for (var given : random.given) {
                    var lines = engines.last.keyLog(HexFormat.of().formatHex(given));
                    Files.writeString(Path.of(file), lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
                }
            }
            ws.sendText("hello through TLS", true).join();
            client.answered.await(4, TimeUnit.SECONDS);
            ws.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
            client.closed.await(4, TimeUnit.SECONDS);
        }
        Thread.sleep(300);
        System.exit(0);
    }
}
