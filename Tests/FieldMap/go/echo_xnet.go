// An echo server of golang.org/x/net/websocket: echo_xnet PORT
package main

import (
	"net/http"
	"os"

	"golang.org/x/net/websocket"
)

// A message and its opcode, which the reply must have as well.
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
	// A Handler would require an Origin, which only browsers send.
	http.Handle("/", websocket.Server{Handler: func(connection *websocket.Conn) {
		connection.MaxPayloadBytes = 1 << 26
		var message message
		for codec.Receive(connection, &message) == nil && codec.Send(connection, &message) == nil {
		}
	}})
	panic(http.ListenAndServe("127.0.0.1:"+os.Args[1], nil))
}
