using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Podsharp.Core.Images;
using Podsharp.Storage.Tar;

namespace Podsharp.Storage.Tests.Images;

/// <summary>Images of one layer of random bytes, as a pull brings them.</summary>
internal static class IngestSamples
{
    public static async Task<Ingested> CommitAsync(Stores stores, int seed, int size, bool tagged = true)
    {
        var tar = MakeTar(seed, size);
        var blob = Compress(tar);
        var (diffId, digest) = (DigestOf(tar), DigestOf(blob));
        using var layer = await stores.ImageIngest.StageLayerAsync(new MemoryStream(blob), digest, diffId, CancellationToken.None);
        var image = await stores.ImageIngest.CommitAsync(
            new IngestedImage
            {
                Config = Encoding.UTF8.GetBytes($$$"""{"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":["{{{diffId}}}"]}}"""),
                Manifest = Encoding.UTF8.GetBytes($$"""{"schemaVersion":2,"seed":{{seed}}}"""),
                ManifestMediaType = "application/vnd.oci.image.manifest.v1+json",
                Layers = [layer],
                LayerBlobs = [layer.Blob],
                Tags = tagged ? [ImageReference.Parse($"r.example/app:{seed}")] : [],
            },
            CancellationToken.None);
        return new Ingested(image, diffId, digest, blob.Length);
    }

    public static Task<Image> ImportAsync(Stores stores, int seed, int size) =>
        stores.ImageArchives.ImportAsync(new MemoryStream(MakeTar(seed, size)), new ImageConfig(), null, CancellationToken.None);

    private static byte[] MakeTar(int seed, int size)
    {
        var content = new byte[size];
        new Random(seed).NextBytes(content);
        var stream = new MemoryStream();
        var writer = new TarWriter(stream);
        writer.Add(new TarEntry { Name = "data", Kind = TarKind.File, Mode = 0b110_100_100, Size = size });
        writer.Write(content);
        writer.Finish();
        return stream.ToArray();
    }

    private static byte[] Compress(byte[] content)
    {
        var stream = new MemoryStream();
        using (var packed = new GZipStream(stream, CompressionLevel.Fastest)) packed.Write(content);
        return stream.ToArray();
    }

    private static Digest DigestOf(byte[] content) => Digest.FromHash(SHA256.HashData(content));
}

internal sealed record Ingested(Image Image, Digest DiffId, Digest Blob, long BlobSize);
