// An echo server of nhooyr.io/websocket: echo_nhooyr PORT
package main

import (
	"context"
	"net/http"
	"os"

	"nhooyr.io/websocket"
)

func main() {
	http.HandleFunc("/", func(writer http.ResponseWriter, request *http.Request) {
		connection, err := websocket.Accept(writer, request, nil)
		if err != nil {
			return
		}
		connection.SetReadLimit(1 << 26)
		for {
			kind, message, err := connection.Read(context.Background())
			if err != nil || connection.Write(context.Background(), kind, message) != nil {
				return
			}
		}
	})
	panic(http.ListenAndServe("127.0.0.1:"+os.Args[1], nil))
}
