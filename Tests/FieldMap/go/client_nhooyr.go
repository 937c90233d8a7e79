// A client of nhooyr.io/websocket that connects repeatedly while somebody listens: client_nhooyr URL
package main

import (
	"context"
	"errors"
	"os"
	"syscall"

	"nhooyr.io/websocket"
)

func main() {
	background := context.Background()
	for {
		connection, _, err := websocket.Dial(background, os.Args[1], nil)
		if errors.Is(err, syscall.ECONNREFUSED) {
			return
		}
		if err != nil {
			continue
		}
		connection.SetReadLimit(1 << 26)
		for err == nil {
			var kind websocket.MessageType
			var message []byte
			if kind, message, err = connection.Read(background); err == nil {
				err = connection.Write(background, kind, message)
			}
		}
	}
}
