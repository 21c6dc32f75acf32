using Podsharp.Core.Containers;
using Podsharp.Core.Images;

namespace Podsharp.Core.Storage;

/// <summary>
/// Where a container's mounts are bound from when they are more than a path on the host. All of it is unmounted with the container's root.
/// </summary>
public interface IMountPlaces
{
    /// <summary>A read-only view of an image's files, or of the file or directory <paramref name="subpath"/> in it; answers its path.</summary>
    /// <param name="index">Tells the mounts of one container apart.</param>
    Task<string> MountImageAsync(ContainerId id, int index, IReadOnlyList<Digest> layers, string subpath, CancellationToken cancellationToken);

    /// <summary>
    /// The file or directory <paramref name="subpath"/> of a directory, held so that nobody can exchange it; answers its path. InvalidInput when there
    /// is none, or its links lead out of the directory.
    /// </summary>
    Task<string> MountBelowAsync(ContainerId id, int index, string directory, string subpath, CancellationToken cancellationToken);

    /// <summary>The mount that a path lies on, and whether mounts made below it are passed on.</summary>
    MountSharing SharingOf(string path);
}

/// <param name="Shared">Passes mounts on to its peers and takes theirs.</param>
/// <param name="Follows">Takes those of another mount.</param>
public readonly record struct MountSharing(string MountPoint, bool Shared, bool Follows);
