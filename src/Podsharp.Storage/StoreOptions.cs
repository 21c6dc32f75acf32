namespace Podsharp.Storage;

/// <summary>What may be chosen about a store when it is opened.</summary>
public sealed record StoreOptions
{
    private const long LargestDefault = 20L << 30;
    private const int DefaultShare = 10;

    /// <summary>Most bytes of layers' compressed blobs to keep; 0 keeps none; null: a tenth of the store's file system, at most 20 GiB.</summary>
    public long? BlobCacheBytes { get; init; }

    internal long BlobCacheOn(long fileSystemBytes) => BlobCacheBytes ?? Math.Min(fileSystemBytes / DefaultShare, LargestDefault);
}
