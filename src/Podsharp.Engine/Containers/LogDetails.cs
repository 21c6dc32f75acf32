using Podsharp.Core.Containers;

namespace Podsharp.Engine.Containers;

/// <summary>What the log options labels, env (both also by a pattern) and tag let each line tell of its container, where a reader asks for details.</summary>
internal static class LogDetails
{
    /// <summary>"key=value,key=value " in the order of keys, escaped as in a query; a single space when there is nothing to tell.</summary>
    public static string Of(Container container)
    {
        var details = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var options = container.Spec.Log.Options;
        Tell(container.Spec.Labels, Chosen(options, "labels", "labels-regex"));
        Tell(Variables(container), Chosen(options, "env", "env-regex"));
        // The journal has the tag in a field of its own.
        if (container.LogDriver != "journald" && options.TryGetValue("tag", out var tag) && tag.Length > 0) details["tag"] = LogTag.Expand(tag, container);
        return string.Join(',', details.Select(static pair => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value)}")) + " ";

        void Tell(IEnumerable<KeyValuePair<string, string>> all, Func<string, bool> chosen)
        {
            foreach (var (name, value) in all)
                if (chosen(name)) details[name] = value;
        }
    }

    private static Dictionary<string, string> Variables(Container container)
    {
        var variables = new Dictionary<string, string>();
        foreach (var entry in container.Spec.Process.Environment)
            if (entry.Split('=', 2) is [var name, var value]) variables[name] = value;
        return variables;
    }

    private static Func<string, bool> Chosen(IReadOnlyDictionary<string, string> options, string list, string pattern)
    {
        string[] names = options.TryGetValue(list, out var listed) ? listed.Split(',', StringSplitOptions.RemoveEmptyEntries) : [];
        var matching = options.TryGetValue(pattern, out var text) && text.Length > 0 ? LogOptions.Pattern(pattern, text) : null;
        return name => names.Contains(name) || matching?.IsMatch(name) is true;
    }
}
