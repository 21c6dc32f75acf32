using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Core.Text;

namespace Podsharp.Engine.Images;

/// <summary>
/// Finds an image by what people type: full id, name with or without tag, name@digest, unique id prefix, in that order. A short name
/// means the default registry's; where that is missing, localhost's (images made on this machine by other clients).
/// </summary>
public sealed class ImageLookup(IImageStore images)
{
    private const string IdPrefix = "sha256:";
    private const string LocalRegistry = "localhost/";

    /// <summary>The image and the name it was found by. NotFound when there is none, InvalidInput when the text is no name.</summary>
    public FoundImage Find(string text) => TryFind(text) ?? throw EngineException.NoSuchImage(Describe(text));

    /// <summary>As <see cref="Find"/>, but null when there is no such image.</summary>
    public FoundImage? TryFind(string text)
    {
        if (FullId(text) is { } id) return images.Find(id) is { } image ? new FoundImage(image, null) : null;
        if (Prefix(text, withAlgorithm: true) is { } marked) return ByPrefix(marked, text);

        var reference = ImageReference.Parse(text).WithDefaultTag();
        return ByName(reference)
            ?? (IsShort(text, reference) && ImageReference.TryParse(LocalRegistry + text, out var local) ? ByName(local.WithDefaultTag()) : null)
            ?? (Prefix(text, withAlgorithm: false) is { } bare ? ByPrefix(bare, text) : null);
    }

    /// <summary>The image that a name means for a platform; an id means the one image. NotFound when there is none for it. Null: the one that it means by itself.</summary>
    public FoundImage Find(string text, Platform? platform) => ForPlatform(Find(text), platform, text);

    /// <inheritdoc cref="Find(string, Platform?)"/>
    public FoundImage ForPlatform(FoundImage found, Platform? platform, string text)
    {
        if (platform is null || platform.Matches(found.Image.Config)) return found;
        return PlatformsOf(found).FirstOrDefault(image => platform.Matches(image.Config)) is { } image
            ? found with { Image = image }
            : throw ResolveImage.OtherPlatform(found.Image, text, platform, EngineException.NoSuchImage(text).Cause);
    }

    /// <summary>All images that the name means by which one was found, that one first; of an id just that.</summary>
    public IReadOnlyList<Image> PlatformsOf(FoundImage found) => found.Name is { } name && images.FindPlatforms(name) is { Count: > 0 } all ? all : [found.Image];

    private FoundImage? ByName(ImageReference reference)
    {
        if (reference.Digest is not { } digest) return images.Find(reference) is { } tagged ? new FoundImage(tagged, reference) : null;

        var canonical = reference.WithDigest(digest);
        if (images.Find(canonical) is { } known) return new FoundImage(known, known.RepositoryDigests.Contains(canonical) ? canonical : null);

        // A loaded image has no repository digest, but its name and the digest of its manifest say as much.
        var loaded = images.All.FirstOrDefault(
            image => image.ManifestDigest == digest && image.AllTags().Any(tag => tag.Repository == reference.Repository));
        return loaded is null ? null : new FoundImage(loaded, null);
    }

    private FoundImage? ByPrefix(string prefix, string text) => images.FindByPrefix(prefix) switch
    {
        [] => null,
        [var only] => new FoundImage(only, null),
        var several => throw new EngineException(
            ErrorKind.NotFound,
            $"No such image: {text} (an id prefix that {several.Count} images have: give more digits)",
            EngineException.NoSuchImage(text).Cause),
    };

    private static Digest? FullId(string text) =>
        Digest.TryParse(text, out var marked) ? marked
        : Digest.TryParse(IdPrefix + text, out var bare) ? bare
        : null;

    private static string? Prefix(string text, bool withAlgorithm)
    {
        if (text.StartsWith(IdPrefix, StringComparison.Ordinal) != withAlgorithm) return null;
        var hex = withAlgorithm ? text[IdPrefix.Length..] : text;
        return hex.Length is > 0 and <= 64 && HexText.IsLowerHex(hex) ? hex : null;
    }

    private static bool IsShort(string text, ImageReference reference) =>
        reference.Registry == ImageReference.DefaultRegistry
        && !text.StartsWith(ImageReference.DefaultRegistry + "/", StringComparison.Ordinal)
        && !text.StartsWith("index." + ImageReference.DefaultRegistry + "/", StringComparison.Ordinal);

    private static string Describe(string text) =>
        FullId(text) is { } id ? id.ToString()
        : Prefix(text, withAlgorithm: true) is not null ? text
        : ImageReference.Parse(text).WithDefaultTag().Familiar;
}

/// <param name="Name">The name in the store that it was found by; null when it was found by its id.</param>
public sealed record FoundImage(Image Image, ImageReference? Name);
