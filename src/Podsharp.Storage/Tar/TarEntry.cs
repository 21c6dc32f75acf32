using Podsharp.Linux.Files;

namespace Podsharp.Storage.Tar;

internal enum TarKind
{
    File,
    HardLink,
    SymbolicLink,
    CharacterDevice,
    BlockDevice,
    Directory,
    Pipe,

    /// <summary>Something to pass over: a volume label, a dump of directory names.</summary>
    Skipped,
}

/// <summary>One member of a tar archive with all its extensions applied. Texts are <see cref="PathText"/>.</summary>
internal sealed record TarEntry
{
    public required string Name { get; init; }

    public required TarKind Kind { get; init; }

    public string LinkTarget { get; init; } = "";

    /// <summary>Permission, set-id and sticky bits.</summary>
    public int Mode { get; init; }

    public uint UserId { get; init; }

    public uint GroupId { get; init; }

    public FileTime Modified { get; init; }

    public uint DeviceMajor { get; init; }

    public uint DeviceMinor { get; init; }

    /// <summary>Bytes of the file as it is read.</summary>
    public long Size { get; init; }

    /// <summary>Bytes in the archive after the headers; less than <see cref="Size"/> for a file with holes.</summary>
    public long StoredSize { get; init; }

    /// <summary>Where the stored bytes belong, in order; null when the file has no holes.</summary>
    public IReadOnlyList<TarExtent>? Extents { get; init; }

    public IReadOnlyList<(string Name, byte[] Value)> Attributes { get; init; } = [];
}

internal readonly record struct TarExtent(long Offset, long Length);
