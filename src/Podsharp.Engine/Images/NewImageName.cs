using Podsharp.Core.Errors;
using Podsharp.Core.Images;

namespace Podsharp.Engine.Images;

/// <summary>Reads the name that an image is to get, given as a repository and, apart from it, a tag.</summary>
internal static class NewImageName
{
    /// <summary>Null when there is no repository.</summary>
    public static ImageReference? Parse(string repository, string tag)
    {
        if (repository.Length == 0) return null;
        var name = ImageReference.Parse(repository);
        if (name.Digest is not null) throw EngineException.InvalidInput($"cannot give the name {repository}: a digest is not a name to choose, give a tag");
        // It would be taken for a digest ever after.
        if (name.FamiliarRepository is "sha256" or "sha512") throw EngineException.InvalidInput("refusing to create an ambiguous tag using digest algorithm as name");
        return tag.Length > 0 ? name.WithTag(tag) : name.WithDefaultTag();
    }
}
