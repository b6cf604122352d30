// network-prober is one identity of the truth table of network policies: it answers on two ports over TCP and UDP, and tries to reach
// what it is asked for, all targets at once. It knows nothing of policies.
package main

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"flag"
	"log"
	"net/http"
	"strings"
	"time"
)

const (
	bodyBytesMax = 256 * 1024
	targetsMax   = 512
	timeoutMsMin = 50
	timeoutMsMax = 5000
)

type question struct {
	Nonce     string   `json:"nonce"`
	TimeoutMs int      `json:"timeoutMs"`
	Targets   []target `json:"targets"`
}

type reply struct {
	Pod      string   `json:"pod"`
	Nonce    string   `json:"nonce"`
	Instance string   `json:"instance"`
	Answers  []answer `json:"answers"`
}

func main() {
	name := flag.String("name", "", "what this pod calls itself: namespace/pod")
	control := flag.String("control", ":9000", "where it is asked")
	ports := flag.String("ports", "8080,8081", "ports that it answers on, over TCP and UDP")
	flag.Parse()
	if *name == "" {
		log.Fatal("network-prober: -name is missing")
	}
	for _, port := range strings.Split(*ports, ",") {
		if err := serve(*name, port); err != nil {
			log.Fatalf("network-prober: serving port %s: %v", port, err)
		}
	}
	// Told with every answer: who was started anew in between is known by another word.
	instance := rand.Text()
	routes := http.NewServeMux()
	routes.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	routes.HandleFunc("POST /probe", func(w http.ResponseWriter, r *http.Request) {
		asked, err := questionOf(w, r)
		if err != nil {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusBadRequest)
			_ = json.NewEncoder(w).Encode(map[string]any{"error": map[string]string{"message": err.Error()}})
			return
		}
		timeout := time.Duration(asked.TimeoutMs) * time.Millisecond
		answers := probeAll(r.Context(), asked.Nonce, asked.Targets, timeout)
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(reply{Pod: *name, Nonce: asked.Nonce, Instance: instance, Answers: answers})
	})
	server := &http.Server{Addr: *control, Handler: routes, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, WriteTimeout: 15 * time.Second}
	log.Fatal(server.ListenAndServe())
}

func questionOf(w http.ResponseWriter, r *http.Request) (question, error) {
	var asked question
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, bodyBytesMax))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&asked); err != nil {
		return asked, err
	}
	if len(asked.Targets) == 0 || len(asked.Targets) > targetsMax {
		return asked, errors.New("targets: between 1 and 512 are asked at once")
	}
	if asked.TimeoutMs < timeoutMsMin || asked.TimeoutMs > timeoutMsMax {
		return asked, errors.New("timeoutMs: between 50 and 5000")
	}
	if asked.Nonce == "" || len(asked.Nonce) > 100 || strings.ContainsAny(asked.Nonce, " \n") {
		return asked, errors.New("nonce: between 1 and 100 characters without spaces")
	}
	return asked, nil
}
