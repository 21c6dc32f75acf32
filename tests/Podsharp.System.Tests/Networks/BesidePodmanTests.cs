using System.Net;
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

    [Test]
    public async Task Ids_bridges_and_subnets_are_neither_podmans_nor_dockers()
    {
        if (!File.Exists("/usr/bin/podman")) Assert.Ignore("podman is not installed here: apt-get install podman");
        var service = await StartWithImageAsync();
        // As Docker's default network, and one of another engine whose pool meets ours.
        await BridgeAsync(service, "docker0", "172.17.0.1/16");
        await BridgeAsync(service, "br-other", "10.76.0.1/24");
        await Podman(service, "network", "create", "theirs").OutputAsync();
        var theirs = await NetworksAsync(Podman(service, "network", "inspect", "podman", "theirs", "--format", "{{.ID}} {{.NetworkInterface}} {{range .Subnets}}{{.Subnet}}{{end}}"));

        await service.Docker.OutputAsync("network", "create", "ours");
        await service.Docker.OutputAsync("run", "-d", "--name", "on-both", "--network", "bridge", Image, "sleep", "1000");
        await service.Docker.OutputAsync("network", "connect", "ours", "on-both");

        var ours = await NetworksAsync(service.Docker.Command("network", "inspect", "bridge", "ours", "--format", "{{.ID}} {{index .Options \"com.docker.network.bridge.name\"}} {{(index .IPAM.Config 0).Subnet}}"));
        Assert.That(ours.Select(network => network[0]).Intersect(theirs.Select(network => network[0])), Is.Empty);
        var bridges = (await service.LinksAsync()).Where(link => link.StartsWith("ps-", StringComparison.Ordinal) || link.StartsWith("podsharp", StringComparison.Ordinal)).ToArray();
        Assert.That(bridges, Has.Length.EqualTo(2), "by their names they are nobody else's");
        Assert.That(theirs.Select(network => network[1]).Intersect(bridges), Is.Empty);
        var taken = theirs.Select(network => IPNetwork.Parse(network[^1])).Append(IPNetwork.Parse("172.17.0.0/16")).Append(IPNetwork.Parse("10.76.0.0/24")).ToList();
        foreach (var subnet in ours.Select(network => IPNetwork.Parse(network[^1])))
            Assert.That(taken.Where(other => other.Contains(subnet.BaseAddress) || subnet.Contains(other.BaseAddress)), Is.Empty, subnet.ToString());

        await service.Docker.OutputAsync("rm", "-f", "on-both");
        await service.Docker.OutputAsync("network", "rm", "ours");
        await AssertNothingIsLeftAsync(service);
    }

    private static async Task BridgeAsync(PodsharpService service, string name, string address)
    {
        await service.OnHost("ip", "link", "add", name, "type", "bridge").OutputAsync();
        await service.OnHost("ip", "address", "add", address, "dev", name).OutputAsync();
        await service.OnHost("ip", "link", "set", name, "up").OutputAsync();
    }

    private static async Task<List<string[]>> NetworksAsync(Command inspect) => [.. (await inspect.OutputAsync()).Split('\n').Select(line => line.Split(' '))];

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
