using Podsharp.Core.Volumes;

namespace Podsharp.Testing;

/// <summary>Mounts nothing and remembers what would be mounted.</summary>
public sealed class FakeVolumeMounts : IVolumeMounts
{
    public HashSet<string> Mounted { get; } = [];

    /// <summary>The kernel refuses from now on.</summary>
    public Exception? Failure { get; set; }

    public Task MountAsync(Volume volume, CancellationToken cancellationToken)
    {
        if (Failure is { } failure) return Task.FromException(failure);
        Mounted.Add(volume.Name);
        return Task.CompletedTask;
    }

    public Task UnmountAsync(Volume volume, CancellationToken cancellationToken)
    {
        Mounted.Remove(volume.Name);
        return Task.CompletedTask;
    }
}
