module Http2.FSharp.Tests.ServerTests

open System
open System.Net
open System.Net.Http
open System.Text
open System.Threading.Tasks
open Http2.FSharp
open Http2.Pure
open Http2.Shell
open Microsoft.Extensions.Logging.Abstractions
open Xunit

let private serve (server: Http2Server) (test: HttpClient -> Task) =
    task {
        use _ = { new IDisposable with member _.Dispose() = server.StopAsync(Threading.CancellationToken true).Wait() }
        do! server.StartAsync()

        use client =
            new HttpClient(
                BaseAddress = server.Endpoints[0].Uri,
                DefaultRequestVersion = HttpVersion.Version20,
                DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact
            )

        do! test client
    }

type private Greeter() =
    inherit Http2RequestHandler()

    override this.OnRequestDone() =
        this.SendResponse(200, Headers.ofList [ "x-path", this.Path ], $"hello from {this.Method}")

[<Fact>]
let ``A function answers requests`` () =
    let handler request =
        match Request.header "x-wanted" request with
        | Some wanted -> Response.text wanted |> Response.withHeader "x-found" "yes"
        | None -> Response.status 404

    serve (Server.at "127.0.0.1" 0 |> Server.create handler) (fun client ->
        task {
            use wanted = new HttpRequestMessage(HttpMethod.Get, "/", Version = HttpVersion.Version20)
            wanted.VersionPolicy <- HttpVersionPolicy.RequestVersionExact
            wanted.Headers.Add("x-wanted", "this")
            let! found = client.SendAsync wanted
            let! text = found.Content.ReadAsStringAsync()
            Assert.Equal("this", text)
            Assert.Equal<string seq>([ "yes" ], found.Headers.GetValues "x-found")
            let! missing = client.GetAsync "/"
            Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode)
        })

[<Fact>]
let ``A request tells its method, its path, its query and the length of its body`` () =
    let handler request =
        Response.text $"{Request.method request} {Request.path request} {Request.query request} {Request.contentLength request}"

    serve (Server.at "127.0.0.1" 0 |> Server.create handler) (fun client ->
        task {
            let! posted = client.PostAsync("/a%20b?c=d", new StringContent "abc")
            let! text = posted.Content.ReadAsStringAsync()
            Assert.Equal("POST /a%20b ?c=d Some(3)", text)
            let! plain = client.GetStringAsync "/"
            Assert.Equal("GET /  ", plain)
        })

[<Fact>]
let ``A task answers requests with what it read`` () =
    let handler request cancellation =
        task {
            let! body = Request.bytes cancellation request
            return Response.bytes (ReadOnlyMemory(Array.rev body)) |> Response.withTrailers [ "x-length", string body.Length ]
        }

    serve (Server.at "127.0.0.1" 0 |> Server.createTask handler) (fun client ->
        task {
            let! response = client.PostAsync("/", new StringContent "abc")
            let! text = response.Content.ReadAsStringAsync()
            Assert.Equal("cba", text)
            Assert.Equal<string seq>([ "3" ], response.TrailingHeaders.GetValues "x-length")
        })

[<Fact>]
let ``A handler class answers requests`` () =
    serve (Server.at "127.0.0.1" 0 |> Server.ofHandler (fun () -> Greeter())) (fun client ->
        task {
            let! response = client.GetAsync "/there"
            let! text = response.Content.ReadAsStringAsync()
            Assert.Equal("hello from GET", text)
            Assert.Equal<string seq>([ "/there" ], response.Headers.GetValues "x-path")
        })

[<Fact>]
let ``A push that the client does not take is an Error`` () =
    let handler request =
        match request |> Request.push "/x" (Response.text "pushed") with
        | Ok stream -> Response.text $"{stream}"
        | Error refusal -> Response.text $"{refusal}" |> Response.withStatus 202

    serve (Server.at "127.0.0.1" 0 |> Server.create handler) (fun client ->
        task {
            let! response = client.GetAsync "/"
            let! text = response.Content.ReadAsStringAsync()
            Assert.Equal(HttpStatusCode.Accepted, response.StatusCode)
            Assert.Equal("PushDisabled", text)
        })

