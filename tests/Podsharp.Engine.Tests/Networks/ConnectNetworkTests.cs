using NUnit.Framework;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Networks;

namespace Podsharp.Engine.Tests.Networks;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ConnectNetworkTests : IDisposable
{
    private readonly ConnectedRoom _room = new();

    public void Dispose() => _room.Dispose();

    [Test]
    public async Task A_container_that_runs_is_put_on_the_one_network_alone()
    {
        await _room.Room.CreateAsync("a");
        var container = await _room.StartAsync("c1");

        await _room.ConnectAsync("a", "c1", new EndpointSpec { Aliases = ["web"] });

        Assert.That(_room.Room.Driver.Calls, Is.EqualTo(new[] { "set up c1" }));
        var place = _room.Room.Driver.Standing.Last().Endpoints.Single().Endpoint;
        Assert.That(place, Has.Property("NetworkName").EqualTo("a").And.Property("InterfaceName").EqualTo("eth1"));
        Assert.That(place.Aliases, Does.Contain("web"));
        Assert.That(_room.Now(container).State.Endpoints.Select(endpoint => $"{endpoint.NetworkName} {endpoint.Unsettled}"), Is.EqualTo(new[] { "bridge False", "a False" }));
    }

    [Test]
    public async Task The_definition_then_names_the_network_of_before_too()
    {
        await _room.Room.CreateAsync("a");
        var container = await _room.StartAsync("c1");

        await _room.ConnectAsync("a", "c1");

        Assert.That(_room.Now(container).Spec.Network.Places().Keys, Is.EqualTo(new[] { "bridge", "a" }));
    }

    [Test]
    public async Task A_container_that_is_down_is_only_defined_anew()
    {
        await _room.Room.CreateAsync("a");
        var container = _room.Room.Container("c1");

        await _room.ConnectAsync("a", "c1", new EndpointSpec { Aliases = ["first"] });
        await _room.ConnectAsync("a", "c1", new EndpointSpec { Aliases = ["second"] });

        Assert.That(_room.Room.Driver.Calls, Is.Empty);
        Assert.That(_room.Now(container).Spec.Network.Places()["a"].Aliases, Is.EqualTo(new[] { "second" }));
    }

    [Test]
    public async Task A_name_of_an_interface_that_is_free_again_is_used_first()
    {
        foreach (var name in new[] { "a", "b", "c" }) await _room.Room.CreateAsync(name);
        var container = await _room.StartAsync("c1", Named("a"));
        await _room.ConnectAsync("b", "c1");
        await _room.DisconnectAsync("a", "c1");

        await _room.ConnectAsync("c", "c1");

        Assert.That(_room.Now(container).State.Endpoints.Select(endpoint => $"{endpoint.NetworkName} {endpoint.InterfaceName}"), Is.EqualTo(new[] { "b eth1", "c eth0" }));
    }

    [TestCase("a", 0, true)]
    [TestCase("c", 0, false)]
    [TestCase("c", 1, true)]
    public async Task The_way_out_moves_to_a_network_that_comes_before(string network, int priority, bool first)
    {
        foreach (var name in new[] { "a", "b", "c" }) await _room.Room.CreateAsync(name);
        var container = await _room.StartAsync("c1", Named("b"));

        await _room.ConnectAsync(network, "c1", new EndpointSpec { GatewayPriority = priority });

        Assert.That(_room.Now(container).State.Endpoints[1].Metric, first ? Is.InRange(1, 99) : Is.GreaterThan(100));
    }

    [Test]
    public async Task The_hosts_file_gains_the_address_and_keeps_what_its_user_wrote()
    {
        await _room.Room.CreateAsync("a");
        var container = await _room.StartAsync("c1");
        await File.AppendAllTextAsync(_room.Files.Hosts(container.Id), "9.9.9.9\tmine\n");

        await _room.ConnectAsync("a", "c1");

        var address = _room.Now(container).State.Endpoints[1].IPv4.Split('/')[0];
        Assert.That(await File.ReadAllTextAsync(_room.Files.Hosts(container.Id)), Does.Contain("9.9.9.9\tmine\n").And.EndWith($"{address}\t{container.Id.Short}\n"));
    }

    [Test]
    public async Task Names_are_asked_of_the_new_networks_server()
    {
        var network = await _room.Room.CreateAsync("a");
        var container = await _room.StartAsync("c1");

        await _room.ConnectAsync("a", "c1");

        Assert.That(await File.ReadAllTextAsync(_room.Files.ResolvConf(container.Id)), Does.StartWith($"nameserver {network.Subnets[0].Gateway}\n"));
    }

