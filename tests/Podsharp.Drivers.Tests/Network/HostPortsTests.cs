using System.Net;
using System.Net.Sockets;
using NUnit.Framework;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Networks;
using Podsharp.Drivers.Network;

namespace Podsharp.Drivers.Tests.Network;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class HostPortsTests : IDisposable
{
    private readonly HostPorts _ports = new();
    private readonly ContainerId _owner = ContainerId.New();

    public void Dispose() => _ports.Dispose();

    [Test]
    public void Any_free_port_is_of_the_ephemeral_range()
    {
        var bounds = File.ReadAllText("/proc/sys/net/ipv4/ip_local_port_range").Split().Where(text => text.Length > 0).Select(int.Parse).ToList();

        Assert.That(Reserve("").HostPort, Is.InRange(bounds[0], bounds[1]));
    }

    [Test]
    public void A_forwarder_may_listen_on_a_reserved_port_that_no_other_container_gets()
    {
        using var ports = new HostPorts(byForwarder: true);
        var reserved = ports.Reserve(_owner, [new PortBinding(new PortKey(80, "tcp"), "127.0.0.1", "")])[0];

        using var listener = new TcpListener(IPAddress.Loopback, reserved.HostPort);
        listener.Start();
        listener.Stop();

        Assert.That(
            () => ports.Reserve(ContainerId.New(), [new PortBinding(new PortKey(80, "tcp"), "127.0.0.1", $"{reserved.HostPort}")]),
            Throws.TypeOf<EngineException>());
    }

    [Test]
    public void A_port_has_one_owner_until_it_is_released()
    {
        var port = Reserve("").HostPort.ToString();
        Assert.That(() => Reserve(port, ContainerId.New()), Throws.TypeOf<EngineException>()
            .With.Property("Kind").EqualTo(ErrorKind.Conflict)
            .And.Message.EqualTo($"Bind for 0.0.0.0:{port} failed: port is already allocated"));

        _ports.Release(_owner);

        Assert.That(Reserve(port).HostPort.ToString(), Is.EqualTo(port));
    }

    [Test]
    public void A_port_that_another_program_listens_on_is_taken()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;

        Assert.That(() => Reserve($"{port}"), Throws.TypeOf<EngineException>().With.Property("Kind").EqualTo(ErrorKind.Conflict));
    }

    [Test]
    public void The_same_number_serves_both_protocols_and_several_addresses()
    {
        var port = Reserve("", hostIp: "127.0.0.1").HostPort.ToString();

        Assert.That(Reserve(port, hostIp: "127.0.0.2").HostPort.ToString(), Is.EqualTo(port));
        Assert.That(Reserve(port, protocol: "udp").HostPort.ToString(), Is.EqualTo(port));
        Assert.That(() => Reserve(port, hostIp: "0.0.0.0"), Throws.TypeOf<EngineException>());
    }

    [Test]
    public void Of_a_range_the_next_free_one_is_taken()
    {
        var first = Reserve("").HostPort;
        if (first == ushort.MaxValue) Assert.Ignore("no room for a range");
        var range = $"{first}-{Math.Min(first + 20, ushort.MaxValue)}";

        Assert.That(Reserve(range).HostPort, Is.GreaterThan(first));
    }

    [Test]
    public void All_or_nothing_is_reserved()
    {
        var taken = Reserve("").HostPort.ToString();
        var free = FreePort();

        Assert.That(
            () => _ports.Reserve(ContainerId.New(), [Binding($"{free}", "tcp", ""), Binding(taken, "tcp", "")]),
            Throws.TypeOf<EngineException>());

        Assert.That(Reserve($"{free}").HostPort, Is.EqualTo(free));
    }

    [Test]
    public void An_adopted_port_is_held_again()
    {
        var port = FreePort();

        _ports.Adopt(_owner, [new PublishedPort(new PortKey(80, "tcp"), "", port)]);

        Assert.That(() => Reserve($"{port}", ContainerId.New()), Throws.TypeOf<EngineException>());
        Assert.That(() => new TcpListener(IPAddress.Any, port).Start(), Throws.TypeOf<SocketException>());
    }

    [Test]
    public void Sctp_ports_are_kept_apart_in_the_table()
    {
        Reserve("7000", protocol: "sctp");

        Assert.That(() => Reserve("7000", protocol: "sctp"), Throws.TypeOf<EngineException>());
    }

    [TestCase("x")]
    [TestCase("70000")]
    [TestCase("9-8")]
    [TestCase("-5")]
    public void Bad_ports_are_refused(string text) =>
        Assert.That(() => Reserve(text), Throws.TypeOf<EngineException>().With.Property("Kind").EqualTo(ErrorKind.InvalidInput));

    private PublishedPort Reserve(string port, ContainerId? owner = null, string protocol = "tcp", string hostIp = "") =>
        _ports.Reserve(owner ?? _owner, [Binding(port, protocol, hostIp)])[0];

    private static PortBinding Binding(string port, string protocol, string hostIp) => new(new PortKey(80, protocol), hostIp, port);

    private static ushort FreePort()
    {
        using var listener = new TcpListener(IPAddress.Any, 0);
        listener.Start();
        return (ushort)((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
