using System.Buffers.Binary;
using System.Text;

namespace Podsharp.Differential.Shapes;

/// <summary>Output and errors on one stream: each frame has a head of eight bytes, the first telling the stream, the last four the length.</summary>
public static class Frames
{
    public static bool IsFramed(ReadOnlySpan<byte> bytes) => bytes.Length >= 8 && bytes[0] <= 3 && bytes[1] == 0 && bytes[2] == 0 && bytes[3] == 0;

    /// <returns>All of the output, then all of the errors: which came first isn't promised.</returns>
    public static string Read(ReadOnlySpan<byte> bytes)
    {
        var streams = new SortedDictionary<int, StringBuilder>();
        while (IsFramed(bytes))
        {
            var length = Math.Min(BinaryPrimitives.ReadInt32BigEndian(bytes[4..]), bytes.Length - 8);
            if (!streams.TryGetValue(bytes[0], out var stream)) streams[bytes[0]] = stream = new StringBuilder();
            stream.Append(Encoding.UTF8.GetString(bytes.Slice(8, length)));
            bytes = bytes[(8 + length)..];
        }
        var rest = bytes.Length > 0 ? $"; unframed: {Encoding.UTF8.GetString(bytes)}" : "";
        return string.Join("; ", streams.Select(stream => $"stream {stream.Key}: {stream.Value}")) + rest;
    }
}
