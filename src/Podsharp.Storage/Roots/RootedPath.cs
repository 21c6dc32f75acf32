using Podsharp.Core.Errors;
using Podsharp.Linux;
using Podsharp.Linux.Files;

namespace Podsharp.Storage.Roots;

/// <summary>Paths as texts, and where they lead to below a root that is not trusted.</summary>
internal static class RootedPath
{
    private const int MaximumLinks = 255;

    /// <summary>Absolute and without "." and "..", but with the slash or "/." that it ends in: there it says that the path is a directory.</summary>
    public static string Clean(string path)
    {
        var parts = new List<string>();
        foreach (var part in path.Split('/'))
        {
            if (part is "" or ".") continue;
            if (part != "..") parts.Add(part);
            else if (parts.Count > 0) parts.RemoveAt(parts.Count - 1);
        }

        var clean = "/" + string.Join('/', parts);
        if (path is "." || path.EndsWith("/.", StringComparison.Ordinal)) return clean.TrimEnd('/') + "/.";
        return path.EndsWith('/') && clean.Length > 1 ? clean + "/" : clean;
    }

    /// <summary>The path with every link in it followed, the last one too; what does not exist stays as it is written.</summary>
    public static string Follow(DirectoryHandle root, string path)
    {
        var left = new Stack<string>(path.Split('/').Reverse());
        var (reached, links) = ("", 0);
        while (left.TryPop(out var part))
        {
            if (part is "" or ".") continue;
            if (part == "..")
            {
                reached = reached[..Math.Max(0, reached.LastIndexOf('/'))];
                continue;
            }

            var next = $"{reached}/{part}";
            if (LinkTarget(root, reached, part, next) is not { } target)
            {
                reached = next;
                continue;
            }

            if (++links > MaximumLinks) throw EngineException.InvalidInput($"evalSymlinksInScope: too many links in {path}");
            if (target.StartsWith('/')) reached = "";
            foreach (var further in target.Split('/').Reverse()) left.Push(further);
        }

        return reached.Length == 0 ? "/" : reached;
    }

    /// <summary>Null for what is no link, or is not there.</summary>
    private static string? LinkTarget(DirectoryHandle root, string parent, string name, string path)
    {
        using var found = root.TryOpenFile(path, FileFlags.PathOnly | FileFlags.NoFollow, 0, PathResolution.InRoot, out _);
        if (found is null || FileHandles.Status(found).Kind != FileKind.SymbolicLink) return null;
        using var directory = root.TryOpenDirectory(parent, PathResolution.InRoot, out _);
        try
        {
            return directory?.ReadLink(name);
        }
        catch (SystemCallException e) when (e.ErrorNumber is ErrorNumber.NoEntry or ErrorNumber.Invalid)
        {
            // It has just become something else.
            return null;
        }
    }
}
