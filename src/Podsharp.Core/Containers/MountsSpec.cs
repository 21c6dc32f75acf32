using Podsharp.Core.Images;

namespace Podsharp.Core.Containers;

public enum MountKind
{
    Bind,
    Volume,
    Tmpfs,
    Image,
}

/// <summary>All the mounts a caller asked for, in the ways there are to ask.</summary>
public sealed record MountsSpec
{
    /// <summary>source:target[:options] as written; kept for inspection. Parsed into <see cref="Requested"/> at the gate.</summary>
    public IReadOnlyList<string> Binds { get; init; } = [];

    /// <summary>Every mount asked for, from binds, mounts and tmpfs lists, in that order.</summary>
    public IReadOnlyList<MountRequest> Requested { get; init; } = [];

    /// <summary>Paths of anonymous volumes (create body's Volumes and the image's).</summary>
    public IReadOnlyList<string> AnonymousVolumes { get; init; } = [];

    /// <summary>container[:ro|rw].</summary>
    public IReadOnlyList<string> VolumesFrom { get; init; } = [];

    public string VolumeDriver { get; init; } = "";

    public IReadOnlyList<DeviceMapping> Devices { get; init; } = [];

    /// <summary>Devices that are asked for by a driver's name. Records of older stores have none.</summary>
    public IReadOnlyList<DeviceRequest> DeviceRequests { get; init => field = value ?? []; } = [];
}

/// <summary>Devices by a driver (Docker's DeviceRequest).</summary>
/// <param name="Driver">cdi, nvidia, or empty: whichever has the capabilities.</param>
/// <param name="Count">How many; −1 all; 0 where they are named.</param>
/// <param name="DeviceIds">cdi: vendor.com/class=name.</param>
/// <param name="Capabilities">Any of these lists, all of a list.</param>
public sealed record DeviceRequest(
    string Driver, int Count, IReadOnlyList<string> DeviceIds, IReadOnlyList<IReadOnlyList<string>> Capabilities, IReadOnlyDictionary<string, string> Options);

/// <summary>One mount as asked for.</summary>
public sealed record MountRequest
{
    public required MountKind Kind { get; init; }

    /// <summary>Host path, volume name or image; empty for tmpfs and anonymous volumes.</summary>
    public string Source { get; init; } = "";

    /// <summary>Absolute path in the container, cleaned.</summary>
    public required string Target { get; init; }

    public bool ReadOnly { get; init; }

    /// <summary>private, rprivate, shared, rshared, slave, rslave; empty: the default.</summary>
    public string Propagation { get; init; } = "";

    /// <summary>default, consistent, cached or delegated, which mean nothing on Linux: shown as it was asked for. Records of older stores have none.</summary>
    public string Consistency { get; init => field = value ?? ""; } = "";

    /// <summary>Bind: do not take the mounts below the source along.</summary>
    public bool NonRecursive { get; init; }

    /// <summary>Bind, read-only: mounts below the source stay as they are.</summary>
    public bool ReadOnlyNonRecursive { get; init; }

    /// <summary>Bind, read-only: an error where mounts below the source cannot be read-only, too.</summary>
    public bool ReadOnlyForceRecursive { get; init; }

    /// <summary>Bind: make the missing source directory (binds do, mounts do only when told).</summary>
    public bool CreateSource { get; init; }

    /// <summary>Volume: do not fill an empty volume with the image's content.</summary>
    public bool NoCopy { get; init; }

    /// <summary>Volume or image: mount this directory below its root.</summary>
    public string Subpath { get; init; } = "";

    public string VolumeDriver { get; init; } = "";

    public IReadOnlyDictionary<string, string> VolumeDriverOptions { get; init; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, string> VolumeLabels { get; init; } = new Dictionary<string, string>();

    /// <summary>Tmpfs: bytes; 0 is the kernel's default.</summary>
    public long TmpfsSize { get; init; }

    /// <summary>Tmpfs: permission bits; null is 01777.</summary>
    public int? TmpfsMode { get; init; }

    /// <summary>Further mount options as written (tmpfs: "rw,noexec"; bind: "z", "Z", "U").</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>True when it came in the mounts list (inspection shows it there), false for binds and the tmpfs map.</summary>
    public bool FromMountsList { get; init; }

    /// <summary>Mode text as written in a bind ("ro,z"), shown by inspection.</summary>
    public string WrittenMode { get; init; } = "";
}

/// <summary>A mount as it was resolved when the container was created; what inspection lists and start mounts.</summary>
public sealed record ResolvedMount
{
    public required MountKind Kind { get; init; }

    /// <summary>Volume name; empty for other kinds.</summary>
    public string VolumeName { get; init; } = "";

    /// <summary>Path on the host; empty for tmpfs. For images, the image id.</summary>
    public string Source { get; init; } = "";

    public required string Target { get; init; }

    public bool ReadOnly { get; init; }

    public string Propagation { get; init; } = "";

    public bool NonRecursive { get; init; }

    public bool ReadOnlyNonRecursive { get; init; }

    public bool ReadOnlyForceRecursive { get; init; }

    /// <summary>Of an image, base first, fixed when the container was created.</summary>
    public IReadOnlyList<Digest> Layers { get; init; } = [];

    public bool NoCopy { get; init; }

    public bool CreateSource { get; init; }

    /// <summary>The volume was made for this container alone and goes with it.</summary>
    public bool Anonymous { get; init; }

    public string Subpath { get; init; } = "";

    public IReadOnlyList<string> Options { get; init; } = [];

    public string WrittenMode { get; init; } = "";
}

/// <param name="Permissions">Letters of r, w, m.</param>
public sealed record DeviceMapping(string HostPath, string ContainerPath, string Permissions);
