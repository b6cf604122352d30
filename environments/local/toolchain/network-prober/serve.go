package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"time"
)

const (
	lineBytesMax = 256
	talkMax      = 10 * time.Second
)

// serve answers on one port over TCP and UDP: its own name and the word that it was sent.
func serve(name, port string) error {
	listener, err := net.Listen("tcp", ":"+port)
	if err != nil {
		return err
	}
	packets, err := net.ListenPacket("udp", ":"+port)
	if err != nil {
		return err
	}
	go acceptAll(name, listener)
	go answerPackets(name, packets)
	return nil
}

func acceptAll(name string, listener net.Listener) {
	for {
		connection, err := listener.Accept()
		if err != nil {
			// Too many open files for a moment: the next connection may be answered again.
			time.Sleep(10 * time.Millisecond)
			continue
		}
		go func() {
			defer connection.Close()
			_ = connection.SetDeadline(time.Now().Add(talkMax))
			word, err := bufio.NewReader(io.LimitReader(connection, lineBytesMax)).ReadString('\n')
			if err == nil {
				_, _ = fmt.Fprintf(connection, "%s %s", name, word)
			}
		}()
	}
}

func answerPackets(name string, packets net.PacketConn) {
	buffer := make([]byte, lineBytesMax)
	for {
		length, from, err := packets.ReadFrom(buffer)
		if err != nil {
			continue
		}
		_, _ = packets.WriteTo([]byte(name+" "+string(buffer[:length])), from)
	}
}
