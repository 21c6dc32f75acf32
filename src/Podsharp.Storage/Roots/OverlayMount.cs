using Podsharp.Linux.Files;
using Podsharp.Linux.Mounts;

namespace Podsharp.Storage.Roots;

/// <summary>
/// One overlay mount. The kernel takes a page of options at most; where the paths of many layers do not fit, or hold characters
/// that options give a meaning to, the directories are opened and named by their descriptors.
/// </summary>
internal static class OverlayMount
{
    private const int MaximumData = 4000;

    /// <summary>Overlay's private attributes are trusted.*, which only the machine's own root may write; user namespaces use user.*.</summary>
    public static bool UsesUserAttributes { get; } = !File.ReadAllText("/proc/self/uid_map").Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Select(field => field.Trim()).SequenceEqual(["0", "0", "4294967295"]);

    /// <param name="lower">Directories, the topmost first.</param>
    /// <param name="isVolatile">Nothing of the upper directory is synced: for what will be removed anyway.</param>
    /// <param name="context">Further option, as <see cref="MountContext"/> words it.</param>
    public static void Mount(IReadOnlyList<string> lower, string upper, string work, string target, bool isVolatile, string context = "")
    {
        Mount(lower, [upper, work], target, MountFlags.None, Data);

        string Data(IReadOnlyList<string> below, IReadOnlyList<string> above) =>
            OverlayMount.Data(below) + $",upperdir={above[0]},workdir={above[1]}" + (isVolatile ? ",volatile" : "") + context;
    }

    public static void MountReadOnly(IReadOnlyList<string> lower, string target, string context = "")
    {
        if (lower.Count > 1)
        {
            Mount(lower, [], target, MountFlags.ReadOnly, (below, _) => Data(below) + context);
            return;
        }

        // Nothing lies over a single layer, and the kernel makes no overlay of it.
        MountPoint.Mount(lower[0], target, "", MountFlags.Bind, "");
        MountPoint.Mount("", target, "", MountFlags.Bind | MountFlags.Remount | MountFlags.ReadOnly, "");
    }

    private static void Mount(
        IReadOnlyList<string> lower, IReadOnlyList<string> others, string target, MountFlags flags, Func<IReadOnlyList<string>, IReadOnlyList<string>, string> write)
    {
        var data = write(lower, others);
        if (data.Length <= MaximumData && !lower.Concat(others).Any(path => path.AsSpan().ContainsAny(":,\\\"")))
        {
            MountPoint.Mount("overlay", target, "overlay", flags, data);
            return;
        }

        var opened = new List<DirectoryHandle>();
        try
        {
            MountPoint.Mount("overlay", target, "overlay", flags, write([.. lower.Select(Opened)], [.. others.Select(Opened)]));
        }
        finally
        {
            opened.ForEach(directory => directory.Dispose());
        }

        string Opened(string path)
        {
            opened.Add(DirectoryHandle.Open(path));
            return opened[^1].ProcPath;
        }
    }

    // Layers are moved between stores and read without the overlay: no references, no hidden metadata.
    // (With user attributes the kernel does so by itself, and takes redirect_dir=off for a contradiction.)
    private static string Data(IReadOnlyList<string> lower) =>
        "lowerdir=" + string.Join(':', lower) + (UsesUserAttributes ? ",index=off,userxattr" : ",metacopy=off,redirect_dir=off,index=off");
}
