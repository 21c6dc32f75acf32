namespace Podsharp.Core.Storage;

public enum FileChangeKind
{
    Modified = 0,
    Added = 1,
    Deleted = 2,
}

/// <summary>One path that a container's own files make different from its image.</summary>
/// <param name="Path">Absolute.</param>
public sealed record FileChange(string Path, FileChangeKind Kind);
