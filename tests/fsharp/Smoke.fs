module Http2.FSharp.Tests.Smoke
