using System.Diagnostics;
using System.IO.Pipes;
using System.Text.Json.Nodes;
using Child = Podsharp.Linux.Processes.ChildProcess;
using Spawn = Podsharp.Linux.Processes.Command;

namespace Podsharp.Benchmarks;

/// <summary>The same work by the bare tools: the bundle of one of our containers, run over and over by conmon and crun without any engine.</summary>
internal sealed class Floor : IAsyncDisposable
{
    private static readonly string[] UsualPrograms = ["/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/libexec/podman", "/usr/lib/podman"];

    private static readonly string NetavarkRun = $"/var/tmp/podsharp-floor-netavark-{Environment.ProcessId}";

    private readonly string _directory = $"/var/tmp/podsharp-floor-{Environment.ProcessId}";
    private readonly JsonNode _spec;

    private Floor(JsonNode spec) => _spec = spec;

    /// <summary>Takes the bundle of a running container, whose root stays mounted as long as it lives.</summary>
    /// <returns>null when there is none to take.</returns>
    public static async Task<Floor?> PrepareAsync(PodsharpService service, string container)
    {
        var bundles = Path.Join(service.RunRoot, "containers", container);
        var configuration = Directory.Exists(bundles) ? Directory.EnumerateFiles(bundles, "config.json", SearchOption.AllDirectories).FirstOrDefault() : null;
        if (configuration is null) return null;
        var spec = JsonNode.Parse(await File.ReadAllTextAsync(configuration))!;
        spec["process"]!["args"] = new JsonArray("true");
        spec["root"]!["path"] = Path.GetFullPath((string)spec["root"]!["path"]!, Path.GetDirectoryName(configuration)!);
        return new Floor(spec);
    }

    public async Task<double> LifecycleAsync(int rounds)
    {
        var times = new List<double>();
        for (var round = 0; round <= rounds; round++)
        {
            var id = $"podsharp-floor-{Environment.ProcessId}-{round}";
            var bundle = Path.Join(_directory, id);
            Directory.CreateDirectory(bundle);
            Directory.CreateDirectory(Path.Join(bundle, "exits"));
            _spec["linux"]!["cgroupsPath"] = $"/{id}";
            await File.WriteAllTextAsync(Path.Join(bundle, "config.json"), _spec.ToJsonString());
            var time = await Race.MillisecondsAsync(() => RunAsync(id, bundle));
            if (round > 0) times.Add(time);
        }

        return Race.Median(times);
    }

    /// <returns>Medians of netavark's setup and teardown on a bridge that stays up.</returns>
    public static async Task<(double Setup, double Teardown)?> NetavarkAsync(int rounds)
    {
        if (Find("netavark") is not { } netavark) return null;
        var name = $"psfloor{Environment.ProcessId % 10000}";
        var (setups, teardowns) = (new List<double>(), new List<double>());
        Directory.CreateDirectory(NetavarkRun);
        await new Command("ip", "netns", "add", name + "k").OutputAsync();
        try
        {
            await CallAsync(netavark, "setup", name, name + "k", 2);
            for (var round = 0; round <= rounds; round++)
            {
                await new Command("ip", "netns", "add", name).OutputAsync();
                var setup = await Race.MillisecondsAsync(() => CallAsync(netavark, "setup", name, name, 3));
                var teardown = await Race.MillisecondsAsync(() => CallAsync(netavark, "teardown", name, name, 3));
                await new Command("ip", "netns", "del", name).OutputAsync();
                if (round == 0) continue;
                setups.Add(setup);
                teardowns.Add(teardown);
            }

            return (Race.Median(setups), Race.Median(teardowns));
        }
        finally
        {
            await CallAsync(netavark, "teardown", name, name + "k", 2);
            await new Command("ip", "netns", "del", name + "k").RunAsync();
            Directory.Delete(NetavarkRun, recursive: true);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!Directory.Exists(_directory)) return;
        await new Command("rm", "-rf", "--one-file-system", _directory).RunAsync();
    }

