namespace Podsharp.Cli.Connection;

/// <summary>Where the engine listens.</summary>
/// <param name="SocketPath">Of a Unix socket.</param>
/// <param name="IsDefault">Nobody chose it: where no one listens there, the service may be started.</param>
internal sealed record EngineAddress(string SocketPath, bool IsDefault)
{
    private const string UnixScheme = "unix://";

    /// <summary>What was chosen first of --url, PODSHARP_HOST and DOCKER_HOST, else the socket of root's or the user's own engine.</summary>
    public static EngineAddress Choose(string? url, Func<string, string?> environment, bool isRoot)
    {
        string?[] choices = [url, environment("PODSHARP_HOST"), environment("DOCKER_HOST")];
        if (choices.FirstOrDefault(choice => !string.IsNullOrEmpty(choice)) is { } chosen) return new EngineAddress(PathOf(chosen), false);
        if (isRoot) return new EngineAddress("/run/podsharp/podsharp.sock", true);

        var runtime = environment("XDG_RUNTIME_DIR");
        return string.IsNullOrEmpty(runtime)
            ? throw new CliFailure("XDG_RUNTIME_DIR is not set, so the socket of your engine has no place: log in by a session, or name a socket with --url unix://PATH")
            : new EngineAddress(Path.Combine(runtime, "podsharp", "podsharp.sock"), true);
    }

    private static string PathOf(string url) =>
        url.StartsWith(UnixScheme, StringComparison.Ordinal) && url.Length > UnixScheme.Length ? url[UnixScheme.Length..]
        : throw new CliFailure($"cannot connect to \"{url}\": only unix://PATH is supported");
}
