using NUnit.Framework;
using Podsharp.Core.Networks;
using Podsharp.Drivers.Network;

namespace Podsharp.Drivers.Tests.Network;

public sealed class NetavarkConfigTests
{
    [TestCase("10.9.0.0/24", "fd00::/64")]
    [TestCase("fd00::/64", "10.9.0.0/24")]
    public void Subnets_come_in_the_order_of_the_addresses_whatever_their_maker_wrote(string first, string second)
    {
        var network = new Core.Networks.Network
        {
            Id = new string('7', 64), Name = "n", Driver = "bridge", InterfaceName = "b", Created = DateTimeOffset.UnixEpoch, IPv6Enabled = true,
            Subnets = [new Subnet(first, "g", ""), new Subnet(second, "g", "")],
        };
        var endpoint = new Endpoint { NetworkName = "n", NetworkId = network.Id, EndpointId = "e", InterfaceName = "eth0", IPv4 = "10.9.0.2/24", IPv6 = "fd00::2/64" };

        Assert.That(NetavarkNetwork.For(network).Subnets.Select(subnet => subnet.Subnet), Is.EqualTo(new[] { "10.9.0.0/24", "fd00::/64" }));
        Assert.That(NetavarkEndpoint.For(endpoint, network).StaticIps, Is.EqualTo(new[] { "10.9.0.2", "fd00::2" }));
    }
}
