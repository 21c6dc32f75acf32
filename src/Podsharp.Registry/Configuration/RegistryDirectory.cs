using Podsharp.Core.Errors;
using Podsharp.Core.Images;
using Podsharp.Core.Registries;

namespace Podsharp.Registry.Configuration;

/// <inheritdoc cref="IRegistryDirectory"/>
public sealed class RegistryDirectory(RegistryPlaces places) : IRegistryDirectory
{
    public IReadOnlyList<string> SearchRegistries => RegistriesFiles.Read(places).SearchRegistries;

    public IReadOnlyList<ConfiguredRegistry> Configured => RegistriesFiles.Read(places).Registries;

    public IReadOnlyList<ImageReference> CandidatesFor(string name) => ShortNames.Resolve(name, RegistriesFiles.Read(places));

    public IReadOnlyList<RegistryEndpoint> EndpointsForPull(ImageReference reference, EndpointRules rules)
    {
        var configuration = RegistriesFiles.Read(places);
        var (registry, matched) = Find(configuration, reference.ToString());
        var target = Target(configuration, registry, matched, reference, rules);
        if (registry is null) return [target];
        var mirrors = registry.Mirrors
            .Where(mirror => Serves(mirror.Use, reference))
            .Select(mirror => Endpoint(Rewrite(reference, matched, mirror.Location), mirror.Insecure, rules) with { IsMirror = true });
        return [.. mirrors, target];
    }

    public RegistryEndpoint EndpointForPush(ImageReference reference, EndpointRules rules)
    {
        var configuration = RegistriesFiles.Read(places);
        var (registry, matched) = Find(configuration, reference.ToString());
        return Target(configuration, registry, matched, reference, rules);
    }

    public RegistryEndpoint EndpointForHost(string host, EndpointRules rules)
    {
        var configuration = RegistriesFiles.Read(places);
        var (registry, matched) = Find(configuration, host);
        RefuseBlocked(configuration, registry, host);
        var location = registry is { Location.Length: > 0 } && matched == host.Length ? registry.Location.Split('/')[0] : host;
        return Secured(new RegistryEndpoint(location, ""), registry?.Insecure ?? false, rules);
    }

    private static (ConfiguredRegistry? Registry, int Matched) Find(RegistriesConfiguration configuration, string name)
    {
        ConfiguredRegistry? best = null;
        var longest = -1;
        foreach (var registry in configuration.Registries)
        {
            var matched = NamePrefix.Match(registry.Prefix, name);
            if (matched <= longest) continue;
            (best, longest) = (registry, matched);
        }

        return (best, longest);
    }

    private static RegistryEndpoint Target(
        RegistriesConfiguration configuration, ConfiguredRegistry? registry, int matched, ImageReference reference, EndpointRules rules)
    {
        RefuseBlocked(configuration, registry, reference.ToString());
        var rewritten = registry is { Location.Length: > 0 } ? Rewrite(reference, matched, registry.Location) : reference;
        return Endpoint(rewritten, registry?.Insecure ?? false, rules);
    }

    private static void RefuseBlocked(RegistriesConfiguration configuration, ConfiguredRegistry? registry, string name)
    {
        if (registry is { Blocked: true })
            throw new EngineException(ErrorKind.Forbidden, $"registry {registry.Prefix} is blocked in {configuration.Source} or its registries.conf.d: {name} cannot be reached", "registry is blocked");
    }

    // Prefixes may reach into the tag; locations name repositories only.
    private static ImageReference Rewrite(ImageReference reference, int matched, string location)
    {
        var repository = reference.Repository;
        var text = matched >= repository.Length ? location : location + repository[matched..];
        // Parsing would take a location without a host for one on docker.io.
        return ImageReference.TryParse(text, out var rewritten) && text.StartsWith(rewritten.Registry + "/", StringComparison.Ordinal)
            ? rewritten
            : throw EngineException.InvalidInput($"registries.conf turns {repository} into \"{text}\", which is no image name");
    }

    private static bool Serves(MirrorUse use, ImageReference reference) => use switch
    {
        MirrorUse.DigestOnly => reference.Digest is not null,
        MirrorUse.TagOnly => reference.Digest is null,
        _ => true,
    };

    private static RegistryEndpoint Endpoint(ImageReference name, bool insecure, EndpointRules rules) =>
        Secured(new RegistryEndpoint(name.Registry, name.Path), insecure, rules);

    private static RegistryEndpoint Secured(RegistryEndpoint endpoint, bool insecure, EndpointRules rules) =>
        endpoint with { Insecure = rules.VerifyTls is { } verify ? !verify : insecure || (rules.LoopbackIsInsecure && Loopback.Is(endpoint.Host)) };
}
