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

/// <summary>A container on a bridge of this machine, and the machine's firewall.</summary>
[Category("Root")]
[NonParallelizable]
public abstract class NetavarkFixture
{
    protected const string Bridge = "pstnv0";

    // 13 digits of the SHA-512 of "podsharp.pstnv0", as netavark has it.
    protected const string ChainOfPorts = "NETAVARK-DN-769811C336FDE";

    private protected ContainerId Id { get; } = ContainerId.New();

    private protected string Root { get; private set; } = "";

    private protected NetworkNamespaces Namespaces { get; private set; } = null!;

    private protected Netavark Driver { get; private set; } = null!;

    private protected HostPorts Ports { get; private set; } = null!;

    private protected string Namespace { get; private set; } = "";

    [SetUp]
    public async Task MakeNamespace()
    {
        Root = Directory.CreateTempSubdirectory("podsharp-netavark-").FullName;
        var paths = new StorePaths(Root, Root);
        Namespaces = new NetworkNamespaces(paths);
        Driver = new Netavark(new NetavarkOptions(), paths, NullLogger<Netavark>.Instance);
        Ports = new HostPorts();
        Namespace = await Namespaces.CreateAsync(Id, new Dictionary<string, string>(), CancellationToken.None);
    }

    [TearDown]
    public async Task Clean()
    {
        await Driver.TearDownAsync(Attachment(), CancellationToken.None);
        await Namespaces.RemoveAsync(Namespace, CancellationToken.None);
        await Driver.RemoveAsync(Network, CancellationToken.None);
        await Driver.DisposeAsync();
        Ports.Dispose();
        Assert.That($"/sys/class/net/{Bridge}", Does.Not.Exist);
        Assert.That(await FirewallAsync(), Does.Not.Contain("10.231.7.").And.Not.Contain(ChainOfPorts));
        Directory.Delete(Root, recursive: true);
    }

    protected static Core.Networks.Network Network { get; } = new()
    {
        Id = new string('7', 63) + "a",
        Name = "pst-netavark",
        Driver = "bridge",
        InterfaceName = Bridge,
        Created = DateTimeOffset.UnixEpoch,
        Subnets = [new Subnet("10.231.7.0/24", "10.231.7.1", "")],
    };

    protected static Endpoint Endpoint { get; } = new()
    {
        NetworkName = Network.Name,
        NetworkId = Network.Id,
        EndpointId = new string('8', 64),
        InterfaceName = "eth0",
        IPv4 = "10.231.7.9/24",
        MacAddress = "02:11:22:33:44:55",
    };

    protected NetworkAttachment Attachment(IReadOnlyList<PublishedPort>? ports = null) => new()
    {
        ContainerId = Id,
        ContainerName = "c1",
        Hostname = "h1",
        NamespacePath = Namespace,
        Endpoints = [(Endpoint, Network)],
        Ports = ports ?? [],
    };

    protected Task<string> InsideAsync(params string[] command) => RunAsync("nsenter", ["--net=" + Namespace, .. command]);

    protected static async Task<string> FirewallAsync() =>
        await RunAsync("iptables-save") + (ExecutablePath.Find("nft") is null ? "" : await RunAsync("nft", "list", "ruleset"));

    protected static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var result = await ProcessRunner.RunAsync(new Command(ExecutablePath.Find(program)!, arguments), CancellationToken.None);
        Assert.That(result.ExitCode, Is.Zero, result.ErrorText);
        return result.OutputText;
    }
}
