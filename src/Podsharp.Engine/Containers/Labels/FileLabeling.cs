using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Host;
using Podsharp.Core.Storage;
using Podsharp.Core.Volumes;

namespace Podsharp.Engine.Containers.Labels;

/// <summary>Gives the host's files that a container sees labels it may use: the engine's own, volumes, and binds that ask for it (z, Z).</summary>
public sealed class FileLabeling(IFileLabels labels, IVolumeStore volumes, IHost host)
{
    private const string Shared = "z";
    private const string Private = "Z";

    /// <summary>At each start: "z" for all containers, "Z" for this one. A volume without a label is everybody's.</summary>
    /// <param name="source">What is bound.</param>
    public async Task PrepareAsync(Container container, ResolvedMount mount, string source, CancellationToken cancellationToken)
    {
        if (!IsLabelled(container) || mount.Kind is not (MountKind.Bind or MountKind.Volume)) return;
        var path = mount.Kind == MountKind.Bind ? mount.Source : source;
        if (mount.Options.Contains(Private)) await RelabelAsync(path, container.MountLabel, cancellationToken);
        else if (mount.Options.Contains(Shared)) await RelabelAsync(path, ForAll(container), cancellationToken);
        else if (mount.Kind == MountKind.Volume) await PrepareVolumeAsync(container, mount, cancellationToken);
    }

    /// <summary>Files that the engine wrote.</summary>
    /// <param name="shared">Another container has them, too.</param>
    internal async Task PrepareAsync(Container container, IEnumerable<string> files, bool shared, CancellationToken cancellationToken)
    {
        if (!IsLabelled(container)) return;
        foreach (var file in files) await RelabelAsync(file, shared ? ForAll(container) : container.MountLabel, cancellationToken);
    }

    // What its options mount is not the store's own. A label that differs from that of the store around it was given by somebody.
    private async Task PrepareVolumeAsync(Container container, ResolvedMount mount, CancellationToken cancellationToken)
    {
        if (volumes.Find(mount.VolumeName) is not { } volume || VolumeMount.Of(volume) is not null) return;
        var present = labels.LabelOf(volume.MountPoint);
        if (present is not null && present != labels.LabelOf(Path.GetDirectoryName(volume.MountPoint)!)) return;
        await RelabelAsync(volume.MountPoint, ForAll(container), cancellationToken);
    }

    private async Task RelabelAsync(string path, string label, CancellationToken cancellationToken)
    {
        try
        {
            await labels.RelabelAsync(path, label, cancellationToken);
        }
        catch (EngineException failure)
        {
            throw EngineException.Internal($"error setting label on mount source '{path}': {failure.Message}", failure);
        }
    }

    private bool IsLabelled(Container container) => container.MountLabel.Length > 0 && host.Facts.SeLinux;

    private static string ForAll(Container container) => SecurityLabel.TryParse(container.MountLabel)!.Value.WithoutCategories.ToString();
}
