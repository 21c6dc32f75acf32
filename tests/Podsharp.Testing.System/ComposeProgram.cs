namespace Podsharp.Testing.System;

/// <summary>The compose clients in use differ much in how they drive an engine.</summary>
public enum ComposeGeneration
{
    /// <summary>1.29, in Python: Debian 12's docker-compose.</summary>
    One = 1,

    /// <summary>In Go; also the docker command line's plugin.</summary>
    Two = 2,
}

/// <summary>Where this machine has which compose client.</summary>
public static class ComposeProgram
{
    private static readonly string[] OtherDirectories =
    [
        "/opt/peers/bin", "/usr/local/lib/docker/cli-plugins", "/usr/local/libexec/docker/cli-plugins", "/usr/lib/docker/cli-plugins", "/usr/libexec/docker/cli-plugins",
        Path.Join(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".docker/cli-plugins"),
    ];

    private static readonly Lazy<Task<IReadOnlyDictionary<ComposeGeneration, string>>> Found = new(SearchAsync);

    /// <returns>Its path; null when there is none.</returns>
    public static async Task<string?> FindAsync(ComposeGeneration generation) => (await Found.Value).GetValueOrDefault(generation);

    private static async Task<IReadOnlyDictionary<ComposeGeneration, string>> SearchAsync()
    {
        var found = new Dictionary<ComposeGeneration, string>();
        var directories = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Concat(OtherDirectories);
        foreach (var program in directories.Select(directory => Path.Join(directory, "docker-compose")).Where(File.Exists))
        {
            var version = (await new Command(program, "version", "--short").RunAsync()).Output.TrimStart('v');
            if (version.StartsWith("1.", StringComparison.Ordinal)) found.TryAdd(ComposeGeneration.One, program);
            else if (version.StartsWith("2.", StringComparison.Ordinal)) found.TryAdd(ComposeGeneration.Two, program);
        }

        return found;
    }
}
