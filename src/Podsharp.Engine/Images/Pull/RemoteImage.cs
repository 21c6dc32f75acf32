using System.Security.Cryptography;
using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Core.Registries;

namespace Podsharp.Engine.Images.Pull;

/// <summary>An image as a registry has it, known but for its layers.</summary>
/// <param name="Digest">What the name stands for: of the list where there is one, else of the manifest.</param>
/// <param name="Config">The exact bytes.</param>
internal sealed record RemoteImage(
    IRemoteRepository Repository, Digest Digest, RemoteManifest Document, ImageManifest Manifest, ReadOnlyMemory<byte> Config, IReadOnlyList<Digest> DiffIds)
{
    /// <summary>Believes the manifest and reads the configuration that it names.</summary>
    public static async Task<RemoteImage> ReadAsync(RemoteDocument found, IImageIngest ingest, CancellationToken cancellationToken)
    {
        var manifest = ImageManifest.Parse(found.Manifest.Content);
        var config = await ReadConfigAsync(found.Repository, manifest.Config, cancellationToken);
        var (_, diffIds) = ingest.ReadConfig(config);
        if (diffIds.Count != manifest.Layers.Count)
            throw new EngineException(ErrorKind.InvalidData, $"the manifest names {manifest.Layers.Count} layers, the image's configuration {diffIds.Count}");
        return new RemoteImage(found.Repository, found.Top, found.Manifest, manifest, config, diffIds);
    }

    public static async Task<byte[]> ReadConfigAsync(IRemoteRepository repository, BlobDescriptor blob, CancellationToken cancellationToken)
    {
        await using var content = await repository.OpenBlobAsync(blob, 0, cancellationToken);
        var bytes = new byte[blob.Size];
        await content.ReadExactlyAsync(bytes, cancellationToken);
        return Digest.FromHash(SHA256.HashData(bytes)) == blob.Digest
            ? bytes
            : throw new EngineException(ErrorKind.InvalidData, $"the image's configuration {blob.Digest} was sent with other content");
    }
}
