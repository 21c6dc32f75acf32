using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Engine.Containers;
using Podsharp.Engine.Containers.Launch;
using Podsharp.Testing;

namespace Podsharp.Engine.Tests.Containers;

public sealed class RemoveContainerTests : EndingFixture
{
    private readonly RemoveContainer _remove;

    public RemoveContainerTests()
    {
        // Nothing owes clean-up.
        var removal = new ContainerRemoval(Containers, new FakeRootFileSystems(), null!, Waiters, null!, Events);
        _remove = new RemoveContainer(new ContainerLookup(Containers), Locks, Stop, Restarts, removal, Containers);
    }

    [Test]
    public async Task A_forced_removal_ends_also_what_is_started_meanwhile()
    {
        var (container, removal) = await StartDuringRemovalAsync(force: true);

        Assert.That(() => Runtime.Calls, Is.EqualTo(new[] { "signal 9" }).After(30_000, 10));
        await States.ExitedAsync(container, container.State with { Phase = ContainerPhase.Exited }, CancellationToken.None);
        await removal.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.That(Containers.Find(container.Id), Is.Null);
    }

    [Test]
    public async Task A_removal_without_force_leaves_what_is_started_meanwhile()
    {
        var (container, removal) = await StartDuringRemovalAsync(force: false);

        var refusal = await Assert.ThrowsAsync<EngineException>(() => removal);

        Assert.That(refusal!.Message, Is.EqualTo("cannot remove container \"/c\": container is running: stop the container before removing or force remove"));
        Assert.That(Containers.Find(container.Id), Is.Not.Null);
    }

    private async Task<(Container Container, Task Removal)> StartDuringRemovalAsync(bool force)
    {
        var container = Containers.Put(Samples.Container("c", Samples.Image("i"), ContainerPhase.Exited));
        using var held = await Locks.EnterAsync(container.Id, CancellationToken.None);
        var removal = _remove.RunAsync(new RemoveContainerRequest("c", force, Volumes: false), CancellationToken.None);
        container = await States.SaveAsync(container, container.State with { Phase = ContainerPhase.Running }, CancellationToken.None);
        return (container, removal);
    }
}
