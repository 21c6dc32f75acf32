using NUnit.Framework;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Engine.Volumes;

namespace Podsharp.Engine.Tests.Volumes;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ContainerVolumesTests
{
    private readonly VolumeRoom _room = new();

    [SetUp]
    public Task MakeVolumesAsync() => Task.WhenAll(
        _room.CreateAsync("plain"),
        _room.Create.RunAsync(
            new CreateVolumeRequest("memory", "", new Dictionary<string, string> { ["type"] = "tmpfs", ["device"] = "tmpfs" }, new Dictionary<string, string>()),
            CancellationToken.None));

    [Test]
    public async Task Is_mounted_with_the_first_user_and_unmounted_with_the_last()
    {
        var (first, second) = (Up("first"), Up("second"));
        await _room.InContainers.TakeAsync(first, CancellationToken.None);
        await _room.InContainers.TakeAsync(second, CancellationToken.None);

        await _room.InContainers.ReleaseAsync(first, CancellationToken.None);
        Assert.That(_room.Mounts.Mounted, Is.EqualTo(new[] { "memory" }));
        await _room.InContainers.ReleaseAsync(second, CancellationToken.None);

        Assert.That(_room.Mounts.Mounted, Is.Empty);
    }

    [Test]
    public async Task A_user_that_another_service_started_counts()
    {
        var (old, fresh) = (Up("old"), Up("fresh"));
        await _room.InContainers.TakeAsync(fresh, CancellationToken.None);

        await _room.InContainers.ReleaseAsync(fresh, CancellationToken.None);
        Assert.That(_room.Mounts.Mounted, Is.EqualTo(new[] { "memory" }));
        await _room.InContainers.ReleaseAsync(old, CancellationToken.None);

        Assert.That(_room.Mounts.Mounted, Is.Empty);
    }

    [Test]
    public async Task A_container_that_starts_again_is_a_user_again()
    {
        var container = Up("c");
        await _room.InContainers.TakeAsync(container, CancellationToken.None);
        await _room.InContainers.ReleaseAsync(container, CancellationToken.None);
        container = _room.Containers.Put(container with { State = container.State with { Generation = 2 } });
        await _room.InContainers.TakeAsync(container, CancellationToken.None);

        var other = Up("other");
        await _room.InContainers.TakeAsync(other, CancellationToken.None);
        await _room.InContainers.ReleaseAsync(other, CancellationToken.None);

        Assert.That(_room.Mounts.Mounted, Is.EqualTo(new[] { "memory" }));
    }

    [Test]
    public async Task Tells_of_each_volume_when_it_is_mounted_and_unmounted()
    {
        var container = Up("c");
        await _room.InContainers.TakeAsync(container, CancellationToken.None);
        await _room.InContainers.ReleaseAsync(container, CancellationToken.None);

        Assert.That(_room.Events.Actions.Where(action => action != "volume create"), Is.EqualTo(
            new[] { "volume mount", "volume mount", "volume unmount", "volume unmount" }));
        Assert.That(_room.Events.Events[2].Attributes, Is.EquivalentTo(new Dictionary<string, string>
        {
            ["container"] = container.Id.ToString(), ["destination"] = "/m", ["driver"] = "local", ["propagation"] = "", ["read/write"] = "true",
        }));
    }

    [Test]
    public async Task Tells_nothing_of_a_start_that_failed_for_want_of_a_volume()
    {
        var container = Up("c");
        _room.Mounts.Failure = EngineException.Internal("no such device");
        await Assert.ThatAsync(() => _room.InContainers.TakeAsync(container, CancellationToken.None), Throws.TypeOf<EngineException>());

        await _room.InContainers.ReleaseAsync(container, CancellationToken.None);

        Assert.That(_room.Events.Actions, Has.None.Contains("mount"));
    }

    private Container Up(string name)
    {
        var container = _room.PutContainer(
            name,
            new ResolvedMount { Kind = MountKind.Volume, VolumeName = "memory", Target = "/m" },
            new ResolvedMount { Kind = MountKind.Volume, VolumeName = "plain", Target = "/p", ReadOnly = true });
        return _room.Containers.Put(container with { State = new ContainerState { Phase = ContainerPhase.Running, CleanupOwed = true, Generation = 1 } });
    }
}
