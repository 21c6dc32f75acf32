using Podsharp.Core.Containers;

namespace Podsharp.Core.Storage;

/// <summary>Containers' files as their processes see them: layers, own files, volumes and bind mounts.</summary>
public interface IContainerViews
{
    /// <summary>Of a container that is down. Its mounts are made for this view alone: nobody else sees them, and they end with it.</summary>
    Task<IContainerView> OpenAsync(Container container, CancellationToken cancellationToken);

    /// <summary>Of a process; the caller looks afterwards whether that was still the one. Null when there is none of that number.</summary>
    IContainerView? OpenProcess(int pid);
}

/// <summary>Files stay reachable until it is disposed.</summary>
public interface IContainerView : IDisposable
{
    /// <summary>A path by which this process reaches the view's "/" while it is open; not to be trusted below: for <see cref="IPathArchives"/> and <see cref="IRootedFiles"/>.</summary>
    string Root { get; }
}
