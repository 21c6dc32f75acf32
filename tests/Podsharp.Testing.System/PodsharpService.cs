using System.Diagnostics;

namespace Podsharp.Testing.System;

/// <summary>How a service under test is started.</summary>
public sealed record ServiceSetup
{
    public int IdleTimeout { get; init; }

    public string? Runtime { get; init; }

    /// <summary>Where root lies, in place of a directory of its own below /var/tmp.</summary>
    public string? Root { get; init; }

    /// <summary>systemd-socket-activate holds the socket and starts the service at the first connection.</summary>
    public bool SocketActivated { get; init; }

    /// <summary>false: the machine's own network, for measurements beside peers.</summary>
    public bool OwnNetwork { get; init; } = true;

    /// <summary>NAME=VALUE, beside what the tests have.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary>An ordinary user's service, in the machine's own network.</summary>
    public bool Rootless { get; init; }
}

/// <summary>The real binary on a store, a socket and a network namespace of its own. Disposing it leaves nothing on the machine, whatever the service left.</summary>
public sealed class PodsharpService : EngineUnderTest
{
    private readonly string _binary;
    private readonly ServiceSetup _setup;
    private readonly NetworkNamespace? _network;
    private readonly OrdinaryUser? _user;
    private RunningCommand? _process;

    private PodsharpService(string directory, string binary, ServiceSetup setup, NetworkNamespace? network, OrdinaryUser? user)
        : base(Path.Join(directory, "podsharp.sock"))
    {
        BaseDirectory = directory;
        Root = setup.Root ?? Path.Join(directory, "root");
        _binary = binary;
        _setup = setup;
        _network = network;
        _user = user;
    }

    public override bool IsPeer => false;

    /// <summary>On the machine's disk: overlay needs a file system with xattrs, which tmpfs or another overlay may lack.</summary>
    public string BaseDirectory { get; }

    public string Root { get; }

    public string RunRoot => Path.Join(BaseDirectory, "run");

    public string Log => File.Exists(LogFile) ? File.ReadAllText(LogFile) : "";

    /// <summary>
    /// The service that holds the store: usually the one started here, but conmon's waker starts one too when a container ends while nobody listens.
    /// </summary>
    public int Pid
    {
        get
        {
            var holder = int.TryParse(ReadLockFile().Split([' ', '\n'])[0], out var pid) ? pid : 0;
            if (holder != 0 && KernelTraces.IsAlive(holder)) return holder;
            return _process?.Pid ?? throw new InvalidOperationException("the service isn't started");
        }
    }

    private string ReadLockFile()
    {
        var path = Path.Join(Root, "lock");
        if (!File.Exists(path)) return "";
        // Not by .NET, which locks whatever it opens.
        return new Command("cat", path).RunAsync().GetAwaiter().GetResult().Output;
    }

    internal string LogFile => Path.Join(BaseDirectory, "service.log");

    /// <summary>Starts it and waits for its first answer.</summary>
    public static async Task<PodsharpService> StartAsync(ServiceSetup? setup = null)
    {
        var service = await PrepareAsync(setup);
        try
        {
            await service.StartAgainAsync();
            return service;
        }
        catch
        {
            await service.DisposeAsync();
            throw;
        }
    }

    public static async Task<PodsharpService> StartWithImageAsync(ServiceSetup? setup = null)
    {
        var service = await StartAsync(setup);
        try
        {
            await service.LoadImageAsync();
            return service;
        }
        catch
        {
            await service.DisposeAsync();
            throw;
        }
    }

    /// <summary>Everything but the process.</summary>
    public static async Task<PodsharpService> PrepareAsync(ServiceSetup? setup = null)
    {
        setup ??= new ServiceSetup();
        var binary = await ServiceBinary.PathAsync();
        await Remains.SweepAsync();
        var directory = $"{Remains.Prefix}{Environment.ProcessId}-{Path.GetRandomFileName()[..8]}";
        Directory.CreateDirectory(directory);
        var user = setup.Rootless ? await OrdinaryUser.MakeAsync(directory, binary) : null;
        var network = setup is { OwnNetwork: true, Rootless: false } ? await NetworkNamespace.CreateAsync(Path.GetFileName(directory)) : null;
        return new PodsharpService(directory, user?.Binary ?? binary, setup, network, user);
    }

    public override Command OnHost(string program, params IReadOnlyList<string> arguments) =>
        _network is null ? new Command(program, arguments) : _network.Command(program, arguments);

    /// <summary>For clients that connect to published ports by themselves, from the tests' own network.</summary>
    public Task<string> ReachableAddressAsync() => _network is null ? Task.FromResult("127.0.0.1") : _network.ReachAsync();

    /// <summary>A service started by hand on this store, which ends by itself or is killed by the test.</summary>
    public Command ServiceCommand(params IReadOnlyList<string> arguments) => OnHost(_binary, arguments);

    public IReadOnlyList<string> Arguments =>
    [
        "--socket", $"unix://{Socket}", "--root", Root, "--runroot", RunRoot, "--idle-timeout", _setup.IdleTimeout.ToString(),
        .. _setup.Runtime is { } runtime ? (string[])["--runtime", runtime] : [],
    ];

    public async Task StartAgainAsync()
    {
        Launch();
        if (!_setup.SocketActivated) await PingAsync();
    }

