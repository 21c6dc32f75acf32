namespace Podsharp.Registry.Configuration;

/// <summary>The files that say which registries there are, who we are to them and whom we trust. All paths are absolute; none need exist.</summary>
public sealed record RegistryPlaces
{
    /// <summary>registries.conf: the first that exists counts.</summary>
    public IReadOnlyList<string> RegistriesConf { get; init; } = [];

    /// <summary>registries.conf.d: the *.conf of each in the order of their names; later ones win.</summary>
    public IReadOnlyList<string> RegistriesConfDirectories { get; init; } = [];

    /// <summary>Aliases that other tools recorded when their user chose.</summary>
    public string ShortNameCache { get; init; } = "";

    /// <summary>certs.d: all are looked into.</summary>
    public IReadOnlyList<string> CertificateDirectories { get; init; } = [];

    /// <summary>auth.json and its kin: all are looked into, the first that knows the registry wins.</summary>
    public IReadOnlyList<string> AuthFiles { get; init; } = [];

    /// <summary>policy.json: the first that exists counts.</summary>
    public IReadOnlyList<string> Policies { get; init; } = [];

    /// <summary>registries.d: the first that exists counts.</summary>
    public IReadOnlyList<string> SignatureConfigurations { get; init; } = [];

    /// <summary>Where signatures lie of which registries.d says nothing.</summary>
    public string SignatureStore { get; init; } = "";

    /// <summary>The places of containers-registries.conf(5), containers-certs.d(5), containers-auth.json(5), containers-policy.json(5) and containers-registries.d(5).</summary>
    /// <param name="environment">Gives a variable or null.</param>
    /// <param name="userId">Of whom we serve: the runtime directory of root lies elsewhere.</param>
    public static RegistryPlaces From(Func<string, string?> environment, uint userId)
    {
        var home = Named("HOME") ?? "/";
        var config = Path.Join(Named("XDG_CONFIG_HOME") ?? Path.Join(home, ".config"), "containers");
        var cache = userId == 0 ? "/var/cache/containers" : Path.Join(Named("XDG_CACHE_HOME") ?? Path.Join(home, ".cache"), "containers");
        var runtime = Named("XDG_RUNTIME_DIR") is { } directory ? Path.Join(directory, "containers") : $"/run/containers/{userId}";
        var data = Path.Join(Named("XDG_DATA_HOME") ?? Path.Join(home, ".local", "share"), "containers");
        var docker = Named("DOCKER_CONFIG") ?? Path.Join(home, ".docker");
        const string Machine = "/etc/containers", Distribution = "/usr/share/containers";

        return new RegistryPlaces
        {
            RegistriesConf = Named("CONTAINERS_REGISTRIES_CONF") is { } conf
                ? [conf]
                : [Path.Join(config, "registries.conf"), $"{Machine}/registries.conf", $"{Distribution}/registries.conf"],
            RegistriesConfDirectories = [$"{Machine}/registries.conf.d", Path.Join(config, "registries.conf.d")],
            ShortNameCache = Path.Join(cache, "short-name-aliases.conf"),
            CertificateDirectories = [Path.Join(config, "certs.d"), $"{Machine}/certs.d", "/etc/docker/certs.d"],
            AuthFiles = Named("REGISTRY_AUTH_FILE") is { } file
                ? [file]
                : [Path.Join(runtime, "auth.json"), Path.Join(config, "auth.json"), Path.Join(docker, "config.json")],
            Policies = [Path.Join(config, "policy.json"), $"{Machine}/policy.json", $"{Distribution}/policy.json"],
            SignatureConfigurations = [Path.Join(config, "registries.d"), $"{Machine}/registries.d"],
            SignatureStore = userId == 0 ? "/var/lib/containers/sigstore" : Path.Join(data, "sigstore"),
        };

        string? Named(string name) => environment(name) is { Length: > 0 } value ? value : null;
    }
}
