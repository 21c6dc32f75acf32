using System.Net;
using NUnit.Framework;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Networks;
using Podsharp.Engine.Networks;

namespace Podsharp.Engine.Tests.Networks;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class CreateNetworkTests
{
    private readonly NetworkRoom _room = new();

    [Test]
    public async Task Networks_of_ones_own_get_subnets_that_nobody_has()
    {
        _room.HostNetworks.Routes.Add(new HostSubnet(IPNetwork.Parse("10.76.1.0/24"), "eth0"));

        var first = await _room.CreateAsync("a");
        var second = await _room.CreateAsync("b");

        Assert.That(new[] { first.Subnets[0].Cidr, second.Subnets[0].Cidr }, Is.EqualTo(new[] { "10.76.0.0/24", "10.76.2.0/24" }));
        Assert.That(first.InterfaceName, Has.Length.EqualTo(15).And.Not.EqualTo(second.InterfaceName));
        Assert.That(_room.Events.Actions, Is.EqualTo(new[] { "network create", "network create" }));
    }

    [Test]
    public async Task Gateway_and_range_are_as_asked_for()
    {
        var network = await _room.CreateAsync("a", new Subnet("10.50.0.0/24", "10.50.0.254", "10.50.0.128/25"));

        Assert.That(network.Subnets.Single(), Is.EqualTo(new Subnet("10.50.0.0/24", "10.50.0.254", "10.50.0.128/25")));
    }

    [Test]
    public async Task With_IPv6_and_no_subnet_for_it_one_is_made_up()
    {
        var network = await _room.Create.RunAsync(NetworkRoom.Request("a") with { IPv6Enabled = true }, CancellationToken.None);

        Assert.That(network.Subnets[1].Cidr, Does.StartWith("fd").And.EndWith("/64"));
    }

    [TestCase("10.50.0.5/24", "", "", "it should be 10.50.0.0/24")]
    [TestCase("010.50.0.0/24", "", "", "invalid CIDR block notation")]
    [TestCase("rubbish", "", "", "invalid CIDR block notation")]
    [TestCase("10.50.0.0/24", "10.51.0.1", "", "doesn't contain this address")]
    [TestCase("10.50.0.0/24", "", "10.51.0.0/25", "doesn't contain ip-range")]
    [TestCase("", "10.50.0.1", "", "invalid subnet : invalid CIDR block notation")]
    [TestCase("10.50.0.0/24", "rubbish", "", "invalid gateway rubbish: invalid address")]
    [TestCase("10.50.0.0/24", "fd00::1", "", "parent subnet is an IPv4 block")]
    [TestCase("10.50.0.0/24", "", "10.50.0.0/16", "CIDR block is bigger than its parent subnet")]
    [TestCase("10.50.0.0/31", "", "", "no room")]
    [TestCase("127.0.0.0/8", "", "", "no host's")]
    [TestCase("224.1.0.0/16", "", "", "no host's")]
    public async Task A_bad_subnet_is_refused_with_the_reason(string subnet, string gateway, string range, string reason)
    {
        var exception = await Assert.ThrowsAsync<EngineException>(() => _room.CreateAsync("a", new Subnet(subnet, gateway, range)));

        Assert.That((exception!.Kind, exception.Message.Contains(reason, StringComparison.Ordinal)), Is.EqualTo((ErrorKind.InvalidInput, true)), exception.Message);
    }

    [Test]
    public async Task A_name_is_given_once()
    {
        await _room.CreateAsync("a");

        var exception = await Assert.ThrowsAsync<EngineException>(() => _room.CreateAsync("a"));

        Assert.That((exception!.Kind, exception.Message), Is.EqualTo((ErrorKind.Conflict, "network with name a already exists")));
    }

    [Test]
    public async Task A_subnet_is_given_once()
    {
        await _room.CreateAsync("a", new Subnet("10.50.0.0/16", "", ""));

        var exception = await Assert.ThrowsAsync<EngineException>(() => _room.CreateAsync("b", new Subnet("10.50.3.0/24", "", "")));

        Assert.That((exception!.Kind, exception.Message), Is.EqualTo((ErrorKind.Forbidden, "Pool overlaps with other one on this address space")));
    }

