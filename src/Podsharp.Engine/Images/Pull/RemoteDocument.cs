using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Core.Registries;

namespace Podsharp.Engine.Images.Pull;

/// <summary>The manifest that a name stands for on a registry, with its digest proven and not yet read.</summary>
/// <param name="Top">Digest of what the name stands for: of the list where there is one, else of the manifest.</param>
internal sealed record RemoteDocument(IRemoteRepository Repository, Digest Top, RemoteManifest Manifest)
{
    private const int DeepestList = 4;

    /// <summary>NotFound when the registry lacks it or has none for the platform.</summary>
    public static async Task<RemoteDocument> FindAsync(
        IRemoteRepository repository, ImageReference reference, Platform platform, CancellationToken cancellationToken)
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

        return new RemoteDocument(repository, top, document);
    }

    public RemoteManifests AskedForBy(ImageReference reference) => new(reference, Repository, [Manifest.Digest, Top]);
}
