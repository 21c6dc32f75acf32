using NUnit.Framework;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Networks;
using Podsharp.Engine.Networks;

namespace Podsharp.Engine.Tests.Networks;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class DisconnectNetworkTests : IDisposable
{
    private readonly ConnectedRoom _room = new();

    public void Dispose() => _room.Dispose();

    [Test]
    public async Task The_other_networks_stay()
    {
        var a = await _room.Room.CreateAsync("a");
        var container = await _room.StartAsync("c1");
        await _room.ConnectAsync("a", "c1");

        await _room.DisconnectAsync("a", "c1");

        Assert.That(_room.Now(container).State.Endpoints.Single().NetworkName, Is.EqualTo("bridge"));
        Assert.That(_room.Now(container).Spec.Network.Places().Keys, Is.EqualTo(new[] { "bridge" }));
        Assert.That(_room.Room.Driver.Standing.SelectMany(standing => standing.Endpoints).Single().Network.Name, Is.EqualTo("bridge"));
        Assert.That(_room.Room.Addresses.Owners(a.Id), Is.Empty);
    }

    [Test]
    public async Task Off_its_last_network_it_has_none_at_its_next_start_either()
    {
        var container = await _room.StartAsync("c1");

        await _room.DisconnectAsync("bridge", "c1");

        var plan = await _room.Room.PlanAsync(_room.Now(container));
        Assert.That(plan.Kind, Is.EqualTo(NetworkPlanKind.Isolated));
    }

    [Test]
    public async Task Published_ports_stay_with_the_networks_that_are_left_and_go_with_the_last()
    {
        await _room.Room.CreateAsync("a");
        var container = await _room.StartAsync("c1", new NetworkSpec { PortBindings = [new PortBinding(new PortKey(80, "tcp"), "", "8080")] });
        await _room.ConnectAsync("a", "c1");

        await _room.DisconnectAsync("bridge", "c1");
        Assert.That(_room.Now(container).State.Ports, Has.Count.EqualTo(1));
        Assert.That(_room.Room.Driver.Standing.Single().Ports, Has.Count.EqualTo(1));

        await _room.DisconnectAsync("a", "c1");
        Assert.That(_room.Now(container).State.Ports, Is.Empty);
        Assert.That(_room.Room.Ports.Held, Is.Empty);
    }

    [Test]
    public async Task The_driver_is_told_whether_another_network_has_the_ports_too()
    {
        await _room.Room.CreateAsync("a");
        await _room.StartAsync("c1", new NetworkSpec { PortBindings = [new PortBinding(new PortKey(80, "tcp"), "", "8080")] });

        await _room.ConnectAsync("a", "c1");
        await _room.DisconnectAsync("bridge", "c1");
        await _room.DisconnectAsync("a", "c1");

        Assert.That(_room.Room.Driver.TornDown.Select(attachment => attachment.KeepsPorts), Is.EqualTo((bool[])[true, false]));
    }

    [Test]
    public async Task Ports_are_published_again_by_the_next_network()
    {
        var container = await _room.StartAsync("c1", new NetworkSpec { PortBindings = [new PortBinding(new PortKey(80, "tcp"), "", "8080")] });
        await _room.DisconnectAsync("bridge", "c1");

        await _room.ConnectAsync("bridge", "c1");

        Assert.That(_room.Now(container).State.Ports.Single().HostPort, Is.EqualTo(8080));
    }

    [Test]
    public async Task A_container_that_is_down_is_only_defined_anew()
    {
        await _room.Room.CreateAsync("a");
        var container = _room.Room.Container("c1", new NetworkSpec { Mode = new(NamespaceKind.Bridge), Written = "a" });

        await _room.DisconnectAsync("a", "c1");

        Assert.That(_room.Now(container).Spec.Network.Places(), Is.Empty);
        Assert.That(_room.Room.Driver.Calls, Is.Empty);
    }

    [Test]
    public async Task The_hosts_file_loses_the_address_only()
    {
        await _room.Room.CreateAsync("a");
        var container = await _room.StartAsync("c1");
        var before = await File.ReadAllTextAsync(_room.Files.Hosts(container.Id));
        await _room.ConnectAsync("a", "c1");
        await File.AppendAllTextAsync(_room.Files.Hosts(container.Id), "9.9.9.9\tmine\n");

        await _room.DisconnectAsync("a", "c1");

        Assert.That(await File.ReadAllTextAsync(_room.Files.Hosts(container.Id)), Is.EqualTo(before + "9.9.9.9\tmine\n"));
    }

    [Test]
    public async Task An_event_tells_of_it()
    {
        await _room.StartAsync("c1");

        await _room.DisconnectAsync("bridge", "c1");

        Assert.That(_room.Room.Events.Actions, Is.EqualTo(new[] { "network connect", "network disconnect" }));
    }

    [Test]
    public async Task A_network_that_it_is_not_on_is_an_error_in_the_words_that_clients_know()
    {
        await _room.Room.CreateAsync("a");
        var (running, down) = (await _room.StartAsync("c1"), _room.Room.Container("c2"));

        Assert.That(() => _room.DisconnectAsync("a", "c1"), Throws.TypeOf<EngineException>().With.Message.EqualTo($"container {running.Id} is not connected to network a"));
        Assert.That(() => _room.DisconnectAsync("a", "c2"), Throws.TypeOf<EngineException>().With.Message.EqualTo($"container {down.Id} is not connected to the network a"));
    }

    [TestCase(false, "No such container: nobody")]
    [TestCase(true, "endpoint nobody not found")]
    public void A_container_that_is_not_there_is_not_found(bool force, string message) => Assert.That(
        () => _room.DisconnectAsync("bridge", "nobody", force),
        Throws.TypeOf<EngineException>().With.Property("Kind").EqualTo(ErrorKind.NotFound).And.Message.EqualTo(message));
}
