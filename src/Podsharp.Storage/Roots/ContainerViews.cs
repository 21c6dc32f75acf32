using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Storage;
using Podsharp.Linux;
using Podsharp.Linux.Files;
using Podsharp.Linux.Mounts;

namespace Podsharp.Storage.Roots;

internal sealed class ContainerViews(StorePaths paths, IRootFileSystems roots, IRootedFiles files) : IContainerViews
{
    public Task<IContainerView> OpenToReadAsync(Container container, bool mounts, CancellationToken cancellationToken) =>
        OpenAsync(container, () => mounts ? WithMounts(container, MountBelowScratch(container)) : MountBelowScratch(container));

    public Task<IContainerView> OpenToWriteAsync(Container container, CancellationToken cancellationToken) =>
        OpenAsync(container, () => WithMounts(container, MountedRoot(container)));

    private static async Task<IContainerView> OpenAsync(Container container, Func<string> mount)
    {
        try
        {
            return new MountedView(await MountTree.BuildAsync(mount));
        }
        catch (Exception e)
        {
            throw StorageErrors.Translate(e, $"the files of container {container.Id.Short} cannot be reached");
        }
    }

    public IContainerView? OpenProcess(int pid)
    {
        try
        {
            return new ProcessView(DirectoryHandle.Open($"/proc/{pid}/root"));
        }
        catch (SystemCallException e) when (e.ErrorNumber is ErrorNumber.NoEntry or ErrorNumber.NoProcess or ErrorNumber.AccessDenied)
        {
            return null;
        }
    }

    private string MountedRoot(Container container) => roots.MountAsync(container.Id, container.Layers, CancellationToken.None).GetAwaiter().GetResult();

    /// <summary>
    /// The kernel must not have one upper directory in two overlays, and a container may start while it is read: here its upper directory is one of the
    /// lower ones, and an empty file system that goes with the view is the upper.
    /// </summary>
    private string MountBelowScratch(Container container)
    {
        var scratch = paths.RootFs(container.Id);
        Directory.CreateDirectory(scratch);
        MountPoint.Mount("scratch", scratch, "tmpfs", MountFlags.None, "mode=755");
        var (upper, work, root) = (Path.Join(scratch, "upper"), Path.Join(scratch, "work"), Path.Join(scratch, "root"));
        foreach (var directory in (string[])[upper, work, root]) Directory.CreateDirectory(directory);
        var own = Path.Join(paths.Container(container.Id), "upper");
        using (var target = DirectoryHandle.Open(upper))
        using (var source = DirectoryHandle.Open(own))
        {
            // The topmost directory is the container's "/".
            var status = source.Status()!.Value;
            target.ChangeOwner("", status.UserId, status.GroupId);
            target.ChangeMode(status.Mode);
        }

        OverlayMount.Mount([own, .. LayerDirectories.Lower(paths, container.Layers)], upper, work, root, isVolatile: false);
        return root;
    }

    /// <summary>Runs in a mount namespace of its own, on one thread.</summary>
    private string WithMounts(Container container, string root)
    {
        using var top = DirectoryHandle.Open(root);
        foreach (var mount in container.Mounts.OrderBy(mount => mount.Target.Count(letter => letter == '/')))
        {
            // A tmpfs is there while the container runs, and empty at its start.
            if (mount.Kind is not (MountKind.Bind or MountKind.Volume)) continue;
            if (!Path.Exists(mount.Source))
            {
                if (mount.Kind != MountKind.Bind || !mount.CreateSource)
                    throw EngineException.InvalidInput($"invalid mount config for type \"bind\": bind source path does not exist: {mount.Source}");
                Directory.CreateDirectory(mount.Source);
            }

            if (Directory.Exists(mount.Source)) files.MakeDirectory(root, mount.Target, 0, 0, 0b111_101_101);
            else files.MakeFile(root, mount.Target);
            using var target = top.OpenFile(mount.Target, FileFlags.PathOnly);
            MountTree.Bind(mount.Source, target, !mount.NonRecursive, mount.ReadOnly);
        }

        MountFilesOfEngine(container, top);
        return root;
    }

    /// <summary>As its last start had them; places for them were made then, and one that is gone since is not made for a look.</summary>
    private void MountFilesOfEngine(Container container, DirectoryHandle top)
    {
        // Those of a container whose network it joined are not its own.
        if (container.Spec.Network.Mode.Kind == NamespaceKind.Container) return;
        foreach (var name in StorePaths.FilesBelowEtc)
        {
            var (source, place) = (Path.Join(paths.Container(container.Id), name), "/etc/" + name);
            if (!File.Exists(source) || container.Mounts.Any(mount => mount.Target == place)) continue;
            using var target = top.TryOpenFile(place, FileFlags.PathOnly, 0, PathResolution.InRoot, out _);
            if (target is not null) MountTree.Bind(source, target, recursive: false, readOnly: false);
        }
    }

    private sealed class MountedView(MountTree tree) : IContainerView
    {
        public string Root => tree.Path;

        public void Dispose() => tree.Dispose();
    }

    private sealed class ProcessView(DirectoryHandle root) : IContainerView
    {
        public string Root => root.ProcPath;

        public void Dispose() => root.Dispose();
    }
}
