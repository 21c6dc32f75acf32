using System.IO.Compression;
using ZstdSharp;

namespace Podsharp.Storage.Streams;

/// <summary>The compressions of archives and layers, known by their first bytes.</summary>
internal static class Compression
{
    public static bool IsGzip(ReadOnlySpan<byte> start) => start.StartsWith([(byte)0x1f, (byte)0x8b]);

    /// <summary>A frame (RFC 8878 §3.1.1) or a skippable one, with which seekable archives begin.</summary>
    public static bool IsZstandard(ReadOnlySpan<byte> start) =>
        start.StartsWith([(byte)0x28, (byte)0xb5, (byte)0x2f, (byte)0xfd])
        || (start.Length >= 4 && (start[0] & 0xf0) == 0x50 && start[1..].StartsWith([(byte)0x2a, (byte)0x4d, (byte)0x18]));

    /// <summary>The stream's content, decompressed where it is compressed; <see cref="InvalidDataException"/> for what we cannot read.</summary>
    public static Stream Open(PeekStream stream, InflationLimits? limits = null)
    {
        var start = stream.Peek();
        var counted = new CountedStream(stream);
        if (IsGzip(start)) return new BoundedInflation(new GZipStream(counted, CompressionMode.Decompress), counted, limits ?? new InflationLimits());
        if (IsZstandard(start)) return new BoundedInflation(new DecompressionStream(counted, leaveOpen: true), counted, limits ?? new InflationLimits());
        if (ProgramFor(start) is not { } program) return stream;
        return new BoundedInflation(ProgramInflation.Start(program, counted), counted, limits ?? new InflationLimits());
    }

    // Rare by now: the distribution's programs read them.
    private static string? ProgramFor(ReadOnlySpan<byte> start) =>
        start.StartsWith("BZh"u8) ? "bzip2" : start.StartsWith([(byte)0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z']) ? "xz" : null;
}