[<Fact>]
let ``Header lists are looked up by name in any case`` () =
    let headers = Headers.ofList [ "A", "1"; "b", "2"; "a", "3" ]
    Assert.Equal(Some "1", Headers.tryFind "a" headers)
    Assert.Equal<string list>([ "1"; "3" ], Headers.findAll "A" headers)
    Assert.Equal(None, Headers.tryFind "c" headers)

[<Fact>]
let ``Header lists are changed by piping`` () =
    let fields (headers: Http2Headers) = [ for field in headers -> field.Name.ToString(), field.Value.ToString() ]

    let headers =
        Headers.ofList [ "a", "1"; "b", "2"; "a", "3" ]
        |> Headers.withValue "A" "4"
        |> Headers.add "c" "5"
        |> Headers.without "B"
        |> Headers.append (Headers.ofList [ "c", "6" ])

    Assert.Equal<(string * string) list>([ "a", "4"; "c", "5"; "c", "6" ], fields headers)

[<Fact>]
let ``A server is a pipeline, and an Async answers`` () =
    let handler request =
        async {
            let! body = Request.bytesAsync request
            return Response.bytes (ReadOnlyMemory(Array.rev body))
        }

    let options =
        Server.at "127.0.0.1" 0
        |> Server.withLogger NullLoggerFactory.Instance
        |> Server.withLimits (ConnectionOptions(MaxConcurrentStreams = 7))
        |> Server.withScheduling Http2Scheduling.ThreadPool

    Assert.Equal(("127.0.0.1", 0, 7), (options.Host, options.Port, options.Connection.MaxConcurrentStreams))
    Assert.Same(NullLoggerFactory.Instance, options.LoggerFactory)

    serve (options |> Server.createAsync handler) (fun client ->
        task {
            let! response = client.PostAsync("/", new StringContent "abc")
            let! text = response.Content.ReadAsStringAsync()
            Assert.Equal("cba", text)
        })

[<Fact>]
let ``A failed handler is answered as the pipeline says`` () =
    let handler (_: Http2Request) : Http2Response = failwith "broken"
    let sorry _ (failure: exn) = Some(Response.text failure.Message |> Response.withStatus 503)

    serve (Server.at "127.0.0.1" 0 |> Server.withLogger NullLoggerFactory.Instance |> Server.withFailureResponse sorry |> Server.create handler) (fun client ->
        task {
            let! response = client.GetAsync "/"
            let! text = response.Content.ReadAsStringAsync()
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "broken"), (response.StatusCode, text))
        })

[<Fact>]
let ``A pipeline over TLS at two addresses listens at both`` () =
    task {
        use key = System.Security.Cryptography.ECDsa.Create()
        let request = System.Security.Cryptography.X509Certificates.CertificateRequest("CN=test", key, System.Security.Cryptography.HashAlgorithmName.SHA256)
        use certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays -1.0, DateTimeOffset.UtcNow.AddDays 1.0)
        let tls = Http2Tls.From certificate
        Assert.Same(tls, (Server.at "127.0.0.1" 0 |> Server.withTls tls).Tls)
        let endpoint () = Http2Endpoint(Host = "127.0.0.1", Port = 0, Tls = tls)

        let! server =
            Server.at "127.0.0.1" 0
            |> Server.withEndpoints [ endpoint (); endpoint () ]
            |> Server.create (fun _ -> Response.status 204)
            |> Server.start

        Assert.Equal<string list>([ "https"; "https" ], [ for point in server.Endpoints -> point.Uri.Scheme ])
        do! server.StopAsync()
    }

[<Fact>]
let ``A server runs until its token or its computation is cancelled`` () =
    task {
        use stop = new Threading.CancellationTokenSource()
        let server () = Server.at "127.0.0.1" 0 |> Server.create (fun _ -> Response.status 204)
        let first, second = server (), server ()
        let running = Server.runTask stop.Token first
        let computing = Async.StartAsTask(Server.runAsync second, cancellationToken = stop.Token)

        while first.Endpoints.Count = 0 || second.Endpoints.Count = 0 do
            do! Task.Yield()

        Assert.False(running.IsCompleted || computing.IsCompleted)
        stop.Cancel()
        do! running
        let! ended = Task.WhenAny(computing, Task.Delay(TimeSpan.FromSeconds 30.0))
        Assert.Same(computing, ended)
    }
