using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Networks;
using Podsharp.Core.Storage;
using Podsharp.Drivers.Network;
using Podsharp.Linux.Processes;
using Podsharp.Linux.Namespaces;

namespace Podsharp.Drivers.Tests.Network;

public sealed class NetavarkTests : NetavarkFixture
{
    [Test]
    public async Task The_container_gets_its_address_and_its_mac()
    {
        await Driver.SetUpAsync(Attachment(), CancellationToken.None);

        var inside = await InsideAsync("ip", "address", "show", "eth0");
        Assert.That(inside, Does.Contain("10.231.7.9/24").And.Contain("02:11:22:33:44:55"));
    }

    [Test]
    public async Task A_published_port_answers_on_loopback_while_it_is_held()
    {
        using var server = InNamespace.Listen(Namespace, 80);
        var published = Ports.Reserve(Id, [new PortBinding(new PortKey(80, "tcp"), "", "")]);

        await Driver.SetUpAsync(Attachment(published), CancellationToken.None);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, published[0].HostPort).WaitAsync(TimeSpan.FromSeconds(5));
            using var accepted = await server.AcceptTcpClientAsync().WaitAsync(TimeSpan.FromSeconds(5));
            Assert.That(accepted.Connected);
        }
        finally
        {
            await Driver.TearDownAsync(Attachment(published), CancellationToken.None);
        }
    }

    [Test]
    public async Task A_published_udp_port_answers_on_loopback_while_it_is_held()
    {
        using var server = InNamespace.Receive(Namespace, 53);
        var published = Ports.Reserve(Id, [new PortBinding(new PortKey(53, "udp"), "", "")]);

        await Driver.SetUpAsync(Attachment(published), CancellationToken.None);
        try
        {
            using var client = new UdpClient();
            await client.SendAsync("hello"u8.ToArray(), new IPEndPoint(IPAddress.Loopback, published[0].HostPort));
            var buffer = new byte[16];
            Assert.That(await server.ReceiveAsync(buffer).WaitAsync(TimeSpan.FromSeconds(5)), Is.EqualTo(5));
        }
        finally
        {
            await Driver.TearDownAsync(Attachment(published), CancellationToken.None);
        }
    }

    [Test]
    public async Task The_bridge_stays_up_after_the_last_container_until_the_network_is_removed()
    {
        await Driver.SetUpAsync(Attachment(), CancellationToken.None);

        await Driver.TearDownAsync(Attachment(), CancellationToken.None);
        Assert.That($"/sys/class/net/{Bridge}", Does.Exist);

        await Driver.RemoveAsync(Network, CancellationToken.None);
        Assert.That($"/sys/class/net/{Bridge}", Does.Not.Exist);
    }

    [Test]
    public async Task A_bridge_that_a_killed_service_kept_up_is_let_go_by_the_next()
    {
        await Driver.SetUpAsync(Attachment(), CancellationToken.None);
        await Driver.TearDownAsync(Attachment(), CancellationToken.None);

        await using (var next = new Netavark(new NetavarkOptions(), new StorePaths(Root, Root), NullLogger<Netavark>.Instance))
        {
        }

        Assert.That($"/sys/class/net/{Bridge}", Does.Not.Exist);
    }

    [Test]
    public async Task Letting_go_is_done_when_a_killed_service_was_cut_off_after_its_call()
    {
        await Driver.SetUpAsync(Attachment(), CancellationToken.None);
        await Driver.TearDownAsync(Attachment(), CancellationToken.None);
        var paths = new StorePaths(Root, Root);
        var keeper = Path.Join(paths.NetworkRun, "keep", Network.Id);
        await new NetavarkCommand(new NetavarkOptions(), paths, new NameServer(paths, new QuestionHold(paths, new BridgeNamespace()), new BridgeNamespace(), 53)).RunAsync("teardown", keeper, await File.ReadAllBytesAsync(keeper + ".json"), CancellationToken.None);

        await Driver.RemoveAsync(Network, CancellationToken.None);

        Assert.That(Directory.GetFiles(Path.GetDirectoryName(keeper)!), Is.Empty);
        Assert.That($"/sys/class/net/{Bridge}", Does.Not.Exist);
    }

    [Test]
    public async Task Letting_go_leaves_a_bridge_with_a_container_on_it()
    {
        await Driver.SetUpAsync(Attachment(), CancellationToken.None);

        await Driver.RemoveAsync(Network, CancellationToken.None);

        Assert.That(Directory.GetFileSystemEntries($"/sys/class/net/{Bridge}/brif"), Has.Length.EqualTo(1));
    }

    // A service that is killed between the two leaves the file that the namespace was bound on.
    [TestCase((ushort)18099, false)]
    [TestCase((ushort)18099, true)]
    [TestCase((ushort)0, true)]
    public async Task Tear_down_of_a_namespace_that_is_gone_takes_the_firewall_rules_away(ushort port, bool fileIsLeft)
    {
        var attachment = Attachment(port == 0 ? [] : [new PublishedPort(new PortKey(80, "tcp"), "", port)]);
        await Driver.SetUpAsync(attachment, CancellationToken.None);
        if (port != 0) Assert.That(await FirewallAsync(), Does.Contain("18099"));
        await Namespaces.RemoveAsync(Namespace, CancellationToken.None);
        if (fileIsLeft) await File.WriteAllTextAsync(Namespace, "");

        await Driver.TearDownAsync(attachment, CancellationToken.None);

        Assert.That(await FirewallAsync(), Does.Not.Contain("18099"));
    }

    [Test]
    public async Task Names_resolve_on_a_network_with_names()
    {
        var attachment = Attachment() with { Endpoints = [(Endpoint with { Aliases = ["web"] }, Network with { DnsEnabled = true })] };
        await Driver.SetUpAsync(attachment, CancellationToken.None);
        try
        {
            Assert.That(await InNamespace.ResolveAsync(Namespace, IPAddress.Parse("10.231.7.1"), "web"), Is.EqualTo(IPAddress.Parse("10.231.7.9")));
            Assert.That(await InNamespace.ResolveAsync(Namespace, IPAddress.Parse("10.231.7.1"), "c1"), Is.EqualTo(IPAddress.Parse("10.231.7.9")));
        }
        finally
        {
            await Driver.TearDownAsync(attachment, CancellationToken.None);
        }
    }

    [Test]
    public async Task Who_is_shut_in_is_told_at_once_that_a_name_is_not_there()
    {
        var attachment = Attachment() with { Endpoints = [(Endpoint, Network with { DnsEnabled = true, Internal = true })], IsShutIn = true };
        await Driver.SetUpAsync(attachment, CancellationToken.None);
        try
        {
            Assert.That(await InNamespace.ResolveAsync(Namespace, IPAddress.Parse("10.231.7.1"), "c1"), Is.EqualTo(IPAddress.Parse("10.231.7.9")));
            // Else there is no answer at all, or an address.
            Assert.That(await InNamespace.ResolveAsync(Namespace, IPAddress.Parse("10.231.7.1"), "example.org"), Is.Null);
        }
        finally
        {
            await Driver.TearDownAsync(attachment, CancellationToken.None);
        }

        Assert.That(Path.Join(new StorePaths(Root, Root).NetworkRun, "dead-end"), Does.Not.Exist);
    }

    [Test]
    public async Task On_a_bridge_that_is_up_a_container_without_ports_gets_the_same_without_netavark()
    {
        var named = Network with { DnsEnabled = true };
        var first = Attachment() with { Endpoints = [(Endpoint with { Aliases = ["first"] }, named)] };
        await Driver.SetUpAsync(first, CancellationToken.None);
        async Task<string[]> RulesAsync() => [.. (await FirewallAsync()).Split('\n').Where(line => line.Contains("10.231.7."))];
        var rules = await RulesAsync();
        var id = ContainerId.New();
        var space = await Namespaces.CreateAsync(id, new Dictionary<string, string>(), CancellationToken.None);
        // Not disposed of: that would let the bridge go, by the program.
        var withoutProgram = new Netavark(new NetavarkOptions { Program = "/bin/false" }, new StorePaths(Root, Root), NullLogger<Netavark>.Instance);
        var second = first with
        {
            ContainerId = id,
            ContainerName = "c2",
            NamespacePath = space,
            Endpoints = [(Endpoint with { IPv4 = "10.231.7.10/24", IPv4Gateway = "10.231.7.1", MacAddress = "02:11:22:33:44:66", Aliases = ["second", id.Short] }, named)],
        };

        await withoutProgram.SetUpAsync(second, CancellationToken.None);

        Assert.That(await RunAsync("nsenter", "--net=" + space, "ip", "address", "show", "eth0"), Does.Contain("10.231.7.10/24 brd 10.231.7.255").And.Contain("02:11:22:33:44:66"));
        Assert.That(await RunAsync("nsenter", "--net=" + space, "ip", "route"), Does.Contain("default via 10.231.7.1 dev eth0").And.Contain("metric 100"));
        foreach (var name in (string[])["c2", "second"])
            Assert.That(await InNamespace.ResolveAsync(Namespace, IPAddress.Parse("10.231.7.1"), name), Is.EqualTo(IPAddress.Parse("10.231.7.10")));
        await withoutProgram.TearDownAsync(second, CancellationToken.None);
        await Namespaces.RemoveAsync(space, CancellationToken.None);
        Assert.That(Directory.GetFileSystemEntries($"/sys/class/net/{Bridge}/brif"), Has.Length.EqualTo(2));
        Assert.That(await RulesAsync(), Is.EqualTo(rules));
        await Driver.TearDownAsync(first, CancellationToken.None);
    }

    [Test]
    public async Task A_container_is_not_refused_an_answer_while_others_come_and_go()
    {
        var named = Network with { DnsEnabled = true };
        var asking = Attachment() with { Endpoints = [(Endpoint with { Aliases = ["asking"] }, named)] };
        await Driver.SetUpAsync(asking, CancellationToken.None);
        using var over = new CancellationTokenSource();
        var answers = Task.Run(() => InNamespace.AskOnAsync(Namespace, new IPEndPoint(IPAddress.Parse("10.231.7.1"), 53), "asking", over.Token));

        for (var number = 0; number < 20; number++)
        {
            var id = ContainerId.New();
            var other = asking with
            {
                ContainerId = id,
                ContainerName = $"other{number}",
                NamespacePath = await Namespaces.CreateAsync(id, new Dictionary<string, string>(), CancellationToken.None),
                Endpoints = [(Endpoint with { IPv4 = $"10.231.7.{20 + number}/24", MacAddress = $"02:11:22:33:55:{number:x2}", Aliases = [id.Short] }, named)],
            };
            await Driver.SetUpAsync(other, CancellationToken.None);
            await Driver.TearDownAsync(other, CancellationToken.None);
            await Namespaces.RemoveAsync(other.NamespacePath, CancellationToken.None);
        }

        await over.CancelAsync();
        var (answered, refused) = await answers;
        await Driver.TearDownAsync(asking, CancellationToken.None);
        Assert.That(refused, Is.Zero);
        Assert.That(answered, Is.GreaterThan(20));
    }

    [Test]
    public async Task A_failed_set_up_says_why_and_leaves_nothing()
    {
        var attachment = Attachment() with { Endpoints = [(Endpoint with { IPv4 = "192.0.2.77/24" }, Network with { InterfaceName = "name-that-is-too-long" })] };

        var exception = await Assert.ThrowsAsync<EngineException>(() => Driver.SetUpAsync(attachment, CancellationToken.None));

        Assert.That(exception!.Message, Does.StartWith("netavark: "));
        Assert.That(await InsideAsync("ip", "-brief", "link"), Does.Not.Contain("eth0"));
    }

    [Test]
    public async Task Set_ups_side_by_side_all_succeed()
    {
        var others = Enumerable.Range(20, 6).Select(last => (Id: ContainerId.New(), Address: $"10.231.7.{last}/24")).ToList();
        var attachments = await Task.WhenAll(others.Select(async other => Attachment() with
        {
            ContainerId = other.Id,
            NamespacePath = await Namespaces.CreateAsync(other.Id, new Dictionary<string, string>(), CancellationToken.None),
            Endpoints = [(Endpoint with { IPv4 = other.Address, MacAddress = "" }, Network)],
        }));

        await Task.WhenAll(attachments.Select(attachment => Driver.SetUpAsync(attachment, CancellationToken.None)));

        Assert.That(Directory.GetFileSystemEntries($"/sys/class/net/{Bridge}/brif"), Has.Length.EqualTo(attachments.Length + 1));
        await Task.WhenAll(attachments.Select(attachment => Driver.TearDownAsync(attachment, CancellationToken.None)));
        foreach (var attachment in attachments) await Namespaces.RemoveAsync(attachment.NamespacePath, CancellationToken.None);
    }
}
