// Reads a client's stream from standard input, and prints the events that a server gets and its replies.
package main

/*
#cgo CFLAGS: -I${SRCDIR}/lib
#cgo LDFLAGS: ${SRCDIR}/lib/libwebsocket_frames.a
#include "websocket_frames.h"
*/
import "C"

import (
	"fmt"
	"io"
	"os"
)

// Server is the server's side of a connection. It contains no pointer, so Go may keep and move it like any struct.
type Server struct {
	state C.wsf_connection
	event C.wsf_event
}

// NewServer begins a connection after its handshake.
func NewServer(maxMessage uint64) *Server {
	var options C.wsf_options
	server := new(Server)
	if !C.wsf_options_init(&options, C.sizeof_wsf_options, C.WSF_CLIENT) {
		panic("websocket_frames.h is of another version than the library")
	}
	options.max_message = C.uint64_t(maxMessage)
	if !C.wsf_connection_init(&server.state, C.sizeof_wsf_connection, &options) {
		panic("websocket_frames.h is of another version than the library")
	}
	return server
}

// Read judges bytes that have arrived, unmasks them in place, and calls data for each piece of a message and send for each
// reply. A violation is returned; the Close for it has been passed to send by then.
func (server *Server) Read(bytes []byte, data func(opcode byte, payload []byte, ends bool), send func([]byte)) error {
	var index, replied C.size_t
	var reply [C.WSF_CONTROL_FRAME_MAX]C.uint8_t
	var violation C.wsf_violation
	for len(bytes) > 0 {
		result := C.wsf_connection_next(&server.state, (*C.uint8_t)(&bytes[0]), C.size_t(len(bytes)), &index,
			&server.event, nil, &reply[0], &replied, &violation)
		if replied > 0 {
			frame := make([]byte, replied)
			for i := range frame {
				frame[i] = byte(reply[i])
			}
			send(frame)
		}
		switch result {
		case C.WSF_EVENT:
			event := &server.event
			if event.opcode <= C.WSF_BINARY {
				// The payload is part of the bytes that were passed: a slice from payload_start.
				payload := bytes[event.payload_start : event.payload_start+event.payload_count]
				data(byte(event.message_opcode), payload, bool(event.ends_message))
			}
		case C.WSF_VIOLATION:
			return fmt.Errorf("%s at byte %d: close with %d", C.GoString(C.wsf_rule_name(violation.rule)),
				uint64(violation.offset), uint16(violation.close_code))
		case C.WSF_EXCEEDED:
			return fmt.Errorf("too many frames: close with 1008")
		default:
			return nil
		}
	}
	return nil
}

func main() {
	server := NewServer(1 << 20)
	bytes := make([]byte, 4096)
	for {
		count, err := os.Stdin.Read(bytes)
		broken := server.Read(bytes[:count], func(opcode byte, payload []byte, ends bool) {
			fmt.Printf("opcode %d, %q, ends: %t\n", opcode, payload, ends)
		}, func(frame []byte) {
			fmt.Printf("answer %x\n", frame)
		})
		if broken != nil {
			fmt.Println(broken)
			return
		}
		if err == io.EOF {
			return
		}
	}
}
