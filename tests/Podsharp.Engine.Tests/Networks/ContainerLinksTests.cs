using NUnit.Framework;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Networks;

namespace Podsharp.Engine.Tests.Networks;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ContainerLinksTests : IDisposable
{
    private readonly ConnectedRoom _room = new();

    public void Dispose() => _room.Dispose();

    [Test]
    public async Task The_hosts_file_names_the_target_by_its_alias_and_its_name()
    {
        var target = await _room.StartAsync("db");

        var container = await _room.StartAsync("web", new NetworkSpec { Links = ["db:store"] });

        var address = target.State.Endpoints[0].IPv4.Split('/')[0];
        Assert.That(await File.ReadAllTextAsync(_room.Files.Hosts(container.Id)), Does.Contain($"\n{address}\tstore {target.Id.Short} db\n"));
    }

    [Test]
    public async Task A_new_address_of_the_target_takes_the_place_of_the_old()
    {
        var target = await _room.StartAsync("db");
        var container = await _room.StartAsync("web", new NetworkSpec { Links = ["db:store"] });
        var moved = target.State.Endpoints[0] with { IPv4 = "10.87.9.9/16" };
        target = _room.Room.Containers.Put(target with { State = target.State with { Endpoints = [moved] } });

        _room.LiveFiles.TellThoseLinkedTo(target);

        var lines = (await File.ReadAllLinesAsync(_room.Files.Hosts(container.Id))).Where(line => line.Contains("store", StringComparison.Ordinal));
        Assert.That(lines, Is.EqualTo(new[] { $"10.87.9.9\tstore {target.Id.Short} db" }));
    }

    [Test]
    public void On_the_default_network_the_target_must_run()
    {
        _room.Room.Container("db");

        Assert.That(
            () => _room.StartAsync("web", new NetworkSpec { Links = ["db:store"] }),
            Throws.TypeOf<EngineException>().With.Message.EqualTo("Cannot link to a non running container: /db AS /web/store"));
    }

    [Test]
    public void A_target_that_is_not_there_is_refused() => Assert.That(
        () => _room.Links.Check(new NetworkSpec { Links = ["nobody:x"] }),
        Throws.TypeOf<EngineException>().With.Property("Kind").EqualTo(ErrorKind.InvalidInput).And.Message.EqualTo("could not get container for nobody: No such container: nobody"));

    [Test]
    public async Task A_link_of_a_connection_is_there_with_it()
    {
        await _room.Room.CreateAsync("a");
        var target = await _room.StartAsync("db", new NetworkSpec { Mode = new(NamespaceKind.Bridge), Written = "a" });
        var container = await _room.StartAsync("web");

        await _room.ConnectAsync("a", "web", new EndpointSpec { Links = ["db:store"] });

        Assert.That(await File.ReadAllTextAsync(_room.Files.Hosts(container.Id)), Does.Contain($"{target.State.Endpoints[0].IPv4.Split('/')[0]}\tstore "));
    }
}
