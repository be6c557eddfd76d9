package main

import (
	"encoding/json"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// seen is what a request looked like from here.
type seen struct {
	Cluster string              `json:"cluster"` // environment CLUSTER
	Pod     string              `json:"pod"`     // environment POD, else the host name
	Method  string              `json:"method"`
	Path    string              `json:"path"`
	Host    string              `json:"host"`
	Remote  string              `json:"remote"` // the peer's address: the proxy's, inside a mesh
	XFCC    string              `json:"xfcc"`   // X-Forwarded-Client-Cert, set by the proxy
	Headers map[string][]string `json:"headers"`
}

func serve(address string) error {
	pod := os.Getenv("POD")
	if pod == "" {
		pod, _ = os.Hostname()
	}
	http.HandleFunc("/healthz", func(http.ResponseWriter, *http.Request) {})
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(seen{
			Cluster: os.Getenv("CLUSTER"),
			Pod:     pod,
			Method:  r.Method,
			Path:    r.URL.Path,
			Host:    r.Host,
			Remote:  r.RemoteAddr,
			XFCC:    r.Header.Get("X-Forwarded-Client-Cert"),
			Headers: r.Header,
		})
	})
	server := &http.Server{Addr: address, ReadHeaderTimeout: 10 * time.Second}
	go func() {
		stop := make(chan os.Signal, 1)
		signal.Notify(stop, syscall.SIGTERM, syscall.SIGINT)
		<-stop
		os.Exit(0)
	}()
	return server.ListenAndServe()
}
