using System.Buffers.Binary;
using Podsharp.Linux.Files;
using ZstdSharp;

namespace Podsharp.Storage.Tar;

/// <summary>
/// The record of a layer's exact tar stream, compressed: headers, padding and the archive's end as they were, and for files' data
/// only where it lies in the layer's directory. A file that a later entry of the same archive replaced is kept beside the
/// layer's files, and a second file says which names moved and when.
/// <code>
/// tar:   'L' length bytes | 'F' length-of-path path offset length     numbers are 64 bits, little-endian
/// moved: count-of-references-before length-of-path path number         the name is now orphans/NUMBER
/// </code>
/// </summary>
internal sealed class TarRecordWriter : IDisposable
{
    private const int FlushAt = 128 << 10;
    private readonly FileStream _file;
    private readonly CompressionStream _compressed;
    private readonly MemoryStream _literal = new();
    private readonly MemoryStream _plain = new();
    private FileStream? _moved;

    public TarRecordWriter(string layerPath)
    {
        LayerPath = layerPath;
        _file = new FileStream(TarRecord.PathIn(layerPath), FileMode.CreateNew, FileAccess.Write, FileShare.Read, 1 << 16);
        _compressed = new CompressionStream(_file, level: 1, leaveOpen: true);
    }

    public string LayerPath { get; }

    /// <summary>References written so far.</summary>
    public long References { get; private set; }

    public void Literal(ReadOnlySpan<byte> bytes)
    {
        _literal.Write(bytes);
        if (_literal.Length < FlushAt) return;
        FlushLiteral();
        Compress();
    }

    /// <param name="path">Of the file below the layer's directory, free of links.</param>
    public void Reference(string path, long offset, long length)
    {
        if (length == 0) return;
        FlushLiteral();
        References++;
        _plain.WriteByte((byte)'F');
        TarRecord.WriteText(_plain, path);
        TarRecord.WriteNumber(_plain, offset);
        TarRecord.WriteNumber(_plain, length);
        // Each call of the compressor costs more than the few bytes of a reference.
        if (_plain.Length >= FlushAt) Compress();
    }

    /// <summary>Notes that what had this name was moved among the orphans; answers its new place.</summary>
    public string Move(string path, long number)
    {
        _moved ??= new FileStream(TarRecord.MovedPathIn(LayerPath), FileMode.CreateNew, FileAccess.Write);
        TarRecord.WriteNumber(_moved, References);
        TarRecord.WriteText(_moved, path);
        TarRecord.WriteNumber(_moved, number);
        return TarRecord.OrphanName(number);
    }

    /// <summary>Only after this is the record complete.</summary>
    public void Finish()
    {
        FlushLiteral();
        Compress();
        _compressed.Dispose();
        _file.Flush();
        _moved?.Flush();
    }

    public void Dispose()
    {
        try
        {
            _compressed.Dispose();
            _file.Dispose();
        }
        catch (IOException)
        {
            // Disposed without Finish: the layer failed (often a full disk) and its directory goes away.
        }

        _moved?.Dispose();
    }

    private void FlushLiteral()
    {
        if (_literal.Length == 0) return;
        _plain.WriteByte((byte)'L');
        TarRecord.WriteNumber(_plain, _literal.Length);
        _literal.WriteTo(_plain);
        _literal.SetLength(0);
    }

    private void Compress()
    {
        _plain.WriteTo(_compressed);
        _plain.SetLength(0);
    }
}

/// <summary>Builds a layer's tar again from its record and its files.</summary>
internal static class TarRecord
{
    public static string PathIn(string layerPath) => Path.Join(layerPath, "tar");

    public static string MovedPathIn(string layerPath) => Path.Join(layerPath, "tar.moved");

    public static string OrphanName(long number) => $"orphans/{number}";

    /// <summary>Writes the tar stream, byte for byte what it was.</summary>
    public static void Rebuild(string layerPath, Stream target, CancellationToken cancellationToken)
    {
        using var layer = DirectoryHandle.Open(layerPath);
        var moved = ReadMoved(layerPath);
        using var file = new FileStream(PathIn(layerPath), FileMode.Open, FileAccess.Read);
        using var record = new DecompressionStream(file);
        var buffer = new byte[256 << 10];
        for (var references = 0L; ;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            switch (record.ReadByte())
            {
                case -1: return;
                case 'L': CopyLiteral(record, ReadNumber(record), target, buffer); break;
                case 'F':
                    var path = Place(ReadText(record), references++, moved);
                    CopyFile(layer, path, ReadNumber(record), ReadNumber(record), target, buffer);
                    break;
                default: throw new InvalidDataException($"the record {PathIn(layerPath)} is damaged");
            }
        }
    }

    internal static void WriteNumber(Stream stream, long number)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        stream.Write(bytes);
    }

    internal static void WriteText(Stream stream, string text)
    {
        var bytes = PathText.ToBytes(text);
        WriteNumber(stream, bytes.Length);
        stream.Write(bytes);
    }

    private static long ReadNumber(Stream stream)
    {
        Span<byte> bytes = stackalloc byte[8];
        stream.ReadExactly(bytes);
        return BinaryPrimitives.ReadInt64LittleEndian(bytes);
    }

    private static string ReadText(Stream stream)
    {
        var bytes = new byte[checked((int)ReadNumber(stream))];
        stream.ReadExactly(bytes);
        return PathText.FromBytes(bytes);
    }

    private static List<(long References, string Path, long Number)> ReadMoved(string layerPath)
    {
        var moved = new List<(long, string, long)>();
        if (!File.Exists(MovedPathIn(layerPath))) return moved;
        using var file = new FileStream(MovedPathIn(layerPath), FileMode.Open, FileAccess.Read);
        while (file.Position < file.Length) moved.Add((ReadNumber(file), ReadText(file), ReadNumber(file)));
        return moved;
    }

    /// <summary>The first move of the name, or of a directory above it, after the reference was written tells where it is.</summary>
    private static string Place(string path, long reference, List<(long References, string Path, long Number)> moved)
    {
        foreach (var (references, from, number) in moved)
        {
            if (references <= reference) continue;
            if (path == from) return OrphanName(number);
            if (path.StartsWith(from + "/", StringComparison.Ordinal)) return OrphanName(number) + path[from.Length..];
        }

        return "diff/" + path;
    }

    private static void CopyLiteral(Stream record, long length, Stream target, byte[] buffer)
    {
        while (length > 0)
        {
            var read = record.Read(buffer, 0, (int)Math.Min(buffer.Length, length));
            if (read == 0) throw new EndOfStreamException("a layer's tar record is cut off");
            target.Write(buffer, 0, read);
            length -= read;
        }
    }

    private static void CopyFile(DirectoryHandle layer, string path, long offset, long length, Stream target, byte[] buffer)
    {
        using var file = layer.OpenFile(path, FileFlags.ReadOnly | FileFlags.NoFollow, 0, PathResolution.NoSymbolicLinks);
        while (length > 0)
        {
            var read = RandomAccess.Read(file, buffer.AsSpan(0, (int)Math.Min(buffer.Length, length)), offset);
            if (read == 0) throw new EndOfStreamException($"the layer's file {path} is shorter than its record says");
            target.Write(buffer, 0, read);
            (offset, length) = (offset + read, length - read);
        }
    }
}
