using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Podsharp.Core.Networks;
using Podsharp.Core.Storage;
using Podsharp.Linux;
using Podsharp.Linux.Processes;

namespace Podsharp.Drivers.Network;

/// <summary>
/// Where the name server passes on what containers ask that no network leads outside: a second aardvark-dns on a loopback address, which knows no name,
/// asks nobody and says so at once. Before 1.6 the server itself does not know internal networks; left without an answer, resolvers
/// would wait for seconds. It runs while a record names it. Callers hold the driver's lock.
/// </summary>
internal sealed class DeadEnd(StorePaths paths, NetavarkCommand netavark, NameServer server, NetavarkOptions options)
{
    // The kernel sends nothing to a loopback broadcast address, and nobody can listen there.
    private const string Nowhere = "127.255.255.255";

    // aardvark-dns asks others at this port, whatever its own.
    private const int Port = 53, Terminate = 15;

    private static readonly Version KnowsInternalNetworks = new(1, 6);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2), Look = TimeSpan.FromMilliseconds(1);

    private readonly string _directory = Path.Join(paths.NetworkRun, "dead-end");
    private readonly Lazy<Task<bool>> _isNeeded = new(() => IsNeededAsync(netavark.DnsProgram));

    private NameServerProcess Process => new(_directory);

    private string Address => AddressOf(paths.NetworkRun);

    private bool Answers => Process.IsRunning && DatagramSockets.At(options.Bridges, Port).ContainsKey(IPAddress.Parse(Address));

    /// <returns>The attachment with a server that questions are passed on to where it is shut in: it answers, or nothing does there.</returns>
    public async Task<NetworkAttachment> UseAsync(NetworkAttachment attachment, CancellationToken cancellationToken) =>
        attachment.IsShutIn && attachment.Endpoints.Any(pair => pair.Network.DnsEnabled) ? attachment with { DnsServers = [await OpenAsync(cancellationToken)] } : attachment;

    /// <summary>Ends it where no container is left that needs it.</summary>
    public async Task CloseUnusedAsync()
    {
        if (!Directory.Exists(_directory) || server.Files().Any(file => NameServerProcess.ReadText(file)?.Contains(Address, StringComparison.Ordinal) is true)) return;
        var clock = Stopwatch.StartNew();
        while (Process.Signal(Terminate) && clock.Elapsed < Patience) await Task.Delay(Look);
        Directory.Delete(_directory, recursive: true);
    }

    private async Task<string> OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            return Answers || (await _isNeeded.Value && await TryStartAsync(cancellationToken)) ? Address : Nowhere;
        }
        catch (IOException)
        {
            return Nowhere;
        }
    }

    private async Task<bool> TryStartAsync(CancellationToken cancellationToken)
    {
        // What a killed one left; it would not start beside its own pid file.
        if (Directory.Exists(_directory)) Directory.Delete(_directory, recursive: true);
        Directory.CreateDirectory(_directory);
        await File.WriteAllTextAsync(Path.Join(_directory, "nobody"), Address + "\n", cancellationToken);
        string[] call = [netavark.DnsProgram!, "--config", _directory, "-p", "53", "run"];
        // In the service's own unit it would be a left-over.
        string[] owner = options.Rootless ? ["--user"] : [];
        string[] words = Directory.Exists("/run/systemd/system") && ExecutablePath.Find("systemd-run") is { } run ? [run, "-q", .. owner, "--scope", .. call] : call;
        var command = new Command(words[0], words[1..]) { Environment = [.. Command.DefaultEnvironment, .. options.ToolEnvironment, "AARDVARK_NO_PROXY=1"] };
        await ProcessRunner.RunAsync(options.Bridges.Within(command), cancellationToken);
        var clock = Stopwatch.StartNew();
        while (!Answers && clock.Elapsed < Patience) await Task.Delay(Look, cancellationToken);
        return Answers;
    }

    private static async Task<bool> IsNeededAsync(string? program)
    {
        if (program is null) return false;
        var result = await ProcessRunner.RunAsync(new Command(program, ["--version"]), CancellationToken.None);
        return result.Succeeded && NetavarkCommand.ReadVersion(result.OutputText) < KnowsInternalNetworks;
    }

    // Stores side by side have one each.
    private static string AddressOf(string store)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(store));
        return $"127.{64 + (hash[0] % 128)}.{hash[1]}.{1 + (hash[2] % 254)}";
    }
}
