namespace Podsharp.Testing.System;

/// <summary>Debian's docker-registry on loopback, in the network where an engine lives. Its data goes with it.</summary>
public sealed class DockerRegistry : IAsyncDisposable
{
    private const string Program = "docker-registry";
    private const int Port = 5000;

    private readonly EngineUnderTest _engine;
    private readonly string _directory = Directory.CreateTempSubdirectory("podsharp-registry-").FullName;
    private RunningCommand? _process;

    private DockerRegistry(EngineUnderTest engine) => _engine = engine;

    public static bool IsInstalled => File.Exists("/usr/bin/" + Program);

    /// <summary>Host and port as image names have them.</summary>
    public string Host => $"localhost:{Port}";

    /// <summary>What it wrote about its requests.</summary>
    public string Log => _process?.Both ?? "";

    /// <param name="users">A file of htpasswd lines (bcrypt); null: everybody is let in.</param>
    public static async Task<DockerRegistry> StartAsync(EngineUnderTest engine, string? users = null)
    {
        var registry = new DockerRegistry(engine);
        var configuration = Path.Join(registry._directory, "config.yml");
        var lines = $"""
            version: 0.1
            log: {"{level: info, accesslog: {disabled: false}}"}
            storage: {"{"}filesystem: {"{"}rootdirectory: {registry._directory}/data{"}}"}
            http: {"{"}addr: "127.0.0.1:{Port}"{"}"}

            """;
        if (users is not null)
        {
            await File.WriteAllTextAsync(Path.Join(registry._directory, "users"), users);
            lines += $"auth: {{htpasswd: {{realm: test, path: {registry._directory}/users}}}}\n";
        }

        await File.WriteAllTextAsync(configuration, lines);
        registry._process = (engine.OnHost(Program, "serve", configuration) with { Timeout = TimeSpan.FromMinutes(10) }).Start();
        await Eventually.SettleAsync(async () => (await engine.OnHost("curl", "-s", "-o", "/dev/null", $"http://{registry.Host}/v2/").RunAsync()).ExitCode, code => code == 0);
        return registry;
    }

    /// <summary>How often a blob's content was asked for.</summary>
    public int FetchesOf(string digest) =>
        Log.Split('\n').Count(line => line.Contains($"GET /v2/", StringComparison.Ordinal) && line.Contains($"/blobs/{digest} ", StringComparison.Ordinal));

    public async Task<string> GetAsync(string path) => await _engine.OnHost("curl", "-sf", $"http://{Host}{path}").OutputAsync();

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }
}
