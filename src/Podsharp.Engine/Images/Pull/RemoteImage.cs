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
    private const int DeepestList = 4;

    /// <summary>NotFound when the registry lacks it or has none for the platform.</summary>
    public static async Task<RemoteImage> FindAsync(
        IRemoteRepository repository, ImageReference reference, Platform platform, IImageIngest ingest, CancellationToken cancellationToken)
    {
        var document = await repository.GetManifestAsync(ManifestSelector.Of(reference), cancellationToken);
        var top = document.Digest;
        for (var depth = 0; document.IsIndex; depth++)
        {
            if (depth == DeepestList) throw new EngineException(ErrorKind.InvalidData, "the manifest lists are nested too deeply");
            var chosen = ImageManifestList.Parse(document.Content).Choose(platform)
                ?? throw new EngineException(ErrorKind.NotFound, $"no matching manifest for {platform} in the manifest list entries", "no matching manifest");
            document = await repository.GetManifestAsync(ManifestSelector.ByDigest(chosen.Digest), cancellationToken);
        }

        var manifest = ImageManifest.Parse(document.Content);
        var config = await ReadConfigAsync(repository, manifest.Config, cancellationToken);
        var (_, diffIds) = ingest.ReadConfig(config);
        if (diffIds.Count != manifest.Layers.Count)
            throw new EngineException(ErrorKind.InvalidData, $"the manifest names {manifest.Layers.Count} layers, the image's configuration {diffIds.Count}");
        return new RemoteImage(repository, top, document, manifest, config, diffIds);
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
