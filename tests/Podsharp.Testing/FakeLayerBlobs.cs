using System.Text;
using Podsharp.Core.Images;
using Podsharp.Core.Registries;

namespace Podsharp.Testing;

/// <summary>Blobs in memory; a layer is compressed into a text that names it.</summary>
public sealed class FakeLayerBlobs(FakeImageStore images) : ILayerBlobs
{
    private int _held;

    /// <summary>Blobs held now.</summary>
    public int Held => _held;

    public Dictionary<Digest, byte[]> Kept { get; } = [];

    /// <summary>Layers that were compressed.</summary>
    public List<Digest> Compressed { get; } = [];

    public long CachedBlobBytes
    {
        get
        {
            lock (Kept) return Kept.Values.Sum(static content => (long)content.Length);
        }
    }

    public long Evict(bool keepTagged)
    {
        lock (Kept)
        {
            var before = CachedBlobBytes;
            var spared = keepTagged ? images.All.Where(static image => image.Tags.Count > 0).SelectMany(static image => image.LayerBlobs).ToHashSet() : [];
            foreach (var digest in Kept.Keys.Where(digest => !spared.Contains(digest)).ToList()) Kept.Remove(digest);
            return before - CachedBlobBytes;
        }
    }

    public long SizeOf(Digest blob)
    {
        lock (Kept) return Kept.TryGetValue(blob, out var content) ? content.Length : 0;
    }

    public IHeldBlob? Find(Digest blob)
    {
        lock (Kept) return Kept.TryGetValue(blob, out var content) ? Hold(blob, content) : null;
    }

    public Task<IHeldBlob> CompressAsync(Digest diffId, CancellationToken cancellationToken)
    {
        var content = Encoding.UTF8.GetBytes($"compressed {diffId}");
        var digest = FakeRegistry.DigestOf(content);
        lock (Kept)
        {
            Compressed.Add(diffId);
            Kept[digest] = content;
            return Task.FromResult<IHeldBlob>(Hold(digest, content));
        }
    }

    public Task AdoptManifestAsync(
        Digest image, ReadOnlyMemory<byte> manifest, string mediaType, IReadOnlyList<Digest> layerBlobs, ImageReference repositoryDigest, CancellationToken cancellationToken)
    {
        var digest = FakeRegistry.DigestOf(manifest.ToArray());
        images.Blobs[digest] = manifest.ToArray();
        images.Replace(images.Find(image)! with
        {
            ManifestDigest = digest, ManifestMediaType = mediaType, LayerBlobs = layerBlobs, RepositoryDigests = [repositoryDigest],
        });
        return Task.CompletedTask;
    }

    private FakeHeldBlob Hold(Digest digest, byte[] content)
    {
        Interlocked.Increment(ref _held);
        return new FakeHeldBlob(new BlobDescriptor(digest, content.Length), content, () => Interlocked.Decrement(ref _held));
    }

    private sealed class FakeHeldBlob(BlobDescriptor descriptor, byte[] content, Action released) : IHeldBlob
    {
        public BlobDescriptor Descriptor => descriptor;

        public Stream Open() => new MemoryStream(content, writable: false);

        public void Dispose() => released();
    }
}