    [TestCase("10.50.0.0")]
    [TestCase("10.50.0.255")]
    public async Task A_gateway_is_no_edge_of_its_subnet(string gateway)
    {
        var exception = await Assert.ThrowsAsync<EngineException>(() => _room.CreateAsync("a", new Subnet("10.50.0.0/24", gateway, "")));

        Assert.That((exception!.Kind, exception.Message), Is.EqualTo((ErrorKind.Forbidden, $"failed to allocate gateway ({gateway}): Address already in use")));
    }

    [TestCase("10.50.0.9", null)]
    [TestCase("10.51.0.9", "invalid auxiliary address x: parent subnet 10.50.0.0/24 doesn't contain this address")]
    [TestCase("rubbish", "invalid auxiliary address x: invalid address")]
    [TestCase("10.50.0.1", "failed to allocate secondary ip address (x:10.50.0.1): Address already in use")]
    public async Task Reserved_addresses_are_of_the_subnet_and_not_its_gateway(string address, string? refusal)
    {
        var subnet = new Subnet("10.50.0.0/24", "", "") { Reserved = new Dictionary<string, string> { ["x"] = address } };

        string? message = null;
        try
        {
            await _room.CreateAsync("a", subnet);
        }
        catch (EngineException exception)
        {
            message = exception.Message;
        }

        Assert.That(message?.Split('\n')[^1], Is.EqualTo(refusal));
    }

    [Test]
    public async Task One_subnet_of_a_family_is_all_that_drivers_take()
    {
        var exception = await Assert.ThrowsAsync<EngineException>(
            () => _room.CreateAsync("a", new Subnet("10.50.0.0/24", "", ""), new Subnet("10.50.1.0/24", "", "")));

        Assert.That((exception!.Kind, exception.Message), Is.EqualTo((ErrorKind.Forbidden, "bridge driver doesn't support multiple subnets")));
    }

    [Test]
    public async Task A_network_of_IPv6_alone_has_no_other_subnet()
    {
        var network = await _room.Create.RunAsync(NetworkRoom.Request("a") with { IPv6Enabled = true, IPv6Only = true }, CancellationToken.None);

        Assert.That(network.Subnets.Single().Cidr, Does.StartWith("fd"));
    }

    [Test]
    public async Task A_network_without_any_family_is_refused()
    {
        var exception = await Assert.ThrowsAsync<EngineException>(
            () => _room.Create.RunAsync(NetworkRoom.Request("a") with { IPv6Only = true }, CancellationToken.None));

        Assert.That(exception!.Message, Is.EqualTo("IPv4 or IPv6 must be enabled"));
    }

    [TestCase("a b")]
    [TestCase("../b")]
    [TestCase("-ä,:")]
    public async Task A_name_is_any_text_and_names_nothing_of_the_machine(string name)
    {
        var network = await _room.CreateAsync(name);

        Assert.That(network.Name, Is.EqualTo(name));
        Assert.That(network.InterfaceName, Does.Match("^ps-[0-9a-f]{12}$"));
    }

    [TestCase("", ErrorKind.InvalidInput)]
    [TestCase(" ", ErrorKind.InvalidInput)]
    [TestCase("a\nb", ErrorKind.InvalidInput)]
    [TestCase("host", ErrorKind.Forbidden)]
    [TestCase("bridge", ErrorKind.Forbidden)]
    public async Task Some_names_cannot_be_given(string name, ErrorKind kind)
    {
        var exception = await Assert.ThrowsAsync<EngineException>(() => _room.CreateAsync(name));

        Assert.That(exception!.Kind, Is.EqualTo(kind));
    }

    [TestCase("overlay", ErrorKind.NotSupported)]
    [TestCase("weave", ErrorKind.NotFound)]
    public async Task Other_drivers_are_refused_by_name(string driver, ErrorKind kind)
    {
        var exception = await Assert.ThrowsAsync<EngineException>(
            () => _room.Create.RunAsync(NetworkRoom.Request("a") with { Driver = driver }, CancellationToken.None));

        Assert.That((exception!.Kind, exception.Message.Contains(driver, StringComparison.Ordinal)), Is.EqualTo((kind, true)));
    }

