using Podsharp.Core.Images;
using Podsharp.Core.Registries;

namespace Podsharp.Registry.Signatures;

/// <summary>Whether the name that was signed will do for the image asked for (containers-policy.json(5), signedIdentity).</summary>
internal static class SignedIdentity
{
    /// <param name="signed">As it stands in the signature.</param>
    public static bool Matches(SignatureRequirement requirement, ImageReference asked, string signed)
    {
        if (!ImageReference.TryParse(signed, out var name)) return false;
        // Where there is a digest, it alone decides what is pulled.
        var image = asked.Digest is { } digest ? asked.WithDigest(digest) : asked.WithDefaultTag();
        return requirement.IdentityMatch switch
        {
            "matchExact" => IsExact(image, name),
            "matchRepoDigestOrExact" => IsRepositoryOrExact(image, name),
            "matchRepository" => image.Repository == name.Repository,
            "exactReference" => IsExact(ImageReference.Parse(requirement.Identity), name),
            "exactRepository" => requirement.Identity == name.Repository,
            "remapIdentity" => Remap(image, requirement) is { } other && IsRepositoryOrExact(other, name),
            _ => false,
        };
    }

    private static bool IsExact(ImageReference one, ImageReference other) =>
        (other.Tag is not null || other.Digest is not null) && one.ToString() == other.ToString();

    private static bool IsRepositoryOrExact(ImageReference image, ImageReference signed) =>
        image.Digest is not null ? image.Repository == signed.Repository : IsExact(image, signed);

    // Null: what comes out is no name.
    private static ImageReference? Remap(ImageReference image, SignatureRequirement requirement)
    {
        var prefix = requirement.Identity;
        if (image.Repository != prefix && !image.Repository.StartsWith(prefix + "/", StringComparison.Ordinal)) return image;
        var text = requirement.SignedPrefix + image.ToString()[prefix.Length..];
        return ImageReference.TryParse(text, out var other) && other.ToString() == text ? other : null;
    }
}
