// A client of gorilla/websocket that connects repeatedly while somebody listens: client_gorilla URL
package main

import (
	"errors"
	"os"
	"syscall"

	"github.com/gorilla/websocket"
)

func main() {
	dialer := websocket.Dialer{EnableCompression: true}
	for {
		connection, _, err := dialer.Dial(os.Args[1], nil)
		if errors.Is(err, syscall.ECONNREFUSED) {
			return
		}
		for err == nil {
			var kind int
			var message []byte
			if kind, message, err = connection.ReadMessage(); err == nil {
				err = connection.WriteMessage(kind, message)
			}
		}
		if connection != nil {
			connection.Close()
		}
	}
}
