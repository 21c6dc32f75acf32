using Podsharp.Api.Http;
using Podsharp.Engine.Images;
using Podsharp.Wire.Docker.Images;

namespace Podsharp.Api.Docker.Images;

internal static class ImageSummaryMapping
{
    public static ImageSummary ToReply(ImageListing listing, ApiVersion version)
    {
        var image = listing.Image;
        var nameless = listing.Tags.Count + listing.RepositoryDigests.Count == 0 && !version.AtLeast(1, 43);
        return new ImageSummary
        {
            Containers = version.AtLeast(1, 51) ? listing.Containers : -1,
            Created = image.Config.Created?.ToUnixTimeSeconds() ?? 0,
            Id = image.Id.ToString(),
            Labels = image.Config.Process.Labels is { Count: > 0 } labels ? labels : null,
            ParentId = image.Parent?.ToString() ?? "",
            RepoDigests = nameless ? ["<none>@<none>"] : [.. listing.RepositoryDigests.Select(name => name.Familiar)],
            RepoTags = nameless ? ["<none>:<none>"] : [.. listing.Tags.Select(name => name.Familiar)],
            SharedSize = listing.SharedSize ?? -1,
            Size = image.Size,
            VirtualSize = version.AtLeast(1, 44) ? null : image.Size,
            Manifests = listing.Manifests is { Count: > 0 } manifests ? [.. manifests.Select(ManifestSummaryMapping.ToReply)] : null,
        };
    }
}