    [Test]
    public async Task A_failure_leaves_the_container_as_it_was()
    {
        var network = await _room.Room.CreateAsync("a");
        var container = await _room.StartAsync("c1");
        _room.Room.Driver.SetUpFailure = new IOException("no");

        await Assert.ThrowsAsync<IOException>(() => _room.ConnectAsync("a", "c1"));

        Assert.That(_room.Now(container), Is.EqualTo(container).Using<Container>((now, then) =>
            now.Spec.Network == then.Spec.Network && now.State.Endpoints.SequenceEqual(then.State.Endpoints)));
        Assert.That(_room.Room.Addresses.Owners(network.Id), Is.Empty);
        Assert.That(_room.Room.Events.Events.Where(told => told.Action == "connect"), Has.All.Matches<Podsharp.Core.Events.EngineEvent>(told => told!.Id != network.Id));
    }

    [Test]
    public async Task What_a_service_that_died_left_half_made_is_taken_away()
    {
        var network = await _room.Room.CreateAsync("a");
        var container = await _room.StartAsync("c1", Named("a"));
        container = _room.Room.Containers.Put(container with { State = container.State with { Endpoints = [container.State.Endpoints[0] with { Unsettled = true }] } });

        await _room.Live.SettleAsync(container);

        Assert.That(_room.Now(container).State.Endpoints, Is.Empty);
        Assert.That(_room.Room.Driver.Standing, Is.Empty);
        Assert.That(_room.Room.Addresses.Owners(network.Id), Is.Empty);
    }

    [Test]
    public async Task An_event_tells_of_it()
    {
        await _room.Room.CreateAsync("a");
        var container = await _room.StartAsync("c1");

        await _room.ConnectAsync("a", "c1");

        var told = _room.Room.Events.Events[^1];
        Assert.That(told.Action, Is.EqualTo("connect"));
        Assert.That(told.Attributes, Is.EquivalentTo(new Dictionary<string, string> { ["container"] = container.Id.ToString(), ["name"] = "a", ["type"] = "bridge" }));
    }

    [Test]
    public async Task A_network_that_it_is_on_is_forbidden()
    {
        await _room.StartAsync("c1");

        Assert.That(() => _room.ConnectAsync("bridge", "c1"), Fails(ErrorKind.Forbidden, "endpoint with name c1 already exists in network bridge"));
    }

    [TestCase(NamespaceKind.Host, "a", "container sharing network namespace with another container or host cannot be connected to any other network")]
    [TestCase(NamespaceKind.None, "a", "container cannot be connected to multiple networks with one of the networks in private (none) mode")]
    [TestCase(NamespaceKind.Default, "host", "container cannot be disconnected from host network or connected to host network")]
    [TestCase(NamespaceKind.Default, "none", "container cannot be connected to multiple networks with one of the networks in private (none) mode")]
    public async Task Modes_that_allow_no_other_network_are_refused(NamespaceKind mode, string network, string message)
    {
        await _room.Room.CreateAsync("a");
        _room.Room.Container("c1", new NetworkSpec { Mode = new(mode) });

        Assert.That(() => _room.ConnectAsync(network, "c1"), Fails(ErrorKind.InvalidInput, message));
    }

    [Test]
    public async Task Taken_off_none_it_may_be_put_on_others()
    {
        await _room.Room.CreateAsync("a");
        var container = await _room.StartAsync("c1", new NetworkSpec { Mode = new(NamespaceKind.None), Written = "none" });

        await _room.DisconnectAsync("none", "c1");
        await _room.ConnectAsync("a", "c1");

        Assert.That(_room.Now(container).State.Endpoints.Single().NetworkName, Is.EqualTo("a"));
        Assert.That((await _room.Room.PlanAsync(_room.Room.Containers.Put(_room.Now(container) with { State = new() }))).Kind, Is.EqualTo(Engine.Networks.NetworkPlanKind.Networks));
    }

    [Test]
    public void A_container_that_is_not_there_is_not_found() =>
        Assert.That(() => _room.ConnectAsync("bridge", "nobody"), Fails(ErrorKind.NotFound, "No such container: nobody"));

    private static NetworkSpec Named(string network) => new() { Mode = new(NamespaceKind.Bridge), Written = network };

    private static NUnit.Framework.Constraints.IResolveConstraint Fails(ErrorKind kind, string message) =>
        Throws.TypeOf<EngineException>().With.Property("Kind").EqualTo(kind).And.Message.EqualTo(message);
}
