namespace Podsharp.Service.Options;

/// <summary>Where containers.conf(5) and storage.conf(5) are read from; of the first, later files win key by key.</summary>
internal static class ConfigurationPlaces
{
    public static IEnumerable<string> ContainersConf(bool rootless)
    {
        var named = Environment.GetEnvironmentVariable("CONTAINERS_CONF");
        IEnumerable<string> files = named is { Length: > 0 } ? [named] : System(rootless);
        var overriding = Environment.GetEnvironmentVariable("CONTAINERS_CONF_OVERRIDE");
        return overriding is { Length: > 0 } ? files.Append(overriding) : files;
    }

    /// <summary>The one file that counts: the one named, else the user's, the machine's, the distribution's; null when there is none.</summary>
    public static string? StorageConf(bool rootless)
    {
        if (Environment.GetEnvironmentVariable("CONTAINERS_STORAGE_CONF") is { Length: > 0 } named) return named;
        IEnumerable<string> places = ["/etc/containers/storage.conf", "/usr/share/containers/storage.conf"];
        return (rootless ? places.Prepend(Path.Join(ConfigurationHome(), "containers/storage.conf")) : places).FirstOrDefault(File.Exists);
    }

    private static IEnumerable<string> System(bool rootless)
    {
        var directories = new List<string> { "/usr/share/containers", "/etc/containers" };
        if (rootless) directories.Add(Path.Join(ConfigurationHome(), "containers"));
        foreach (var directory in directories)
        {
            var file = Path.Join(directory, "containers.conf");
            if (File.Exists(file)) yield return file;
            var parts = file + ".d";
            if (!Directory.Exists(parts)) continue;
            foreach (var part in Directory.GetFiles(parts, "*.conf").Order(StringComparer.Ordinal)) yield return part;
        }
    }

    private static string ConfigurationHome() =>
        Environment.GetEnvironmentVariable("XDG_CONFIG_HOME") is { Length: > 0 } home
            ? home
            : Path.Join(Environment.GetEnvironmentVariable("HOME") ?? "/", ".config");
}
