using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Storage;

namespace Podsharp.Engine.Containers.Copy;

/// <summary>A path as a caller names it in a container.</summary>
internal static class ContainerPath
{
    /// <summary>InvalidInput for what can be no path. Asked before the container is looked for.</summary>
    public static void Check(string path)
    {
        if (path.Length == 0) throw EngineException.InvalidInput("bad parameter: path cannot be empty");
        if (path.Contains('\0', StringComparison.Ordinal)) throw EngineException.InvalidInput("bad parameter: path holds a zero byte");
    }

    public static PathFacts Find(IPathArchives archives, OpenContainer open, string path) => archives.Look(open.Root, path)
        ?? throw new EngineException(ErrorKind.NotFound, $"Could not find the file {path} in container {open.Asked}", "no such file");

    /// <summary>The mount that a path without links lies on; null: the container's own root.</summary>
    public static ResolvedMount? MountOf(Container container, string path) => container.Mounts
        .Where(mount => path.IsAtOrBelow(mount.Target))
        .MaxBy(mount => mount.Target.Length);
}
