using Podsharp.Core.Containers;
using Podsharp.Core.Storage;
using Podsharp.Linux.Mounts;

namespace Podsharp.Storage.Tests.Archives;

[Category("Root")]
public sealed class HeldRootTests : ArchiveFixture
{
    private Container _container = null!;

    private IRootFileSystems Roots => Stores.RootFileSystems;

    private bool IsMounted => MountPoint.IsMounted(Paths.RootFs(_container.Id));

    [SetUp]
    public async Task MakeContainerAsync()
    {
        var image = (await LoadAsync(Simple("a:1", Base)))[0].Image;
        _container = NewContainer("c", image.Layers);
    }

    [TearDown]
    public Task RemoveContainerAsync() => Roots.RemoveAsync(_container.Id, CancellationToken.None);

    [Test]
    public async Task What_was_mounted_for_holds_goes_with_the_last()
    {
        var first = await HoldAsync();
        var second = await HoldAsync();
        first.Dispose();

        Assert.That(IsMounted, Is.True);
        second.Dispose();
        await AssertUnmountedAsync();
    }

    [Test]
    public async Task A_start_takes_the_mount_over()
    {
        var hold = await HoldAsync();
        await Roots.MountAsync(_container.Id, _container.Layers, CancellationToken.None);

        hold.Dispose();

        // A further mount waits until the hold has ended.
        Assert.That(await Roots.MountAsync(_container.Id, _container.Layers, CancellationToken.None), Is.EqualTo(Paths.RootFs(_container.Id)));
        Assert.That(IsMounted, Is.True);
    }

    [Test]
    public async Task The_end_of_a_container_leaves_the_mount_to_who_holds_it()
    {
        await Roots.MountAsync(_container.Id, _container.Layers, CancellationToken.None);
        var hold = await HoldAsync();

        await Roots.UnmountAsync(_container.Id, CancellationToken.None);

        Assert.That(IsMounted, Is.True);
        hold.Dispose();
        await AssertUnmountedAsync();
    }

    [Test]
    public async Task A_removal_ends_who_holds()
    {
        var hold = await HoldAsync();
        await using var ending = hold.Lost.Register(hold.Dispose);

        await Roots.RemoveAsync(_container.Id, CancellationToken.None);

        Assert.That((IsMounted, Directory.Exists(Paths.Container(_container.Id))), Is.EqualTo((false, false)));
    }

    private Task<IRootHold> HoldAsync() => Roots.HoldAsync(_container.Id, _container.Layers, CancellationToken.None);

    /// <summary>The last hold's end is off the path of whoever ends it.</summary>
    private async Task AssertUnmountedAsync()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (IsMounted) await Task.Delay(10, deadline.Token);
    }
}
