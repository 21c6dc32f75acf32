using Podsharp.Core.Images;
using Podsharp.Core.Registries;
using Podsharp.Engine.Images.Pull;

namespace Podsharp.Engine.Images.Registries;

public sealed record InspectRemoteImageRequest(ImageReference Reference, GivenCredentials Credentials, EndpointRules Rules);

/// <param name="Descriptor">Of what the name stands for: a list or a manifest.</param>
public sealed record RemoteImageInspection(Podsharp.Core.Registries.ManifestDescriptor Descriptor, IReadOnlyList<Platform> Platforms);

/// <summary>Tells what a registry has under a name, without fetching it.</summary>
public sealed class InspectRemoteImage(IRegistryDirectory directory, IRegistryClient client, ICredentialSource credentials, IImageIngest ingest)
{
    public async Task<RemoteImageInspection> RunAsync(InspectRemoteImageRequest request, CancellationToken cancellationToken)
    {
        var endpoint = directory.EndpointsForPull(request.Reference, request.Rules)[^1];
        var known = await credentials.FindAsync(endpoint, request.Credentials, cancellationToken);
        var repository = client.Open(endpoint, known, RepositoryAccess.Pull);
        var document = await repository.GetManifestAsync(ManifestSelector.Of(request.Reference), cancellationToken);
        if (document.IsIndex)
        {
            var listed = ImageManifestList.Parse(document.Content).Manifests;
            return new RemoteImageInspection(document.Descriptor, [.. listed.Select(static one => one.Platform).OfType<Platform>()]);
        }

        var config = await RemoteImage.ReadConfigAsync(repository, ImageManifest.Parse(document.Content).Config, cancellationToken);
        var (image, _) = ingest.ReadConfig(config);
        return new RemoteImageInspection(document.Descriptor, [Platform.Of(image.Os, image.Architecture, image.Variant ?? "")]);
    }
}
