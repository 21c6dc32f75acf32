using Podsharp.Core.Errors;

namespace Podsharp.Storage.Archives;

/// <summary>What an archive of images may hold at most: far more than any honest one, and little enough to be read in memory.</summary>
internal static class ArchiveLimits
{
    /// <summary>Members of all kinds.</summary>
    public const int Entries = 100_000;

    /// <summary>Members that look like layers.</summary>
    public const int Layers = 10_000;

    /// <summary>Bytes of a member that is no layer: a table of contents, an index, a manifest, a configuration.</summary>
    public const int SmallMember = 8 << 20;

    /// <summary>Bytes of all of those, with the names of all members.</summary>
    public const int SmallTotal = 128 << 20;

    /// <summary>Indexes within indexes.</summary>
    public const int Nesting = 4;

    /// <summary>Manifests that the indexes name together, each index counted once; and images that manifest.json names.</summary>
    public const int Manifests = 10_000;

    /// <summary>Names that the images are given together.</summary>
    public const int Names = 10_000;

    public static EngineException Exceeded(string what) => EngineException.InvalidInput($"the archive is refused: {what}");
}
