using NUnit.Framework;
using Podsharp.Drivers.Network;

namespace Podsharp.Drivers.Tests.Network;

public sealed class HostNetworksTests
{
    private readonly HostNetworks _host = new();

    [Test]
    public void Interfaces_hold_loopback() => Assert.That(_host.Interfaces(), Does.Contain("lo"));

    [Test]
    public void Subnets_are_routes_without_the_default_ones() =>
        Assert.That(_host.Subnets().Select(subnet => subnet.Network.PrefixLength), Has.None.EqualTo(0));

    [Test]
    public void Each_address_of_the_host_is_in_a_subnet_of_its_interface()
    {
        var addresses =
            from device in System.Net.NetworkInformation.NetworkInterface.GetAllNetworkInterfaces()
            where device.Name != "lo" && device.OperationalStatus == System.Net.NetworkInformation.OperationalStatus.Up
            from unicast in device.GetIPProperties().UnicastAddresses
            where unicast.Address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork && unicast.PrefixLength < 32
            select (device.Name, unicast.Address);
        var subnets = _host.Subnets();

        foreach (var (name, address) in addresses)
            Assert.That(subnets.Any(subnet => subnet.Interface == name && subnet.Network.Contains(address)), $"{address} of {name}");
    }

    [Test]
    public void The_hosts_file_is_the_hosts() => Assert.That(_host.HostsFile(), Is.EqualTo(File.ReadAllText("/etc/hosts").TrimEnd('\n') + "\n"));
}
