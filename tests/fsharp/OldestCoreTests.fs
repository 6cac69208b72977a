module Http2.FSharp.Tests.OldestCoreTests

open System.Reflection
open Http2.FSharp
open Xunit

let private core (assembly: Assembly) =
    assembly.GetReferencedAssemblies() |> Array.find (fun name -> name.Name = "FSharp.Core")

// A program brings the FSharp.Core of its SDK. When that is older than what the library was compiled with, the build warns, and the first
// call that needs it fails.
[<Fact>]
let ``The library asks for no newer FSharp.Core than it needs`` () =
    Assert.Equal("6.0.0.0", string (core typeof<Outcome>.Assembly).Version)

[<Fact>]
let ``These tests run with the oldest one, the requests that they serve included`` () =
    Assert.Equal("6.0.0.0", string (typeof<int list>.Assembly.GetName().Version))
