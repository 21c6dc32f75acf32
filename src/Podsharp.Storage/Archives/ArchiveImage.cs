using Podsharp.Core.Images;

namespace Podsharp.Storage.Archives;

/// <summary>An image found in an archive: its blobs as they were, its layers, its names.</summary>
/// <param name="Parent">What the archive says it was made from; null: nothing.</param>
internal sealed record ArchiveImage(byte[] Config, byte[] Manifest, string ManifestMediaType, IReadOnlyList<LayerMember> Layers, Digest? Parent = null)
{
    public IReadOnlyList<ImageReference> Tags { get; init; } = [];

    /// <summary>Names whose own another image is, of another platform.</summary>
    public IReadOnlyList<ImageReference> PlatformTags { get; init; } = [];
}
