// A client on golang.org/x/net/http2, as the cases for clients start it: client [--upload FILE] URL...
// Writes the bodies out and ends with 0 if and only if all responses came.
package main

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"sync"
	"sync/atomic"

	"golang.org/x/net/http2"
)

var failed atomic.Bool

func main() {
	words := os.Args[1:]
	var body []byte
	if words[0] == "--upload" {
		octets, err := os.ReadFile(words[1])
		if err != nil {
			fail(err)
			os.Exit(1)
		}
		body, words = octets, words[2:]
	}
	transport := &http2.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}
	if words[0][:5] == "http:" {
		transport.AllowHTTP = true
		transport.DialTLS = func(network, address string, _ *tls.Config) (net.Conn, error) { return net.Dial(network, address) }
	}
	client := &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	var all sync.WaitGroup
	for _, url := range words {
		all.Add(1)
		go func(url string) {
			defer all.Done()
			ask(client, url, body)
		}(url)
	}
	all.Wait()
	transport.CloseIdleConnections()
	if failed.Load() {
		os.Exit(1)
	}
}

func ask(client *http.Client, url string, body []byte) {
	method, content := "GET", io.Reader(nil)
	if body != nil {
		method, content = "POST", bytes.NewReader(body)
	}
	request, err := http.NewRequest(method, url, content)
	if err != nil {
		fail(err)
		return
	}
	response, err := client.Do(request)
	if err != nil {
		fail(err)
		return
	}
	defer response.Body.Close()
	octets, err := io.ReadAll(response.Body)
	if err != nil {
		fail(err)
		return
	}
	os.Stdout.Write(octets)
}

// One response that does not come does not end the others.
func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	failed.Store(true)
}
