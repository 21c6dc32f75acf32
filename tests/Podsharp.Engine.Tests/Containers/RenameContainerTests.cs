using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Networks;
using Podsharp.Engine.Containers;
using Podsharp.Engine.Events;
using Podsharp.Engine.Tests.Networks;
using Podsharp.Testing;

namespace Podsharp.Engine.Tests.Containers;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RenameContainerTests
{
    private readonly NetworkRoom _room = new();
    private RenameContainer _rename = null!;

    [SetUp]
    public void Make()
    {
        _room.Container("one");
        _rename = new RenameContainer(
            new ContainerLookup(_room.Containers), new ContainerLocks(), _room.Containers, _room.Networking, new EventPublisher(_room.Events, _room.Clock));
    }

    [Test]
    public async Task A_container_has_its_new_name()
    {
        await _rename.RunAsync(new RenameContainerRequest("one", "two"), CancellationToken.None);

        Assert.That(_room.Containers.FindByName("two"), Is.Not.Null);
        Assert.That(_room.Containers.FindByName("one"), Is.Null);
    }

    [Test]
    public async Task Neighbours_of_a_running_container_learn_its_new_name()
    {
        await RunOnNetworkAsync("up");

        await _rename.RunAsync(new RenameContainerRequest("up", "two"), CancellationToken.None);

        Assert.That(_room.Driver.Calls, Does.Contain("rename to two"));
    }

    [Test]
    public async Task A_container_keeps_its_name_where_its_neighbours_cannot_learn_the_new_one()
    {
        await RunOnNetworkAsync("up");
        _room.Driver.Failure = new IOException("the disk is full");

        Assert.That(() => _rename.RunAsync(new RenameContainerRequest("up", "two"), CancellationToken.None), Throws.TypeOf<IOException>());
        Assert.That(_room.Containers.FindByName("up"), Is.Not.Null);
        Assert.That(_room.Containers.FindByName("two"), Is.Null);
    }

    [Test]
    public async Task Of_a_container_that_is_down_nobody_is_told()
    {
        await _rename.RunAsync(new RenameContainerRequest("one", "two"), CancellationToken.None);

        Assert.That(_room.Driver.Calls, Is.Empty);
    }

    [TestCase(".bad")]
    [TestCase("/")]
    [TestCase("//bad")]
    [TestCase("bad\n")]
    public void A_bad_name_is_refused_as_docker_words_it(string name) =>
        Assert.That(
            () => _rename.RunAsync(new RenameContainerRequest("one", name), CancellationToken.None),
            Throws.TypeOf<EngineException>().With.Message.EqualTo(
                $"Error when allocating new name: Invalid container name ({name}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed"));

    [Test]
    public void That_the_container_is_missing_is_told_before_its_new_name_is_looked_at() =>
        Assert.That(
            () => _rename.RunAsync(new RenameContainerRequest("nosuch", ".bad"), CancellationToken.None),
            Throws.TypeOf<EngineException>().With.Message.EqualTo("No such container: nosuch"));

    private async Task RunOnNetworkAsync(string name)
    {
        await _room.CreateAsync("net");
        var endpoints = new Dictionary<string, EndpointSpec> { ["net"] = new() };
        var container = _room.Container(name, new NetworkSpec { Mode = new(NamespaceKind.Bridge), Written = "net", Endpoints = endpoints });
        _room.Running(container, await _room.PlanAsync(container));
    }
}
