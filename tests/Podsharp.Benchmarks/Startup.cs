using System.Diagnostics;

namespace Podsharp.Benchmarks;

/// <summary>Process start to the first answer to /_ping, and the memory it then takes.</summary>
internal static class Startup
{
    public static async Task<(double Milliseconds, double Megabytes)> OfOursAsync(int rounds)
    {
        await using var service = await PodsharpService.StartAsync(new ServiceSetup { OwnNetwork = false });
        await service.StopAsync();
        return await MeasureAsync(rounds, service.Socket, () => service.ServiceCommand(service.Arguments));
    }

    public static async Task<(double Milliseconds, double Megabytes)?> OfPodman4Async(int rounds)
    {
        const string Configuration = "/opt/peers/etc/podman4/containers.conf";
        if (!File.Exists(Configuration) || !File.Exists("/usr/bin/podman")) return null;
        var socket = $"/tmp/podsharp-benchmark-{Environment.ProcessId}.sock";
        return await MeasureAsync(rounds, socket, () => new Command("/usr/bin/podman", "system", "service", "--time=0", $"unix://{socket}")
        {
            Environment = new Dictionary<string, string>
            {
                ["CONTAINERS_CONF"] = Configuration,
                ["CONTAINERS_STORAGE_CONF"] = "/opt/peers/etc/podman4/storage.conf",
                ["CONTAINERS_REGISTRIES_CONF"] = "/opt/peers/etc/registries.conf",
            },
        });
    }

    private static async Task<(double Milliseconds, double Megabytes)> MeasureAsync(int rounds, string socket, Func<Command> command)
    {
        var (times, memory) = (new List<double>(), new List<double>());
        for (var round = 0; round <= rounds; round++)
        {
            File.Delete(socket);
            var clock = Stopwatch.StartNew();
            await using var service = command().Start();
            await PingAsync(socket);
            if (round > 0)
            {
                times.Add(clock.Elapsed.TotalMilliseconds);
                memory.Add(KernelTraces.ResidentMemoryOf(service.Pid) / 1048576.0);
            }

            await new Command("kill", "-TERM", service.Pid.ToString()).OutputAsync();
            await service.WaitAsync();
        }

        return (Race.Median(times), Race.Median(memory));
    }

    private static async Task PingAsync(string socket)
    {
        using var http = EngineUnderTest.ConnectTo(socket);
        for (var clock = Stopwatch.StartNew(); clock.Elapsed.TotalSeconds < 20;)
        {
            try
            {
                await http.GetStringAsync("_ping");
                return;
            }
            catch (HttpRequestException)
            {
                Thread.Sleep(1);
            }
        }

        throw new TimeoutException($"nobody answers at {socket}");
    }
}
