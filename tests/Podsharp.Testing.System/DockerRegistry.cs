using System.Security.Cryptography;
using System.Text;

namespace Podsharp.Testing.System;

/// <summary>Debian's docker-registry on loopback, in the network where an engine lives. Its data goes with it.</summary>
public sealed class DockerRegistry : IAsyncDisposable
{
    private const string Program = "docker-registry";
    private const int UsualPort = 5000;

    private readonly EngineUnderTest _engine;
    private readonly string _directory = Directory.CreateTempSubdirectory("podsharp-registry-").FullName;
    private RunningCommand? _process;

    private readonly RegistryTls? _tls;

    private readonly int _port;

    private DockerRegistry(EngineUnderTest engine, RegistryTls? tls, int port) => (_engine, _tls, _port) = (engine, tls, port);

    public static bool IsInstalled { get; } =
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(directory => File.Exists(Path.Join(directory, Program)));

    /// <summary>Host and port as image names have them.</summary>
    public string Host => $"{_tls?.Address ?? "localhost"}:{_port}";

    private string Scheme => _tls is null ? "http" : "https";

    /// <summary>What it wrote about its requests.</summary>
    public string Log => _process?.Both ?? "";

    /// <param name="users">A file of htpasswd lines (bcrypt); null: everybody is let in.</param>
    /// <param name="port">One that is free, in a network which others share.</param>
    public static async Task<DockerRegistry> StartAsync(EngineUnderTest engine, string? users = null, RegistryTls? tls = null, int port = UsualPort)
    {
        var registry = new DockerRegistry(engine, tls, port);
        var clients = tls?.Client is null ? "" : $", clientcas: [{tls.Authority}]";
        var encryption = tls is null ? "" : $", tls: {"{"}certificate: {tls.Certificate}, key: {tls.Key}{clients}{"}"}";
        var configuration = Path.Join(registry._directory, "config.yml");
        var lines = $"""
            version: 0.1
            log: {"{level: info, accesslog: {disabled: false}}"}
            storage: {"{"}filesystem: {"{"}rootdirectory: {registry._directory}/data{"}}"}
            http: {"{"}addr: "{tls?.Address ?? "127.0.0.1"}:{port}"{encryption}{"}"}

            """;
        if (users is not null)
        {
            await File.WriteAllTextAsync(Path.Join(registry._directory, "users"), users);
            lines += $"auth: {{htpasswd: {{realm: test, path: {registry._directory}/users}}}}\n";
        }

        await File.WriteAllTextAsync(configuration, lines);
        registry._process = (engine.OnHost(Program, "serve", configuration) with { Timeout = TimeSpan.FromMinutes(10) }).Start();
        await Eventually.SettleAsync(async () => (await registry.Curl("-sk", "-o", "/dev/null", $"{registry.Scheme}://{registry.Host}/v2/").RunAsync()).ExitCode, code => code == 0);
        return registry;
    }

    /// <summary>How often a blob's content was asked for.</summary>
    public int FetchesOf(string digest) =>
        Log.Split('\n').Count(line => line.Contains($"GET /v2/", StringComparison.Ordinal) && line.Contains($"/blobs/{digest} ", StringComparison.Ordinal));

    public async Task<string> GetAsync(string path) => await Curl("-sfk", $"{Scheme}://{Host}{path}").OutputAsync();

    public static string DigestOf(ReadOnlySpan<byte> content) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(content));

    /// <summary>Puts a blob there, whatever it is.</summary>
    /// <returns>Its digest.</returns>
    public Task<string> PutBlobAsync(string repository, string content) => PutBlobAsync(repository, Encoding.UTF8.GetBytes(content));

    public async Task<string> PutBlobAsync(string repository, byte[] content)
    {
        var head = await Curl("-sfki", "-X", "POST", $"{Scheme}://{Host}/v2/{repository}/blobs/uploads/").OutputAsync();
        var place = head.Split('\n').First(static line => line.StartsWith("Location: ", StringComparison.OrdinalIgnoreCase)).Split(' ', 2)[1].Trim();
        var digest = DigestOf(content);
        await SendAsync(content, "application/octet-stream", $"{place}&digest={digest}");
        return digest;
    }

    /// <summary>Puts a manifest there as it is.</summary>
    /// <returns>Its digest.</returns>
    public async Task<string> PutManifestAsync(string repository, string tag, string mediaType, string content)
    {
        await SendAsync(Encoding.UTF8.GetBytes(content), mediaType, $"{Scheme}://{Host}/v2/{repository}/manifests/{tag}");
        return DigestOf(Encoding.UTF8.GetBytes(content));
    }

    private Command Curl(params string[] arguments) =>
        _engine.OnHost("curl", _tls?.Client is { } client ? [.. arguments, "--cert", client.Certificate, "--key", client.Key] : arguments);

    private Task SendAsync(byte[] content, string mediaType, string address) =>
        (Curl("-sfk", "-X", "PUT", "-H", $"Content-Type: {mediaType}", "--data-binary", "@-", address) with { Input = stream => stream.WriteAsync(content).AsTask() })
            .OutputAsync();

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await _process.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }
}
