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

namespace Podsharp.Drivers.Tests.Network;

[Category("Root")]
[NonParallelizable]
public sealed class NetavarkTests
{
    private const string Bridge = "pstnv0";

    private readonly ContainerId _id = ContainerId.New();
    private string _directory = "";
    private NetworkNamespaces _namespaces = null!;
    private Netavark _netavark = null!;
    private HostPorts _ports = null!;
    private string _namespace = "";

    [SetUp]
    public async Task MakeNamespace()
    {
        _directory = Directory.CreateTempSubdirectory("podsharp-netavark-").FullName;
        var paths = new StorePaths(_directory, _directory);
        _namespaces = new NetworkNamespaces(paths);
        _netavark = new Netavark(new NetavarkOptions(), paths, NullLogger<Netavark>.Instance);
        _ports = new HostPorts();
        _namespace = await _namespaces.CreateAsync(_id, new Dictionary<string, string>(), CancellationToken.None);
    }

    [TearDown]
    public async Task Clean()
    {
        await _netavark.TearDownAsync(Attachment(), CancellationToken.None);
        await _namespaces.RemoveAsync(_namespace, CancellationToken.None);
        await _netavark.DisposeAsync();
        _ports.Dispose();
        Assert.That($"/sys/class/net/{Bridge}", Does.Not.Exist);
        Assert.That(await FirewallAsync(), Does.Not.Contain("10.231.7."));
        Directory.Delete(_directory, recursive: true);
    }

    [Test]
    public async Task The_container_gets_its_address_and_its_mac()
    {
        await _netavark.SetUpAsync(Attachment(), CancellationToken.None);

        var inside = await InsideAsync("ip", "address", "show", "eth0");
        Assert.That(inside, Does.Contain("10.231.7.9/24").And.Contain("02:11:22:33:44:55"));
    }

