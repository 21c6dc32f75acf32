using NUnit.Framework;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Networks;
using Podsharp.Engine.Networks;

namespace Podsharp.Engine.Tests.Networks;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ContainerNetworkingTests
{
    private readonly NetworkRoom _room = new();

    [Test]
    public async Task A_container_that_asks_for_nothing_is_on_the_default_network()
    {
        var plan = await _room.PlanAsync(_room.Container("c1"));

        var (endpoint, network) = plan.Endpoints.Single();
        Assert.That(plan.Kind, Is.EqualTo(NetworkPlanKind.Networks));
        Assert.That(network.Name, Is.EqualTo("bridge"));
        Assert.That(endpoint, Has.Property("IPv4").EqualTo("10.87.0.2/16").And.Property("IPv4Gateway").EqualTo("10.87.0.1").And.Property("InterfaceName").EqualTo("eth0"));
    }

    [Test]
    public async Task The_mac_address_is_locally_administered_and_stays_the_same()
    {
        var container = _room.Container("c1");
        var first = await _room.PlanAsync(container);
        await _room.Networking.UndoAsync(container, first, "", CancellationToken.None);

        var second = await _room.PlanAsync(container);

        var mac = second.Endpoints[0].Endpoint.MacAddress;
        Assert.That(mac, Is.EqualTo(first.Endpoints[0].Endpoint.MacAddress));
        Assert.That(Convert.ToByte(mac[..2], 16) & 3, Is.EqualTo(2));
    }

    [Test]
    public async Task The_way_out_goes_by_priority_then_by_name_and_never_over_an_internal_network()
    {
        foreach (var name in new[] { "a", "b", "c" }) await _room.CreateAsync(name);
        await _room.Create.RunAsync(NetworkRoom.Request("0") with { Internal = true }, CancellationToken.None);
        var endpoints = new Dictionary<string, EndpointSpec> { ["0"] = new() { GatewayPriority = 9 }, ["b"] = new(), ["c"] = new() { GatewayPriority = 1 }, ["a"] = new() };

        var plan = await _room.PlanAsync(_room.Container("c1", new NetworkSpec { Mode = new(NamespaceKind.Bridge), Written = "b", Endpoints = endpoints }));

        Assert.That(plan.Endpoints.Select(pair => $"{pair.Endpoint.InterfaceName} {pair.Network.Name}"), Is.EqualTo(new[] { "eth0 c", "eth1 a", "eth2 b", "eth3 0" }));
        Assert.That(plan.Endpoints.Select(pair => pair.Endpoint.Metric), Is.Ordered);
    }

    [Test]
    public async Task Names_on_a_network_are_the_aliases_the_short_id_and_the_hostname()
    {
        await _room.CreateAsync("a");
        var endpoints = new Dictionary<string, EndpointSpec> { ["a"] = new() { Aliases = ["web"] } };
        var container = _room.Container("c1", new NetworkSpec { Mode = new(NamespaceKind.Bridge), Written = "a", Endpoints = endpoints });
        container = container with { Spec = container.Spec with { Hostname = "h1" } };

        var plan = await _room.PlanAsync(container);

        Assert.That(plan.Endpoints[0].Endpoint.Aliases, Is.EqualTo(new[] { "web", container.Id.Short, "h1" }));
    }

    [Test]
    public async Task All_exposed_ports_are_published_beside_those_bound()
    {
        var spec = new NetworkSpec
        {
            PublishAllPorts = true,
            ExposedPorts = [new PortKey(80, "tcp"), new PortKey(53, "udp")],
            PortBindings = [new PortBinding(new PortKey(80, "tcp"), "", "8080")],
        };

        var plan = await _room.PlanAsync(_room.Container("c1", spec));

        Assert.That(plan.Ports.Select(port => $"{port.Container} {port.HostPort}"), Is.EqualTo(new[] { "80/tcp 8080", "53/udp 40000" }));
    }

    [Test]
    public async Task A_port_that_is_taken_fails_the_plan_and_leaves_nothing_reserved()
    {
        _room.Ports.TakenByOthers.Add(8080);
        var spec = new NetworkSpec { PortBindings = [new PortBinding(new PortKey(80, "tcp"), "", "8080")] };

        var exception = await Assert.ThrowsAsync<EngineException>(() => _room.PlanAsync(_room.Container("c1", spec)));

        Assert.That(exception!.Kind, Is.EqualTo(ErrorKind.Internal));
        Assert.That(exception.Message, Does.StartWith("driver failed programming external connectivity on endpoint c1 (")
            .And.EndsWith("Bind for 0.0.0.0:8080 failed: port is already allocated"));
        var network = await _room.Catalog.GetAsync("default", CancellationToken.None);
        Assert.That(_room.Addresses.Owners(network.Id), Is.Empty);
    }

