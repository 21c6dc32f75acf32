namespace Podsharp.Service.Options;

/// <summary>Where containers.conf(5) is read from; later files win key by key.</summary>
internal static class ConfigurationPlaces
{
    public static IEnumerable<string> ContainersConf(bool rootless)
    {
        var named = Environment.GetEnvironmentVariable("CONTAINERS_CONF");
        IEnumerable<string> files = named is { Length: > 0 } ? [named] : System(rootless);
        var overriding = Environment.GetEnvironmentVariable("CONTAINERS_CONF_OVERRIDE");
        return overriding is { Length: > 0 } ? files.Append(overriding) : files;
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
