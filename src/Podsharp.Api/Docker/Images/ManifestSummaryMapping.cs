using Podsharp.Core.Images;
using Podsharp.Engine.Images;
using Podsharp.Wire.Docker.Images;

namespace Podsharp.Api.Docker.Images;

internal static class ManifestSummaryMapping
{
    public static ManifestSummaryReply ToReply(ManifestSummary manifest) => new(
        manifest.Descriptor.Digest.ToString(),
        ToReply(manifest.Descriptor),
        manifest.IsComplete,
        new ManifestSizeReply(manifest.Content, manifest.Content + manifest.Unpacked),
        "image",
        new ManifestImageReply(
            ToReply(manifest.Platform),
            [.. manifest.Users.Select(static user => user.ToString())],
            new UnpackedSizeReply(manifest.Unpacked)));

    public static PlatformReply ToReply(Platform platform) => new()
    {
        Architecture = platform.Architecture,
        Os = platform.Os,
        Variant = platform.Variant.Length > 0 ? platform.Variant : null,
    };

    public static DescriptorReply ToReply(ManifestDescriptor manifest) => new(manifest.MediaType, manifest.Digest.ToString(), manifest.Size);
}