    [Test]
    public async Task Tear_down_gives_addresses_and_ports_back_only_after_the_driver_has_done_its_part()
    {
        var spec = new NetworkSpec { PortBindings = [new PortBinding(new PortKey(80, "tcp"), "", "8080")] };
        var container = _room.Container("c1", spec);
        container = _room.Running(container, await _room.PlanAsync(container));
        _room.Driver.Failure = new IOException("no");

        await Assert.ThrowsAsync<IOException>(() => _room.Networking.TearDownAsync(container, CancellationToken.None));
        Assert.That(_room.Ports.Held, Has.Count.EqualTo(1));

        _room.Driver.Failure = null;
        await _room.Networking.TearDownAsync(container, CancellationToken.None);
        Assert.That(_room.Ports.Held, Is.Empty);
    }

    [Test]
    public async Task Set_up_and_tear_down_name_the_same_places()
    {
        var container = _room.Container("c1");
        var plan = await _room.PlanAsync(container);
        var path = await _room.Namespaces.CreateAsync(container.Id, new Dictionary<string, string>(), CancellationToken.None);

        await _room.Networking.SetUpAsync(container, plan, path, CancellationToken.None);
        Assert.That(_room.Driver.Standing.Single().Endpoints, Is.EqualTo(plan.Endpoints));

        await _room.Networking.TearDownAsync(_room.Running(container, plan, path), CancellationToken.None);
        Assert.That(_room.Driver.Standing, Is.Empty);
        Assert.That(_room.Namespaces.Paths, Is.Empty);
        Assert.That(_room.Events.Actions, Is.EqualTo(new[] { "network connect", "network disconnect" }));
    }

    [Test]
    public async Task What_a_running_container_has_is_not_given_to_another_after_adoption()
    {
        var container = _room.Container("c1");
        var running = _room.Running(container, await _room.PlanAsync(container));
        var later = new NetworkRoom();
        later.Store.Put(_room.Store.All.Single());

        later.Planner.Adopt(running);

        var plan = await later.PlanAsync(later.Container("c2"));
        Assert.That(plan.Endpoints[0].Endpoint.IPv4, Is.EqualTo("10.87.0.3/16"));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Questions_of_an_internal_network_are_passed_on_to_nobody(bool isInternal)
    {
        await _room.Create.RunAsync(NetworkRoom.Request("a") with { Internal = isInternal }, CancellationToken.None);
        var container = _room.Container("c1", new NetworkSpec { Mode = new(NamespaceKind.Bridge), Written = "a", Dns = ["9.9.9.9"] });
        var plan = await _room.PlanAsync(container);

        await _room.Networking.SetUpAsync(container, plan, "/fake/netns/x", CancellationToken.None);

        Assert.That(_room.Driver.Standing.Single().IsShutIn, Is.EqualTo(isInternal));
        Assert.That(_room.Driver.Standing.Single().DnsServers, Is.EqualTo(new[] { "9.9.9.9" }));
    }

    [TestCase(NamespaceKind.Host, NetworkPlanKind.Host)]
    [TestCase(NamespaceKind.None, NetworkPlanKind.Isolated)]
    public async Task Host_and_none_need_no_network(NamespaceKind mode, NetworkPlanKind expected)
    {
        var plan = await _room.PlanAsync(_room.Container("c1", new NetworkSpec { Mode = new(mode) }));

        Assert.That(plan.Kind, Is.EqualTo(expected));
        Assert.That(plan.Endpoints, Is.Empty);
    }

    [Test]
    public async Task Joining_takes_the_namespace_of_the_running_container()
    {
        var other = _room.Container("other");
        _room.Running(other, await _room.PlanAsync(other), "/fake/netns/other");

        var plan = await _room.PlanAsync(_room.Container("c1", new NetworkSpec { Mode = new(NamespaceKind.Container, "other") }));

        Assert.That(plan, Has.Property("JoinedNamespace").EqualTo("/fake/netns/other").And.Property("JoinedContainer").EqualTo(other.Id));
    }

    [Test]
    public void Joining_a_container_that_does_not_run_is_a_conflict()
    {
        _room.Container("other");

        Assert.That(
            () => _room.PlanAsync(_room.Container("c1", new NetworkSpec { Mode = new(NamespaceKind.Container, "other") })),
            Throws.TypeOf<EngineException>().With.Property("Kind").EqualTo(ErrorKind.Conflict));
    }

    [Test]
    public void A_network_that_is_gone_is_not_found() => Assert.That(
        () => _room.PlanAsync(_room.Container("c1", new NetworkSpec { Mode = new(NamespaceKind.Bridge), Written = "gone" })),
        Throws.TypeOf<EngineException>().With.Property("Kind").EqualTo(ErrorKind.NotFound));
}
