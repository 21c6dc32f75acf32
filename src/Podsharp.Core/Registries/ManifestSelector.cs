using Podsharp.Core.Images;

namespace Podsharp.Core.Registries;

/// <summary>A manifest by tag or by digest.</summary>
public readonly record struct ManifestSelector
{
    private readonly string? _tag;

    private ManifestSelector(string? tag, Digest? digest) => (_tag, Digest) = (tag, digest);

    public Digest? Digest { get; }

    /// <summary>The last part of the manifest's address.</summary>
    public string Text => Digest?.ToString() ?? _tag ?? throw new InvalidOperationException("The selector has no value.");

    /// <param name="tag">A tag that has been checked, such as <see cref="ImageReference.Tag"/>.</param>
    public static ManifestSelector ByTag(string tag) => new(tag, null);

    public static ManifestSelector ByDigest(Digest digest) => new(null, digest);

    /// <summary>The reference's digest, else its tag, else the default tag.</summary>
    public static ManifestSelector Of(ImageReference reference) =>
        reference.Digest is { } digest ? ByDigest(digest) : ByTag(reference.Tag ?? ImageReference.DefaultTag);

    public override string ToString() => Text;
}