    [TestCase("macvlan", "eth0", null)]
    [TestCase("macvlan", "eth7", "-o parent interface was not found on the host: eth7")]
    [TestCase("macvlan", "lo", "loopback interface is not a valid macvlan parent link")]
    [TestCase("ipvlan", "", "a network of driver ipvlan needs its parent interface on the host: give option parent")]
    public async Task A_network_on_a_parent_needs_that_interface(string driver, string parent, string? refusal)
    {
        string? message = null;
        try
        {
            var network = await _room.Create.RunAsync(NetworkRoom.Request("a") with { Driver = driver, InterfaceName = parent }, CancellationToken.None);
            Assert.That((network.InterfaceName, network.DnsEnabled), Is.EqualTo((parent, false)));
        }
        catch (EngineException exception)
        {
            message = exception.Message;
        }

        Assert.That(message, Is.EqualTo(refusal));
    }

    [Test]
    public async Task What_the_machines_tools_lack_is_refused_when_the_network_is_made()
    {
        _room.Driver.Unsupported = "ipvlan";

        var exception = await Assert.ThrowsAsync<EngineException>(
            () => _room.Create.RunAsync(NetworkRoom.Request("a") with { Driver = "ipvlan", InterfaceName = "eth0" }, CancellationToken.None));

        Assert.That((exception!.Kind, _room.Store.Find("a")), Is.EqualTo((ErrorKind.NotSupported, (Network?)null)));
    }

    [TestCase("bridge", "mtu", "70000", "invalid MTU number: 70000")]
    [TestCase("bridge", "isolate", "perhaps", "invalid isolate")]
    [TestCase("bridge", "vlan", "4095", "invalid VLAN id")]
    [TestCase("bridge", "mode", "bridge", "unsupported bridge network option \"mode\"")]
    [TestCase("macvlan", "mode", "odd", "requested macvlan mode 'odd' is not valid, 'bridge' mode is the macvlan driver default")]
    [TestCase("ipvlan", "mode", "bridge", "requested ipvlan mode 'bridge' is not valid, 'l2' mode is the ipvlan driver default")]
    public async Task An_option_says_what_its_driver_understands(string driver, string key, string value, string refusal)
    {
        var request = NetworkRoom.Request("a") with { Driver = driver, InterfaceName = driver == "bridge" ? "" : "eth0", Options = new Dictionary<string, string> { [key] = value } };

        var exception = await Assert.ThrowsAsync<EngineException>(() => _room.Create.RunAsync(request, CancellationToken.None));

        Assert.That((exception!.Kind, exception.Message.Contains(refusal, StringComparison.Ordinal)), Is.EqualTo((ErrorKind.InvalidInput, true)), exception.Message);
    }

    [Test]
    public async Task An_unknown_option_is_refused_by_name()
    {
        var request = NetworkRoom.Request("a") with { Options = new Dictionary<string, string> { ["colour"] = "red" } };

        var exception = await Assert.ThrowsAsync<EngineException>(() => _room.Create.RunAsync(request, CancellationToken.None));

        Assert.That(exception!.Message, Does.Contain("colour"));
    }

    [Test]
    public async Task A_network_with_a_container_on_it_stays()
    {
        await _room.CreateAsync("a");
        var container = _room.Container("c1", new NetworkSpec { Mode = new(NamespaceKind.Bridge), Written = "a" });
        var endpoint = _room.Running(container, await _room.PlanAsync(container)).State.Endpoints[0].EndpointId[..12];

        var exception = await Assert.ThrowsAsync<EngineException>(
            () => _room.Remove.RunAsync(new RemoveNetworkRequest("a", false), CancellationToken.None));

        Assert.That((exception!.Kind, exception.Message), Is.EqualTo(
            (ErrorKind.Forbidden, $"error while removing network: network a id {_room.Store.Find("a")!.Id} has active endpoints (name:\"c1\" id:\"{endpoint}\")")));
    }

    [Test]
    public async Task A_network_is_taken_off_the_host_and_forgotten()
    {
        await _room.CreateAsync("a");

        await _room.Remove.RunAsync(new RemoveNetworkRequest("a", false), CancellationToken.None);

        Assert.That(_room.Driver.Calls, Is.EqualTo(new[] { "remove a" }));
        Assert.That(_room.Store.Find("a"), Is.Null);
    }

    [Test]
    public async Task The_predefined_networks_cannot_be_removed([Values("bridge", "host", "none")] string name)
    {
        var exception = await Assert.ThrowsAsync<EngineException>(
            () => _room.Remove.RunAsync(new RemoveNetworkRequest(name, false), CancellationToken.None));

        Assert.That(exception!.Message, Is.EqualTo($"{name} is a pre-defined network and cannot be removed"));
    }
}
