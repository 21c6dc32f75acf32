using System.Text.RegularExpressions;
using Podsharp.System.Tests.Life;

namespace Podsharp.System.Tests.Networks;

/// <summary>Networks whose containers are on one of the host's own interfaces, beside the machines that are there.</summary>
public sealed class ParentNetworkTests : ServiceTest
{
    private const string Parent = "pstparent", Neighbour = "192.0.2.1";

    [TestCase("macvlan")]
    [TestCase("ipvlan")]
    public async Task Containers_reach_each_other_and_the_machines_beside_the_host(string driver)
    {
        var service = await StartWithImageAsync();
        await service.OnHost("ip", "link", "add", Parent, "type", "veth", "peer", "name", "pstbeside").OutputAsync();
        var probe = await service.OnHost("ip", "link", "add", "link", Parent, "name", "pstprobe", "type", driver).RunAsync();
        if (probe.ExitCode != 0) Assert.Ignore($"this kernel has no {driver}");
        await service.OnHost("ip", "link", "del", "pstprobe").OutputAsync();
        foreach (var link in (string[])[Parent, "pstbeside"]) await service.OnHost("ip", "link", "set", link, "up").OutputAsync();
        await service.OnHost("ip", "address", "add", Neighbour + "/24", "dev", "pstbeside").OutputAsync();

        var created = await service.Docker.RunAsync("network", "create", "-d", driver, "--subnet", "192.0.2.0/24", "--gateway", Neighbour, "-o", $"parent={Parent}", "n");
        if (created.Error.Contains("needs netavark", StringComparison.Ordinal)) Assert.Ignore(created.Error);
        Assert.That(created.ExitCode, Is.Zero, created.Error);
        await service.Docker.OutputAsync("run", "-d", "--name", "one", "--network", "n", "--ip", "192.0.2.11", Image, "httpd", "-f", "-p", "80", "-h", "/www");

        // The neighbour is known by its hardware address once it was talked to.
        const string Talk = $"for i in 1 2 3 4 5; do wget -q -O - http://192.0.2.11/ && break; sleep 1; done; nc -w 2 {Neighbour} 9 </dev/null 2>/dev/null; cat /proc/net/arp; ip route";
        var said = await service.Docker.OutputAsync("run", "--rm", "--network", "n", Image, "sh", "-c", Talk);
        Assert.That(said, Does.StartWith("served").And.Contain($"default via {Neighbour} dev eth0"));
        Assert.That(said, Does.Match($@"{Regex.Escape(Neighbour)} +0x1 +0x2 "));

        await service.Docker.OutputAsync("rm", "-f", "one");
        await service.Docker.OutputAsync("network", "rm", "n");
        Assert.That(await service.LinksAsync(), Has.Some.Contains(Parent), "the host's own interface stays");
        await service.OnHost("ip", "link", "del", Parent).OutputAsync();
        await AssertNothingIsLeftAsync(service);
    }
}
