using System.Text.Json;
using Podsharp.Core.Errors;
using Podsharp.Core.Storage;
using Podsharp.Linux;
using Podsharp.Linux.Processes;

namespace Podsharp.Drivers.Network;

/// <summary>One netavark call: its command line, environment and the reading of its failure. Knows nothing of locks and undo.</summary>
internal sealed class NetavarkCommand(NetavarkOptions options, StorePaths paths, NameServer server)
{
    private static readonly string[] UsualDirectories = ["/usr/libexec/podman", "/usr/lib/podman", "/usr/local/libexec/podman", "/usr/local/lib/podman"];

    private readonly Lazy<string> _program = new(() => Find(options.Program, "netavark")
        ?? throw EngineException.NotSupported("netavark is not installed: bridge networks need it (package netavark); --network host and none work without"));

    // Asked once, before the first call.
    private readonly Lazy<Task> _predecessors = new(() => OrphanedCalls.WaitAsync(paths.NetworkRun));

    /// <summary>The calls of a service that was killed are over.</summary>
    public Task PredecessorsAsync() => _predecessors.Value;

    /// <summary>Absolute path of aardvark-dns; null where it is not installed.</summary>
    public string? DnsProgram => options.DnsProgram.Length > 0
        ? options.DnsProgram
        : Find(Path.Join(Path.GetDirectoryName(_program.Value), "aardvark-dns"), "aardvark-dns");

    /// <summary>1.4.0. NotSupported where it is not installed.</summary>
    public async Task<Version> VersionAsync(CancellationToken cancellationToken)
    {
        var result = await ProcessRunner.RunAsync(new Command(_program.Value, ["--version"]), cancellationToken);
        return ReadVersion(result.OutputText);
    }

    /// <summary>Of "netavark 1.4.0" or "aardvark-dns 1.12.0-rc1".</summary>
    public static Version ReadVersion(string text) =>
        Version.TryParse(text.Trim().Split(' ')[^1].Split('-')[0], out var version) ? version : new Version(1, 0);

    /// <summary>A set-up whose entries in the name server's files land in a directory of their own, where no server reads them.</summary>
    public Task SetUpApartAsync(string namespacePath, NetavarkConfig config, string directory, CancellationToken cancellationToken) =>
        RunAsync("setup", namespacePath, Serialize(config), ["--config", directory, "--aardvark-binary", ExecutablePath.Find("true") ?? "/bin/true"], cancellationToken);

    public Task SetUpAsync(string namespacePath, NetavarkConfig config, CancellationToken cancellationToken) =>
        ChangeAsync("setup", namespacePath, config, cancellationToken);

    public Task TearDownAsync(string namespacePath, NetavarkConfig config, CancellationToken cancellationToken) =>
        ChangeAsync("teardown", namespacePath, config, cancellationToken);

    public static byte[] Serialize(NetavarkConfig config) => JsonSerializer.SerializeToUtf8Bytes(config, NetavarkJson.Default.NetavarkConfig);

    /// <summary>Internal with netavark's own words when it fails.</summary>
    public Task RunAsync(string verb, string namespacePath, byte[] config, CancellationToken cancellationToken) =>
        RunAsync(verb, namespacePath, config, ["--config", paths.NetworkRun, .. DnsArguments()], cancellationToken);

    private Task ChangeAsync(string verb, string namespacePath, NetavarkConfig config, CancellationToken cancellationToken)
    {
        Task Call() => RunAsync(verb, namespacePath, Serialize(config), cancellationToken);
        return config.NetworkInfo.Values.Any(network => network.DnsEnabled) ? server.DuringAsync(Call) : Call();
    }

    private async Task RunAsync(string verb, string namespacePath, byte[] config, IReadOnlyList<string> directories, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(paths.NetworkRun, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        string[] owner = options.Rootless ? ["--rootless", "true"] : [];
        var command = options.Bridges.Within(new Command(_program.Value, [.. owner, .. directories, verb, namespacePath])
        {
            Environment = [.. Command.DefaultEnvironment, .. options.ToolEnvironment, .. Environment()],
        });

        await _predecessors.Value;
        ProcessResult result;
        try
        {
            result = await ProcessRunner.RunAsync(command, config, cancellationToken);
        }
        catch (SystemCallException exception)
        {
            throw EngineException.Internal($"netavark: {exception.Message}", exception);
        }

        if (!result.Succeeded) throw EngineException.Internal($"netavark: {Reason(result)}");
    }

    // The reason is JSON on stdout, further text may be on stderr.
    private static string Reason(ProcessResult result)
    {
        try
        {
            if (JsonSerializer.Deserialize(result.Output, NetavarkJson.Default.NetavarkError) is { Error: { Length: > 0 } error }) return error;
        }
        catch (JsonException)
        {
        }

        var text = result.ErrorText.Trim();
        return text.Length > 0 ? text : $"exit code {result.ExitCode}";
    }

    private IEnumerable<string> DnsArguments() => DnsProgram is { } program ? ["--aardvark-binary", program] : [];

    private IEnumerable<string> Environment()
    {
        if (options.Firewall.Length > 0) yield return $"NETAVARK_FW={options.Firewall}";
        if (options.DnsPort != 53) yield return $"NETAVARK_DNS_PORT={options.DnsPort}";
    }

    private static string? Find(string configured, string name) =>
        (configured.Length > 0 ? ExecutablePath.Find(configured) : null) ?? ExecutablePath.Find(name, UsualDirectories);
}