    public void Launch()
    {
        IReadOnlyList<string> service = [_binary, .. Arguments];
        if (_setup.Environment.Count > 0) service = ["env", .. _setup.Environment, .. service];
        if (_setup.SocketActivated) service = ["systemd-socket-activate", "-l", Socket, .. service];
        if (_user is not null) service = _user.Command(service);
        _process = OnHost("/bin/sh", ["-c", $"exec \"$@\" >>{LogFile} 2>&1", "sh", .. service]).Start();
    }

    /// <summary>Waits until it answers.</summary>
    public async Task PingAsync()
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                if (await Http.GetStringAsync("_ping") == "OK") return;
            }
            catch (HttpRequestException) when (clock.Elapsed.TotalSeconds < 20)
            {
                // One that a waker has just started may be about to answer in its place.
                if (_process is not null && !KernelTraces.IsAlive(_process.Pid) && clock.Elapsed.TotalSeconds > 5)
                    throw new InvalidOperationException($"the service ended at start:\n{Log}");
                await Task.Delay(5);
            }
        }
    }

    /// <summary>SIGKILL.</summary>
    public Task KillAsync() => SignalAsync("KILL");

    /// <summary>SIGTERM.</summary>
    public Task<int> StopAsync() => SignalAsync("TERM");

    /// <summary>What is left when the power fails and comes back: the store, but no process, no mount, nothing of the run directory and of the network.</summary>
    public async Task LosePowerAsync()
    {
        await KillAsync();
        await Remains.QuietAsync(BaseDirectory);
        Directory.Delete(RunRoot, recursive: true);
        if (_network is not null) await _network.ResetAsync();
    }

    private async Task<int> SignalAsync(string signal)
    {
        var holder = Pid;
        await new Command("kill", "-" + signal, holder.ToString()).OutputAsync();
        await Eventually.SettleAsync(() => KernelTraces.IsAlive(holder), alive => !alive, seconds: 30);
        return await EndedAsync();
    }

    /// <summary>Waits until the process started here has ended.</summary>
    public async Task<int> EndedAsync()
    {
        var result = await _process!.WaitAsync();
        await _process.DisposeAsync();
        _process = null;
        return result.ExitCode;
    }

    /// <returns>Ids of every container this store has ever had, from its event log.</returns>
    public async Task<string[]> ContainersEverAsync() =>
        await Docker.LinesAsync("events", "--since", "1", "--until", $"{DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / 1000.0:F3}", "--filter", "event=create", "--filter", "type=container", "--format", "{{.Actor.ID}}");

    /// <summary>
    /// Names everything an idle service without containers should not hold. Bridges are kept up by a namespace of theirs while the service lives,
    /// and a service that conmon has woken may wait in line for a while.
    /// </summary>
    public async Task<IReadOnlyList<string>> LeftoversAsync(IReadOnlyCollection<string> containers) =>
    [
        .. KernelTraces.MountsBelow(BaseDirectory).Where(mount => !mount.Contains("/network/keep/")).Select(mount => "mount " + mount),
        .. KernelTraces.ProcessesNaming(BaseDirectory).Where(process => !process.Contains("podsharp-service")).Select(process => "process " + process),
        .. KernelTraces.CgroupsOf(containers).Select(cgroup => "cgroup " + cgroup),
        .. _network is null ? [] : (await _network.LinksAsync()).Where(link => link.StartsWith("veth", StringComparison.Ordinal)).Select(link => "link " + link),
        .. _network is null ? [] : (await _network.ForwardingRulesAsync()).Select(rule => "rule " + rule),
        .. FilesIn("run/containers").Concat(FilesIn("run/netns")).Concat(FilesIn("run/runtime/crun")).Concat(FilesIn("run/runtime/runc")).Concat(FilesIn("root/containers")).Select(file => "file " + file),
    ];

    /// <returns>Links in its network: bridges, and ports of running containers.</returns>
    public async Task<string[]> LinksAsync() => _network is null ? [] : await _network.LinksAsync();

    /// <summary>Ends it in good order and names what it left, bridges included.</summary>
    public async Task<IReadOnlyList<string>> LeftoversOfStopAsync()
    {
        await StopAsync();
        return
        [
            .. KernelTraces.MountsBelow(BaseDirectory).Select(mount => "mount " + mount),
            .. KernelTraces.ProcessesNaming(BaseDirectory).Select(process => "process " + process),
            .. (await LinksAsync()).Select(link => "link " + link),
        ];
    }

    public override async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            try
            {
                var containers = DockerCommandLine.IsInstalled ? await Docker.LinesAsync("ps", "-aq") : [];
                if (containers.Length > 0) await Docker.RunAsync(["rm", "-f", .. containers]);
                await StopAsync();
            }
            catch (Exception failure) when (failure is CommandFailedException or TimeoutException)
            {
                await _process!.DisposeAsync();
            }
        }

        await Remains.ClearAsync(BaseDirectory);
        if (_network is not null) await _network.DisposeAsync();
        await base.DisposeAsync();
    }

    private IEnumerable<string> FilesIn(string directory)
    {
        var path = Path.Join(BaseDirectory, directory);
        return Directory.Exists(path) ? Directory.EnumerateFileSystemEntries(path) : [];
    }
}
