using Podsharp.Core.Oci;

namespace Podsharp.Core.Host;

/// <summary>Devices as their vendors describe them in files (Container Device Interface, CDI 0.8), named vendor.com/class=name.</summary>
public interface IDeviceCatalog
{
    /// <summary>Where the files are looked for; what is in a later one has precedence.</summary>
    IReadOnlyList<string> Directories { get; }

    /// <summary>A device of this kind (vendor.com/class) is described.</summary>
    bool Knows(string kind);

    /// <summary>What these devices together change in a container. InvalidInput, naming them, when some are not described.</summary>
    DeviceEdits Resolve(IReadOnlyList<string> names);
}

/// <summary>Changes of a container's configuration (CDI specification, containerEdits).</summary>
public sealed record DeviceEdits
{
    /// <summary>NAME=value.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    public IReadOnlyList<DeviceNodeEdit> Nodes { get; init; } = [];

    public IReadOnlyList<RuntimeMount> Mounts { get; init; } = [];

    public RuntimeHooks Hooks { get; init; } = new();

    public IReadOnlyList<uint> AdditionalGroups { get; init; } = [];
}

/// <summary>A device node to make; what is null is the host's node's.</summary>
/// <param name="Path">In the container.</param>
/// <param name="HostPath">The node to take after.</param>
/// <param name="Type">b, c, u or p.</param>
/// <param name="Permissions">r, w and m; empty: rwm.</param>
public sealed record DeviceNodeEdit(string Path, string HostPath, string? Type, long? Major, long? Minor, uint? FileMode, string Permissions, uint? UserId, uint? GroupId);
