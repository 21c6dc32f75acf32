using Podsharp.Core.Containers;
using Podsharp.Core.Images;

namespace Podsharp.Core.Storage;

/// <summary>Containers' root file systems: layers below, the container's own files on top.</summary>
public interface IRootFileSystems
{
    /// <summary>Makes the container's upper and work directories.</summary>
    Task CreateAsync(ContainerId id, CancellationToken cancellationToken);

    /// <summary>Mounts and answers the path; when it is mounted already, just answers the path.</summary>
    Task<string> MountAsync(ContainerId id, IReadOnlyList<Digest> layers, CancellationToken cancellationToken);

    /// <summary>Mounts, if nobody has, and keeps it so until disposed; a start shares the mount. The caller holds the container's lock now, but need not later.</summary>
    Task<IRootHold> HoldAsync(ContainerId id, IReadOnlyList<Digest> layers, CancellationToken cancellationToken);

    /// <summary>Mounts a tmpfs of this many bytes, mode 1777, that other containers can share as their /dev/shm; answers its path. Unmounted with the root.</summary>
    Task<string> MountSharedMemoryAsync(ContainerId id, long bytes, CancellationToken cancellationToken);

    /// <summary>Unmounts the shared memory and, unless somebody holds it, the root; no error when they are not mounted.</summary>
    Task UnmountAsync(ContainerId id, CancellationToken cancellationToken);

    /// <summary>Unmounts and removes the container's own files; no error when they are gone.</summary>
    Task RemoveAsync(ContainerId id, CancellationToken cancellationToken);

    /// <summary>Bytes that the container's own files take.</summary>
    Task<long> SizeAsync(ContainerId id, CancellationToken cancellationToken);
}

/// <summary>Files below a root that is not trusted: every path is resolved inside the root (openat2 RESOLVE_IN_ROOT), symbolic links included.</summary>
public interface IRootedFiles
{
    /// <summary>The whole file as text, or null when there is none or it is not a regular file. Longer than <paramref name="maximum"/> bytes: InvalidInput.</summary>
    string? ReadText(string root, string path, int maximum);

    bool DirectoryExists(string root, string path);

    /// <summary>Makes the directory and its missing parents with this owner and mode; nothing where it exists. InvalidInput when something else is in the way.</summary>
    void MakeDirectory(string root, string path, uint userId, uint groupId, int mode);

    /// <summary>Makes an empty file (a bind mount's target) and its missing parents; nothing where something exists.</summary>
    void MakeFile(string root, string path);

    /// <summary>Makes a symbolic link to <paramref name="target"/>, which isn't looked at, and the link's missing parents; nothing where something exists.</summary>
    void MakeSymbolicLink(string root, string path, string target);

    /// <summary>Whether a path is a directory, a file or nothing.</summary>
    PathKind KindOf(string root, string path);

    /// <summary>Permission bits of a directory; null where there is none.</summary>
    int? DirectoryMode(string root, string path);
}

public enum PathKind
{
    None,
    File,
    Directory,
    Other,
}
