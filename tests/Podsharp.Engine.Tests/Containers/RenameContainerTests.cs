using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Engine.Containers;
using Podsharp.Engine.Events;
using Podsharp.Testing;

namespace Podsharp.Engine.Tests.Containers;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RenameContainerTests
{
    private readonly FakeContainerStore _containers = new();
    private readonly FakeClock _clock = new(Samples.Time);
    private RenameContainer _rename = null!;

    [SetUp]
    public void Make()
    {
        _containers.Put(Samples.Container("one", Samples.Image("image"), ContainerPhase.Created));
        _rename = new RenameContainer(new ContainerLookup(_containers), new ContainerLocks(), _containers, new EventPublisher(new FakeEventLog(_clock), _clock));
    }

    [Test]
    public async Task A_container_has_its_new_name()
    {
        await _rename.RunAsync(new RenameContainerRequest("one", "two"), CancellationToken.None);

        Assert.That(_containers.FindByName("two"), Is.Not.Null);
        Assert.That(_containers.FindByName("one"), Is.Null);
    }

    [Test]
    public void A_bad_name_is_refused_as_docker_words_it() =>
        Assert.That(
            () => _rename.RunAsync(new RenameContainerRequest("one", ".bad"), CancellationToken.None),
            Throws.TypeOf<EngineException>().With.Message.EqualTo(
                "Error when allocating new name: Invalid container name (.bad), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed"));
}
