// An echo server of golang.org/x/net/websocket: echo_xnet PORT
package main

import (
	"net/http"
	"os"

	"golang.org/x/net/websocket"
)

// What came, and as which kind it must go back.
type message struct {
	bytes []byte
	kind  byte
}

var codec = websocket.Codec{
	Marshal: func(value any) ([]byte, byte, error) {
		message := value.(*message)
		return message.bytes, message.kind, nil
	},
	Unmarshal: func(bytes []byte, kind byte, value any) error {
		*value.(*message) = message{bytes, kind}
		return nil
	},
}

func main() {
	// A Handler would want an Origin, which only browsers send.
	http.Handle("/", websocket.Server{Handler: func(connection *websocket.Conn) {
		connection.MaxPayloadBytes = 1 << 26
		var message message
		for codec.Receive(connection, &message) == nil && codec.Send(connection, &message) == nil {
		}
	}})
	panic(http.ListenAndServe("127.0.0.1:"+os.Args[1], nil))
}
