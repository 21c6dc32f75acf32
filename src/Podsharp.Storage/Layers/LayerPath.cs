namespace Podsharp.Storage.Layers;

/// <summary>Names in a layer's tar, as paths below its root.</summary>
internal static class LayerPath
{
    /// <summary>Without leading and doubled slashes, "." and ".."; "" is the root itself.</summary>
    public static string Clean(string name, ExtractionLimits limits)
    {
        if (name.Length > limits.PathLength) throw new InvalidDataException($"the layer holds a path of more than {limits.PathLength} characters");
        var depth = name.AsSpan().Count('/');
        if (IsClean(name) && depth < limits.Depth) return name;
        var parts = new List<string>();
        foreach (var part in name.Split('/'))
        {
            if (part.Contains('\0', StringComparison.Ordinal)) throw new InvalidDataException("the layer holds a name with a zero byte");
            if (part is "" or ".") continue;
            if (part != "..") parts.Add(part);
            else if (parts.Count > 0) parts.RemoveAt(parts.Count - 1);
            else throw new InvalidDataException($"the layer's path {name} leads outside of its root");
        }

        if (parts.Count > limits.Depth) throw new InvalidDataException($"the layer holds a path of more than {limits.Depth} directories");
        return string.Join('/', parts);
    }

    public static (string Parent, string Name) Split(string path)
    {
        var slash = path.LastIndexOf('/');
        return slash < 0 ? ("", path) : (path[..slash], path[(slash + 1)..]);
    }

    private static bool IsClean(string name)
    {
        if (name.Length == 0 || name[0] == '/' || name[^1] == '/' || name.Contains('\0', StringComparison.Ordinal)) return false;
        foreach (var part in name.AsSpan().Split('/'))
        {
            if (name.AsSpan(part) is "" or "." or "..") return false;
        }

        return true;
    }
}
