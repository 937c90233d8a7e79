// A client of QtWebSockets that connects repeatedly while somebody listens: client_qt PORT
#include <QtCore/QCoreApplication>
#include <QtCore/QTimer>
#include <QtWebSockets/QWebSocket>
#include <cstdio>
#include <cstring>

static void connectTo(QUrl const &url) {
    auto *socket = new QWebSocket;
    QObject::connect(socket, &QWebSocket::textMessageReceived, socket, &QWebSocket::sendTextMessage);
    QObject::connect(socket, &QWebSocket::binaryMessageReceived, socket, &QWebSocket::sendBinaryMessage);
    QObject::connect(socket, &QWebSocket::stateChanged, socket, [socket, url](QAbstractSocket::SocketState state) {
        if (state != QAbstractSocket::UnconnectedState) return;
        if (socket->error() == QAbstractSocket::ConnectionRefusedError) exit(0);
        socket->deleteLater();
        QTimer::singleShot(0, [url] { connectTo(url); });
    });
    socket->open(url);
}

int main(int count, char **arguments) {
    if (!strcmp(arguments[1], "--version")) return puts(qVersion()), 0;
    QCoreApplication application(count, arguments);
    connectTo(QUrl(QString("ws://127.0.0.1:%1/").arg(arguments[1])));
    return application.exec();
}
