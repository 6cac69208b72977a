// net/http with HTTP/2. Usage: goserver PORT [CERT KEY]
package main

import (
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/h2c"
)

var hello = []byte("Hello, World!")
var chunk = make([]byte, 65536)

func answer(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain")
	switch {
	case strings.HasPrefix(r.URL.Path, "/bytes/"):
		left, _ := strconv.Atoi(r.URL.Path[7:])
		w.Header().Set("Content-Length", strconv.Itoa(left))
		for ; left > 0; left -= len(chunk) {
			n := left
			if n > len(chunk) {
				n = len(chunk)
			}
			w.Write(chunk[:n])
		}
		return
	case strings.HasPrefix(r.URL.Path, "/spin/"):
		us, _ := strconv.Atoi(r.URL.Path[6:])
		for start := time.Now(); time.Since(start) < time.Duration(us)*time.Microsecond; {
		}
	case r.URL.Path == "/hop":
		runtime.Gosched()
	case r.URL.Path == "/headers20":
		for i := 0; i < 20; i++ {
			w.Header().Set(fmt.Sprintf("x-field-%02d", i), fmt.Sprintf("value of field %d", i))
		}
	}
	if r.Method == "POST" {
		io.Copy(io.Discard, r.Body)
	}
	w.Write(hello)
}

func main() {
	server := &http2.Server{MaxConcurrentStreams: 250}
	handler := http.HandlerFunc(answer)
	address := "127.0.0.1:" + os.Args[1]
	if len(os.Args) > 3 {
		secure := &http.Server{Addr: address, Handler: handler}
		http2.ConfigureServer(secure, server)
		log.Fatal(secure.ListenAndServeTLS(os.Args[2], os.Args[3]))
	}
	log.Fatal(http.ListenAndServe(address, h2c.NewHandler(handler, server)))
}
