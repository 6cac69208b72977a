namespace Http2.FSharp

open Hpack.Pure

[<AutoOpen>]
module internal Interop =
    let toResult (either: LanguageExt.Either<'error, 'value>) : Result<'value, 'error> =
        either.Match(Right = (fun value -> Ok value), Left = (fun error -> Error error))

    let toOption (value: LanguageExt.Option<'value>) : 'value option =
        // None is null to .NET, which Match does not let through
        value.MatchUnsafe(Some = (fun it -> Some it), None = (fun () -> None))

/// <summary>Header fields.</summary>
[<RequireQualifiedAccess>]
module Field =
    /// <summary>A field of a name and a value, encoded as UTF-8.</summary>
    let create (name: string) (value: string) =
        HeaderField(Octets.FromString name, Octets.FromString value, false)

    /// <summary>A field that no hop may put into a dynamic table (RFC 7541 §7.1.3).</summary>
    let neverIndexed (name: string) (value: string) =
        HeaderField(Octets.FromString name, Octets.FromString value, true)

    /// <summary>The field's name and value, read as UTF-8; an active pattern.</summary>
    let (|Field|) (field: HeaderField) =
        field.Name.ToString(), field.Value.ToString()

/// <summary>Header compression (RFC 7541) as functions of states; see <c>HpackEncoder</c> and <c>HpackDecoder</c>.</summary>
[<RequireQualifiedAccess>]
module Hpack =
    /// <summary>An encoder whose dynamic table holds at most so many octets; 4096 is usual.</summary>
    let encoder (maxTableSize: int) = EncoderState.Create maxTableSize

    /// <summary>A decoder whose dynamic table holds at most so many octets; 4096 is usual.</summary>
    let decoder (maxTableSize: int) = DecoderState.Create maxTableSize

    /// <summary>Encodes a list of fields: the block, and the encoder for the next one.</summary>
    let encode (fields: HeaderField seq) (state: EncoderState) : Octets * EncoderState =
        let encoded = HpackEncoder.Encode(state, Array.ofSeq fields)
        encoded.Block, encoded.State

    /// <summary>Decodes a block: its fields and the decoder for the next one, or what is wrong with it.</summary>
    let decode (block: Octets) (state: DecoderState) : Result<HeaderField list * DecoderState, HpackError> =
        HpackDecoder.Decode(state, block)
        |> toResult
        |> Result.map (fun decoded -> List.ofSeq decoded.Fields, decoded.State)

    /// <summary>The entries of a dynamic table, the newest first.</summary>
    let entries (table: DynamicTable) : HeaderField list = List.ofSeq table
