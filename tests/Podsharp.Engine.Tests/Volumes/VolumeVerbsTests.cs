using NUnit.Framework;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Queries;
using Podsharp.Engine.Volumes;

namespace Podsharp.Engine.Tests.Volumes;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class VolumeVerbsTests
{
    private readonly VolumeRoom _room = new();

    [Test]
    public async Task Creating_a_volume_that_is_there_answers_it()
    {
        var first = await _room.CreateAsync("data");
        _room.Clock.Advance(TimeSpan.FromHours(1));

        Assert.That(await _room.CreateAsync("data"), Is.EqualTo(first));
        Assert.That(_room.Events.Actions, Is.EqualTo(new[] { "volume create" }));
    }

    [Test]
    public async Task A_volume_without_a_name_is_anonymous() =>
        Assert.That(await _room.CreateAsync(""), Has.Property("Anonymous").True.And.Property("Name").Length.EqualTo(64));

    [TestCase("a/b")]
    [TestCase("x")]
    [TestCase(".hidden")]
    public async Task A_bad_name_is_refused(string name)
    {
        var exception = await Assert.ThrowsAsync<EngineException>(() => _room.CreateAsync(name));

        Assert.That(exception!.Kind, Is.EqualTo(ErrorKind.InvalidInput));
    }

    [Test]
    public async Task A_volume_in_use_stays_and_the_message_names_its_users()
    {
        await _room.CreateAsync("data");
        var user = _room.PutContainer("c1", new ResolvedMount { Kind = MountKind.Volume, VolumeName = "data", Target = "/data" });

        var exception = await Assert.ThrowsAsync<EngineException>(() => _room.Remove.RunAsync(new RemoveVolumeRequest("data", true), CancellationToken.None));

        Assert.That((exception!.Kind, exception.Message), Is.EqualTo((ErrorKind.Conflict, $"remove data: volume is in use - [{user.Id}]")));
    }

    [Test]
    public async Task Removing_a_volume_that_is_not_there_is_an_error_unless_forced()
    {
        await _room.Remove.RunAsync(new RemoveVolumeRequest("gone", true), CancellationToken.None);

        var exception = await Assert.ThrowsAsync<EngineException>(() => _room.Remove.RunAsync(new RemoveVolumeRequest("gone", false), CancellationToken.None));
        Assert.That(exception!.Message, Is.EqualTo("get gone: no such volume"));
    }

    [TestCase(false, 1)]
    [TestCase(true, 2)]
    public async Task Prune_takes_anonymous_volumes_and_named_ones_when_told(bool all, int removed)
    {
        await _room.CreateAsync("named");
        await _room.CreateAsync("");
        await _room.CreateAsync("used");
        _room.PutContainer("c1", new ResolvedMount { Kind = MountKind.Volume, VolumeName = "used", Target = "/data" });

        var outcome = await _room.Prune.RunAsync(new PruneVolumesRequest(all, Filters.None), CancellationToken.None);

        Assert.That(outcome.Removed, Has.Count.EqualTo(removed));
        Assert.That(_room.Store.Find("used"), Is.Not.Null);
    }

    [Test]
    public async Task Pruning_tells_the_space_of_what_went()
    {
        foreach (var name in new[] { "one", "two", "used" })
        {
            await _room.CreateAsync(name);
            _room.Disk.Volumes[name] = 4096;
        }

        _room.PutContainer("c1", new ResolvedMount { Kind = MountKind.Volume, VolumeName = "used", Target = "/data" });

        Assert.That((await _room.Prune.RunAsync(new PruneVolumesRequest(true, Filters.None), CancellationToken.None)).SpaceReclaimed, Is.EqualTo(8192));
    }

    [Test]
    public async Task A_removed_containers_anonymous_volumes_go_but_for_those_that_others_use()
    {
        var shared = await _room.CreateAsync("");
        var own = await _room.CreateAsync("");
        await _room.CreateAsync("named");
        ResolvedMount Mount(string name, bool anonymous) => new() { Kind = MountKind.Volume, VolumeName = name, Target = "/" + name, Anonymous = anonymous };
        _room.PutContainer("other", Mount(shared.Name, true));
        var removed = _room.PutContainer("c1", Mount(shared.Name, true), Mount(own.Name, true), Mount("named", false));
        await _room.Containers.RemoveAsync(removed.Id, CancellationToken.None);

        await _room.Discard.RunAsync(removed, CancellationToken.None);

        Assert.That(_room.Store.All.Select(volume => volume.Name), Is.EquivalentTo(new[] { shared.Name, "named" }));
    }

    [Test]
    public async Task Dangling_volumes_are_those_that_no_container_has()
    {
        await _room.CreateAsync("free");
        await _room.CreateAsync("used");
        _room.PutContainer("c1", new ResolvedMount { Kind = MountKind.Volume, VolumeName = "used", Target = "/data" });
        var list = new ListVolumes(_room.Store, _room.Removal);

        var found = list.Run(new Filters(new Dictionary<string, IReadOnlyList<string>> { ["dangling"] = ["true"] }));

        Assert.That(found.Select(volume => volume.Name), Is.EqualTo(new[] { "free" }));
    }
}
