using System.Runtime.Versioning;

// What the event loops call of the system lies in a kernel in memory here; the product has them for Linux alone.
[assembly: SupportedOSPlatform("linux")]
