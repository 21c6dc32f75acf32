using Podsharp.Core.Errors;
using Podsharp.Core.Registries;

namespace Podsharp.Registry.Configuration;

/// <summary>Reads and merges registries.conf and registries.conf.d. Keys that are unknown are left to the tools that know them.</summary>
internal static class RegistriesFiles
{
    public static RegistriesConfiguration Read(RegistryPlaces places)
    {
        var main = places.RegistriesConf.FirstOrDefault(File.Exists);
        var merged = new RegistriesConfiguration { Source = main ?? (places.RegistriesConf is [.., var last] ? last : "registries.conf") };
        var aliases = new Dictionary<string, string>();
        // What the user chose once is weaker than what is configured.
        if (File.Exists(places.ShortNameCache)) AddAliases(aliases, TomlFile.Read(places.ShortNameCache));
        foreach (var file in FilesOf(main, places.RegistriesConfDirectories))
        {
            var table = TomlFile.Read(file);
            merged = Merge(merged, table);
            AddAliases(aliases, table);
        }

        return merged with { Aliases = aliases };
    }

    private static IEnumerable<string> FilesOf(string? main, IReadOnlyList<string> directories)
    {
        if (main is not null) yield return main;
        foreach (var directory in directories.Where(Directory.Exists))
        {
            foreach (var file in Directory.GetFiles(directory, "*.conf").Order(StringComparer.Ordinal)) yield return file;
        }
    }

    private static RegistriesConfiguration Merge(RegistriesConfiguration former, TomlTable file)
    {
        if (file.Has("registries")) throw EngineException.InvalidInput($"{file.Path} is of version 1, which is no longer understood: see containers-registries.conf(5)");
        var registries = former.Registries.ToList();
        foreach (var registry in file.Tables("registry").Select(RegistryTable.Read))
        {
            registries.RemoveAll(other => other.Prefix == registry.Prefix);
            registries.Add(registry);
        }

        return former with
        {
            Registries = registries,
            SearchRegistries = file.Texts("unqualified-search-registries")?.Select(name => RegistryTable.Location(file, "unqualified-search-registries", name)).ToList() ?? former.SearchRegistries,
            ShortNameMode = file.Text("short-name-mode") is { } mode ? ModeFrom(file, mode) : former.ShortNameMode,
            CredentialHelpers = file.Texts("credential-helpers") is { Count: > 0 } helpers ? helpers : former.CredentialHelpers,
        };
    }

    private static ShortNameMode ModeFrom(TomlTable file, string mode) => mode switch
    {
        "permissive" => ShortNameMode.Permissive,
        "enforcing" => ShortNameMode.Enforcing,
        "disabled" => ShortNameMode.Disabled,
        _ => throw file.Wrong("short-name-mode", $"permissive, enforcing or disabled, not \"{mode}\""),
    };

    // An empty value takes an alias of an earlier file away.
    private static void AddAliases(Dictionary<string, string> aliases, TomlTable file)
    {
        if (file.Table("aliases") is not { } table) return;
        foreach (var name in table.Keys)
        {
            if (table.Text(name) is { Length: > 0 } target) aliases[name] = target;
            else aliases.Remove(name);
        }
    }
}
