package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"time"
)

// answer is what a request brought back.
type answer struct {
	Status  int                 `json:"status"` // 0: no answer
	Body    string              `json:"body"`
	Headers map[string][]string `json:"headers,omitempty"`
	Remote  string              `json:"remote"` // address the connection went to
	Error   string              `json:"error,omitempty"`
	Tries   int                 `json:"tries"`
}

type headers map[string]string

func (h headers) String() string { return "" }

func (h headers) Set(text string) error {
	key, value, found := strings.Cut(text, ":")
	if !found {
		return fmt.Errorf("got %q; allowed NAME: VALUE", text)
	}
	h[key] = strings.TrimSpace(value)
	return nil
}

// get sends a request until it answers 200, prints the last answer and returns the exit status: 0
// after any HTTP answer, so that callers judge the status themselves, 1 after none.
func get(arguments []string) int {
	set := flag.NewFlagSet("get", flag.ExitOnError)
	tries := set.Int("n", 1, "most tries, half a second apart, until one answers 200")
	timeout := set.Duration("timeout", 5*time.Second, "of one try")
	sent := headers{}
	set.Var(sent, "header", "NAME: VALUE, may be repeated")
	set.Parse(arguments)
	if set.NArg() != 1 {
		fail(fmt.Errorf("got %d URLs; allowed one", set.NArg()))
	}
	var last answer
	for try := 1; try <= *tries; try++ {
		if try > 1 {
			time.Sleep(500 * time.Millisecond)
		}
		last = request(set.Arg(0), sent, *timeout)
		last.Tries = try
		if last.Status == http.StatusOK {
			break
		}
	}
	json.NewEncoder(os.Stdout).Encode(last)
	if last.Status == 0 {
		return 1
	}
	return 0
}

func request(url string, sent headers, timeout time.Duration) answer {
	var found answer
	dialer := &net.Dialer{Timeout: timeout}
	transport := &http.Transport{
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			connection, err := dialer.DialContext(ctx, network, address)
			if err == nil {
				found.Remote = connection.RemoteAddr().String()
			}
			return connection, err
		},
	}
	asked, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		fail(err)
	}
	for key, value := range sent {
		asked.Header.Set(key, value)
		if strings.EqualFold(key, "host") {
			asked.Host = value
		}
	}
	client := &http.Client{Transport: transport, Timeout: timeout}
	response, err := client.Do(asked)
	if err != nil {
		found.Error = err.Error()
		return found
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	if err != nil {
		found.Error = err.Error()
	}
	found.Status, found.Body, found.Headers = response.StatusCode, string(body), response.Header
	return found
}
