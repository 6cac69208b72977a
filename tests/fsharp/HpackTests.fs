module Http2.FSharp.Tests.HpackTests

open Hpack.Pure
open Http2.FSharp
open Xunit

let private fields = [ Field.create ":method" "GET"; Field.create "x-name" "value"; Field.neverIndexed "x-secret" "s" ]

[<Fact>]
let ``What is encoded is decoded to the same fields and the tables stay equal`` () =
    let block, encoder = Hpack.encode fields (Hpack.encoder 4096)

    match Hpack.decode block (Hpack.decoder 4096) with
    | Ok(decoded, decoder) ->
        Assert.Equal<HeaderField list>(fields, decoded)
        Assert.Equal<HeaderField list>(Hpack.entries encoder.Table, Hpack.entries decoder.Table)
        Assert.Equal<HeaderField list>([ Field.create "x-name" "value" ], Hpack.entries decoder.Table)
    | Error error -> failwith $"{error}"

[<Fact>]
let ``A second block is shorter because the states remember the first`` () =
    let first, encoder = Hpack.encode fields (Hpack.encoder 4096)
    let second, _ = Hpack.encode fields encoder
    Assert.True(second.Length < first.Length)

[<Fact>]
let ``A block that is wrong is an Error that says what`` () =
    match Hpack.decode (Octets.FromHex "80") (Hpack.decoder 4096) with
    | Error error -> Assert.Equal(HpackErrorKind.IndexZero, error.Kind)
    | Ok _ -> failwith "index 0 was decoded"

[<Fact>]
let ``The parts of a field are matched`` () =
    let (Field.Field(name, value)) = Field.create "a" "b"
    Assert.Equal(("a", "b"), (name, value))
