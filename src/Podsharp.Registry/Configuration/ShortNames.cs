using Podsharp.Core.Errors;
using Podsharp.Core.Images;

namespace Podsharp.Registry.Configuration;

/// <summary>What a name without a registry may mean.</summary>
internal static class ShortNames
{
    public static IReadOnlyList<ImageReference> Resolve(string name, RegistriesConfiguration configuration)
    {
        var parsed = ImageReference.Parse(name);
        if (!IsShort(name, parsed)) return [parsed];

        var suffix = SuffixOf(name);
        var bare = name[..^suffix.Length];
        if (configuration.Aliases.TryGetValue(bare, out var target))
            return [ImageReference.TryParse(target + suffix, out var alias) ? alias : throw EngineException.InvalidInput($"the alias of \"{bare}\" in registries.conf is no image name: \"{target}\"")];

        var registries = configuration.SearchRegistries;
        if (registries.Count == 0)
            throw EngineException.InvalidInput($"short-name \"{bare}\" did not resolve to an alias and no unqualified-search registries are defined in \"{configuration.Source}\"");
        var candidates = registries.Select(registry => ImageReference.Parse($"{registry}/{name}")).ToList();
        return candidates.Count == 1 || configuration.ShortNameMode != ShortNameMode.Enforcing
            ? candidates
            : throw EngineException.InvalidInput(
                $"short-name resolution enforced but cannot prompt without a TTY: \"{bare}\" may be {string.Join(" or ", candidates.Select(candidate => candidate.Repository))}; use the full name, or name it under [aliases] in \"{configuration.Source}\"");
    }

    // Only parsing gives docker.io to a name that doesn't say so.
    private static bool IsShort(string name, ImageReference parsed) =>
        parsed.Registry == ImageReference.DefaultRegistry
        && !name.StartsWith("docker.io/", StringComparison.Ordinal) && !name.StartsWith("index.docker.io/", StringComparison.Ordinal);

    private static string SuffixOf(string name)
    {
        var at = name.IndexOf('@', StringComparison.Ordinal);
        var end = at < 0 ? name.Length : at;
        var colon = name.LastIndexOf(':', end - 1);
        return name[(colon > name.LastIndexOf('/', end - 1) ? colon : end)..];
    }
}
