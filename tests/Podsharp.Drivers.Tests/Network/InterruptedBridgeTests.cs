using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;
using Podsharp.Core.Containers;
using Podsharp.Core.Networks;
using Podsharp.Core.Storage;
using Podsharp.Drivers.Network;
using Podsharp.Linux.Namespaces;

namespace Podsharp.Drivers.Tests.Network;

/// <summary>A service was killed, and netavark with it, while a network's first container made its bridge; the next one lets nothing of it stay.</summary>
public sealed class InterruptedBridgeTests : NetavarkFixture
{
    private StorePaths Paths => new(Root, Root);

    private NetworkAttachment Published => Attachment([new PublishedPort(new PortKey(80, "tcp"), "", 18098)]);

    [Test]
    public async Task A_bridge_without_anything_goes_with_the_container_that_it_was_made_for()
    {
        await RunAsync("ip", "link", "add", Bridge, "type", "bridge");

        await Driver.TearDownAsync(Published, CancellationToken.None);

        Assert.That($"/sys/class/net/{Bridge}", Does.Not.Exist);
    }

    [TestCase(false, TestName = "A_bridge_with_its_rules_goes_with_a_container_that_never_got_its_interface")]
    [TestCase(true, TestName = "A_bridge_with_its_rules_goes_with_a_container_whose_namespace_is_gone")]
    public async Task A_bridge_with_its_rules_goes(bool withoutNamespace)
    {
        var first = new Netavark(new NetavarkOptions { KeepBridges = false }, Paths, NullLogger<Netavark>.Instance);
        var named = Published with { Endpoints = [(Endpoint with { Aliases = ["first"] }, Network with { DnsEnabled = true })] };
        await first.SetUpAsync(named, CancellationToken.None);
        await InsideAsync("ip", "link", "del", "eth0");
        if (withoutNamespace) await Namespaces.RemoveAsync(Namespace, CancellationToken.None);

        await Driver.TearDownAsync(named, CancellationToken.None);

        Assert.That($"/sys/class/net/{Bridge}", Does.Not.Exist);
        Assert.That(await FirewallAsync(), Does.Not.Contain("18098"));
        Assert.That(new NameServer(Paths, new QuestionHold(Paths, new BridgeNamespace()), new BridgeNamespace(), 53).Files(), Is.Empty);
    }

    [Test]
    public async Task A_bridge_that_stayed_all_the_same_goes_with_its_network()
    {
        var first = new Netavark(new NetavarkOptions { KeepBridges = false }, Paths, NullLogger<Netavark>.Instance);
        await first.SetUpAsync(Attachment(), CancellationToken.None);
        await InsideAsync("ip", "link", "del", "eth0");

        await Driver.RemoveAsync(Network, CancellationToken.None);

        Assert.That($"/sys/class/net/{Bridge}", Does.Not.Exist);
    }

    [Test]
    public async Task A_keeper_that_was_only_noted_keeps_nothing()
    {
        await Driver.SetUpAsync(Published, CancellationToken.None);
        var keeper = Path.Join(Paths.NetworkRun, "keep", Network.Id);
        NetworkNamespace.Remove(keeper);
        // The kernel ends a namespace when it comes to it.
        for (var look = 0; look < 1000 && Directory.GetFileSystemEntries($"/sys/class/net/{Bridge}/brif").Length > 1; look++) await Task.Delay(10);
        var next = new Netavark(new NetavarkOptions(), Paths, NullLogger<Netavark>.Instance);

        await next.TearDownAsync(Published, CancellationToken.None);

        Assert.That($"/sys/class/net/{Bridge}", Does.Not.Exist);
        Assert.That(await FirewallAsync(), Does.Not.Contain("18098"));
    }
}
