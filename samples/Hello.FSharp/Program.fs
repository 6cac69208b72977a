// usage: Hello.FSharp [CERTIFICATE [KEY [PORT]]]
open System.IO
open Http2.FSharp
open Http2.Shell

type Handler() =
    inherit Http2RequestHandler()

    override this.OnHeaders() =
        if this.CanPush then
            let headers = Headers.ofList [ "content-type", "text/css" ]
            this.Push("/css/style.css", requestHeaders = headers, status = 200, body = "body{margin:0;}") |> ignore

        this.SendResponse(200, Headers.ofList [ "content-type", "text/plain" ], ResponseBody.From(new MemoryStream("Http2Spec FTW"B)))

[<EntryPoint>]
let main args =
    let arg index otherwise = args |> Array.tryItem index |> Option.defaultValue otherwise

    let server =
        Server.at "127.0.0.1" (int (arg 2 "8443"))
        |> Server.withTls (Http2Tls.FromPem(arg 0 "server.crt", arg 1 "server.key"))
        |> Server.ofHandler (fun () -> Handler())

    (Server.start server).Wait()
    printfn $"listening on {server.Endpoints[0].Uri}"
    Server.run server
    0
