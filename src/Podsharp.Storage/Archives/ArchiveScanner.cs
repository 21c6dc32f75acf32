using Podsharp.Core.Images;
using Podsharp.Storage.Layers;
using Podsharp.Storage.Roots;
using Podsharp.Storage.Streams;
using Podsharp.Storage.Tar;

namespace Podsharp.Storage.Archives;

/// <summary>
/// Reads an archive once. Members may come in any order, so whatever looks like a layer is extracted at once and whatever is
/// small is kept; what they mean is decided when all has been seen.
/// </summary>
internal sealed class ArchiveScanner(LayerStore layers, Staging staging, CancellationToken cancellationToken)
{
    private static readonly ExtractionLimits Limits = new();
    private int _entries;
    private long _kept;

    public ArchiveMembers Members { get; } = new();

    /// <summary>On failure the caller removes what <see cref="Members"/> has staged.</summary>
    public void Scan(Stream archive)
    {
        var reader = new TarReader(archive);
        while (reader.Next() is { } entry)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (++_entries > ArchiveLimits.Entries) throw ArchiveLimits.Exceeded($"it holds more than {ArchiveLimits.Entries} members");
            var name = LayerPath.Clean(entry.Name, Limits);
            Keep(name.Length + entry.LinkTarget.Length);
            switch (entry.Kind)
            {
                case TarKind.File when entry.Extents is null: ScanFile(name, entry, reader); break;
                case TarKind.SymbolicLink: Members.AddLink(name, Target(name, entry.LinkTarget)); break;
                case TarKind.HardLink: Members.AddLink(name, LayerPath.Clean(entry.LinkTarget, Limits)); break;
                default: break;
            }
        }
    }

    private static string Target(string name, string link)
    {
        var parent = LayerPath.Split(name).Parent;
        return LayerPath.Clean(link.StartsWith('/') || parent.Length == 0 ? link : $"{parent}/{link}", Limits);
    }

    private void ScanFile(string name, TarEntry entry, TarReader reader)
    {
        var content = new PeekStream(new MemberStream(reader), TarHeader.BlockSize);
        if (LooksLikeLayer(content.Peek(), entry.Size))
        {
            Members.Add(name, ReadLayer(name, content));
            return;
        }

        // Not a layer and large: nothing that an image needs. The reader passes it.
        if (entry.Size > ArchiveLimits.SmallMember)
        {
            Members.AddLarge(name, entry.Size);
            return;
        }

        Keep(entry.Size);
        var bytes = new byte[entry.Size];
        content.ReadExactly(bytes);
        Members.Add(name, bytes);
    }

    private void Keep(long bytes)
    {
        if ((_kept += bytes) > ArchiveLimits.SmallTotal)
            throw ArchiveLimits.Exceeded($"its names, manifests and configurations have more than {ArchiveLimits.SmallTotal} bytes together");
    }

    private static bool LooksLikeLayer(ReadOnlySpan<byte> start, long size) =>
        Compression.IsGzip(start) || Compression.IsZstandard(start)
        || (start.Length == TarHeader.BlockSize && size % TarHeader.BlockSize == 0 && (TarHeader.IsZero(start) || TarHeader.HasValidChecksum(start)));

    private LayerMember ReadLayer(string name, PeekStream content)
    {
        using var hash = new BackgroundSha256();
        var raw = new HashedStream(content, hash);
        // A name that is a digest we have: an image can only mean that layer by it, and its bytes need no second look.
        if (name.Length >= 64 && Digest.TryParse("sha256:" + name[^64..], out var named) && layers.Find(named) is { } present)
            return new LayerMember(named, present, null, null);
        var compressed = Compression.IsGzip(content.Peek()) || Compression.IsZstandard(content.Peek());
        var path = staging.NewDirectory();
        try
        {
            Layer layer;
            using (var extractor = new LayerExtractor(path))
            {
                // One digest serves both names of a plain layer.
                using var tar = compressed ? Compression.Open(new PeekStream(raw, 8)) : content;
                layer = extractor.Extract(staging.Room.Watch(tar), cancellationToken);
            }

            if (!compressed) return new LayerMember(layer.DiffId, layer, path, null);
            Drain(raw);
            return new LayerMember(hash.Finish(), layer, path, null);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or ZstdSharp.ZstdException)
        {
            staging.Remove(path);
            Drain(raw);
            return new LayerMember(hash.Finish(), null, null, e.Message);
        }
        catch
        {
            staging.Remove(path);
            throw;
        }
    }

    private static void Drain(Stream stream)
    {
        var buffer = new byte[64 << 10];
        while (stream.Read(buffer) > 0)
        {
        }
    }

    /// <summary>The data of the reader's present entry.</summary>
    private sealed class MemberStream(TarReader reader) : ReadOnlyStream
    {
        public override int Read(Span<byte> buffer)
        {
            var data = reader.TakeData(buffer.Length);
            data.CopyTo(buffer);
            return data.Length;
        }
    }
}
