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
