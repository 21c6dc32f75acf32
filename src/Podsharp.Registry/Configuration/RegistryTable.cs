using Podsharp.Core.Errors;
using Podsharp.Core.Registries;

namespace Podsharp.Registry.Configuration;

/// <summary>Reads one [[registry]].</summary>
internal static class RegistryTable
{
    public static ConfiguredRegistry Read(TomlTable table)
    {
        var location = table.Text("location") is { Length: > 0 } text ? Location(table, "location", text) : "";
        var prefix = table.Text("prefix") is { Length: > 0 } named ? Prefix(table, named) : location;
        if (prefix.Length == 0) throw EngineException.InvalidInput($"{table.Path}: a [[registry]] has neither prefix nor location");
        if (prefix.StartsWith("*.", StringComparison.Ordinal) && location.StartsWith('*')) throw table.Wrong("location", $"a host without * for {prefix}");
        var digestOnly = table.Flag("mirror-by-digest-only");
        return new ConfiguredRegistry(prefix, location, table.Flag("insecure"), table.Flag("blocked"))
        {
            Mirrors = [.. table.Tables("mirror").Select(mirror => Mirror(mirror, digestOnly))],
        };
    }

    public static string Location(TomlTable table, string key, string text)
    {
        var location = text.TrimEnd('/');
        return location.Length > 0 && !location.Contains("://", StringComparison.Ordinal) && !location.StartsWith('/') && !location.Contains('@', StringComparison.Ordinal)
            ? location
            : throw table.Wrong(key, $"host[:port][/path] without a scheme, not \"{text}\"");
    }

    private static string Prefix(TomlTable table, string text) =>
        text.StartsWith("*.", StringComparison.Ordinal) ? "*." + Location(table, "prefix", text[2..]) : Location(table, "prefix", text);

    private static ConfiguredMirror Mirror(TomlTable table, bool digestOnly)
    {
        var location = Location(table, "mirror.location", table.Text("location") ?? "");
        var use = table.Text("pull-from-mirror");
        if (digestOnly && use is { Length: > 0 })
            throw EngineException.InvalidInput($"{table.Path}: pull-from-mirror of the mirror {location} cannot be set beside mirror-by-digest-only");
        return new ConfiguredMirror(location, table.Flag("insecure"), use switch
        {
            null or "" => digestOnly ? MirrorUse.DigestOnly : MirrorUse.Always,
            "all" => MirrorUse.Always,
            "digest-only" => MirrorUse.DigestOnly,
            "tag-only" => MirrorUse.TagOnly,
            _ => throw table.Wrong("pull-from-mirror", $"all, digest-only or tag-only, not \"{use}\""),
        });
    }
}
