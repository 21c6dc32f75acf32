using Podsharp.Core.Images;

namespace Podsharp.Testing;

/// <summary>Images of another platform than <see cref="Samples.Image"/>'s.</summary>
public static class PlatformSamples
{
    /// <summary>One for arm64 that names of others mean for its platform.</summary>
    public static Image Arm(string seed, params string[] platformTags) => Samples.Image(seed) with
    {
        Config = new ImageConfig { Architecture = "arm64", Created = Samples.Time },
        PlatformTags = [.. platformTags.Select(ImageReference.Parse)],
    };
}
