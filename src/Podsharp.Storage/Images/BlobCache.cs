using Podsharp.Core.Images;

namespace Podsharp.Storage.Images;

/// <summary>Sizes and last uses of the layers' blobs that are kept. Its owner guards it.</summary>
internal sealed class BlobCache
{
    private readonly Dictionary<Digest, (long Size, DateTime Used)> _blobs = [];

    public long Bytes { get; private set; }

    public long SizeOf(Digest digest) => _blobs.TryGetValue(digest, out var blob) ? blob.Size : 0;

    public IEnumerable<(Digest Digest, long Size)> LeastRecentFirst() =>
        _blobs.OrderBy(static pair => pair.Value.Used).Select(static pair => (pair.Key, pair.Value.Size)).ToList();

    public void Add(Digest digest, long size, DateTime used)
    {
        Remove(digest);
        _blobs[digest] = (size, used);
        Bytes += size;
    }

    /// <summary>False when it is not known.</summary>
    public bool Use(Digest digest, DateTime used)
    {
        if (!_blobs.TryGetValue(digest, out var blob)) return false;
        _blobs[digest] = blob with { Used = used };
        return true;
    }

    public void Remove(Digest digest)
    {
        if (_blobs.Remove(digest, out var blob)) Bytes -= blob.Size;
    }
}
