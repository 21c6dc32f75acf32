namespace Podsharp.Engine.Containers;

/// <summary>Paths in containers, cleaned and without links.</summary>
internal static class PathsBelow
{
    /// <summary>Whether a path is the directory itself or lies in it.</summary>
    public static bool IsAtOrBelow(this string path, string directory) =>
        path == directory || path.StartsWith(directory.TrimEnd('/') + "/", StringComparison.Ordinal);
}
