module Http2.FSharp.Tests.ServerTests

open System
open System.Net
open System.Net.Http
open System.Text
open System.Threading.Tasks
open Http2.FSharp
open Http2.Shell
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
        | Error misuse -> Response.text $"{misuse}" |> Response.withStatus 202

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
