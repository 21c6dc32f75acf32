using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Storage;
using Podsharp.Linux;
using Podsharp.Linux.Files;
using Podsharp.Linux.Mounts;

namespace Podsharp.Storage.Roots;

internal sealed class ContainerViews(IRootFileSystems roots, IRootedFiles files) : IContainerViews
{
    public async Task<IContainerView> OpenAsync(Container container, CancellationToken cancellationToken)
    {
        try
        {
            return new MountedView(await MountTree.BuildAsync(() => Mount(container)));
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

    /// <summary>Runs in a mount namespace of its own, on one thread.</summary>
    private string Mount(Container container)
    {
        var root = roots.MountAsync(container.Id, container.Layers, CancellationToken.None).GetAwaiter().GetResult();
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

        return root;
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
