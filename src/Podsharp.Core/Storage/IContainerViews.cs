using Podsharp.Core.Containers;

namespace Podsharp.Core.Storage;

/// <summary>Containers' files as their processes see them: layers, own files, volumes and bind mounts.</summary>
public interface IContainerViews
{
    /// <summary>
    /// Of a container that is down, to be read: its files lie below a layer that is thrown away, so that a start need not wait for it. Its mounts are
    /// made for this view alone: nobody else sees them, and they end with it.
    /// </summary>
    /// <param name="mounts">With volumes and bind mounts.</param>
    Task<IContainerView> OpenToReadAsync(Container container, bool mounts, CancellationToken cancellationToken);

    /// <summary>Of a container that is down, to be written. The caller holds its root (<see cref="IRootFileSystems.HoldAsync"/>) as long as the view is open.</summary>
    Task<IContainerView> OpenToWriteAsync(Container container, CancellationToken cancellationToken);

    /// <summary>Of a process; the caller looks afterwards whether that was still the one. Null when there is none of that number.</summary>
    IContainerView? OpenProcess(int pid);
}

/// <summary>Files stay reachable until it is disposed.</summary>
public interface IContainerView : IDisposable
{
    /// <summary>A path by which this process reaches the view's "/" while it is open; not to be trusted below: for <see cref="IPathArchives"/> and <see cref="IRootedFiles"/>.</summary>
    string Root { get; }
}
