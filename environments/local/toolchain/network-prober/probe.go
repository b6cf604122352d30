package main

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// target is one connection to try. Kinds: "tcp" and "udp" ask another prober for its name, "connect" only opens a TCP connection,
// "dns" asks the cluster's name servers for Address.
type target struct {
	ID      int    `json:"id"`
	Kind    string `json:"kind"`
	Address string `json:"address"`
	Port    int    `json:"port"`
}

// answer is what came of it. Outcomes: "open" (answered; AnsweredBy says by whom), "unanswered" (a TCP connection was made, and nothing
// was said on it), "refused", "timeout", "dns" (the name servers answered, but not with an address), "error".
type answer struct {
	ID         int     `json:"id"`
	Outcome    string  `json:"outcome"`
	AnsweredBy string  `json:"answeredBy,omitempty"`
	Detail     string  `json:"detail,omitempty"`
	Ms         float64 `json:"ms"`
}

// probeAll tries all targets at once. It ends after `timeout` and a little.
func probeAll(parent context.Context, nonce string, targets []target, timeout time.Duration) []answer {
	answers := make([]answer, len(targets))
	var all sync.WaitGroup
	for index, one := range targets {
		all.Go(func() {
			ctx, cancel := context.WithTimeout(parent, timeout)
			defer cancel()
			started := time.Now()
			found := probe(ctx, nonce, one)
			found.ID = one.ID
			found.Ms = float64(time.Since(started).Microseconds()) / 1000
			answers[index] = found
		})
	}
	all.Wait()
	return answers
}

func probe(ctx context.Context, nonce string, one target) answer {
	address := net.JoinHostPort(one.Address, strconv.Itoa(one.Port))
	word := nonce + ":" + strconv.Itoa(one.ID)
	switch one.Kind {
	case "tcp":
		return probeTCP(ctx, address, word)
	case "udp":
		return probeUDP(ctx, address, word)
	case "connect":
		return connectOnly(ctx, address)
	case "dns":
		return resolve(ctx, one.Address)
	}
	return answer{Outcome: "error", Detail: "there is no kind " + one.Kind}
}

func connectOnly(ctx context.Context, address string) answer {
	connection, err := new(net.Dialer).DialContext(ctx, "tcp", address)
	if err != nil {
		return failed(err)
	}
	_ = connection.Close()
	return answer{Outcome: "open"}
}

func probeTCP(ctx context.Context, address, word string) answer {
	connection, err := new(net.Dialer).DialContext(ctx, "tcp", address)
	if err != nil {
		return failed(err)
	}
	defer connection.Close()
	endsWith(ctx, connection)
	if _, err := io.WriteString(connection, word+"\n"); err != nil {
		return answer{Outcome: "unanswered", Detail: err.Error()}
	}
	line, err := bufio.NewReader(io.LimitReader(connection, 2*lineBytesMax)).ReadString('\n')
	if err != nil {
		return answer{Outcome: "unanswered", Detail: err.Error()}
	}
	return answeredBy(line, word)
}

// A lost packet is no policy: the word is sent three times within the time, and any answer counts.
func probeUDP(ctx context.Context, address, word string) answer {
	connection, err := new(net.Dialer).DialContext(ctx, "udp", address)
	if err != nil {
		return failed(err)
	}
	defer connection.Close()
	deadline, _ := ctx.Deadline()
	part := time.Until(deadline) / 3
	buffer := make([]byte, 2*lineBytesMax)
	for attempt := range 3 {
		until := deadline
		if attempt < 2 {
			until = time.Now().Add(part)
		}
		_ = connection.SetDeadline(until)
		if _, err := io.WriteString(connection, word); err != nil {
			return failed(err)
		}
		length, err := connection.Read(buffer)
		if err == nil {
			return answeredBy(string(buffer[:length]), word)
		}
		if !errors.Is(err, os.ErrDeadlineExceeded) {
			return failed(err)
		}
	}
	return answer{Outcome: "timeout"}
}

func resolve(ctx context.Context, name string) answer {
	addresses, err := (&net.Resolver{PreferGo: true}).LookupHost(ctx, name)
	if err == nil {
		return answer{Outcome: "open", AnsweredBy: strings.Join(addresses, ",")}
	}
	var dnsError *net.DNSError
	if errors.As(err, &dnsError) && !dnsError.IsTimeout && !isRefused(err) {
		return answer{Outcome: "dns", Detail: err.Error()}
	}
	return failed(err)
}

func endsWith(ctx context.Context, connection net.Conn) {
	if deadline, ok := ctx.Deadline(); ok {
		_ = connection.SetDeadline(deadline)
	}
}

func answeredBy(line, word string) answer {
	name, found := strings.CutSuffix(strings.TrimSpace(line), " "+word)
	if !found {
		return answer{Outcome: "error", Detail: "the answer is to another question"}
	}
	return answer{Outcome: "open", AnsweredBy: name}
}

// Only these two words may mean "blocked"; whatever else went wrong is an error of its own.
func failed(err error) answer {
	var timed net.Error
	switch {
	case isRefused(err):
		return answer{Outcome: "refused"}
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, os.ErrDeadlineExceeded), errors.As(err, &timed) && timed.Timeout():
		return answer{Outcome: "timeout"}
	}
	return answer{Outcome: "error", Detail: err.Error()}
}

func isRefused(err error) bool {
	return errors.Is(err, syscall.ECONNREFUSED) || strings.Contains(err.Error(), "connection refused")
}
