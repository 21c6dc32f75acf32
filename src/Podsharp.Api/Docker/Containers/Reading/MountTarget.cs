using Podsharp.Core.Errors;

namespace Podsharp.Api.Docker.Containers.Reading;

/// <summary>Where in the container something is mounted.</summary>
internal static class MountTarget
{
    /// <summary>Absolute, without "." and "..", and never the root. <paramref name="what"/> opens the message.</summary>
    public static string Read(string path, string what)
    {
        if (!path.StartsWith('/')) throw EngineException.InvalidInput($"{what}invalid mount path: '{path}' mount path must be absolute");
        var clean = Clean(path);
        return clean != "/" ? clean : throw EngineException.InvalidInput($"{what}invalid specification: destination can't be '/'");
    }

    public static string Clean(string path)
    {
        var parts = new List<string>();
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == ".") continue;
            if (part != "..") parts.Add(part);
            else if (parts.Count > 0) parts.RemoveAt(parts.Count - 1);
        }

        return "/" + string.Join('/', parts);
    }
}
