using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using NUnit.Framework;
using Podsharp.Core.Containers;
using Podsharp.Core.Networks;
using Podsharp.Core.Storage;
using Podsharp.Drivers.Network;
using Podsharp.Linux.Namespaces;

namespace Podsharp.Drivers.Tests.Network;

/// <summary>A service was killed while it set a container up or tore it down; the next one tears down what there is, whatever that is.</summary>
public sealed class InterruptedSetUpTests : NetavarkFixture
{
    private const ushort Port = 18097;
    private const string Address = "10.231.7.10";

    private readonly ContainerId _id = ContainerId.New();
    private NameServer _server = null!;
    private NameRecords _records = null!;
    private NetworkAttachment _first = null!;
    private NetworkAttachment _second = null!;

    // Its bridge is up, has its rules, those of a published port among them, and names.
    [SetUp]
    public async Task MakeNeighbour()
    {
        var paths = new StorePaths(Root, Root);
        _server = new NameServer(paths, new QuestionHold(paths, new BridgeNamespace()), new BridgeNamespace(), 53);
        _records = new NameRecords(paths, _server);
        var named = Network with { DnsEnabled = true };
        _first = Attachment([new PublishedPort(new PortKey(80, "tcp"), "", 18096)]) with { Endpoints = [(Endpoint with { Aliases = ["first"] }, named)] };
        await Driver.SetUpAsync(_first, CancellationToken.None);
        _second = _first with
        {
            ContainerId = _id,
            ContainerName = "c2",
            NamespacePath = await Namespaces.CreateAsync(_id, new Dictionary<string, string>(), CancellationToken.None),
            Endpoints = [(Endpoint with { IPv4 = Address + "/24", IPv4Gateway = "10.231.7.1", MacAddress = "02:11:22:33:44:66", Aliases = ["second"] }, named)],
            Ports = [new PublishedPort(new PortKey(80, "tcp"), "", Port)],
        };
    }

    [TearDown]
    public async Task RemoveNeighbour()
    {
        await Namespaces.RemoveAsync(_second.NamespacePath, CancellationToken.None);
        await Driver.TearDownAsync(_first, CancellationToken.None);
        Assert.That(_server.Files(), Is.Empty);
    }

    [TestCase(true, false, false)]
    [TestCase(true, true, false)]
    [TestCase(false, true, true)]
    [TestCase(false, true, false)]
    public async Task What_stands_of_it_is_taken_away(bool rules, bool name, bool link)
    {
        var (endpoint, network) = _second.Endpoints[0];
        if (rules) await new PortForwards("").AddAsync(_second);
        if (name) await _records.AddAsync(_second, endpoint, network);
        if (link) await BridgePorts.AttachAsync(new BridgeNamespace(), _second.NamespacePath, new BridgePort(Bridge, "eth0", endpoint.MacAddress, 0, IPAddress.Parse(Address), 24, null, 100));

        // Not disposed of: that would let the bridge go.
        var next = new Netavark(new NetavarkOptions(), new StorePaths(Root, Root), NullLogger<Netavark>.Instance);
        await next.TearDownAsync(_second, CancellationToken.None);

        Assert.That(await FirewallAsync(), Does.Not.Contain(Address).And.Not.Contain(Port.ToString()).And.Contain("18096"));
        Assert.That(_server.Files().Select(File.ReadAllText), Has.One.Contains("first").And.None.Contains("second"));
        Assert.That(await RunAsync("nsenter", "--net=" + _second.NamespacePath, "ip", "-brief", "link"), Does.Not.Contain("eth0"));
    }
}
