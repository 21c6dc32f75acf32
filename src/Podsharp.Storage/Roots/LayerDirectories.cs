using Podsharp.Core.Images;
using Podsharp.Core.Storage;

namespace Podsharp.Storage.Roots;

/// <summary>The directories that an overlay stands on.</summary>
internal static class LayerDirectories
{
    /// <param name="layers">Base first.</param>
    /// <returns>Topmost first; never none.</returns>
    public static IReadOnlyList<string> Lower(StorePaths paths, IReadOnlyList<Digest> layers)
    {
        var lower = layers.Reverse().Select(layer => Path.Join(paths.Layer(layer), "diff")).ToList();
        // An image without layers: overlay still wants a directory below.
        return lower.Count > 0 ? lower : [Empty(paths)];
    }

    public static string Empty(StorePaths paths)
    {
        var empty = Path.Join(paths.Layers, "empty");
        Directory.CreateDirectory(empty);
        return empty;
    }
}
