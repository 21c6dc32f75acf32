namespace Podsharp.Benchmarks;

/// <summary>An engine in the race.</summary>
internal sealed class Contender(string name, string socket, Func<int> pid, Func<ValueTask> stop) : IAsyncDisposable
{
    public const string Ours = "podsharp";

    public static readonly string[] Peers = ["podman4", "podman5", "docker"];

    public string Name { get; } = name;

    public string Socket { get; } = socket;

    public EngineApi Api { get; } = new(socket, isPodman: name.StartsWith("podman", StringComparison.Ordinal));

    /// <summary>Its process, which may be another one later.</summary>
    public int Pid => pid();

    public static Contender Of(PodsharpService service) => new(Ours, service.Socket, () => service.Pid, service.DisposeAsync);

    /// <returns>The peer, started by peers.sh; null when it isn't to be had.</returns>
    public static async Task<Contender?> StartPeerAsync(string peersScript, string name)
    {
        if (!File.Exists(peersScript)) return null;
        var running = (await new Command(peersScript, "status").RunAsync()).Output.Contains($"{name} pid");
        var started = await new Command(peersScript, "start", name).RunAsync();
        if (started.ExitCode != 0)
        {
            Console.Error.WriteLine($"{name}: {started.Both.Trim()}");
            return null;
        }

        var socket = (await new Command(peersScript, "sock", name).OutputAsync()).Trim();
        var pid = int.Parse(await new Command(peersScript, "pid", name).OutputAsync());
        var peer = new Contender(name, socket, () => pid, async () =>
        {
            if (!running) await new Command(peersScript, "stop", name).RunAsync();
        });
        await using var engine = new PeerEngine(socket);
        await engine.LoadImageAsync();
        return peer;
    }

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        await stop();
    }
}