    private async Task RunAsync(string id, string bundle)
    {
        var crun = Find("crun")!;
        await using var synchronisation = new AnonymousPipeServerStream(PipeDirection.In);
        using var exits = new FileSystemWatcher(Path.Join(bundle, "exits"));
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        exits.Created += (_, seen) => { if (seen.Name == id) ended.TrySetResult(); };
        exits.Renamed += (_, seen) => { if (seen.Name == id) ended.TrySetResult(); };
        exits.EnableRaisingEvents = true;
        using var errors = File.OpenHandle(Path.Join(bundle, "errors"), FileMode.Create, FileAccess.Write, FileShare.ReadWrite);
        var conmon = Child.Start(new Spawn(
            Find("conmon")!,
            "--api-version", "1", "-c", id, "-u", id, "-n", id, "-r", crun, "-b", bundle, "-p", $"{bundle}/pidfile", "--conmon-pidfile", $"{bundle}/conmon.pid",
            "--exit-dir", $"{bundle}/exits", "-l", $"k8s-file:{bundle}/log", "--no-sync-log", "--full-attach", "--runtime-arg", $"--root={_directory}/state")
        {
            WorkingDirectory = bundle,
            Environment = [.. Spawn.DefaultEnvironment, "_OCI_SYNCPIPE=3"],
            Descriptors = [((int)synchronisation.ClientSafePipeHandle.DangerousGetHandle(), 3), ((int)errors.DangerousGetHandle(), 2)],
        });
        synchronisation.DisposeLocalCopyOfClientHandle();
        using var reader = new StreamReader(synchronisation);
        var created = await reader.ReadLineAsync();
        if (created is null || (int)JsonNode.Parse(created)!["data"]! <= 0) throw new InvalidOperationException($"conmon: {created}{Environment.NewLine}{(await new Command("cat", $"{bundle}/errors").RunAsync()).Output}");
        await conmon.Exited;
        await CheckAsync(Child.Start(new Spawn(crun, $"--root={_directory}/state", "start", id)));
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(10));
        await CheckAsync(Child.Start(new Spawn(crun, $"--root={_directory}/state", "delete", id)));
    }

    private static async Task CheckAsync(Child child)
    {
        if (await child.Exited is not 0 and var code) throw new InvalidOperationException($"crun ended with {code}");
    }

    private static Task CallAsync(string netavark, string verb, string network, string networkNamespace, int host)
    {
        var configuration = new JsonObject
        {
            ["container_id"] = $"{network}{host}",
            ["container_name"] = $"{network}{host}",
            ["networks"] = new JsonObject
            {
                [network] = new JsonObject { ["interface_name"] = "eth0", ["static_ips"] = new JsonArray($"10.97.3.{host}") },
            },
            ["network_info"] = new JsonObject
            {
                [network] = new JsonObject
                {
                    ["name"] = network,
                    ["id"] = Convert.ToHexStringLower(global::System.Security.Cryptography.SHA256.HashData(global::System.Text.Encoding.UTF8.GetBytes(network))),
                    ["driver"] = "bridge",
                    ["network_interface"] = network,
                    ["subnets"] = new JsonArray(new JsonObject { ["subnet"] = "10.97.3.0/24", ["gateway"] = "10.97.3.1" }),
                    ["ipv6_enabled"] = false,
                    ["internal"] = false,
                    ["dns_enabled"] = false,
                    ["ipam_options"] = new JsonObject { ["driver"] = "host-local" },
                },
            },
        };
        return new Command(netavark, "--config", NetavarkRun, verb, $"/run/netns/{networkNamespace}").WithInput(configuration.ToJsonString()).OutputAsync();
    }

    private static string? Find(string program) => UsualPrograms.Select(directory => Path.Join(directory, program)).FirstOrDefault(File.Exists);
}
