using Podsharp.System.Tests.Life;

namespace Podsharp.System.Tests.Networks;

/// <summary>Both engines use netavark and its chains on one host: neither must notice the other.</summary>
public sealed class BesidePodmanTests : ServiceTest
{
    private const int OurPort = 18081;
    private const int PodmansPort = 18082;

    private static readonly string[] Serving = [Image, "httpd", "-f", "-p", "80", "-h", "/www"];

    [Test]
    public async Task A_container_of_podmans_default_network_outlives_ours_and_the_other_way_round()
    {
        if (!File.Exists("/usr/bin/podman")) Assert.Ignore("podman is not installed here: apt-get install podman");
        var service = await StartWithImageAsync();
        await Podman(service, "load", "-q", "-i", await BusyboxImage.ArchiveAsync()).OutputAsync();
        try
        {
            await service.Docker.OutputAsync(["run", "-d", "--name", "ours", "-p", $"{OurPort}:80", .. Serving]);
            await Podman(service, ["run", "-d", "--name", "podmans", "-p", $"{PodmansPort}:80", .. Serving]).OutputAsync();
            await AssertServedAsync(service, OurPort, PodmansPort);

            await service.Docker.OutputAsync("rm", "-f", "ours");
            await AssertServedAsync(service, PodmansPort);

            await service.Docker.OutputAsync(["run", "-d", "--name", "ours", "-p", $"{OurPort}:80", .. Serving]);
            await Podman(service, "rm", "-f", "-t", "0", "podmans").OutputAsync();
            await AssertServedAsync(service, OurPort);
            await service.Docker.OutputAsync("run", "--rm", Image, "true");
            await AssertServedAsync(service, OurPort);
        }
        finally
        {
            await Podman(service, "rm", "-f", "-t", "0", "-a").RunAsync();
            await Podman(service, "rmi", "-f", "-a").RunAsync();
            await service.Docker.RunAsync("rm", "-f", "ours");
        }

        await AssertNothingIsLeftAsync(service);
    }

    // A store, run directory and networks of its own, on the network that our service takes for the host's.
    private static Command Podman(PodsharpService service, params IReadOnlyList<string> arguments)
    {
        var directory = Path.Join(service.BaseDirectory, "podman");
        return service.OnHost(
            "podman",
            ["--root", directory + "/root", "--runroot", directory + "/run", "--tmpdir", directory + "/tmp", "--network-config-dir", directory + "/networks", "--cgroup-manager", "cgroupfs", .. arguments]);
    }

    private static async Task AssertServedAsync(PodsharpService service, params IReadOnlyList<int> ports)
    {
        foreach (var port in ports)
        {
            var answer = await Eventually.SettleAsync(
                async () => (await service.OnHost("curl", "-s", "-m", "2", $"http://127.0.0.1:{port}/").RunAsync()).Output.Trim(), text => text == "served");
            Assert.That(answer, Is.EqualTo("served"), $"port {port}");
        }
    }
}