    [Test]
    public async Task A_published_port_answers_on_loopback_while_it_is_held()
    {
        using var server = InNamespace.Listen(_namespace, 80);
        var published = _ports.Reserve(_id, [new PortBinding(new PortKey(80, "tcp"), "", "")]);

        await _netavark.SetUpAsync(Attachment(published), CancellationToken.None);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, published[0].HostPort).WaitAsync(TimeSpan.FromSeconds(5));
            using var accepted = await server.AcceptTcpClientAsync().WaitAsync(TimeSpan.FromSeconds(5));
            Assert.That(accepted.Connected);
        }
        finally
        {
            await _netavark.TearDownAsync(Attachment(published), CancellationToken.None);
        }
    }

    [Test]
    public async Task A_published_udp_port_answers_on_loopback_while_it_is_held()
    {
        using var server = InNamespace.Receive(_namespace, 53);
        var published = _ports.Reserve(_id, [new PortBinding(new PortKey(53, "udp"), "", "")]);

        await _netavark.SetUpAsync(Attachment(published), CancellationToken.None);
        try
        {
            using var client = new UdpClient();
            await client.SendAsync("hello"u8.ToArray(), new IPEndPoint(IPAddress.Loopback, published[0].HostPort));
            var buffer = new byte[16];
            Assert.That(await server.ReceiveAsync(buffer).WaitAsync(TimeSpan.FromSeconds(5)), Is.EqualTo(5));
        }
        finally
        {
            await _netavark.TearDownAsync(Attachment(published), CancellationToken.None);
        }
    }

    [Test]
    public async Task The_bridge_stays_up_after_the_last_container_until_the_network_is_removed()
    {
        await _netavark.SetUpAsync(Attachment(), CancellationToken.None);

        await _netavark.TearDownAsync(Attachment(), CancellationToken.None);
        Assert.That($"/sys/class/net/{Bridge}", Does.Exist);

        await _netavark.RemoveAsync(Network, CancellationToken.None);
        Assert.That($"/sys/class/net/{Bridge}", Does.Not.Exist);
    }

    [Test]
    public async Task A_bridge_that_a_killed_service_kept_up_is_let_go_by_the_next()
    {
        await _netavark.SetUpAsync(Attachment(), CancellationToken.None);
        await _netavark.TearDownAsync(Attachment(), CancellationToken.None);

        await using (var next = new Netavark(new NetavarkOptions(), new StorePaths(_directory, _directory), NullLogger<Netavark>.Instance))
        {
        }

        Assert.That($"/sys/class/net/{Bridge}", Does.Not.Exist);
    }

    [Test]
    public async Task Letting_go_leaves_a_bridge_with_a_container_on_it()
    {
        await _netavark.SetUpAsync(Attachment(), CancellationToken.None);

        await _netavark.RemoveAsync(Network, CancellationToken.None);

        Assert.That(Directory.GetFileSystemEntries($"/sys/class/net/{Bridge}/brif"), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task Tear_down_of_a_namespace_that_is_gone_takes_the_firewall_rules_away()
    {
        var attachment = Attachment([new PublishedPort(new PortKey(80, "tcp"), "", 18099)]);
        await _netavark.SetUpAsync(attachment, CancellationToken.None);
        Assert.That(await FirewallAsync(), Does.Contain("18099"));
        await _namespaces.RemoveAsync(_namespace, CancellationToken.None);

        await _netavark.TearDownAsync(attachment, CancellationToken.None);

        Assert.That(await FirewallAsync(), Does.Not.Contain("18099"));
    }

    [Test]
    public async Task Names_resolve_on_a_network_with_names()
    {
        var attachment = Attachment() with { Endpoints = [(Endpoint with { Aliases = ["web"] }, Network with { DnsEnabled = true })] };
        await _netavark.SetUpAsync(attachment, CancellationToken.None);
        try
        {
            Assert.That(await InNamespace.ResolveAsync(_namespace, IPAddress.Parse("10.231.7.1"), "web"), Is.EqualTo(IPAddress.Parse("10.231.7.9")));
            Assert.That(await InNamespace.ResolveAsync(_namespace, IPAddress.Parse("10.231.7.1"), "c1"), Is.EqualTo(IPAddress.Parse("10.231.7.9")));
        }
        finally
        {
            await _netavark.TearDownAsync(attachment, CancellationToken.None);
        }
    }

    [Test]
    public async Task On_a_bridge_that_is_up_a_container_without_ports_gets_the_same_without_netavark()
    {
        var named = Network with { DnsEnabled = true };
        var first = Attachment() with { Endpoints = [(Endpoint with { Aliases = ["first"] }, named)] };
        await _netavark.SetUpAsync(first, CancellationToken.None);
        async Task<string[]> RulesAsync() => [.. (await FirewallAsync()).Split('\n').Where(line => line.Contains("10.231.7."))];
        var rules = await RulesAsync();
        var id = ContainerId.New();
        var space = await _namespaces.CreateAsync(id, new Dictionary<string, string>(), CancellationToken.None);
        // Not disposed of: that would let the bridge go, by the program.
        var withoutProgram = new Netavark(new NetavarkOptions { Program = "/bin/false" }, new StorePaths(_directory, _directory), NullLogger<Netavark>.Instance);
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
            Assert.That(await InNamespace.ResolveAsync(_namespace, IPAddress.Parse("10.231.7.1"), name), Is.EqualTo(IPAddress.Parse("10.231.7.10")));
        await withoutProgram.TearDownAsync(second, CancellationToken.None);
        await _namespaces.RemoveAsync(space, CancellationToken.None);
        Assert.That(Directory.GetFileSystemEntries($"/sys/class/net/{Bridge}/brif"), Has.Length.EqualTo(2));
        Assert.That(await RulesAsync(), Is.EqualTo(rules));
        await _netavark.TearDownAsync(first, CancellationToken.None);
    }

    [Test]
    public async Task The_rules_of_published_ports_are_the_same_by_either_way()
    {
        var ports = AllKindsOfPorts();
        var first = Attachment([new PublishedPort(new PortKey(80, "tcp"), "", 18097)]);
        await _netavark.SetUpAsync(first, CancellationToken.None);
        var plain = await RulesAsync();
        var id = ContainerId.New();
        var space = await _namespaces.CreateAsync(id, new Dictionary<string, string>(), CancellationToken.None);
        var second = Attachment(ports) with
        {
            ContainerId = id,
            NamespacePath = space,
            Endpoints = [(Endpoint with { IPv4 = "10.231.7.10/24", MacAddress = "02:11:22:33:44:66" }, Network)],
        };
        await using (var always = new Netavark(new NetavarkOptions { KeepBridges = false }, new StorePaths(_directory, _directory), NullLogger<Netavark>.Instance))
        {
            await always.SetUpAsync(second, CancellationToken.None);
            var byProgram = await RulesAsync();
            await always.TearDownAsync(second, CancellationToken.None);
            Assert.That(await RulesAsync(), Is.EqualTo(plain));

            await _netavark.SetUpAsync(second, CancellationToken.None);
            Assert.That(_netavark.SetUpsWithoutProgram, Is.EqualTo(1));
            Assert.That(await RulesAsync(), Is.EqualTo(byProgram));
            // Each undoes the other's.
            await always.TearDownAsync(second, CancellationToken.None);
            Assert.That(await RulesAsync(), Is.EqualTo(plain));
            await always.SetUpAsync(second, CancellationToken.None);
        }

        await _netavark.TearDownAsync(second, CancellationToken.None);
        Assert.That(await RulesAsync(), Is.EqualTo(plain));
        await _namespaces.RemoveAsync(space, CancellationToken.None);
        await _netavark.TearDownAsync(first, CancellationToken.None);
    }

    [Test]
    public async Task Nothing_of_a_network_with_published_ports_is_left_in_the_firewall()
    {
        var published = Attachment([new PublishedPort(new PortKey(80, "tcp"), "", 18098)]);
        await _netavark.SetUpAsync(published, CancellationToken.None);
        await _netavark.TearDownAsync(published, CancellationToken.None);
        Assert.That(await FirewallAsync(), Does.Contain(ChainOfPorts));

        await _netavark.RemoveAsync(Network, CancellationToken.None);

        Assert.That(await FirewallAsync(), Does.Not.Contain(ChainOfPorts));
    }

    // 13 digits of the SHA-512 of "podsharp.pstnv0", as netavark has it.
    private const string ChainOfPorts = "NETAVARK-DN-769811C336FDE";

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
    public async Task A_failed_set_up_says_why_and_leaves_nothing()
    {
        var attachment = Attachment() with { Endpoints = [(Endpoint with { IPv4 = "192.0.2.77/24" }, Network with { InterfaceName = "name-that-is-too-long" })] };

        var exception = await Assert.ThrowsAsync<EngineException>(() => _netavark.SetUpAsync(attachment, CancellationToken.None));

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
            NamespacePath = await _namespaces.CreateAsync(other.Id, new Dictionary<string, string>(), CancellationToken.None),
            Endpoints = [(Endpoint with { IPv4 = other.Address, MacAddress = "" }, Network)],
        }));

        await Task.WhenAll(attachments.Select(attachment => _netavark.SetUpAsync(attachment, CancellationToken.None)));

        Assert.That(Directory.GetFileSystemEntries($"/sys/class/net/{Bridge}/brif"), Has.Length.EqualTo(attachments.Length + 1));
        await Task.WhenAll(attachments.Select(attachment => _netavark.TearDownAsync(attachment, CancellationToken.None)));
        foreach (var attachment in attachments) await _namespaces.RemoveAsync(attachment.NamespacePath, CancellationToken.None);
    }

    private static Core.Networks.Network Network { get; } = new()
    {
        Id = new string('7', 63) + "a",
        Name = "pst-netavark",
        Driver = "bridge",
        InterfaceName = Bridge,
        Created = DateTimeOffset.UnixEpoch,
        Subnets = [new Subnet("10.231.7.0/24", "10.231.7.1", "")],
    };

    private static Endpoint Endpoint { get; } = new()
    {
        NetworkName = Network.Name,
        NetworkId = Network.Id,
        EndpointId = new string('8', 64),
        InterfaceName = "eth0",
        IPv4 = "10.231.7.9/24",
        MacAddress = "02:11:22:33:44:55",
    };

    private NetworkAttachment Attachment(IReadOnlyList<PublishedPort>? ports = null) => new()
    {
        ContainerId = _id,
        ContainerName = "c1",
        Hostname = "h1",
        NamespacePath = _namespace,
        Endpoints = [(Endpoint, Network)],
        Ports = ports ?? [],
    };

    private Task<string> InsideAsync(params string[] command) => RunAsync("nsenter", ["--net=" + _namespace, .. command]);

    private static async Task<string> FirewallAsync() =>
        await RunAsync("iptables-save") + (ExecutablePath.Find("nft") is null ? "" : await RunAsync("nft", "list", "ruleset"));

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var result = await ProcessRunner.RunAsync(new Command(ExecutablePath.Find(program)!, arguments), CancellationToken.None);
        Assert.That(result.ExitCode, Is.Zero, result.ErrorText);
        return result.OutputText;
    }
}
