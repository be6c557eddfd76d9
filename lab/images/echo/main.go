// Command echo is the workload of the lab's tests: it tells its caller what it saw, calls others,
// and, as the sandbox of a pod, only waits. It needs no shell and no other file.
//
//	echo                          serve on :8080
//	echo get [flags] URL          send a request, print what came back as JSON
//	echo pause                    wait for SIGTERM
package main

import (
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	command := "serve"
	if len(os.Args) > 1 {
		command = os.Args[1]
	}
	switch command {
	case "serve":
		fail(serve(":8080"))
	case "get":
		os.Exit(get(os.Args[2:]))
	case "pause":
		pause()
	default:
		fail(fmt.Errorf("got command %q; allowed serve, get, pause", command))
	}
}

func pause() {
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, syscall.SIGINT)
	<-stop
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "echo:", err)
	os.Exit(2)
}
