using Podsharp.Core.Containers;
using Podsharp.Core.Storage;

namespace Podsharp.Engine.Containers.Launch;

/// <summary>A tmpfs has the mode of the directory that it hides, as beside runc; crun would make it everybody's (/run, /root).</summary>
internal static class TmpfsModes
{
    // With the sticky bit.
    private const int Everybodys = 0b001_111_111_111;
    private const int Parents = 0b111_101_101;

    private static readonly string[] OfTheKernel = ["/dev", "/proc", "/sys"];

    /// <summary>What hides nothing is everybody's, and finds such a directory at later starts, too.</summary>
    public static IReadOnlyList<ResolvedMount> Add(IReadOnlyList<ResolvedMount> mounts, string root, IRootedFiles files) =>
        [.. mounts.Select(mount => IsAsked(mount, mounts) ? mount with { Options = [.. mount.Options, "mode=" + Convert.ToString(Mode(mount.Target, root, files), 8)] } : mount)];

    // What lies in another mount hides nothing of the root.
    private static bool IsAsked(ResolvedMount mount, IReadOnlyList<ResolvedMount> mounts) =>
        mount.Kind == MountKind.Tmpfs && !mount.Options.Any(static option => option.StartsWith("mode=", StringComparison.Ordinal))
        && !OfTheKernel.Concat(mounts.Where(other => other != mount).Select(static other => other.Target)).Any(mount.Target.IsAtOrBelow);

    private static int Mode(string target, string root, IRootedFiles files)
    {
        if (files.DirectoryMode(root, target) is { } mode) return mode;
        if (files.KindOf(root, target) != PathKind.None) return Everybodys;
        files.MakeDirectory(root, target[..target.TrimEnd('/').LastIndexOf('/')], 0, 0, Parents);
        files.MakeDirectory(root, target, 0, 0, Everybodys);
        return Everybodys;
    }
}
