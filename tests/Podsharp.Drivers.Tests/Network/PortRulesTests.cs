using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;
using Podsharp.Core.Containers;
using Podsharp.Core.Networks;
using Podsharp.Core.Storage;
using Podsharp.Drivers.Network;

namespace Podsharp.Drivers.Tests.Network;

public sealed class PortRulesTests : NetavarkFixture
{
    [Test]
    public async Task The_rules_of_published_ports_are_the_same_by_either_way()
    {
        var ports = AllKindsOfPorts();
        var first = Attachment([new PublishedPort(new PortKey(80, "tcp"), "", 18097)]);
        await Driver.SetUpAsync(first, CancellationToken.None);
        var plain = await RulesAsync();
        var id = ContainerId.New();
        var space = await Namespaces.CreateAsync(id, new Dictionary<string, string>(), CancellationToken.None);
        var second = Attachment(ports) with
        {
            ContainerId = id,
            NamespacePath = space,
            Endpoints = [(Endpoint with { IPv4 = "10.231.7.10/24", MacAddress = "02:11:22:33:44:66" }, Network)],
        };
        await using (var always = new Netavark(new NetavarkOptions { KeepBridges = false }, new StorePaths(Root, Root), NullLogger<Netavark>.Instance))
        {
            await always.SetUpAsync(second, CancellationToken.None);
            var byProgram = await RulesAsync();
            await always.TearDownAsync(second, CancellationToken.None);
            Assert.That(await RulesAsync(), Is.EqualTo(plain));

            await Driver.SetUpAsync(second, CancellationToken.None);
            Assert.That(Driver.SetUpsWithoutProgram, Is.EqualTo(1));
            Assert.That(await RulesAsync(), Is.EqualTo(byProgram));
            // Each undoes the other's.
            await always.TearDownAsync(second, CancellationToken.None);
            Assert.That(await RulesAsync(), Is.EqualTo(plain));
            await always.SetUpAsync(second, CancellationToken.None);
        }

        await Driver.TearDownAsync(second, CancellationToken.None);
        Assert.That(await RulesAsync(), Is.EqualTo(plain));
        await Namespaces.RemoveAsync(space, CancellationToken.None);
        await Driver.TearDownAsync(first, CancellationToken.None);
    }

    [Test]
    public async Task Nothing_of_a_network_with_published_ports_is_left_in_the_firewall()
    {
        var published = Attachment([new PublishedPort(new PortKey(80, "tcp"), "", 18098)]);
        await Driver.SetUpAsync(published, CancellationToken.None);
        await Driver.TearDownAsync(published, CancellationToken.None);
        Assert.That(await FirewallAsync(), Does.Contain(ChainOfPorts));

        await Driver.RemoveAsync(Network, CancellationToken.None);

        Assert.That(await FirewallAsync(), Does.Not.Contain(ChainOfPorts));
    }

    private static List<PublishedPort> AllKindsOfPorts()
    {
        List<PublishedPort> ports =
        [
            new(new PortKey(80, "tcp"), "", 18101),
            new(new PortKey(81, "tcp"), "127.0.0.1", 18102),
            new(new PortKey(82, "tcp"), "0.0.0.0", 18103),
            new(new PortKey(83, "tcp"), "::1", 18104),
            .. Enumerable.Range(0, 3).Select(number => new PublishedPort(new PortKey((ushort)(90 + number), "udp"), "", (ushort)(18110 + number))),
        ];
        if (File.Exists("/proc/net/sctp/snmp")) ports.Add(new(new PortKey(84, "sctp"), "", 18105));
        return ports;
    }

    private static async Task<string[]> RulesAsync() =>
        [.. (await RunAsync("iptables-save")).Split('\n').Where(line => line.Contains("10.231.7.") || line.Contains("podsharp.pstnv0")).Order()];

    [Test]
    public async Task The_chain_that_an_earlier_service_made_goes_with_the_network_too()
    {
        var published = Attachment([new PublishedPort(new PortKey(80, "tcp"), "", 18098)]);
        await using (var earlier = new Netavark(new NetavarkOptions(), new StorePaths(Root, Root), NullLogger<Netavark>.Instance))
        {
            await earlier.SetUpAsync(published, CancellationToken.None);
            await earlier.TearDownAsync(published, CancellationToken.None);
        }

        Assert.That(await FirewallAsync(), Does.Contain(ChainOfPorts));
        await Driver.RemoveAsync(Network, CancellationToken.None);

        Assert.That(await FirewallAsync(), Does.Not.Contain(ChainOfPorts));
    }
}
