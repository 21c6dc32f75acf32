using NUnit.Framework;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Networks;
using Podsharp.Drivers.Network.Rootless;

namespace Podsharp.Drivers.Tests.Network.Rootless;

public sealed class PastaArgumentsTests
{
    private static readonly Endpoint Place = new()
    {
        NetworkName = "bridge", NetworkId = "n", EndpointId = "e", InterfaceName = "eth0", IPv4 = "10.88.0.2/16", IPv4Gateway = "10.88.0.1",
        MacAddress = "02:00:00:00:00:01",
    };

    [Test]
    public void The_interface_has_the_address_that_the_engine_chose()
    {
        Assert.That(Line(), Does.Contain("--ns-ifname eth0 --address 10.88.0.2 --netmask 16 --gateway 10.88.0.1 ").And.Contain("--ns-mac-addr 02:00:00:00:00:01 "));
        Assert.That(Line(), Does.EndWith("--netns /run/netns/x"));
    }

    [Test]
    public void No_port_is_forwarded_that_was_not_published() =>
        Assert.That(Line(), Does.Contain("--tcp-ns none --udp-ns none ").And.Contain("--tcp-ports none --udp-ports none "));

    [Test]
    public void Published_ports_are_forwarded_by_protocol()
    {
        var line = Line(
            new PublishedPort(new PortKey(80, "tcp"), "", 8080), new PublishedPort(new PortKey(81, "tcp"), "127.0.0.1", 8081), new PublishedPort(new PortKey(53, "udp"), "", 5353));

        Assert.That(line, Does.Contain("--tcp-ports 8080:80 --tcp-ports 127.0.0.1/8081:81 --udp-ports 5353:53 "));
    }

    [Test]
    public void Other_protocols_are_refused() => Assert.That(
        () => Line(new PublishedPort(new PortKey(9, "sctp"), "", 9)),
        Throws.TypeOf<EngineException>().With.Property("Kind").EqualTo(ErrorKind.NotSupported).And.Message.Contains("9/sctp"));

    private static string Line(params PublishedPort[] ports)
    {
        var attachment = new NetworkAttachment
        {
            ContainerId = ContainerId.New(), ContainerName = "c", Hostname = "c", NamespacePath = "/run/netns/x", Endpoints = [], Ports = ports,
        };
        return string.Join(' ', PastaArguments.For(attachment, Place));
    }
}
