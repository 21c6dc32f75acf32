using System.Text;
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
    public static void Mount(IReadOnlyList<string> lower, string upper, string work, string target, bool isVolatile)
    {
        var data = Data(lower, upper, work, isVolatile);
        if (data.Length <= MaximumData && !lower.Append(upper).Append(work).Any(path => path.AsSpan().ContainsAny(":,\\\"")))
        {
            MountPoint.Mount("overlay", target, "overlay", MountFlags.None, data);
            return;
        }

        var opened = new List<DirectoryHandle>();
        try
        {
            MountPoint.Mount("overlay", target, "overlay", MountFlags.None, Data([.. lower.Select(Opened)], Opened(upper), Opened(work), isVolatile));
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

    private static string Data(IReadOnlyList<string> lower, string upper, string work, bool isVolatile)
    {
        var data = new StringBuilder("lowerdir=").AppendJoin(':', lower);
        data.Append(",upperdir=").Append(upper).Append(",workdir=").Append(work);
        // Layers are moved between stores and read without the overlay: no references, no hidden metadata.
        // (With user attributes the kernel does so by itself, and takes redirect_dir=off for a contradiction.)
        data.Append(UsesUserAttributes ? ",index=off,userxattr" : ",metacopy=off,redirect_dir=off,index=off");
        if (isVolatile) data.Append(",volatile");
        return data.ToString();
    }
}
