namespace Podsharp.Core.Storage;

/// <summary>Paths below roots that are not trusted, as tars. Everything is resolved inside of the root, symbolic links included.</summary>
public interface IPathArchives
{
    /// <summary>
    /// What is at the path; null when there is nothing. A last link is not followed unless a slash or "/." comes after it. InvalidInput where
    /// links go in circles, or a slash comes after what is no directory.
    /// </summary>
    PathFacts? Look(string root, string path);

    /// <summary>
    /// The path's tar: one entry named by the path's last part and, for a directory, all below it. After "/." the directory is named ".".
    /// Mounted file systems are entered where they are at or below one of <paramref name="mounts"/>, and where the path leads into them.
    /// </summary>
    IOutgoingArchive Open(string root, PathFacts facts, IReadOnlyCollection<string> mounts);

    /// <summary>
    /// Unpacks a tar, plain or compressed, into a directory as extraction by the system's tar(1) would. InvalidInput for a tar that is damaged or wants to
    /// get out of the directory; Forbidden where a file system is read-only.
    /// </summary>
    Task ExtractAsync(string root, PathFacts directory, Stream tar, ExtractionRules rules, CancellationToken cancellationToken);
}

public enum PathForm
{
    File,
    Directory,
    SymbolicLink,
    CharacterDevice,
    BlockDevice,
    Pipe,
    Socket,
}

/// <param name="Path">As it was asked for, made absolute, without "..", and with the slash or "/." at its end.</param>
/// <param name="Mode">Permission, set-id and sticky bits.</param>
/// <param name="Target">Absolute path within the root that all links lead to; it need not exist.</param>
public sealed record PathFacts(string Path, PathForm Form, int Mode, long Size, long ModifiedSeconds, uint ModifiedNanoseconds, string Target)
{
    /// <summary>The last part; "/" for the root, "." after "/.".</summary>
    public string Name => Path.TrimEnd('/') is { Length: > 0 } trimmed ? trimmed[(trimmed.LastIndexOf('/') + 1)..] : "/";
}

/// <param name="KeepForm">Refuse to replace a directory by something else and the other way round.</param>
/// <param name="Owner">Who gets what is unpacked; null: whom the tar names.</param>
public sealed record ExtractionRules(bool KeepForm, (uint UserId, uint GroupId)? Owner);
