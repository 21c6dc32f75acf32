using Podsharp.Core.Containers;

namespace Podsharp.Engine.Containers;

/// <summary>What the log options labels, env and tag let each line tell of its container, where a reader asks for details.</summary>
internal static class LogDetails
{
    /// <summary>"key=value,key=value " in the order of keys, escaped as in a query; a single space when there is nothing to tell.</summary>
    public static string Of(Container container)
    {
        var details = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var options = container.Spec.Log.Options;
        foreach (var label in Listed(options, "labels"))
            if (container.Spec.Labels.TryGetValue(label, out var value)) details[label] = value;
        foreach (var name in Listed(options, "env"))
            if (container.Spec.Process.Environment.LastOrDefault(entry => entry.StartsWith(name + "=", StringComparison.Ordinal)) is { } entry)
                details[name] = entry[(name.Length + 1)..];
        // The journal has the tag in a field of its own.
        if (container.LogDriver != "journald" && options.TryGetValue("tag", out var tag) && tag.Length > 0) details["tag"] = LogTag.Expand(tag, container);
        return string.Join(',', details.Select(static pair => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value)}")) + " ";
    }

    private static string[] Listed(IReadOnlyDictionary<string, string> options, string key) =>
        options.TryGetValue(key, out var names) ? names.Split(',', StringSplitOptions.RemoveEmptyEntries) : [];
}
