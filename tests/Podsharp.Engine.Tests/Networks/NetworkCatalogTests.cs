using System.Net;
using NUnit.Framework;
using Podsharp.Core.Networks;

namespace Podsharp.Engine.Tests.Networks;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class NetworkCatalogTests
{
    private readonly NetworkRoom _room = new();

    [Test]
    public async Task Lists_the_predefined_networks_before_any_is_made()
    {
        var all = await _room.Catalog.AllAsync(CancellationToken.None);

        Assert.That(all.Select(network => $"{network.Name} {network.Driver}"), Is.EquivalentTo(new[] { "host host", "none null", "bridge bridge" }));
    }

    [Test]
    public async Task The_default_network_keeps_its_id_and_its_place()
    {
        var first = await DefaultAsync();
        var second = await new NetworkRoom().Catalog.GetAsync("bridge", CancellationToken.None);

        Assert.That((second.Id, second.InterfaceName), Is.EqualTo((first.Id, "podsharp0")));
    }

    [Test]
    public async Task The_default_network_goes_out_of_the_way_of_the_hosts_routes()
    {
        _room.HostNetworks.Routes.Add(new HostSubnet(IPNetwork.Parse("10.87.3.0/24"), "eth0"));

        Assert.That((await DefaultAsync()).Subnets.Single(), Is.EqualTo(new Subnet("10.86.0.0/16", "10.86.0.1", "")));
    }

    [Test]
    public async Task The_default_network_goes_out_of_the_way_of_a_bridge_that_another_service_has_made_since()
    {
        await DefaultAsync();
        _room.HostNetworks.Links.Add("podsharp0");
        _room.HostNetworks.Routes.Add(new HostSubnet(IPNetwork.Parse("10.87.0.0/16"), "podsharp0"));

        var moved = await DefaultAsync();

        Assert.That((moved.InterfaceName, moved.Subnets[0].Cidr), Is.EqualTo(("podsharp1", "10.86.0.0/16")));
    }

    [Test]
    public async Task The_default_network_stays_where_it_is_while_its_own_bridge_is_kept_up()
    {
        var network = await DefaultAsync();
        _room.Driver.Kept.Add(network.Id);
        _room.HostNetworks.Links.Add("podsharp0");
        _room.HostNetworks.Routes.Add(new HostSubnet(IPNetwork.Parse("10.87.0.0/16"), "podsharp0"));

        Assert.That(await DefaultAsync(), Is.EqualTo(network));
    }

    [Test]
    public async Task The_default_network_stays_where_it_is_while_a_container_is_on_it()
    {
        var plan = await _room.PlanAsync(_room.Container("c1"));
        _room.HostNetworks.Routes.Add(new HostSubnet(IPNetwork.Parse("10.87.0.0/16"), "podsharp0"));

        Assert.That(await DefaultAsync(), Is.EqualTo(plan.Endpoints[0].Network));
    }

    private Task<Network> DefaultAsync() => _room.Catalog.GetAsync("default", CancellationToken.None);
}
